"""The database that the benchmarks of the order desk share: made once, then copied."""

import hashlib
import json
import os
import time
from contextlib import contextmanager
from pathlib import Path

from suite import addons, databases, environment, templates

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "100000"))
ORDERS = int(os.environ.get("BENCH_HISTORY", "330000"))
ADDON = "retail_crm"
TITLE = f"{CUSTOMERS} customers, {ORDERS} orders"


@contextmanager
def database(context):
    """``(name of a copy with the addon, seconds its installation took)``.

    What it stands on, Odoo's modules and the other addons, is there before and is not counted;
    the start of Odoo is.
    """
    environment.ensure()
    with databases.temporary(_history(context)) as name:
        # Odoo gives it to every database that it makes itself
        databases.sql(name, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
        took = _install(name)
        databases.sql(name, "VACUUM ANALYZE")
        yield name, took


def empty_installation(context):
    """Seconds that the installation takes where there is no order: Odoo's start, screens, texts."""
    with context.database("shop_connector") as name:
        return _install(name)


def _install(name):
    templates.install(name, sorted(addons.manifests()[ADDON]["depends"]))
    started = time.perf_counter()
    templates.install(name, [ADDON])
    return time.perf_counter() - started


def _history(context):
    """Name of the template with the orders, made if missing."""
    options = {"customers": CUSTOMERS, "orders": ORDERS}
    source = (Path(__file__).parent / "inside/shop_history.py").read_bytes()
    key = json.dumps(options) + hashlib.sha256(source).hexdigest()

    def fill(name):
        context.inside(name, "shop_history.prepare", **options)
        databases.sql(name, "VACUUM ANALYZE")

    return templates.filled(key, f"Making {TITLE}", fill)


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
