"""Import of web orders (``BENCH_SYSTEM``) beside a bare create and confirm of the same orders."""

import os
from statistics import median

from suite.ways import WAYS

NAME = "order-import"
BAR = 1.25
ORDERS = int(os.environ.get("BENCH_ORDERS", "170"))
#: the first batch of both variants warms the caches and is left out
WARM_UP = 1
#: system of the shop (BENCH_SYSTEM) -> a voucher of 10 %
VOUCHERS = {"prestashop": "WINE10", "woocommerce": "wine10"}
CLOCK, PYTHON, BACKEND, QUERIES = range(4)


def run(context):
    """Ratio of processor time, its parts, and what reading the same orders again writes."""
    with context.database("shop_connector") as database, context.simulator() as shop:
        access = context.access(shop)
        prepared = context.inside(database, "order_import.prepare", access=access)
        if prepared["failed"]:
            raise RuntimeError(f"The products did not reach the shop: {prepared}")
        place_orders(shop, ORDERS)
        shop.clear_log()
        found = context.inside(database, "order_import.measure")
        served = sum(record.seconds for record in shop.log)
        again = context.inside(database, "order_import.again")
    if found["confirmed"] != ORDERS:
        raise RuntimeError(f"Not every order was imported and confirmed: {found}")
    return [*figures(found, served), second_import(again)]


def place_orders(shop, count):
    """Orders as a shop gets them: three lines; every second one from somebody who bought before.

    Every third goes to another address, every fifth has a voucher.
    """
    payment, voucher = WAYS[shop.system].paid, VOUCHERS[shop.system]
    for number in range(count):
        lines = [(f"{'GW'[(number + i) % 2]}{(number * 7 + i * 11) % 30}", 1 + i) for i in range(3)]
        buyer = number // 2
        customer = {
            "email": f"buyer{buyer}@example.com",
            "firstname": "Anna",
            "lastname": "Verdi",
            "address1": f"Via dei Mille {1 + buyer}",
        }
        options = {}
        if number % 3 == 0:
            options["delivery"] = {"firstname": "Ugo", "address1": f"Via Nuova {1 + number}"}
        if number % 5 == 0:
            options["voucher"] = voucher
        shop.place_order(lines, customer=customer, payment=payment, **options)


def figures(found, served):
    """Lines of the table from the costs of the batches."""
    ours, theirs, fetch = (found[key][WARM_UP:] for key in ("connector", "bare", "fetch"))
    count = min(len(ours), len(theirs))
    ours, theirs, fetch = ours[:count], theirs[:count], fetch[:count]
    per_batch = found["orders"] / len(found["connector"])
    poll = processor(found["poll"]) / len(found["connector"])
    ratios = [(processor(a) + poll) / processor(b) for a, b in zip(ours, theirs, strict=True)]
    alone = [
        (processor(a) - processor(f)) / processor(b)
        for a, f, b in zip(ours, fetch, theirs, strict=True)
    ]
    # the simulator's own time is no part of ours; the clock's ratio is told without it
    clock = sum(row[CLOCK] for row in found["connector"]) - served
    bare_clock = sum(row[CLOCK] for row in found["bare"])
    ratio = median(ratios)
    return [
        row("order import / bare create + confirm", ratio, "x", f"<= {BAR}", ratio <= BAR),
        row("  same, without reading from the shop", median(alone), "x"),
        row("  same, by the clock, without the simulator", clock / bare_clock, "x"),
        row("  import, processor time", milliseconds(ours, per_batch), "ms/order"),
        row("  of it reading from the shop", milliseconds(fetch, per_batch), "ms/order"),
        row("  bare, processor time", milliseconds(theirs, per_batch), "ms/order"),
        row("  import, queries", median(r[QUERIES] for r in ours) / per_batch, "per order"),
        row("  bare, queries", median(r[QUERIES] for r in theirs) / per_batch, "per order"),
    ]


def second_import(again):
    """Reading known orders again; the queue's own rows and the shop's time of day do not count."""
    rows = {name: rows for name, rows in again["tables"].items() if name not in BOOK_KEEPING}
    written = sum(rows.values())
    name = f"second import of the same {again['orders']} orders"
    return row(name, written, "rows written", "0", written == 0 and not again["tally"]["failed"])


#: rows that the engine itself needs to do its work at all, whatever it finds
BOOK_KEEPING = {"shop_job", "shop_shop"}


def processor(cost):
    return cost[PYTHON] + cost[BACKEND]


def milliseconds(costs, per_batch):
    return 1000 * median(processor(cost) for cost in costs) / per_batch


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
