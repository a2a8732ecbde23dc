"""Document types come to a database with orders and transfers: nothing old is touched."""

import json
from collections.abc import Iterator

import pytest

from suite import databases, templates

MODULES = {"sale_stock", "purchase_stock", "account", "delivery", "stock_delivery"}
ORDERS = 150
# Transfers and orders in every state; most of them were written by SQL years ago.
BEFORE = f"""
from odoo.fields import Command

warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
good = env["product.product"].create({{"name": "Wine", "is_storable": True}})
env["stock.quant"]._update_available_quantity(good, warehouse.lot_stock_id, 5000)
partner = env["res.partner"].create({{"name": "Restaurant"}})
sales = env["sale.order"].create([
    {{"partner_id": partner.id,
      "order_line": [Command.create({{"product_id": good.id, "product_uom_qty": 2}})]}}
    for _number in range({ORDERS})
])
sales[20:].action_confirm()
done = sales[60:].picking_ids
done.move_ids.picked = True
done._action_done()
purchases = env["purchase.order"].create([
    {{"partner_id": partner.id,
      "order_line": [Command.create({{"product_id": good.id, "product_qty": 3}})]}}
    for _number in range(40)
])
purchases[10:].button_confirm()
env.flush_all()
env.cr.execute('''
    INSERT INTO stock_picking (name, state, picking_type_id, location_id, location_dest_id,
                               company_id, move_type, create_date)
    SELECT 'OLD/' || n, 'done', %s, %s, %s, %s, 'direct', now() AT TIME ZONE 'UTC'
      FROM generate_series(1, 100000) n''',
    (warehouse.out_type_id.id, warehouse.lot_stock_id.id,
     env.ref("stock.stock_location_customers").id, env.company.id))
env.cr.commit()
"""
AFTER = """
import json

numbered = {model: env[model].search_count([("document_number", "!=", False)])
            for model in ("sale.order", "purchase.order", "stock.picking")}
typed = {model: len(env[model].search([("document_type_id", "!=", False)]))
         for model in numbered}
open_delivery = env["stock.picking"].search(
    [("state", "=", "assigned"), ("picking_type_id.code", "=", "outgoing")], limit=1)
open_delivery.move_ids.picked = True
open_delivery._action_done()
quotation = env["sale.order"].search([("state", "=", "draft")], limit=1)
quotation.action_confirm()
series = open_delivery.series_id
print(json.dumps({
    "numbered": numbered, "typed": typed, "number": open_delivery.series_number,
    "order": quotation.series_number, "gaps": env["document.series.gap"].search_count([]),
    "counted": series.number_count,
}))
"""


@pytest.fixture(scope="module")
def old() -> Iterator[str]:
    """A database with Odoo's own modules, and documents of years."""
    with databases.temporary(templates.bare(MODULES)) as name:
        databases.shell(name, BEFORE)
        yield name


def _rewritten(database: str) -> dict[str, int]:
    """How many rows of each table have been changed since the database was copied."""
    rows = databases.sql(
        database,
        "SELECT relname, n_tup_upd FROM pg_stat_user_tables WHERE relname IN"
        " ('stock_picking', 'stock_move', 'stock_quant', 'sale_order', 'purchase_order')",
    )
    return {name: int(count) for name, count in (row.split("|") for row in rows.splitlines())}


def test_installation_numbers_nothing_old_and_leaves_it_alone(old: str) -> None:
    before = _rewritten(old)
    templates.install(old, ["multi_warehouse_docs"], "--skip-auto-install")
    changed = {name: count - before[name] for name, count in _rewritten(old).items()}
    # what is still open gets its type; the 100,000 done transfers are not written to
    assert all(count < 2000 for count in changed.values()), changed

    (found,) = databases.shell(old, AFTER).strip().splitlines()[-1:]
    figures = json.loads(found)
    assert figures["numbered"] == {"sale.order": 0, "purchase.order": 0, "stock.picking": 0}
    # only what is still open: 20 quotations, 10 requests, 40 deliveries and 30 receipts
    assert figures["typed"] == {"sale.order": 20, "purchase.order": 10, "stock.picking": 70}
    assert (figures["number"], figures["order"]) == (1, 1)
    assert (figures["gaps"], figures["counted"]) == (0, 1)
