"""The card of a customer and a page of the timeline, among 330,000 orders."""

from _shop_history import TITLE, database, empty_installation, row

NAME = "customer-card"
#: milliseconds; of any customer, and of the one with 2,500 orders
CARD_BAR, HEAVY_BAR = 45, 60
#: seconds for what its own columns cost on a database of ten years
INSTALL_BAR = 30


def run(context):
    """Milliseconds in the middle of 60 customers, and of the one with most orders.

    BENCH_CUSTOMERS and BENCH_HISTORY set the size; the addon is installed on the finished history,
    as on a database of ten years. What it takes without an order (Odoo's start, screens, texts) is
    not the price of its columns.
    """
    with database(context) as (name, took):
        answer = context.inside(name, "customers.cards")
    columns = took - empty_installation(context)
    rows = []
    for title, cost in answer["found"].items():
        bar = HEAVY_BAR if "heaviest" in title else CARD_BAR
        rows.append(row(f"  {title}", cost["ms"], "ms", f"<= {bar}", cost["ms"] <= bar))
        rows.append(row(f"  {title}: queries", cost["queries"], "queries"))
    return [
        row(f"customer card, {TITLE}: orders of the heaviest", answer["orders"], "orders"),
        *rows,
        row("installation of the addon alone", took, "s"),
        row(
            "  of it for its own columns",
            columns,
            "s",
            f"<= {INSTALL_BAR}",
            columns <= INSTALL_BAR,
        ),
    ]
