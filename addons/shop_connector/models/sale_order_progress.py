"""A web order is paid or taken on in Odoo: its shop shows that, before anything has left."""

from odoo import fields, models

from ..sync.mappings import Mappings
from .sale_order_sync import PROGRESS, is_progress


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_notes_payment = fields.Boolean(
        readonly=True,
        copy=False,
        help="By a status that we set, the shop itself notes a payment: it is no money of its own.",
    )

    def action_confirm(self):
        result = super().action_confirm()
        self.filtered(lambda order: order.state == "sale")._send_shop_progress("processing")
        return result

    def _send_shop_progress(self, meaning):
        """Let the shops of these orders show a step that was made here.

        Not what came from the shop itself; and only where that is a step ahead, also of what is on
        its way already, and the shop has a status for it.
        """
        if self.env.context.get("from_shop"):
            return
        # who confirms or books need not be allowed to see the shop and its mappings
        linked = self.sudo().filtered(lambda order: order.shop_id.send_progress)
        mappings = {shop: Mappings(shop) for shop in linked.shop_id}
        ahead = PROGRESS[PROGRESS.index(meaning) :]
        linked.filtered(
            lambda order: (
                order.shop_wanted_status not in ahead
                and mappings[order.shop_id].code("order_state", meaning)
                and is_progress(
                    mappings[order.shop_id].record("order_state", order.shop_state), meaning
                )
            )
        )._send_shop_status(meaning)

    def _tell_shop_paid(self):
        """The shops of those whose money is here now show it."""
        # who books a payment need not be allowed to see the order
        paid = self.sudo().filtered(
            lambda order: order.shop_id and order.state != "cancel" and order._has_money()
        )
        paid._send_shop_progress("paid")

    def _has_money(self):
        """Whether all of this order was paid in Odoo: by transactions, or on its invoices."""
        self.ensure_one()
        if self._is_paid():
            return True
        invoices = self.invoice_ids.filtered(lambda move: move.state == "posted")
        if any(move.payment_state not in ("paid", "in_payment") for move in invoices):
            return False
        # a down payment of everything counts too
        whole = self.currency_id.compare_amounts(self.amount_invoiced, self.amount_total) >= 0
        return bool(invoices) and (whole or self.invoice_status == "invoiced")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # who books a payment need not be allowed to see the orders behind the invoice
        self.sudo().invoice_line_ids.sale_line_ids.order_id._tell_shop_paid()
        return result


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        self.filtered(lambda one: one.state == "done").sale_order_ids._tell_shop_paid()
        return result
