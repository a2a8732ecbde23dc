"""Who is calling, among 100,000 customers: by number in any spelling, e-mail, name."""

from _shop_history import TITLE, database, row

NAME = "caller"
#: the query by number alone, and the whole call with everything that Odoo does around it
SQL_BAR, CALL_BAR, NAME_BAR = 5, 20, 100


def run(context):
    """Milliseconds in the middle of 60 customers; BENCH_CUSTOMERS, BENCH_HISTORY set the size."""
    with database(context) as (name, _took):
        answer = context.inside(name, "customers.callers")
        twins = context.inside(name, "customers.duplicates")
    found, lost, sql = answer["found"], answer["lost"], answer["sql"]
    rows = [
        row(f"caller by number, {TITLE}: in SQL", sql, "ms", f"<= {SQL_BAR}", sql <= SQL_BAR),
    ]
    for title, took in found.items():
        bar = NAME_BAR if "name" in title else CALL_BAR
        rows.append(row(f"  {title}", took, "ms", f"<= {bar}", took <= bar))
    return [
        *rows,
        row("  not found first", lost, "callers", "0", lost == 0),
        row("  search for duplicates, first night", twins["first"], "s"),
        row("  search for duplicates, every night", twins["again"], "s"),
        row("  groups of duplicates", twins["groups"], ""),
    ]
