"""Dealing out 1,000 new orders, and what "Only Own Clients" costs, among 330,000 orders."""

from _shop_history import TITLE, database, row

NAME = "assignment"
#: seconds for 1,000 orders to 8 people, by the note that the design rests on
DEAL_BAR = 1.5
#: milliseconds: a page of the contact list, a customer found by number, for a restricted user
LIST_BAR, FIND_BAR = 500, 50


def run(context):
    """Seconds to deal, milliseconds of what a restricted user and a free one look up."""
    with database(context) as (name, _took):
        deal = context.inside(name, "assignment.deal")
        rights = context.inside(name, "assignment.rights")
    rows = [
        row(
            f"1,000 orders to 8 people, {TITLE}",
            deal["seconds"],
            "s",
            f"<= {DEAL_BAR}",
            deal["seconds"] <= DEAL_BAR,
        ),
        row("  queries", deal["queries"], "queries"),
        row("  largest share (of 250 due)", max(deal["shares"]), "orders"),
    ]
    for title, cost in rights.items():
        bar = LIST_BAR if "list" in title else FIND_BAR
        rows.append(row(f"  {title}", cost, "ms", f"<= {bar}", cost <= bar))
    return rows
