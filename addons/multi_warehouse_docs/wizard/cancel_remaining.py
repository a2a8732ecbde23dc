from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

UNIT = "Product Unit"


class OrderCancelRemaining(models.TransientModel):
    """Asks how much of what an order still waits for is given up."""

    _name = "order.cancel.remaining"
    _description = "Cancel What Remains"

    sale_order_id = fields.Many2one("sale.order", readonly=True)
    purchase_order_id = fields.Many2one("purchase.order", readonly=True)
    reason = fields.Char(help="It is noted on the order; for example: discontinued by the maker.")
    line_ids = fields.One2many("order.cancel.remaining.line", "wizard_id", string="Lines")

    @api.model
    def _open(self, order, order_lines):
        """Make the wizard for those of the lines of an order that have a remainder; its action."""
        link = "sale_line_id" if order._name == "sale.order" else "purchase_line_id"
        lines = [line for line in order_lines if self._has_remainder(line)]
        if order.state != order.order_line._open_state or not lines:
            raise UserError(
                self.env._("Nothing remains to be cancelled on %s.", order.display_name)
            )
        wizard = self.create(
            {
                link.replace("line", "order"): order.id,
                "line_ids": [
                    Command.create({link: line.id, "quantity": line._get_cancellable_quantity()})
                    for line in lines
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel What Remains of %s", order.display_name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _has_remainder(self, line):
        if line.display_type or not line.product_id or line.is_downpayment:
            return False
        return line.product_uom_id.compare(line._get_remaining_quantity(), 0.0) > 0

    def action_apply(self):
        """Cancel the quantities entered; lines with zero are left alone."""
        self.ensure_one()
        quantities = {
            line._order_line(): line.quantity
            for line in self.line_ids
            if not line.uom_id.is_zero(line.quantity)
        }
        if not quantities:
            raise UserError(self.env._("Enter a quantity to cancel on at least one line."))
        order_line = next(iter(quantities))
        order_line._cancel_remaining(quantities, self.reason)
        return {"type": "ir.actions.act_window_close"}


class OrderCancelRemainingLine(models.TransientModel):
    _name = "order.cancel.remaining.line"
    _description = "Cancel What Remains: Line"

    wizard_id = fields.Many2one("order.cancel.remaining", required=True, ondelete="cascade")
    sale_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="cascade")
    purchase_line_id = fields.Many2one("purchase.order.line", readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", compute="_compute_figures")
    uom_id = fields.Many2one("uom.uom", "Unit", compute="_compute_figures")
    ordered = fields.Float(digits=UNIT, compute="_compute_figures")
    done = fields.Float("Moved", digits=UNIT, compute="_compute_figures")
    invoiced = fields.Float(digits=UNIT, compute="_compute_figures")
    remaining = fields.Float(digits=UNIT, compute="_compute_figures")
    quantity = fields.Float("To Cancel", digits=UNIT)

    @api.depends("sale_line_id", "purchase_line_id")
    def _compute_figures(self):
        for line in self:
            order_line = line._order_line()
            line.product_id = order_line.product_id
            line.uom_id = order_line.product_uom_id
            line.ordered = order_line[order_line._ordered_field]
            line.done = order_line[order_line._done_field]
            line.invoiced = order_line.qty_invoiced
            line.remaining = order_line._get_remaining_quantity()

    def _order_line(self):
        self.ensure_one()
        return self.sale_line_id or self.purchase_line_id
