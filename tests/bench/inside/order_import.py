"""Import of orders by the connector beside a bare create and confirm of the same orders."""

from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from odoo import Command

from odoo.addons.shop_connector.models import shop_job, shop_runner

from . import world
from .meter import Cost, Meter

BATCH = 10
PRODUCTS = 200
#: values of an order and of its lines that the bare variant is given too: the same order, the same
#: total
ORDER_FIELDS = (
    "partner_id",
    "partner_invoice_id",
    "partner_shipping_id",
    "company_id",
    "warehouse_id",
    "pricelist_id",
    "user_id",
    "team_id",
    "date_order",
    "client_order_ref",
    "origin",
)
LINE_FIELDS = ("product_id", "name", "product_uom_qty", "product_uom_id", "discount", "price_unit")
ORDERS_ONLY = {"order": shop_runner.LANES["order"]}


def prepare(env, access):
    """A connected shop whose products are in the simulated shop, with stock."""
    shop, taxes = world.connected_shop(env, access)
    half = PRODUCTS // 2
    goods = world.products(env, shop, taxes[22], half, "G") | world.products(
        env, shop, taxes[10], half, "W"
    )
    world.stock(env, goods.product_variant_ids)
    env.cr.commit()
    figures = shop.action_sync_now()
    env.cr.commit()
    return {"failed": figures["failed"], "sent": figures["sent"]}


def measure(env):
    """Import everything the shop has, ten a batch, each batch beside the bare variant of the last.

    Who goes first changes with every batch. Returns the costs of both, batch by batch.
    """
    shop = env["shop.shop"].search([], limit=1)
    meter = Meter(env.cr)
    connector, bare, imported = [], [], env["sale.order"]
    tally = shop_runner.Tally()
    waiting = None
    with shop._open_adapter() as adapter, patch.object(shop_runner, "LANES", ORDERS_ONLY):
        poll = meter.measure(lambda: _poll(shop, adapter))
        timed = _time_calls(adapter, meter)
        while True:
            turns = [("connector", lambda: shop._serve_lanes(adapter, tally, None))]
            if waiting:
                turns.insert(len(connector) % 2, ("bare", partial(_bare, env, waiting)))
            before = env["sale.order"].search([("shop_id", "=", shop.id)])
            env.cr.commit()
            for who, work in turns:
                cost = meter.measure(work)
                (connector if who == "connector" else bare).append(cost)
            fresh = env["sale.order"].search([("shop_id", "=", shop.id)]) - before
            if not fresh:
                connector.pop()
                break
            imported |= fresh
            waiting = [_values(order) for order in fresh]
            env.cr.commit()
    return {
        **_what_came(imported),
        "failed": dict(tally.failed),
        "poll": _row(poll),
        "connector": [_row(cost) for cost in connector],
        "fetch": [_row(cost) for cost in timed[: len(connector)]],
        "bare": [_row(cost) for cost in bare],
    }


def _what_came(orders):
    """Figures of the imported orders, to see that the measurement was one of what it says."""
    elsewhere = orders.filtered(lambda order: order.partner_shipping_id != order.partner_id)
    return {
        "orders": len(orders),
        "confirmed": len(orders.filtered(lambda order: order.state == "sale")),
        "held": len(orders.filtered("shop_hold_reason")),
        "partners": len(orders.partner_id),
        "own_delivery_address": len(elsewhere),
        "lines": len(orders.order_line),
    }


def _poll(shop, adapter):
    shop._poll_orders(adapter, shop_runner.Tally())
    shop._end_transaction()


def _time_calls(adapter, meter):
    """Let ``adapter.fetch_orders`` note what each of its calls cost."""
    costs, fetch = [], adapter.fetch_orders

    def timed(ids):
        before = meter.now()
        try:
            return fetch(ids)
        finally:
            costs.append(meter.now() - before)

    adapter.fetch_orders = timed
    return costs


def _values(order):
    """What somebody would write who enters the same order without the connector."""
    values = {
        name: order._fields[name].convert_to_write(order[name], order) for name in ORDER_FIELDS
    }
    values["order_line"] = [
        Command.create(
            {name: line._fields[name].convert_to_write(line[name], line) for name in LINE_FIELDS}
            | {"tax_ids": [Command.set(line.tax_ids.ids)]}
        )
        for line in order.order_line
    ]
    return values


def _bare(env, vals_list):
    with _without_marks():
        env["sale.order"].create(vals_list).action_confirm()
        env.cr.commit()


@contextmanager
def _without_marks():
    """Plain Odoo: nothing is noted for the shops."""
    with patch.object(shop_job.ShopJob, "_mark", lambda *args, **options: None):
        yield


def again(env):
    """Read the same orders again, all of them; what that inserted, updated or deleted, by table."""
    shop = env["shop.shop"].search([], limit=1)
    links = env["shop.binding"].search([("shop_id", "=", shop.id), ("kind", "=", "order")])
    shop.order_cursor = False
    env["shop.job"]._mark_incoming(shop, "order", links.mapped("external_id"))
    env.cr.commit()
    tally = shop_runner.Tally()
    meter = Meter(env.cr)
    with patch.object(shop_runner, "LANES", ORDERS_ONLY), written_tables(env) as tables:
        cost = meter.measure(lambda: shop._work(tally, None))
    return {"tables": tables, "tally": tally.as_dict(), "orders": len(links), "cost": _row(cost)}


@contextmanager
def written_tables(env):
    """Rows written inside the block, ``{table: rows}``, as PostgreSQL counts them for everybody."""
    tables, before = {}, _counts(env)
    yield tables
    after = _counts(env)
    tables.update(
        {
            name: after[name] - before.get(name, 0)
            for name in after
            if after[name] != before.get(name, 0)
        }
    )


def _counts(env):
    env.cr.commit()
    env.cr.execute("SELECT pg_stat_force_next_flush()")
    env.cr.commit()
    env.cr.execute("SELECT pg_stat_clear_snapshot()")
    env.cr.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables")
    return dict(env.cr.fetchall())


def _row(cost: Cost):
    return [cost.clock, cost.python, cost.backend, cost.queries]
