from odoo import api, fields, models

from .invoice_matching import Line
from .stock_move_invoice_link import INVOICED_TYPES

# +1 where the document asks for money, -1 where it gives it back
SIGN_OF_TYPE = {"out_invoice": 1, "out_refund": -1, "in_invoice": 1, "in_refund": -1}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    stock_move_link_ids = fields.One2many("stock.move.invoice.link", "invoice_line_id", copy=False)
    delivery_note_id = fields.Many2one(
        "stock.picking",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The lines below this section are of this delivery note.",
    )

    def _get_order_lines(self):
        """Return the order lines that the line invoices: of sales or of purchase."""
        return self.sale_line_ids or self.purchase_line_id

    def _get_invoice_quantities(self, side):
        """Return the quantities of the lines that count, the oldest first."""
        result = []
        for line in self.sorted("id"):
            entry = line.move_id
            if entry.state == "cancel" or entry.move_type not in INVOICED_TYPES[side]:
                continue
            product = line.product_id
            quantity = line.product_uom_id._compute_quantity(
                line.quantity, product.uom_id, rounding_method="HALF-UP"
            )
            reverses = entry.reversed_entry_id.invoice_line_ids.filtered(
                lambda one, product=product: one.product_id == product
            )
            sign = SIGN_OF_TYPE[entry.move_type]
            result.append(Line(line.id, sign * quantity, frozenset(reverses.ids)))
        return result

    # === EVENTS ===

    @api.model_create_multi
    def create(self, vals_list):
        links = [vals.get("stock_move_link_ids") for vals in vals_list]
        lines = super().create(
            [
                {name: value for name, value in vals.items() if name != "stock_move_link_ids"}
                for vals in vals_list
            ]
        )
        for line, commands in zip(lines, links, strict=True):
            if commands:
                line.sudo().stock_move_link_ids = commands  # nobody has the right to write links
        lines._match_stock_moves()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"quantity", "product_uom_id", "product_id", "sale_line_ids", "purchase_line_id"} & (
            vals.keys()
        ):
            self._match_stock_moves()
        return result

    def _match_stock_moves(self):
        """Link the lines to the goods that they invoice."""
        if self.env.context.get("switching_move_type"):  # see account.move
            return
        # who writes invoices need not see all goods; only links are written
        lines = self.sudo().filtered(
            lambda line: line.display_type == "product" and line.move_id.move_type in SIGN_OF_TYPE
        )
        links = lines.env["stock.move.invoice.link"]
        if sale_lines := lines.sale_line_ids.filtered("move_ids"):
            links._match_order_lines(sale_lines)
        if purchase_lines := lines.purchase_line_id.filtered("move_ids"):
            links._match_order_lines(purchase_lines)
        orderless = lines.filtered(
            lambda line: (
                (line.stock_move_link_ids or line.move_id.reversed_entry_id)
                and not line._get_order_lines()
            )
        )
        if orderless:
            links._match_orderless(orderless)

    # === SECTIONS ===

    def _name_delivery_sections(self):
        """Write the number of the delivery note into the sections that were made before it."""
        for section in self.filtered("delivery_note_id"):
            language = section.move_id.partner_id.lang
            name = section.delivery_note_id._get_invoice_section_name(language)
            if section.name != name:
                section.name = name
