from odoo import api, fields, models

from .invoice_matching import Matching

SIDES = [("sale", "Sale"), ("purchase", "Purchase")]
INVOICED_TYPES = {"sale": ("out_invoice", "out_refund"), "purchase": ("in_invoice", "in_refund")}


class StockMoveInvoiceLink(models.Model):
    """So much of a stock move stands on that invoice line.

    Stored, not guessed at each reading: an invoice has to name exactly the delivery notes that it
    covers. A cancelled invoice has no links; one that is credited has them with both signs.
    """

    _name = "stock.move.invoice.link"
    _description = "Moved Goods on an Invoice"
    _order = "id"

    move_id = fields.Many2one("stock.move", required=True, index=True, ondelete="cascade")
    invoice_line_id = fields.Many2one(
        "account.move.line", required=True, index=True, ondelete="cascade"
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        help="In the unit of the product; below zero where the line credits.",
    )
    picking_id = fields.Many2one(related="move_id.picking_id", store=True, index=True)
    account_move_id = fields.Many2one(related="invoice_line_id.move_id", store=True, index=True)
    company_id = fields.Many2one(related="move_id.company_id", store=True)
    side = fields.Selection(SIDES, compute="_compute_side", store=True)

    _unique_pair = models.Constraint(
        "UNIQUE (move_id, invoice_line_id)", "This move is on that invoice line already."
    )

    @api.depends("account_move_id.move_type")
    def _compute_side(self):
        for link in self:
            link.side = "purchase" if link.account_move_id.is_purchase_document() else "sale"

    # === MATCHING ===

    @api.model
    def _match_order_lines(self, order_lines):
        """Link the done moves and the invoice lines of these sales or purchase order lines."""
        side = "sale" if order_lines._name == "sale.order.line" else "purchase"
        groups = []
        for order_line in order_lines:
            invoice_lines = order_line.invoice_lines
            if side == "sale":  # a line of several order lines counts with the first
                invoice_lines = invoice_lines.filtered(
                    lambda one, mine=order_line: one.sale_line_ids[:1] == mine
                )
            moves = order_line.move_ids.filtered(
                lambda move, mine=order_line: move.product_id == mine.product_id
            )
            groups.append((moves, invoice_lines))
        self._match_groups(groups, side)

    @api.model
    def _match_orderless(self, invoice_lines):
        """Link lines of goods outside orders again, after a credit or another quantity.

        Lines and goods belong together by the invoice that named them first and the product.
        """
        for side, types in INVOICED_TYPES.items():
            lines = invoice_lines.filtered(lambda one, types=types: one.move_id.move_type in types)
            families = lines.move_id | lines.move_id.reversed_entry_id
            families |= families.reversal_move_ids
            family_lines = families.invoice_line_ids.filtered(
                lambda one: not one._get_order_lines()
            )
            groups = []
            for product in lines.product_id:
                mine = family_lines.filtered(lambda one, product=product: one.product_id == product)
                groups.append((mine.stock_move_link_ids.move_id, mine))
            self._match_groups([group for group in groups if group[0]], side)

    @api.model
    def _match_groups(self, groups, side):
        """Match each (moves, invoice lines) by itself and write what has changed."""
        groups = [(moves, lines) for moves, lines in groups if moves and lines]
        if not groups:
            return
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        all_lines = self.env["account.move.line"].union(*(lines for _moves, lines in groups))
        known = self.search([("invoice_line_id", "in", all_lines.ids)])
        by_line = known.grouped("invoice_line_id")
        values = []
        for moves, lines in groups:
            links = self.union(*(by_line.get(line, self) for line in lines))
            links = links.filtered(lambda link, moves=moves: link.move_id in moves)
            before = {(link.move_id.id, link.invoice_line_id.id): link for link in links}
            after = Matching(
                moves._get_invoice_goods(side),
                lines._get_invoice_quantities(side),
                {pair: link.quantity for pair, link in before.items()},
                digits,
            ).run()
            for pair, link in before.items():
                if pair not in after:
                    link.unlink()
                elif after[pair] != link.quantity:
                    link.quantity = after[pair]
            values += [
                {"move_id": pair[0], "invoice_line_id": pair[1], "quantity": quantity}
                for pair, quantity in after.items()
                if pair not in before
            ]
        self.create(values)
