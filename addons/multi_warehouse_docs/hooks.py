"""What has to happen besides loading files when the addon comes and goes."""

import logging

from odoo.exceptions import UserError
from odoo.tools import SQL, sql

_logger = logging.getLogger(__name__)

# Orders in these states are still to be confirmed, so they will want a number.
OPEN_ORDERS = {
    "sale.order": ("sale_order", ("draft", "sent")),
    "purchase.order": ("purchase_order", ("draft", "sent", "to approve")),
}


def post_init_hook(env):
    """Give every company its document types, and those to the documents that are still open.

    Documents that are confirmed or done already stay as they are, without a number.
    """
    # also those that are closed for the time being
    companies = env["res.company"].with_context(active_test=False).search([])
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
    """Transfers that decide on type and causal alike are one group: ask one, fill in all.

    A group that cannot get its type, for its places contradict it, stays without and is logged.
    """
    waiting = env["stock.picking"].search(
        [("state", "not in", ("done", "cancel")), ("document_type_id", "=", False)]
    )
    alike = waiting.grouped(
        lambda one: (
            one.picking_type_id,
            one.location_id,
            one.location_dest_id,
            one.return_id,
            one.causal_id,
            one.partner_id.commercial_partner_id.with_company(one.company_id).delivery_causal_id,
        )
    )
    for pickings in alike.values():
        try:
            with env.cr.savepoint():
                _adopt_like_the_first(pickings)
        except UserError as error:
            _logger.warning("No document type for %s: %s", pickings.mapped("name"), error)
    env.invalidate_all()


def _adopt_like_the_first(pickings):
    first = pickings[0]
    first._set_document_type()
    if first.document_type_id:
        pickings.env.flush_all()
        pickings.env.cr.execute(
            SQL(
                "UPDATE stock_picking SET document_type_id = %s, causal_id = %s WHERE id = ANY(%s)",
                first.document_type_id.id,
                first.causal_id.id or None,
                pickings.ids,
            )
        )


def uninstall_hook(env):
    """Take our index off Odoo's table of moves: Odoo leaves indexes behind."""
    sql.drop_index(env.cr, "stock_move_open_by_place_idx", "stock_move")
