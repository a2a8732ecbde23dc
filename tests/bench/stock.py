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
#: rows a second that a real shop was seen to write, 200 in a document, and to read
WRITTEN_A_SECOND = 2500
READ_A_SECOND = 6600


def run(context):
    """Time by the clock of a push of everything, as a multiple of the bare calls.

    A level replaces whatever the shop holds, so that nobody may write one without having looked
    just before: a sale of that moment would be undone. Both sides therefore do the same, with the
    same calls: read 200 rows, write 200 rows, and so on. The bare calls are made of addresses and
    documents that were ready before the clock started, and their answers are not looked at: what is
    timed is the shop and the way to it. Both take turns, the best round of each counts.

    The simulator is quicker than any shop: for both sides it takes as long for each row that is
    read or written as a real one did. The multiple of the writing calls alone, which no careful
    sender can come near, stands beside it. BENCH_LEVELS changes the number of levels.
    """
    with context.database("shop_connector") as database, context.simulator() as shop:
        products, rows = fill(shop)
        keep_pace(shop)
        access = {"system": shop.system, "base_url": shop.url, "api_key": shop.api_key}
        context.inside(database, "stock.prepare", access=access, external_ids=products)
        bare, ours = [], []
        for number in range(ROUNDS):
            bare.append(exchange_bare(shop, products, rows, 10 + number))
            shop.clear_log()
            found = context.inside(
                database, "stock.measure", quantity=100 + number, held=10 + number
            )
            check(shop, products, found, 100 + number)
            ours.append(found)
        best = min(ours, key=lambda each: each["seconds"])
        calls = len(shop.log)
    return figures(best, *min(bare, key=sum), calls)


def figures(best, reading, writing, calls):
    """Lines of the table from the best round of each side."""
    ratio = best["seconds"] / (reading + writing)
    title = f"{LEVELS} changed stock levels"
    return [
        row(f"{title}: time, of the shop's own", ratio, "x", f"<= {BAR}", ratio <= BAR),
        row("  sent by Odoo", best["seconds"], "s"),
        row("  bare calls", reading + writing, "s"),
        row("  of these reading", reading, "s"),
        row("  time, of the bare writing calls alone", best["seconds"] / writing, "x"),
        row("  processor time of Odoo", best["python"], "s"),
        row("  processor time of PostgreSQL", best["backend"], "s"),
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
    """Let the shop take as long for stock rows that are written or read as a real one did."""
    answer = shop.handle

    def handle(request):
        started = time.perf_counter()
        response = answer(request)
        if "stock_availables" in request.path:
            reads = request.method == "GET"
            rows = (response.get_data() if reads else request.get_data()).count(b"</quantity>")
            seconds = rows / (READ_A_SECOND if reads else WRITTEN_A_SECOND)
            time.sleep(max(seconds - (time.perf_counter() - started), 0))
        return response

    shop.handle = handle


def exchange_bare(shop, products, rows, quantity):
    """Seconds that the shop takes for reading and for writing one quantity in all rows.

    As many in a call as is best; each document is written right after its rows were read.
    """
    fields = "id,id_product,id_product_attribute,id_shop,id_shop_group,quantity,out_of_stock"
    address = f"{shop.url}/api/stock_availables"
    calls = []
    for at in range(0, len(rows), ROWS):
        wanted = "|".join(products[at : at + ROWS])
        elements = "".join(written(row_id, quantity) for row_id in rows[at : at + ROWS])
        calls.append(
            (
                f"{address}?display=[{fields}]&filter[id_product]=[{wanted}]",
                f"<prestashop>{elements}</prestashop>",
            )
        )
    reading = writing = 0.0
    with requests.Session() as session:
        session.auth = (shop.api_key, "")
        for list_address, document in calls:
            started = time.perf_counter()
            session.get(list_address).raise_for_status()
            reading += time.perf_counter() - started
            started = time.perf_counter()
            session.patch(address, data=document).raise_for_status()
            writing += time.perf_counter() - started
    return reading, writing


def written(row_id, quantity):
    """The element that sets the quantity of a stock row."""
    return f"<stock_available><id>{row_id}</id><quantity>{quantity}</quantity></stock_available>"


def check(shop, products, found, quantity):
    """Raise when not every level arrived."""
    held = {shop.shop.stock.row(int(product), 0).number("quantity") for product in products}
    if held != {quantity} or found["figures"]["sent"] != {"stock": len(products)}:
        raise RuntimeError(f"Not every level was sent: {sorted(held)[:5]}, {found['figures']}")


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
