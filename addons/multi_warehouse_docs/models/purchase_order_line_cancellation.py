"""Cancelling what remains of a purchase order.

Context key ``multi_warehouse_docs_keep_receipts``: a changed quantity of a purchase order line
leaves its receipts alone, since they are put right by the caller.
"""

from odoo import models
from odoo.fields import Command

from .order_line_cancellation import OPEN_STATES


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "order.line.cancellation"]

    _ordered_field = "product_qty"
    _done_field = "qty_received"
    _open_state = "purchase"
    _cancellation_group = "purchase.group_purchase_user"

    def _get_live_moves(self):
        _outgoing, incoming = self._get_outgoing_incoming_moves()
        return incoming.filtered(lambda move: move.state in OPEN_STATES)

    def _write_ordered(self, quantity, procure):
        order = self.order_id.with_context(multi_warehouse_docs_keep_receipts=not procure)
        order.write({"order_line": [Command.update(self.id, {"product_qty": quantity})]})

    def _create_or_update_picking(self):
        if not self.env.context.get("multi_warehouse_docs_keep_receipts"):
            return super()._create_or_update_picking()
        return None

    def action_cancel_remaining(self):
        """Ask how much of this line to cancel."""
        return self.env["order.cancel.remaining"]._open(self.order_id, self)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def action_cancel_remaining(self):
        """Ask how much of each line to cancel."""
        self.ensure_one()
        return self.env["order.cancel.remaining"]._open(self, self.order_line)
