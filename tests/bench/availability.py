"""On hand, committed, ordered of 2,000 products in 3 warehouses, beside Odoo's own fields."""

import hashlib
import json
import os
import time
from pathlib import Path

from suite import databases, environment, templates

NAME = "availability"
PRODUCTS = int(os.environ.get("BENCH_PRODUCTS", "2000"))
MOVES = int(os.environ.get("BENCH_MOVES", "1000000"))
ROUNDS = 3
#: at least so many times faster than Odoo's fields, read warehouse by warehouse
BAR = 6
#: an administrator waits that long at most for the addon on a database with this history
INSTALL_BAR = 60


def run(context):
    """How many times faster one query is, whether any figure differs, and what the screens take.

    The moves are made once and kept as a template of Odoo's own modules; the addon is installed in
    a copy, which takes what it takes on a database with a history. BENCH_PRODUCTS and BENCH_MOVES
    change the size.
    """
    environment.ensure()
    with databases.temporary(_history(context)) as database:
        started = time.perf_counter()
        templates.install(database, ["multi_warehouse_docs"])
        install = time.perf_counter() - started
        databases.sql(database, "VACUUM ANALYZE stock_move")
        found = context.inside(database, "availability.measure", rounds=ROUNDS)
    title = f"{found['products']} products x {found['warehouses']} warehouses, {MOVES} moves"
    wrong = found["differences"] + found["ledger_differences"]
    ratio = found["odoo_all"] / found["ours_all"]
    page = found["odoo_page"] / found["ours_page"]
    return [
        row(f"{title}: times faster", ratio, "x", f">= {BAR}", ratio >= BAR),
        row("  Odoo's fields", found["odoo_all"], "s"),
        row("  our query", found["ours_all"], "s"),
        row("  a page of 80 products: times faster", page, "x", f">= {BAR}", page >= BAR),
        row("  Odoo's fields", found["odoo_page"], "s"),
        row("  our query", found["ours_page"], "s"),
        row("  figures that differ", wrong, "", "0", wrong == 0),
        row("  availability list, first page of everything", found["list_page"], "s"),
        row("  availability list, 80 products", found["list_of_page"], "s"),
        row("  ledger of a product, with balance", found["ledger_product"], "s"),
        row("  ledger of a month, with balance", found["ledger_month"], "s"),
        row("  turnover of everything", found["turnover"], "s"),
        row("  installation", install, "s", f"<= {INSTALL_BAR}", install <= INSTALL_BAR),
    ]


def _history(context):
    """Name of the template with the moves, made if missing."""
    options = {"products": PRODUCTS, "moves": MOVES}
    source = (Path(__file__).parent / "inside/availability.py").read_bytes()
    key = json.dumps(options) + hashlib.sha256(source.split(b"# === READING")[0]).hexdigest()

    def fill(database):
        context.inside(database, "availability.prepare", **options)
        databases.sql(database, "VACUUM ANALYZE")

    return templates.filled(key, f"Making {MOVES} moves", fill)


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
