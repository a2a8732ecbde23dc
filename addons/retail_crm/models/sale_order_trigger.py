from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    paid_at = fields.Datetime(
        "Paid On",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When payments, in the shop or here, first covered the whole order.",
    )

    _promised_idx = models.Index("(commitment_date) WHERE commitment_date IS NOT NULL")

    # === PAID ===

    def _is_paid(self):
        """Whether what the customer has paid, by any way, covers the order."""
        self.ensure_one()
        order = self.sudo()  # payments and invoices are not for everybody who works on orders
        if order.paid_at or order.currency_id.is_zero(order.amount_total):
            return True
        return order.currency_id.compare_amounts(order._get_paid_amount(), order.amount_total) >= 0

    def _get_paid_amount(self):
        """The most that one source knows of: the shop, online payments here, or invoices."""
        payments = self.env["shop.payment"].search(
            [("order_id", "=", self.id), ("kind", "=", "payment")]
        )
        invoices = self.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        covered = sum(invoice.amount_total - invoice.amount_residual for invoice in invoices)
        return max(sum(payments.mapped("amount")), self.amount_paid, covered)

    def _note_payment(self):
        """Something was paid: note the moment at which an order is paid, and tell the rules."""
        paid = self.sudo().filtered(lambda one: not one.paid_at and one._is_paid())
        paid = paid.filtered(lambda one: not one.currency_id.is_zero(one.amount_total))
        if paid:
            paid.write({"paid_at": fields.Datetime.now()})
            self.env["base.automation"]._retail_event("order_paid", paid)

    # === EVENTS ===

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        Rules = self.env["base.automation"]
        Rules._retail_event(
            "order_received", orders.filtered(lambda one: one.shop_id or one.state == "sale")
        )
        orders._tell_stage()
        return orders

    def write(self, vals):
        states = {order.id: order.state for order in self} if "state" in vals else {}
        stages = {order.id: order.stage_id for order in self} if "stage_id" in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda one: one.id in states and one.state != states[one.id])
        Rules = self.env["base.automation"]
        if changed:
            Rules._retail_event(
                "order_received", changed.filtered(lambda one: one.state == "sale")
            )
            Rules._retail_event(
                "order_cancelled", changed.filtered(lambda one: one.state == "cancel")
            )
        self.filtered(
            lambda one: one.id in stages and one.stage_id != stages[one.id]
        )._tell_stage()
        return result

    def _tell_stage(self):
        Rules = self.env["base.automation"]
        for stage, orders in self.grouped("stage_id").items():
            if stage:
                Rules._retail_event("order_stage", orders, stage.id)
