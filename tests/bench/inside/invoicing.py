"""Delivery notes that become invoices: by several users at once, and many of them."""

from odoo.exceptions import UserError
from odoo.fields import Command

from .processes import at_once, request


def prepare(env, customers, notes):
    """Return the ids of done delivery notes, so many for each customer, with two goods each."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    goods = env["product.product"].create(
        [{"name": name, "is_storable": True, "list_price": 10} for name in ("Red", "White")]
    )
    for good in goods:
        env["stock.quant"]._update_available_quantity(
            good, warehouse.lot_stock_id, 2 * customers * notes
        )
    partners = env["res.partner"].create(
        [{"name": f"Restaurant {number}"} for number in range(customers)]
    )
    orders = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "warehouse_id": warehouse.id,
                "order_line": [
                    Command.create({"product_id": good.id, "product_uom_qty": 2}) for good in goods
                ],
            }
            for partner in partners
            for _note in range(notes)
        ]
    )
    orders.action_confirm()
    pickings = orders.picking_ids
    pickings.action_assign()
    pickings.move_ids.picked = True
    pickings.button_validate()
    env.cr.commit()
    return pickings.ids


def same_at_once(env, notes, processes):
    """Let that many processes invoice the same delivery notes of one customer.

    Returns ``{"said": [sentence or ""], "invoices", "invoiced": [quantity by move], "moved"}``.
    """
    pickings = prepare(env, 1, notes)
    _seconds, said = at_once(env, [[pickings]] * processes, _invoice)
    moves = env["stock.picking"].browse(pickings).move_ids
    links = moves.invoice_link_ids
    return {
        "said": said,
        "invoices": len(links.account_move_id),
        "invoiced": [sum(move.invoice_link_ids.mapped("quantity")) for move in moves],
        "moved": moves.mapped("quantity"),
    }


def _invoice(registry, pickings):
    try:
        request(registry, lambda env: bool(env["stock.picking"].browse(pickings).action_invoice()))
    except UserError as error:
        return str(error)
    return ""
