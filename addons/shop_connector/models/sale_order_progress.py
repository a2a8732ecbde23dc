"""A web order is paid or taken on in Odoo: its shop shows that, before anything has left."""

from collections import defaultdict

from odoo import fields, models

from ..sync.mappings import Mappings
from .sale_order_sync import PROGRESS, is_progress


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_noted_at = fields.Datetime(
        "Shop Told as Paid",
        readonly=True,
        copy=False,
        help="When a status of ours made the shop take the order for paid: a payment that it notes "
        "by itself at that moment is no money.",
    )

    def action_confirm(self):
        result = super().action_confirm()
        self.filtered(lambda order: order.state == "sale")._send_shop_progress("processing")
        return result

    def _send_shop_progress(self, *meanings):
        """Let the shops of these orders show a step that was made here: the first of these meanings
        for which a shop has a status.

        Not what came from the shop itself; and only where that is a step ahead, also of what is on
        its way already.
        """
        if self.env.context.get("from_shop"):
            return
        # who confirms or books need not be allowed to see the shop and its mappings
        linked = self.sudo().filtered(lambda order: order.shop_id.send_progress)
        mappings = {shop: Mappings(shop) for shop in linked.shop_id}
        wishes = defaultdict(linked.browse)
        for order in linked:
            known = mappings[order.shop_id]
            meaning = next((each for each in meanings if known.code("order_state", each)), None)
            held = known.record("order_state", order.shop_state)
            if meaning and is_progress(held, meaning) and not order._awaits_status(meaning):
                wishes[meaning] |= order
        for meaning, orders in wishes.items():
            orders._send_shop_status(meaning)

    def _awaits_status(self, meaning):
        """Whether this step, or one further, waits already to be set in the shop."""
        return self.shop_wanted_status in PROGRESS[PROGRESS.index(meaning) :]

    def _tell_shop_paid(self):
        """The shops of those whose money is here now show it."""
        # who books a payment need not be allowed to see the order
        paid = self.sudo().filtered(
            lambda order: order.shop_id and order.state != "cancel" and order._has_money()
        )
        # where there is no such status, what is paid is being prepared
        paid._send_shop_progress("paid", "processing")

    def _has_money(self):
        """Whether all of this order was paid in Odoo: by transactions, or on its invoices."""
        self.ensure_one()
        # what is held on a card has not come, and may never
        received = sum(one.amount for one in self.transaction_ids if one.state == "done")
        if self.currency_id.compare_amounts(received, self.amount_total) >= 0:
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
