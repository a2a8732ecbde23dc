"""A large catalogue in three languages is compared with the shop although nothing changed."""

import os

NAME = "resync"
VARIANTS = int(os.environ.get("BENCH_VARIANTS", "10000"))
#: MiB that the process may have in use at most while it compares
MEMORY_BAR = 300


def run(context):
    """Writing calls, memory and time of a comparison that finds nothing to do.

    The set-up sends the catalogue to the shop over HTTP as a first synchronisation does.
    BENCH_VARIANTS changes its size, BENCH_SYSTEM the shop's system.
    """
    with context.database("shop_connector") as database, context.simulator() as shop:
        access = context.access(shop)
        first = context.inside(database, "resync.prepare", access=access, variants=VARIANTS)
        if first["failed"] or shop.holdings()["combinations"] != VARIANTS:
            raise RuntimeError(f"The catalogue did not reach the shop whole: {first}")
        shop.clear_log()
        found = context.inside(database, "resync.measure")
        writes, calls = len(shop.writes), len(shop.log)
    skipped = found["figures"]["skipped"]
    if found["figures"]["failed"] or skipped.get("stock") != VARIANTS:
        raise RuntimeError(f"Not everything was compared: {found}")
    growth = found["peak"] - found["start"]
    title = f"re-sync of {VARIANTS} unchanged variants"
    return [
        row(f"{title}: writing calls", writes, "calls", "0", writes == 0),
        row(
            "  resident memory above the start",
            growth,
            "MiB",
            f"<= {MEMORY_BAR}",
            growth <= MEMORY_BAR,
        ),
        row("  resident memory at its peak, all of Odoo", found["peak"], "MiB"),
        row("  reading calls", calls, "calls"),
        row("  queries", found["queries"], "queries"),
        row("  time by the clock", found["seconds"], "s"),
        row("  processor time of Odoo and PostgreSQL", found["processor"], "s"),
    ]


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
