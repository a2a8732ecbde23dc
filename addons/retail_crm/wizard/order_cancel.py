from odoo import api, fields, models


class RetailOrderCancel(models.TransientModel):
    """Asks why orders are cancelled, then cancels them."""

    _name = "retail.order.cancel"
    _description = "Cancel Orders"

    order_ids = fields.Many2many("sale.order", string="Orders", required=True)
    reason_id = fields.Many2one("crm.lost.reason", required=True)
    note = fields.Text("Details", help="It is kept on the order; for example what was too dear.")
    has_confirmed = fields.Boolean(compute="_compute_has_confirmed")

    @api.depends("order_ids.state")
    def _compute_has_confirmed(self):
        for wizard in self:
            wizard.has_confirmed = "sale" in wizard.order_ids.mapped("state")

    def action_cancel_orders(self):
        """Cancel the orders for that reason."""
        self.ensure_one()
        orders = self.order_ids.filtered(lambda order: order.state != "cancel")
        orders.write({"cancel_reason_id": self.reason_id.id, "cancel_note": self.note})
        orders.action_cancel()
        return {"type": "ir.actions.act_window_close"}


class SaleMassCancelOrders(models.TransientModel):
    """Odoo's own question of the list of orders asks for the reason too."""

    _inherit = "sale.mass.cancel.orders"

    cancel_reason_id = fields.Many2one("crm.lost.reason", "Reason")
    cancel_note = fields.Text("Details")

    def action_mass_cancel(self):
        if self.cancel_reason_id:
            self.sale_order_ids.filtered(lambda order: order.state != "cancel").write(
                {"cancel_reason_id": self.cancel_reason_id.id, "cancel_note": self.cancel_note}
            )
        return super().action_mass_cancel()
