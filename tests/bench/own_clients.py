"""What the right "Only Own Clients" costs in searches, among 330,000 orders."""

from _shop_history import TITLE, database, row

NAME = "own-clients"
#: milliseconds: a page of a list with its count; a customer found by number
LIST_BAR, FIND_BAR = 1000, 50


def run(context):
    """Milliseconds of what somebody looks up with the right, and without it."""
    with database(context) as (name, _took):
        found = context.inside(name, "own_clients.search")
    rows = [row(TITLE, found.pop("orders"), "orders of the seller")]
    for title, cost in found.items():
        bar = LIST_BAR if "list" in title else FIND_BAR
        rows.append(row(f"  {title}", cost, "ms", f"<= {bar}", cost <= bar))
    return rows
