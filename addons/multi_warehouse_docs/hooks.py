"""What has to happen besides loading files when the addon comes and goes."""

from odoo.tools import SQL, sql

# Orders in these states are still to be confirmed, so they will want a number.
OPEN_ORDERS = {
    "sale.order": ("sale_order", ("draft", "sent")),
    "purchase.order": ("purchase_order", ("draft", "sent", "to approve")),
}


def post_init_hook(env):
    """Give every company its document types, and those to the documents that are still open.

    Documents that are confirmed or done already stay as they are, without a number.
    """
    companies = env["res.company"].search([])
    companies._add_document_types()
    _adopt_open_orders(env, companies)
    _adopt_open_transfers(env)


def _adopt_open_orders(env, companies):
    """One statement for each company and sort of order: old databases have many."""
    for model, (kind, states) in OPEN_ORDERS.items():
        for company in companies:
            found = env["document.type"]._get_default(kind, company)
            env.cr.execute(
                SQL(
                    "UPDATE %s SET document_type_id = %s WHERE company_id = %s "
                    "AND state = ANY(%s) AND document_type_id IS NULL",
                    SQL.identifier(env[model]._table),
                    found.id or None,
                    company.id,
                    list(states),
                )
            )
    env.invalidate_all()


def _adopt_open_transfers(env):
    """Transfers of the same operation between the same places are alike: ask one, fill in all."""
    waiting = env["stock.picking"].search(
        [("state", "not in", ("done", "cancel")), ("document_type_id", "=", False)]
    )
    alike = waiting.grouped(
        lambda one: (one.picking_type_id, one.location_id, one.location_dest_id, one.return_id)
    )
    for pickings in alike.values():
        first = pickings[0]
        first._set_document_type()
        if first.document_type_id:
            env.flush_all()
            env.cr.execute(
                SQL(
                    "UPDATE stock_picking SET document_type_id = %s, causal_id = %s "
                    "WHERE id = ANY(%s)",
                    first.document_type_id.id,
                    first.causal_id.id or None,
                    pickings.ids,
                )
            )
    env.invalidate_all()


def uninstall_hook(env):
    """Take our index off Odoo's table of moves: Odoo leaves indexes behind."""
    sql.drop_index(env.cr, "stock_move_open_by_place_idx", "stock_move")
