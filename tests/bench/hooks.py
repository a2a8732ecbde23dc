"""What the marking of changes costs an ordinary write in Odoo, beside the same write without it."""

from statistics import median

NAME = "hooks"
TIME_BAR = 0.03
QUERY_BAR = 2
_CLOCK, PYTHON, BACKEND, QUERIES = range(4)


def run(context):
    """Share of processor time and queries that our hooks add to a transaction."""
    with context.database("shop_connector") as database, context.simulator() as shop:
        access = {"system": shop.system, "base_url": shop.url, "api_key": shop.api_key}
        first = context.inside(database, "hooks.prepare", access=access)
        if first["failed"]:
            raise RuntimeError(f"The products did not reach the shop: {first}")
        found = context.inside(database, "hooks.measure")
    return [line for name, costs in found.items() for line in figures(name, costs)]


def figures(name, costs):
    """Lines of the table for one kind of write."""
    ours, plain, count = costs["with"], costs["without"], costs["transactions"]
    share = median(processor(a) / processor(b) for a, b in zip(ours, plain, strict=True)) - 1
    queries = median(a[QUERIES] - b[QUERIES] for a, b in zip(ours, plain, strict=True)) / count
    alone = 1000 * median(processor(cost) for cost in plain) / count
    return [
        row(f"hooks, {name}", 100 * share, "%", f"<= {100 * TIME_BAR:g}", share <= TIME_BAR),
        row("  more queries", queries, "per transaction", f"<= {QUERY_BAR}", queries <= QUERY_BAR),
        row("  the write without them, processor time", alone, "ms"),
    ]


def processor(cost):
    return cost[PYTHON] + cost[BACKEND]


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
