"""Everything goes wrong at once, and still each order of the shop is one order here.

Orders pour in; each is announced three times over; two Odoo processes poll, people press the button
meanwhile; one process after the other is killed; one answer in twenty breaks: error 500, cut, or
too late, after the shop had done its work. Time is the only thing that is helped: what was put off
for minutes is due at once.

``FAULT_ORDERS`` sets the number of orders, ``FAULT_KILLS`` that of the killed processes. The engine
is the same for all systems: one of them sells so many, the second a quarter of that.
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from cluster import Cluster
from odoo_side import Odoo, prepare, wait_until

from suite.simulators import open_simulator
from suite.ways import WAYS, Way

ORDERS = int(os.environ.get("FAULT_ORDERS", "1000"))
KILLS = int(os.environ.get("FAULT_KILLS", "6"))
SEED = 2207
#: system -> orders, killed processes
TRIALS = {"prestashop": (ORDERS, KILLS), "woocommerce": (ORDERS // 4, KILLS // 2)}
PLENTY = ("CHIANTI", "SOAVE", "GLASS", "GIFTBOX")
#: what everybody wants and nobody can make more of
SCARCE = ("AMARONE", "BAROLO")
#: covers what is sold while a level travels to the shop
SAFETY = 4
PATIENCE = 2
#: seconds; a busy machine may need several times what an idle one does
LONG = 900
AT_ONCE = 5
CONNECT = """
for number, (sku, quantity) in enumerate({supply!r}.items()):
    names = {{"en_US": f"{{sku}} wine", "it_IT": f"{{sku}} vino", "hu_HU": f"{{sku}} bor"}}
    stocked(sku, names, 9.99 + 7 * number, quantity)
