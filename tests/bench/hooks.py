"""What the marking of changes costs an ordinary write in Odoo, beside the same write without it."""

import math
from statistics import median

NAME = "hooks"
#: per cent
TIME_BAR = 3
QUERY_BAR = 2
_CLOCK, PYTHON, BACKEND, QUERIES = range(4)


def run(context):
    """Share of processor time and queries that our hooks add to a transaction.

    The same transaction is made with the hooks and without them, in random order: a pair. Each
    pair gives one share; the median of some hundred is the figure. Beside it stand the ends of
    the interval in which the true median lies with a certainty of 95 %; the bar holds when the
    whole interval is below it.
    """
    with context.database("shop_connector") as database, context.simulator() as shop:
        access = {"system": shop.system, "base_url": shop.url, "api_key": shop.api_key}
        first = context.inside(database, "hooks.prepare", access=access)
        if first["failed"]:
            raise RuntimeError(f"The products did not reach the shop: {first}")
        found = context.inside(database, "hooks.measure")
    return [line for name, costs in found.items() for line in figures(name, costs)]


def figures(name, costs):
    """Lines of the table for one kind of write."""
    pairs = list(zip(costs["with"], costs["without"], strict=True))
    shares = [100 * (processor(a) / processor(b) - 1) for a, b in pairs]
    low, high = interval(shares)
    queries = median(a[QUERIES] - b[QUERIES] for a, b in pairs)
    alone = 1000 * median(processor(plain) for _ours, plain in pairs)
    python, backend = (1000 * median(a[at] - b[at] for a, b in pairs) for at in (PYTHON, BACKEND))
    return [
        row(f"hooks, {name}", median(shares), "%", f"<= {TIME_BAR:g}", high <= TIME_BAR),
        row("  at least, with 95 % certainty", low, "%"),
        row("  at most, with 95 % certainty", high, "%"),
        row("  pairs", len(shares), "pairs"),
        row("  more queries", queries, "per transaction", f"<= {QUERY_BAR}", queries <= QUERY_BAR),
        row("  more processor time of Odoo", python, "ms"),
        row("  more processor time of PostgreSQL", backend, "ms"),
        row("  the write without them, processor time", alone, "ms"),
    ]


def interval(values):
    """The ends of the 95 % confidence interval of the median; no distribution is assumed.

    >>> interval(range(1, 101))
    (41, 61)
    """
    ordered, half = sorted(values), 1.96 * math.sqrt(len(values)) / 2
    middle = len(ordered) / 2
    first, last = math.floor(middle - half), math.ceil(middle + half)
    return ordered[max(first, 0)], ordered[min(last, len(ordered) - 1)]


def processor(cost):
    return cost[PYTHON] + cost[BACKEND]


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
