"""The card of a customer and a page of the timeline, among 330,000 orders."""

from _shop_history import TITLE, database, row

NAME = "customer-card"
CARD_BAR, HEAVY_BAR = 50, 100
#: seconds; on a database of ten years
INSTALL_BAR = 30


def run(context):
    """Milliseconds in the middle of 60 customers, and of the one with most orders.

    BENCH_CUSTOMERS and BENCH_HISTORY set the size; the addon is installed on the finished history,
    as on a database of ten years.
    """
    with database(context) as (name, took):
        answer = context.inside(name, "customers.cards")
    rows = []
    for title, cost in answer["found"].items():
        bar = HEAVY_BAR if "heaviest" in title else CARD_BAR
        rows.append(row(f"  {title}", cost["ms"], "ms", f"<= {bar}", cost["ms"] <= bar))
        rows.append(row(f"  {title}: queries", cost["queries"], "queries"))
    return [
        row(f"customer card, {TITLE}: orders of the heaviest", answer["orders"], "orders"),
        *rows,
        row(
            "installation of the addon alone",
            took,
            "s",
            f"<= {INSTALL_BAR}",
            took <= INSTALL_BAR,
        ),
    ]