shop = env["shop.shop"].create({{
    "name": "Cellar Online", **{access!r}, "pricelist_id": pricelist.id,
    "warehouse_ids": [Command.set(warehouse.ids)], "orders_since": "2020-01-01 00:00:00",
    "stock_buffer": {safety}, "answer_timeout": {patience},
}})
env["product.template"].search([("default_code", "in", {skus!r})]).shop_ids = shop
shop.action_connect()
"""
UNFINISHED = (
    "SELECT (SELECT count(*) FROM shop_mark)"
    " + (SELECT count(*) FROM shop_job WHERE state IN ('pending', 'running'))"
)
IMPORTED = "SELECT count(*) FROM shop_binding WHERE kind = 'order'"


@pytest.fixture(params=TRIALS)
def setting(request: pytest.FixtureRequest) -> Iterator[tuple[Way, Any, int, int]]:
    """A system, a shop of it, and how many orders and killed processes it sees."""
    with open_simulator(request.param, seed="empty") as simulator:
        yield WAYS[request.param], simulator, *TRIALS[request.param]


class Trial:
    """The shop with its visitors, and the two processes that serve it."""

    def __init__(self, way: Way, shop: Any, cluster: Cluster, orders: int) -> None:
        self.way, self.orders, self.supply = way, orders, _supply(orders)
        self.shop, self.cluster, self.data = shop, cluster, cluster.data
        self.random = random.Random(SEED)
        self.access = cluster.shop(base_url=shop.url)
        self.order_ids: list[int] = []
        self.ordered: Counter[str] = Counter()
        self.refused = 0
        self.answers: Counter[int] = Counter()
        self.refusals: Counter[str] = Counter()
        self.quiet = threading.Event()

    # === PEOPLE ===

    def visitors_buy(self) -> None:
        """Checkouts of new and returning customers; each batch is announced by the shop."""
        announced = 0
        while len(self.order_ids) < self.orders:
            self._checkout()
            if len(self.order_ids) - announced >= AT_ONCE or len(self.order_ids) == self.orders:
                fresh = self.order_ids[announced:]
                announced += len(fresh)
                calls = self.way.calls(fresh, self.access["secret"])
                self.answers.update(self.cluster.hint(self.access["shop"], calls))

    def _checkout(self) -> None:
        wanted = [*PLENTY, *SCARCE]
        chosen = self.random.sample(wanted, self.random.randint(1, 3))
        lines = [(sku, self.random.randint(1, 2)) for sku in chosen]
        person = self.random.randint(1, 1 + self.orders // 4)
        customer = {
            "email": f"buyer{person}@example.com",
            "firstname": "Buyer",
            "lastname": "Rossi",
            "address1": f"Via Roma {person}",
        }
        payment = self.way.unpaid if self.random.random() < 0.2 else self.way.paid
        try:
            self.order_ids.append(self.shop.place_order(lines, customer, payment=payment))
        except ValueError:
            self.refused += 1  # sold out
            return
        self.ordered.update(dict(lines))

    def people_press_the_button(self) -> None:
        """Somebody synchronises by hand, on whatever server answers."""
        while not self.quiet.wait(2.0):
            self.refusals[
                self.cluster.press_synchronize(self.access["shop"]).partition(":")[0]
            ] += 1

    # === STATE ===

    def imported(self) -> int:
        return int(self.data.value(IMPORTED))

    def is_settled(self) -> bool:
        return self.imported() == len(self.order_ids) and not self.data.value(UNFINISHED)


def _supply(orders: int) -> dict[str, int]:
    return dict.fromkeys(PLENTY, 20 * orders) | {sku: max(orders // 12, 8) for sku in SCARCE}


def break_one_answer_in_twenty(shop: Any, path: str) -> list[Any]:
    """All of them after the work was done: whoever repeats has to look first."""
    return [
        shop.fail(500, after_work=True, probability=0.02, times=None, path=path, seed=1),
        shop.fail(cut=True, probability=0.02, times=None, path=path, seed=2),
        shop.fail(late=PATIENCE + 0.5, probability=0.01, times=None, path=path, seed=3),
    ]


def test_a_thousand_orders_arrive_once_each_whatever_breaks(
    setting: tuple[Way, Any, int, int], database: str
) -> None:
    way, shop, orders, kills = setting
    supply = _supply(orders)
    values = {"supply": supply, "skus": list(supply), "safety": SAFETY, "patience": PATIENCE}
    prepare(database, CONNECT.format(access=_access(shop), **values))
    with Cluster(database) as cluster, ThreadPoolExecutor(2) as pool:
        trial = Trial(way, shop, cluster, orders)
        faults = break_one_answer_in_twenty(shop, way.api)
        wait_until(
            lambda: _is_on_sale(trial) and trial.is_settled(), "products on sale", seconds=LONG
        )
        visitors = pool.submit(trial.visitors_buy)
        button = pool.submit(trial.people_press_the_button)
        try:
            _kill_now_and_then(trial, visitors, kills)
            visitors.result(timeout=LONG)
            wait_until(trial.is_settled, "all orders to be imported", seconds=LONG)
            delivered = _deliver_some(trial)
            wait_until(trial.is_settled, "the deliveries to be told", seconds=LONG)
        finally:
            trial.quiet.set()
        button.result(timeout=LONG)
        broken = sum(fault.hits for fault in faults)
        shop.faults.clear()
        wait_until(trial.is_settled, "the rest", seconds=LONG)
        print(f"{broken} answers broken, {dict(trial.answers)}, {dict(trial.refusals)}")
        _check_trial_was_one(trial, broken)
        _check_orders(trial)
        _check_stock(trial)
        _check_shipments(trial, delivered)


def _access(shop: Any) -> dict[str, Any]:
    return {
        "system": shop.system,
        "base_url": shop.url,
        "api_key": shop.api_key,
        "api_secret": shop.api_secret or False,
    }


def _is_on_sale(trial: Trial) -> bool:
    try:
        return all(trial.shop.stock_of(sku) == many - SAFETY for sku, many in trial.supply.items())
    except KeyError:
        return False


def _kill_now_and_then(trial: Trial, visitors: "Future[None]", kills: int) -> None:
    """At random moments, while orders come in and after that, until all are here."""
    for _number in range(kills):
        time.sleep(trial.random.uniform(1.0, 5.0))  # any moment is as good as another
        if visitors.done() and trial.is_settled():
            break
        trial.cluster.kill_one()


def _deliver_some(trial: Trial) -> list[str]:
    """References of orders whose goods left, with the tracking number of each."""
    odoo = Odoo(trial.cluster.servers[0].url, trial.data.name)
    orders = odoo.call(
        "sale.order",
        "search_read",
        [("shop_id", "!=", False), ("state", "=", "sale")],
        ["client_order_ref", "picking_ids"],
        limit=10,
    )
    for order in orders:
        pickings = order["picking_ids"]
        moves = odoo.call("stock.move", "search", [("picking_id", "in", pickings)])
        odoo.call("stock.move", "write", moves, {"picked": True})
        odoo.call(
            "stock.picking",
            "write",
            pickings,
            {"carrier_tracking_ref": f"T-{order['client_order_ref']}"},
        )
        # the question whether to send a text message is not what this is about
        odoo.call("stock.picking", "button_validate", pickings, context={"skip_sms": True})
    return [order["client_order_ref"] for order in orders]


# === CHECKS ===


def _check_trial_was_one(trial: Trial, broken: int) -> None:
    """The trial was as hard as it says."""
    assert len(trial.cluster.workers[trial.access["shop"]]) > 1, "one process did all the work"
    assert broken > trial.orders / 100
    assert trial.answers[202] > trial.orders / AT_ONCE / 2
    assert trial.answers[200] > 0, "no call was repeated"
    assert not {401, 500} & trial.answers.keys(), trial.answers
    # pressing the button is refused because somebody else is at work, or that server was down
    expected = {"", "Cellar Online is being synchronised at this moment.", "down"}
    assert not trial.refusals.keys() - expected, trial.refusals


def _check_orders(trial: Trial) -> None:
    stored = trial.data.rows(
        "SELECT client_order_ref, amount_total::text, state FROM sale_order"
        " WHERE shop_id IS NOT NULL"
    )
    in_shop = [trial.way.look(trial.shop, order_id) for order_id in trial.order_ids]
    assert len(in_shop) == trial.orders
    assert Counter(reference for reference, _total, _state in stored) == Counter(
        order.reference for order in in_shop
    )
    totals = {reference: Decimal(total) for reference, total, _state in stored}
    for order in in_shop:
        assert totals[order.reference] == order.total, order.reference
    assert not trial.data.rows("SELECT kind, key, error FROM shop_job WHERE state = 'failed'")
    doubles = trial.data.rows(
        "SELECT email_normalized, count(*) FROM res_partner WHERE parent_id IS NULL"
        " AND email_normalized LIKE 'buyer%%' GROUP BY 1 HAVING count(*) > 1"
    )
    assert not doubles, "a customer was made twice"
    assert trial.shop.holdings()["products"] == len(trial.supply), "a product was made twice"


def _check_stock(trial: Trial) -> None:
    """Nothing was sold twice, and the shop shows what is left."""
    for sku in SCARCE:
        assert trial.ordered[sku] <= trial.supply[sku], f"{sku} was sold oftener than it exists"
        assert trial.ordered[sku] > (trial.supply[sku] - SAFETY) / 2, f"{sku} was never scarce"
    assert trial.refused, "nobody met a shelf that was empty"
    for sku, supply in trial.supply.items():
        left = max(supply - SAFETY - trial.ordered[sku], 0)
        assert trial.shop.stock_of(sku) == left, sku
    missing = trial.data.value(
        "SELECT count(*) FROM stock_quant q JOIN stock_location l ON l.id = q.location_id"
        " WHERE l.usage = 'internal' AND q.quantity < q.reserved_quantity"
    )
    assert not missing, "more was promised than is there"


def _check_shipments(trial: Trial, delivered: list[str]) -> None:
    """Each parcel was told once: one tracking number, one change of status."""
    assert delivered
    in_shop = (trial.way.look(trial.shop, order_id) for order_id in trial.order_ids)
    by_reference = {order.reference: order for order in in_shop}
    (shipped,) = trial.data.rows(
        "SELECT external_code FROM shop_mapping WHERE kind = 'order_state'"
        " AND meaning = 'shipped' ORDER BY sequence, id LIMIT 1"
    )[0]
    for reference in delivered:
        order = by_reference[reference]
        assert order.tracking == [f"T-{reference}"]
        assert order.states.count(shipped) == 1, order.states
