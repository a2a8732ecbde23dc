from odoo import fields, models

from .invoice_matching import Goods


class StockMove(models.Model):
    _inherit = "stock.move"

    invoice_link_ids = fields.One2many("stock.move.invoice.link", "move_id", copy=False)

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._match_invoices()
        return moves

    def _match_invoices(self):
        """Link goods to the invoices of their orders that were made before they moved."""
        # who moves goods need not see invoices
        links = self.env["stock.move.invoice.link"].sudo()
        for lines in (self.sudo().sale_line_id, self.sudo().purchase_line_id):
            invoiced = lines.filtered("invoice_lines")
            if invoiced:
                links._match_order_lines(invoiced)

    def _get_invoice_sign(self, side):
        """Return +1 for goods to be invoiced, -1 for goods to be credited, 0 for others.

        What is void counts no more, and what was given away never did, with its return.
        """
        self.ensure_one()
        first = self.origin_returned_move_id.picking_id
        if self.state != "done" or self.picking_id.voided or first.voided or self._is_given_away():
            return 0
        return self._get_direction(side)

    def _is_given_away(self):
        """Whether nobody pays for the goods, or gets money back for them."""
        first = self.origin_returned_move_id.picking_id
        return self.picking_id._is_given_away() or first._is_given_away()

    def _get_direction(self, side):
        """Return +1 for what goes to the customer or comes from the vendor, -1 for the way back.

        The same moves count that Odoo counts as delivered or received on the order line.
        """
        origin = self.origin_returned_move_id
        counts = not origin or self.to_refund
        if side == "sale":
            if self._is_dropshipped_returned():
                return -1 if counts else 0
            if self.location_dest_id._is_outgoing():
                return 1 if counts else 0
            return -1 if counts and self.location_id._is_outgoing() else 0
        if self.location_dest_id.usage == "supplier":
            return -1 if counts else 0
        if self.location_id.usage == "supplier":
            exchange = origin and origin._is_purchase_return() and not self.to_refund
            return 0 if exchange else 1
        return 0

    def _get_invoice_goods(self, side):
        """Return the goods of the moves, the oldest first, in the unit of the product."""
        goods = []
        for move in self.sorted(lambda one: (one.date, one.id)):
            if sign := move._get_invoice_sign(side):
                goods.append(Goods(move.id, sign * move._get_done_quantity()))
        return goods

    def _get_done_quantity(self):
        """Return the moved quantity in the unit of the product."""
        return self.product_uom._compute_quantity(
            self.quantity, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _get_open_quantities(self, side):
        """Return {move: quantity} of what is still to invoice (above zero) or credit (below)."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        links = self.env["stock.move.invoice.link"].sudo()  # no price in it; see above
        settled = dict(
            links._read_group(
                [("move_id", "in", self.ids), ("side", "=", side)], ["move_id"], ["quantity:sum"]
            )
        )
        result = {}
        for move in self:
            sign = move._get_invoice_sign(side)
            still = sign * move._get_done_quantity() - settled.get(move, 0.0) if sign else 0.0
            # goods credited beyond their return, or the like, ask for nothing
            result[move] = round(still, digits) if still * sign > 0 else 0.0
        return result
