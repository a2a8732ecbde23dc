"""What became of the money of an order: to be paid, paid, overdue."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..services import clock

#: states of online payments: the money has come; it is held on the customer's card, or has come
RECEIVED = ("done",)
HELD_OR_RECEIVED = ("authorized", "done")
#: what the status of an order in its shop means when its money has not come, or has gone back
UNPAID_MEANINGS = ("waiting", "cancelled", "refunded", "error")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    payment_status = fields.Selection(
        [
            ("unpaid", "Not Paid"),
            ("partial", "Partly Paid"),
            ("held", "Held on Card"),
            ("paid", "Paid"),
        ],
        "Payment",
        compute="_compute_payment_status",
        store=True,
        compute_sudo=True,
        copy=False,
        help="By the payments in the web shop, online payments and paid invoices. Held on Card: "
        "the customer has done their part, and the money is still to be collected. Orders made "
        "before this was installed show it as soon as something about their money changes.",
    )
    has_overdue_invoice = fields.Boolean(
        "Invoice Overdue",
        compute="_compute_has_overdue_invoice",
        search="_search_has_overdue_invoice",
        compute_sudo=True,
    )
    payment_deadline = fields.Datetime(
        readonly=True,
        copy=False,
        help="Until when the order is to be paid, by the norm of its channel.",
    )
    payment_overdue_since = fields.Datetime(readonly=True, copy=False)

    _payment_sweep_idx = models.Index(
        "(payment_deadline) WHERE payment_deadline IS NOT NULL AND payment_overdue_since IS NULL"
    )

    # === COMPUTE ===

    @api.depends(
        "state",
        "amount_total",
        "transaction_ids.state",
        "transaction_ids.amount",
        "shop_payment_ids.amount",
        "shop_payment_ids.is_noted",
        "shop_state",
        "paid_at",
        "order_line.invoice_lines.move_id.state",
        "order_line.invoice_lines.move_id.payment_state",
        "order_line.invoice_lines.move_id.amount_residual",
    )
    def _compute_payment_status(self):
        told = self._filter_told_paid()
        for order in self:
            if order.state == "cancel" or order.currency_id.is_zero(order.amount_total):
                order.payment_status = False
                continue
            paid = order._get_paid_amount()
            if order in told or order._is_covered(order._get_paid_amount(RECEIVED)):
                order.payment_status = "paid"
            elif order._is_covered(paid):
                order.payment_status = "held"
            elif order.currency_id.compare_amounts(paid, 0.0) > 0:
                order.payment_status = "partial"
            else:
                order.payment_status = "unpaid"

    def _is_covered(self, amount):
        """Whether so much money is all that the order costs."""
        return self.currency_id.compare_amounts(amount, self.amount_total) >= 0

    def _get_paid_amount(self, states=HELD_OR_RECEIVED):
        """What the customer has paid, in the order's currency.

        ``states``: the online payments that count. What is held on a card need not be asked for
        again, but has not come: ``RECEIVED`` leaves it out.

        The same money may stand in the shop, as online payment and on the invoice: the largest of
        the three counts, not their sum. See `_filter_told_paid` for shops that tell no amounts.
        """
        self.ensure_one()
        online = sum(one.amount for one in self.transaction_ids if one.state in states)
        in_shop = sum(
            row.amount if row.kind == "payment" else -row.amount
            for row in self._get_shop_money()
            if row.currency_id == self.currency_id
        )
        invoiced = sum(
            (-1 if move.move_type == "out_refund" else 1)
            * (move.amount_total - move.amount_residual)
            for move in self.order_line.invoice_lines.move_id
            if move.state == "posted" and move.currency_id == self.currency_id
        )
        return max(online, in_shop, invoiced)

    def _get_shop_money(self):
        """The payments and refunds in the shop, without those that it noted by a status of ours."""
        return self.shop_payment_ids.filtered(lambda row: not row.is_noted)

    def _filter_told_paid(self):
        """The web orders whose shop says that they are paid, and nothing more about their money.

        Its payments are not noted here, or it tells none. Once paid, an order stays so in the
        statuses that follow, for example "Shipped". An order made here is paid here.
        """
        told = self.filtered(
            lambda order: (
                order.shop_id
                and not order._get_shop_money()
                and (order.shop_id.payment_rule == "none" or not order.is_shop_placed)
            )
        )
        rows = self.env["shop.mapping"].search_fetch(
            [
                ("shop_id", "in", told.shop_id.ids),
                ("kind", "=", "order_state"),
                ("external_code", "in", [code for code in told.mapped("shop_state") if code]),
            ],
            ["shop_id", "external_code", "meaning"],
        )
        meanings = {(row.shop_id, row.external_code): row.meaning for row in rows}

        def is_paid(order):
            meaning = meanings.get((order.shop_id, order.shop_state))
            return meaning == "paid" or bool(
                meaning and meaning not in UNPAID_MEANINGS and order.paid_at
            )

        return told.filtered(is_paid)

    @api.depends(
        "order_line.invoice_lines.move_id.payment_state",
        "order_line.invoice_lines.move_id.invoice_date_due",
    )
    def _compute_has_overdue_invoice(self):
        today = fields.Date.context_today(self)
        for order in self:
            order.has_overdue_invoice = any(
                move.state == "posted"
                and move.payment_state in ("not_paid", "partial")
                and move.move_type == "out_invoice"
                and move.invoice_date_due
                and move.invoice_date_due < today
                for move in order.order_line.invoice_lines.move_id
            )

    def _search_has_overdue_invoice(self, operator, value):
        if operator != "in":
            return NotImplemented
        unpaid = (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("invoice_date_due", "<", fields.Date.context_today(self))
        )
        # who sees the order sees whether it is paid, also without access to the books
        lines = self.env["account.move.line"].sudo()._search([("move_id", "any", unpaid)])
        return [("order_line", "any", [("invoice_lines", "in", lines)])]

    # === NORM ===

    def _expect_payment(self):
        """Start the clock of the payment for these orders, where their channel has a norm."""
        now = fields.Datetime.now()
        waiting = self.filtered(
            lambda order: (
                order.payment_status in ("unpaid", "partial") and not order.payment_deadline
            )
        )
        for (channel, company), orders in waiting.grouped(
            lambda order: (order.channel_id, order.company_id)
        ).items():
            hours = self.env["retail.time.norm"]._get_hours("payment", company, channel)
            if hours:
                orders.payment_deadline = clock.add_working_hours(
                    orders[:1]._get_work_calendar(), now, hours
                )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._get_current()._expect_payment()
        return orders

    def action_confirm(self):
        """What was begun without lines, as at the order desk, had nothing to be paid before."""
        result = super().action_confirm()
        # sudo: the clock is the system's, whoever confirms: the customer, for example
        self.sudo()._get_current()._expect_payment()
        return result
