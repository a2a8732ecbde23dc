"""A thousand orders given to eight people by share, and the sweep for late orders."""

from _shop_history import TITLE, database, row

NAME = "order-work"
ORDERS, WAITING, LATE = 1000, 5000, 500
#: seconds and queries of the thousand: twice the time of a sketch without the log, the notices and
#: the followers, in a quarter of its queries; milliseconds of a look that finds nothing
ASSIGN_BAR, QUERY_BAR, SWEEP_BAR = 2, 300, 3.4


def run(context):
    """Both among all the orders of ten years; BENCH_CUSTOMERS and BENCH_HISTORY set the size."""
    with database(context) as (name, _took):
        given = context.inside(name, "order_work.assign", count=ORDERS)
        late = context.inside(name, "order_work.sweep", due=LATE, waiting=WAITING)
    seconds, shares = given["seconds"], given["given"]
    fair = shares[0] / ORDERS
    holds = abs(fair - 2 / 9) <= 0.02
    return [
        row(
            f"{ORDERS} orders given to 8 people, {TITLE}",
            seconds,
            "s",
            f"<= {ASSIGN_BAR}",
            seconds <= ASSIGN_BAR,
        ),
        row(
            "  queries",
            given["queries"],
            "queries",
            f"<= {QUERY_BAR}",
            given["queries"] <= QUERY_BAR,
        ),
        row("  part of the one with two shares of nine", fair, "", "0.222 ± 0.02", holds),
        row(
            f"look for late orders, none of {WAITING} open ones is",
            late["idle"],
            "ms",
            f"<= {SWEEP_BAR}",
            late["idle"] <= SWEEP_BAR,
        ),
        row(f"  {late['marked']} late ones marked, with their tasks", late["seconds"], "s"),
    ]
