"""Ten thousand changed stock levels reach a shop, beside the time it needs to write them itself."""

import os
import time

import requests

NAME = "stock"
LEVELS = int(os.environ.get("BENCH_LEVELS", "10000"))
#: rows in one document: the best batch form of this shop system
ROWS = 200
ROUNDS = 3
BAR = 1.3
#: rows a second that a real shop was seen to write, 200 in a document, and to read, by pages
WRITTEN_A_SECOND = 2500
READ_A_SECOND = 6600


def run(context):
    """Time by the clock of a push of everything, as a multiple of the bare writing calls.

    The bare calls send the same quantities in documents that were made before the clock started:
    what is timed is the shop and the way to it. Both take turns, the best round of each counts.
    BENCH_LEVELS changes the number. The simulator is quicker than any shop: for both it takes as
    long for each written row as a real one did. Our reading before writing, which the bare calls do
    without, is not slowed down: what a real shop would take for it stands in a line of its own.
    """
    with context.database("shop_connector") as database, context.simulator() as shop:
        products, rows = fill(shop)
        keep_pace(shop)
        access = {"system": shop.system, "base_url": shop.url, "api_key": shop.api_key}
        context.inside(database, "stock.prepare", access=access, external_ids=products)
        bare, ours = [], []
        for number in range(ROUNDS):
            bare.append(write_bare(shop, rows, 10 + number))
            shop.clear_log()
            found = context.inside(
                database, "stock.measure", quantity=100 + number, held=10 + number
            )
            check(shop, products, found, 100 + number)
            ours.append(found)
        best = min(ours, key=lambda each: each["seconds"])
        reading = sum(record.seconds for record in shop.log if not record.is_write)
        calls = len(shop.log)
    ratio = best["seconds"] / min(bare)
    title = f"{LEVELS} changed stock levels"
    return [
        row(f"{title}: time, of the shop's own", ratio, "x", f"<= {BAR}", ratio <= BAR),
        row("  sent by Odoo", best["seconds"], "s"),
        row("  bare writing calls", min(bare), "s"),
        row("  processor time of Odoo and PostgreSQL", best["processor"], "s"),
        row("  time the shop spends on our reading", reading, "s"),
        row("  what a real shop would take for it", LEVELS / READ_A_SECOND, "s"),
        row("  calls", calls, "calls"),
        row("  queries", best["queries"], "queries"),
    ]


def fill(shop):
    """Products in the shop; their ids and those of their stock rows."""
    inside = shop.shop
    products, rows = [], []
    for number in range(LEVELS):
        product = inside.store.add("products", {"reference": f"P{number}", "active": "1"})
        products.append(str(product.id))
        rows.append(inside.stock.create(product.id).id)
    return products, rows


def keep_pace(shop):
    """Let the shop take as long for written stock rows as a real one did."""
    answer = shop.handle

    def handle(request):
        started = time.perf_counter()
        response = answer(request)
        if request.method != "GET" and "stock_availables" in request.path:
            rows = request.get_data().count(b"<stock_available>")
            time.sleep(max(rows / WRITTEN_A_SECOND - (time.perf_counter() - started), 0))
        return response

    shop.handle = handle


def write_bare(shop, rows, quantity):
    """Seconds that the shop takes for one quantity in all rows, as many in a call as is best."""
    documents = [
        "".join(
            f"<stock_available><id>{row_id}</id><quantity>{quantity}</quantity></stock_available>"
            for row_id in rows[start : start + ROWS]
        )
        for start in range(0, len(rows), ROWS)
    ]
    with requests.Session() as session:
        session.auth = (shop.api_key, "")
        address = f"{shop.url}/api/stock_availables"
        started = time.perf_counter()
        for document in documents:
            answer = session.patch(address, data=f"<prestashop>{document}</prestashop>")
            answer.raise_for_status()
        return time.perf_counter() - started


def check(shop, products, found, quantity):
    """Raise when not every level arrived."""
    held = {shop.shop.stock.row(int(product), 0).number("quantity") for product in products}
    if held != {quantity} or found["figures"]["sent"] != {"stock": len(products)}:
        raise RuntimeError(f"Not every level was sent: {sorted(held)[:5]}, {found['figures']}")


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
