"""Invoices that make themselves: when the order's channel says so, without a click."""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

#: so many orders are invoiced where the event happens; more are left to the scheduled action
AT_ONCE = 10
#: orders that the scheduled action takes in one go
BATCH = 20


class SaleOrder(models.Model):
    _inherit = "sale.order"

    invoice_is_due = fields.Boolean(
        readonly=True,
        copy=False,
        help="The invoice will be made by the next run of the scheduled action.",
    )

    _invoice_is_due_idx = models.Index("(id) WHERE invoice_is_due IS TRUE")

    # === EVENTS ===

    def action_confirm(self):
        result = super().action_confirm()
        self._invoice_when("confirm")
        return result

    def write(self, vals):
        result = super().write(vals)
        if vals.get("shop_state"):
            self._invoice_when("payment")
        return result

    def _invoice_when(self, event):
        """Make the invoices that the channels of these orders want at this moment.

        ``event``: "confirm", "shipping" or "payment". An order may have been paid, or have nothing
        to ship, by the time it is confirmed; so all policies are looked at then. At any other
        event only its own one is: an invoice that a person took back must not come again.
        """
        due = self.filtered(lambda order: order._wants_invoice(event))
        # an import stores orders: invoices are neither to hold it up nor to undo it
        if len(due) > AT_ONCE or (due and self.env.context.get("from_shop")):
            # the mark is the engine's, not the user's
            due.sudo().invoice_is_due = True
            self.env.ref("retail_crm.ir_cron_channel_invoices").sudo()._trigger()
        else:
            due._make_channel_invoices()

    def _wants_invoice(self, event):
        # a courier or the shop's runner need not be allowed to read channels and payments
        order = self.sudo()
        policy = order.channel_id.invoice_policy
        if order.state != "sale" or policy in (False, "manual"):
            return False
        if event not in ("confirm", policy):
            return False
        if event != "confirm" and order._has_credit_notes():
            return False  # a refund makes lines look uninvoiced: what is to be done is for a person
        if policy == "shipping":
            return order._is_shipped_to_invoice()
        return policy == "confirm" or order._is_paid_ahead()

    def _has_credit_notes(self):
        return any(
            move.move_type == "out_refund" and move.state != "cancel" for move in self.invoice_ids
        )

    def _is_shipped_to_invoice(self):
        """Whether what has left can be invoiced: everything has, or what has is counted apart.

        Products invoiced by ordered quantities would be invoiced whole with the first parcel, so
        they wait for the last one.
        """
        if self.delivery_status in (False, "full"):
            return True
        if self.delivery_status != "partial":
            return False
        goods = self.order_line.filtered(
            lambda line: line.product_id.type == "consu" and line.qty_to_invoice > 0
        )
        return bool(goods) and all(line.product_id.invoice_policy == "delivery" for line in goods)

    def _is_paid_ahead(self):
        """Whether the customer has paid the whole order: here, or in its web shop."""
        if any(one.state == "authorized" for one in self.transaction_ids):
            return False  # held on the customer's card, not taken yet
        received = self._get_paid_amount()
        if received and self.currency_id.compare_amounts(received, self.amount_total) >= 0:
            return True
        # what the shop tells of the money itself, refunds too, counts more than a status
        is_told = self.shop_id and not self._get_shop_money()
        return bool(is_told) and self._get_shop_meaning() == "paid"

    def _get_shop_meaning(self):
        """What the status that this web order has in its shop means, or False."""
        rows = self.env["shop.mapping"].search(
            [
                ("shop_id", "=", self.shop_id.id),
                ("kind", "=", "order_state"),
                ("external_code", "=", self.shop_state),
            ],
            limit=1,
        )
        return rows.meaning

    # === MAKING ===

    def _make_channel_invoices(self):
        """Make and post one invoice for each order; what fails becomes a task on the order."""
        for order in self:
            try:
                with self.env.cr.savepoint():
                    order._make_channel_invoice()
            except (UserError, RedirectWarning) as error:
                order._tell_invoice_failed(error.args[0])

    def _make_channel_invoice(self):
        # who confirms, ships or takes money need not be allowed to invoice: the channel decided
        order = self.sudo().with_company(self.company_id)
        if order.channel_id.invoice_policy != "shipping":
            order._force_lines_to_invoice_policy_order()
        if not order._get_invoiceable_lines(final=True):
            return
        invoices = order.with_context(raise_if_nothing_to_invoice=False)._create_invoices(
            final=True
        )
        invoices.action_post()
        order.activity_unlink(["retail_crm.mail_activity_invoice"])

    def _tell_invoice_failed(self, reason):
        """A task for the responsible, in words; one at a time."""
        # the task is for others than who happens to confirm or ship
        order = self.sudo()
        order.activity_unlink(["retail_crm.mail_activity_invoice"])
        person = order.user_id or order.channel_id.responsible_id or order.team_id.user_id
        order.activity_schedule(
            "retail_crm.mail_activity_invoice",
            note=self.env._(
                "The invoice of this order could not be made by itself: %s Mend this, then make "
                "the invoice by hand.",
                reason,
            ),
            user_id=(person or self.env.user).id,
        )

    @api.model
    def _cron_make_channel_invoices(self):
        """Invoice what many orders at once have left behind, in slices."""
        domain = [("invoice_is_due", "=", True)]
        remaining = self.search_count(domain)
        while orders := self.search(domain, limit=BATCH, order="id").try_lock_for_update():
            orders.invoice_is_due = False
            # meanwhile a person may have invoiced and credited: what is to be done is for a person
            orders.filtered(lambda order: not order._has_credit_notes())._make_channel_invoices()
            remaining = max(0, remaining - len(orders))
            if not self.env["ir.cron"]._commit_progress(len(orders), remaining=remaining):
                break


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        sent = self.filtered(
            lambda one: one.state == "done" and one.picking_type_code != "internal"
        )
        sent.sale_ids._invoice_when("shipping")
        return result


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        paid = self.filtered(lambda one: one.state == "done")
        paid.sale_order_ids._invoice_when("payment")
        return result


class ShopPayment(models.Model):
    _inherit = "shop.payment"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._filter_money().order_id._invoice_when("payment")
        return rows

    def write(self, vals):
        noted = self.filtered("is_noted") if "is_noted" in vals else self.browse()
        result = super().write(vals)
        noted._filter_money().order_id._invoice_when("payment")
        return result

    def _filter_money(self):
        """Those that are payments of customers."""
        return self.filtered(lambda row: row.kind == "payment" and not row.is_noted)
