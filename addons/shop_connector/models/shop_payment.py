from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

#: code of the mapping row for payments that name no method
NO_METHOD = "-"


class ShopPayment(models.Model):
    """Money that a shop took or gave back for an order, and what became of it here.

    One row for each payment and refund of the shop, unique in the database: however often an order
    is read, its money is booked once.
    """

    _name = "shop.payment"
    _description = "Shop Payment"
    _order = "paid_at desc, id desc"
    _rec_name = "memo"

    shop_id = fields.Many2one(
        "shop.shop", "Web Shop", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shop_id.company_id", store=True, index=True)
    order_id = fields.Many2one(
        "sale.order", "Sales Order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="order_id.partner_invoice_id")
    kind = fields.Selection(
        [("payment", "Payment"), ("refund", "Refund")], required=True, readonly=True
    )
    external_id = fields.Char("ID in the Shop", required=True, readonly=True)
    method = fields.Char("Method Code", readonly=True)
    name = fields.Char("Method", readonly=True)
    memo = fields.Char("Reference", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    paid_at = fields.Datetime("Date", readonly=True)
    lines = fields.Json(
        readonly=True, help="Refund: pieces given back and sold, by the shop's order line."
    )
    shipping_amount = fields.Monetary("Shipping Refunded", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("decision", "Needs a Decision"),
            ("done", "Booked"),
            ("settled", "Settled by Hand"),
        ],
        required=True,
        default="waiting",
        readonly=True,
        index=True,
    )
    is_noted = fields.Boolean(
        "Noted by the Shop Itself",
        readonly=True,
        help="The shop noted it because of a status that we set: nobody has paid.",
    )
    reason = fields.Text("Why", readonly=True)
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move", "Credit Note", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _external_uniq = models.UniqueIndex(
        "(shop_id, kind, external_id, order_id)", "This payment of the shop is known already."
    )

    # === BOOKING PAYMENTS ===

    def _book(self):
        """Book the payments of these rows that are due, and clear them with the invoices."""
        touched = self.env["sale.order"]
        # the shop has this money: it need not hear of it
        rows = self.with_context(from_shop=True)
        for row in rows.filtered(lambda each: each.kind == "payment" and not each.payment_id):
            if row.state in ("waiting", "decision") and row._is_due():
                row._book_one()
                touched |= row.order_id
        for order in touched:
            rows._reconcile(order)

    def _is_due(self):
        rule = self.shop_id.payment_rule
        return rule == "order" or (rule == "invoice" and bool(self._posted_invoices(self.order_id)))

    def _book_one(self):
        """One payment of Odoo's own kind; what Odoo refuses is told on the order."""
        mapping = self._mapping()
        if not mapping.journal_id:
            # a to-do of the shop: one journal settles all payments of the method
            mapping.filtered(lambda row: not row.is_needed).is_needed = True
            reason = self.env._(
                "No journal has been chosen for %s. Choose one on the shop, page Mappings, "
                "Payment Methods.",
                self.name or self.method,
            )
            if self.reason != reason:
                self.reason = reason
            return
        if self.amount < 0:
            self._ask(self.env._("The shop took back %s. Book it by hand.", self._amount_text()))
            return
        try:
            with self.env.cr.savepoint():
                payment = self.env["account.payment"].create(
                    self._prepare_payment_values(mapping.journal_id)
                )
                payment.action_post()
        except UserError as error:
            self._ask(
                self.env._(
                    "The payment of %(amount)s could not be booked: %(error)s",
                    amount=self._amount_text(),
                    error=error,
                )
            )
        else:
            self.write({"payment_id": payment.id, "state": "done", "reason": False})

    def _mapping(self):
        """The row of this payment's method; a method that comes up with an order gets one."""
        Mapping = self.env["shop.mapping"]
        values = {
            "shop_id": self.shop_id.id,
            "kind": "payment",
            "external_code": self.method or NO_METHOD,
        }
        domain = [(name, "=", value) for name, value in values.items()]
        found = Mapping.with_context(active_test=False).search(domain, limit=1)
        if not found:
            name = self.name or self.method or NO_METHOD
            found = Mapping.create(values | {"name": name})
            self.env["shop.sync.connect"]._propose_payment(self.shop_id, found)
        return found

    def _prepare_payment_values(self, journal):
        order = self.order_id
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": order.partner_invoice_id.commercial_partner_id.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            # a shop whose clock is wrong must not book into next year
            "date": min(self.paid_at.date(), fields.Date.today())
            if self.paid_at
            else fields.Date.today(),
            "journal_id": journal.id,
            "memo": self.memo,
            "shop_order_id": order.id,
        }

    @api.model
    def _posted_invoices(self, order):
        return order.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        ).sorted("id")

    @api.model
    def _reconcile(self, order):
        """Clear what is open on the order's payments with what is open on its invoices."""
        payments = self.search([("order_id", "=", order.id), ("payment_id", "!=", False)])
        entries = payments.payment_id.move_id | self._posted_invoices(order)
        lines = entries.line_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
        # payments without an entry of their own (a journal without outstanding account) are only
        # noted on the invoices; their entry comes with the bank statement
        loose = payments.payment_id.filtered(lambda payment: not payment.move_id)
        for invoice in self._posted_invoices(order) if loose else ():
            invoice.matched_payment_ids |= loose
        for same in lines.grouped("account_id").values():
            if any(line.balance > 0 for line in same) and any(line.balance < 0 for line in same):
                same.reconcile()

    # === ASKING ===

    def _ask(self, text, summary=None):
        """A person decides; the order tells, once."""
        self.ensure_one()
        if self.state == "decision" and self.reason == text:
            return
        self.write({"state": "decision", "reason": text})
        shop = self.shop_id
        self.order_id.message_post(body=text)
        self.order_id.activity_schedule(
            "shop_connector.mail_activity_decision",
            summary=summary or self.env._("Money of a web order"),
            note=text,
            user_id=(shop.user_id or self.env.user).id,
        )

    def _amount_text(self):
        return self.currency_id.format(self.amount)

    # === EVENTS ===

    @api.model
    def _after_invoice(self, orders):
        """Invoices of these orders were posted: what waited for them is booked now."""
        # the shop has this money: it need not hear of it
        rows = self.with_context(from_shop=True).search([("order_id", "in", orders.ids)])
        rows._book()
        for order in orders & rows.filtered("payment_id").order_id:
            rows._reconcile(order)
        waiting = rows.filtered(lambda row: row.kind == "refund" and row.state == "waiting")
        self.env["shop.sync.refund"]._settle(waiting)

    @api.model
    def _after_journal(self, mappings):
        """A journal was chosen: the payments that waited for it are booked."""
        codes = defaultdict(list)
        for mapping in mappings:
            codes[mapping.shop_id].append(mapping.external_code)
            if mapping.external_code == NO_METHOD:
                codes[mapping.shop_id].append(False)
        for shop, methods in codes.items():
            self.search(
                [
                    ("shop_id", "=", shop.id),
                    ("kind", "=", "payment"),
                    ("state", "=", "waiting"),
                    ("method", "in", methods),
                ]
            )._book()

    # === BUTTONS ===

    def action_retry(self):
        """Try to book these again.

        What the shop had noted by itself is booked too when nothing else is chosen: somebody who
        books all that waits does not mean it.
        """
        self.check_access("write")
        # who books need not be allowed to write on the order, which is told what came of it
        rows = self.sudo()
        if all(row.is_noted for row in rows):
            rows.write({"is_noted": False, "state": "waiting", "reason": False})
        rows._book()
        refunds = rows.filtered(lambda row: row.kind == "refund" and not row.move_id)
        self.env["shop.sync.refund"]._settle(
            refunds.filtered(lambda row: row.state in ("waiting", "decision"))
        )

    def action_settle(self):
        """A person has booked it another way."""
        self.check_access("write")
        open_rows = self.filtered(lambda row: row.state in ("waiting", "decision"))
        open_rows.write({"state": "settled", "reason": False})
