from odoo import api, fields, models

from .sale_order_payment import RECEIVED


class SaleOrder(models.Model):
    _inherit = "sale.order"

    paid_at = fields.Datetime(
        "Paid On",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When payments, in the shop or here, first covered the whole order.",
    )

    # rules that come with the clock look for these every few minutes
    _promised_idx = models.Index("(commitment_date) WHERE commitment_date IS NOT NULL")
    _promised_from_idx = models.Index("(commitment_from) WHERE commitment_from IS NOT NULL")
    _response_late_idx = models.Index(
        "(first_response_deadline) WHERE first_response_deadline IS NOT NULL "
        "AND first_response_at IS NULL"
    )

    # === PAID ===

    def _is_paid(self):
        """Whether the money that has come, by any way, and not gone back, covers the order."""
        self.ensure_one()
        order = self.sudo()  # payments and invoices are not for everybody who works on orders
        if order.currency_id.is_zero(order.amount_total):
            return True
        if order.payment_status:
            return order.payment_status == "paid"
        # cancelled, or finished before payments were watched
        if order.paid_at or order._is_covered(order._get_paid_amount(RECEIVED)):
            return True
        return bool(order._filter_told_paid())

    def _why_not_to_pay(self):
        """Why the customer is not to be asked for money, in words; None when they are."""
        self.ensure_one()
        order = self.sudo()  # as above
        if order._is_paid():
            return self.env._("The order has been paid.")
        if order.payment_status == "held":
            return self.env._("The money is held on the customer's card.")
        if order.paid_at and order._was_given_back():
            return self.env._("The money was given back.")
        return None

    def _was_given_back(self):
        """Whether money of this order went back to the customer because somebody here said so."""
        return (
            self._has_credit_notes()
            or any(row.kind != "payment" for row in self.shop_payment_ids)
            or any(
                one.operation == "refund" and one.state == "done" for one in self.transaction_ids
            )
            or (self.shop_id and self._get_shop_meaning() in ("refunded", "cancelled"))
        )

    def _note_payment(self):
        """Something was paid: note the moment at which an order is paid, and tell the rules."""
        paid = self.sudo().filtered(
            lambda one: not one.paid_at and one.payment_status == "paid"  # not for free ones
        )
        if paid:
            paid.write({"paid_at": fields.Datetime.now()})
            self.env["base.automation"]._retail_event("order_paid", paid)

    # === EVENTS ===

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        received = orders.filtered(lambda one: one.shop_id or one.state == "sale")
        self.env["base.automation"]._retail_event("order_received", received)
        for stage, some in orders.grouped("stage_id").items():
            some._tell_stage(stage)
        return orders

    def write(self, vals):
        states = {order: order.state for order in self} if "state" in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda one: one in states and one.state != states[one])
        if changed:
            for state, event in (("sale", "order_received"), ("cancel", "order_cancelled")):
                if event == "order_cancelled" and self.env.context.get("retail_merged"):
                    continue  # its goods go with another order: nothing is cancelled for anybody
                told = changed.filtered(lambda one, state=state: one.state == state)
                self.env["base.automation"]._retail_event(event, told)
        return result

    def _on_stage_entered(self, stage):
        result = super()._on_stage_entered(stage)
        self._tell_stage(stage)
        return result

    def _tell_stage(self, stage):
        # merged orders are cancelled for nobody: their goods go with another order
        told = self.filtered(lambda one: not one.merged_into_id)
        if stage and told:
            self.env["base.automation"]._retail_event("order_stage", told, stage.id)
