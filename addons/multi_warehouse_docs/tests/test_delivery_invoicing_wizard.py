"""The wizard of deferred invoices: what it proposes, warns of and creates; who may use it."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from odoo.addons.multi_warehouse_docs.models import delivery_invoices
from odoo.addons.multi_warehouse_docs.models.delivery_invoices import lock_pickings

from .invoices import InvoiceCase


@tagged("post_install", "-at_install")
@freeze_time("2026-12-05 10:00:00")
class TestDeliveryInvoicingWizard(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            "accountant",
            groups="account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.shipper = new_test_user(
            cls.env,
            "shipper",
            groups="stock.group_stock_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _deliver_on(self, day, **values):
        order = self._order(**values)
        order.picking_ids.document_date = day
        return self._deliver(order)

    def _wizard(self, user=None, **values):
        return (
            self.env["delivery.invoicing"]
            .with_user(user or self.accountant)
            .with_context(allowed_company_ids=self.company.ids)
            .create(values)
        )

    def _invoices(self, action):
        if action.get("res_id"):
            return self.env["account.move"].browse(action["res_id"])
        return self.env["account.move"].search(action["domain"])

    def test_the_month_of_each_customer_is_one_invoice(self):
        other = self.env["res.partner"].create({"name": "Hotel"})
        november = self._deliver_on("2026-11-03", quantity=2)
        november |= self._deliver_on("2026-11-27", quantity=3, discount=10, price=9.99)
        hotel = self._deliver_on("2026-11-28", customer=other)
        december = self._deliver_on("2026-12-02")
        wizard = self._wizard()
        self.assertEqual(wizard.month, "2026-11")
        self.assertEqual(wizard.invoice_date, date(2026, 11, 30))
        self.assertFalse(wizard.warning)
        rows = [(row.partner_id, row.amount_total) for row in wizard.line_ids]
        self.assertEqual(rows, [(other, 61), (self.customer, 57.3)])
        invoices = self._invoices(wizard.action_create_invoices())
        self.assertEqual(
            {invoice.partner_id: invoice.amount_total for invoice in invoices}, dict(rows)
        )
        self.assertEqual(invoices.delivery_note_ids, november | hotel)
        self.assertEqual(december.invoice_state, "to_invoice")
        self.assertFalse(self._wizard().line_ids, "invoiced already")

    def test_only_chosen_lines_and_customers_are_invoiced(self):
        other = self.env["res.partner"].create({"name": "Hotel"})
        mine = self._deliver_on("2026-11-03")
        theirs = self._deliver_on("2026-11-28", customer=other)
        wizard = self._wizard()
        wizard.line_ids.filtered(lambda row: row.partner_id == other).selected = False
        with patch.object(delivery_invoices, "lock_pickings", wraps=lock_pickings) as lock:
            wizard.action_create_invoices()
        lock.assert_called_once_with(mine)  # others may go on with theirs
        self.assertEqual(mine.invoice_state, "invoiced")
        self.assertEqual(theirs.invoice_state, "to_invoice")
        with self.assertRaisesRegex(UserError, "already"):
            wizard.action_create_invoices()
        with Form(
            self.env["delivery.invoicing"]
            .with_user(self.accountant)
            .with_context(allowed_company_ids=self.company.ids)
        ) as form:
            form.partner_ids.add(self.customer)
            self.assertFalse(len(form.line_ids))
            form.partner_ids.add(other)
            self.assertEqual(len(form.line_ids), 1)
        self._invoices(form.record.action_create_invoices())
        self.assertEqual(theirs.invoice_state, "invoiced")

    def test_what_the_list_did_not_show_is_not_invoiced(self):
        other = self.env["res.partner"].create({"name": "Hotel"})
        mine = self._deliver_on("2026-11-03")
        shown = self._wizard()
        self.assertEqual(len(shown.line_ids), 1)
        late = self._deliver_on("2026-11-20")
        with self.assertRaisesRegex(UserError, "came or went"):
            shown.action_create_invoices()
        shown = self._wizard()
        self.assertEqual(len(shown.line_ids), 1)
        theirs = self._deliver_on("2026-11-28", customer=other)  # on a line that is not shown
        both = self._wizard()
        self.assertEqual(len(both.line_ids), 2)
        shown.action_create_invoices()
        self.assertEqual((mine | late).mapped("invoice_state"), ["invoiced"] * 2)
        with self.assertRaisesRegex(UserError, "came or went"):
            both.action_create_invoices()
        self.assertEqual(theirs.invoice_state, "to_invoice")

    def test_nobody_invoices_in_a_company_that_is_not_his(self):
        mine = self._deliver_on("2026-11-03")
        other = self.env["res.company"].create({"name": "Neighbour"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        here = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        with self.assertRaises(AccessError):
            mine.with_env(here).action_invoice()
        wizard = here["delivery.invoicing"].create({"company_id": self.company.id})
        self.assertFalse(wizard.line_ids)
        (own,) = self._wizard().line_ids
        wizard.sudo().line_ids = [Command.create(own.copy_data({"wizard_id": wizard.id})[0])]
        with self.assertRaises(AccessError):
            wizard.action_create_invoices()
        self.assertEqual(mine.invoice_state, "to_invoice")

    def test_who_is_kept_to_a_warehouse_invoices_the_month_all_the_same(self):
        mine = self._deliver_on("2026-11-03")
        self.accountant.group_ids += self.env.ref("stock.group_stock_user")
        self.accountant.allowed_warehouse_ids = self.internal
        here = {"allowed_company_ids": self.company.ids}
        with self.assertRaises(AccessError):
            mine.with_user(self.accountant).with_context(**here).read(["name"])
        with Form(
            self.env["delivery.invoicing"].with_user(self.accountant).with_context(**here)
        ) as form:
            form.partner_ids.add(self.customer)
        wizard = form.record
        self.assertEqual(wizard.line_ids.document_names, mine.document_number)
        invoice = self._invoices(wizard.action_create_invoices())
        self.assertEqual(invoice.sudo().delivery_note_ids, mine)

    def test_a_month_ends_at_midnight_where_the_company_is(self):
        self._type("delivery").series_ids = False
        self.company.partner_id.tz = "Europe/Rome"
        self.accountant.tz = False
        with freeze_time("2026-10-31 23:30:00"):
            early = self._deliver(self._order())
        with freeze_time("2026-11-30 23:30:00"):  # already December there
            late = self._deliver(self._order())
        rows = self._wizard().line_ids
        self.assertEqual(rows.document_names, early.name)
        self.assertEqual(rows.last_date, date(2026, 11, 1))
        self.assertEqual(self._wizard(month="2026-12").line_ids.document_names, late.name)
        self.accountant.tz = "Pacific/Honolulu"  # the day is that of the company all the same
        rows = self._wizard().line_ids
        self.assertEqual((rows.document_names, rows.last_date), (early.name, date(2026, 11, 1)))

    def test_what_was_left_of_earlier_months(self):
        october = self._deliver_on("2026-10-20")
        self.assertFalse(self._wizard().line_ids)
        wizard = self._wizard(include_earlier=True)
        self.assertEqual(wizard.line_ids.document_names, october.document_number)

    def test_late_or_early_dates_are_warned_of(self):
        self._deliver_on("2026-11-20")
        self.assertIn("due by", self._wizard(invoice_date="2026-12-16").warning)
        self.assertFalse(self._wizard(invoice_date="2026-12-15").warning)
        self.assertIn("11/20/2026", self._wizard(invoice_date="2026-11-19").warning)

    def test_more_returned_than_delivered_is_a_credit_note(self):
        delivery = self._deliver_on("2026-11-03")
        self._invoices(self._wizard().action_create_invoices()).action_post()
        back = self._return(delivery, 2)
        back.document_date = "2026-11-29"
        self._validate(back)
        wizard = self._wizard()
        self.assertTrue(wizard.line_ids.is_credit)
        self.assertEqual(wizard.line_ids.amount_total, -24.4)
        credit = self._invoices(wizard.action_create_invoices())
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 24.4))

    def test_a_down_payment_is_deducted_once(self):
        order = self._order(10)
        payment = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": order.ids,
                "advance_payment_method": "percentage",
                "amount": 50,
            }
        )
        payment._create_invoices(order).action_post()
        order.picking_ids.document_date = "2026-11-03"
        self._deliver(order, 2)
        self.assertEqual(self._wizard().line_ids.amount_total, 24.4, "less than was paid before")
        rest = order.picking_ids.filtered(lambda one: one.state != "done")
        rest.document_date = "2026-11-10"
        self._deliver(order)
        wizard = self._wizard()
        self.assertEqual(wizard.line_ids.amount_total, 61)
        invoice = self._invoices(wizard.action_create_invoices())
        self.assertEqual(invoice.amount_total, 61)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_the_type_chooses_journal_and_note(self):
        journal = self.env["account.journal"].create(
            {"name": "Deferred", "code": "DEF", "type": "sale", "company_id": self.company.id}
        )
        kind = self.env["document.type"].search(
            [("kind", "=", "customer_invoice"), ("company_id", "=", self.company.id)]
        )[1]
        kind.write({"journal_id": journal.id, "note": "<p>Thank you</p>"})
        self._deliver_on("2026-11-03")
        action = self._wizard(document_type_id=kind.id).action_create_invoices()
        invoice = self._invoices(action)
        self.assertEqual((invoice.journal_id, invoice.document_type_id), (journal, kind))
        self.assertIn("Thank you", invoice.narration)
        by_hand = self.env["account.move"].create(
            {"move_type": "out_invoice", "journal_id": journal.id, "partner_id": self.partner.id}
        )
        self.assertEqual(by_hand.document_type_id, kind)

    def test_who_ships_sees_the_state_but_neither_wizard_nor_invoices(self):
        delivery = self._deliver_on("2026-11-03")
        seen = delivery.with_user(self.shipper).with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(seen.invoice_state, "to_invoice")
        with self.assertRaises(AccessError):
            self._wizard(self.shipper)
        with self.assertRaises(AccessError):
            seen.action_invoice()
        with self.assertRaises(AccessError):
            seen.read(["invoice_ids"])
        self.assertTrue(delivery.with_user(self.accountant).action_invoice())
        self.assertEqual(seen.invoice_state, "invoiced")

    def test_another_company_is_left_alone(self):
        self._deliver_on("2026-11-03")
        other = self.env["res.company"].create({"name": "Other Cellar"})
        self.env.user.company_ids |= other
        wizard = self.env["delivery.invoicing"].with_company(other).create({"month": "2026-11"})
        self.assertFalse(wizard.line_ids)

    def test_many_delivery_notes_take_few_queries(self):
        def count(number):
            for _one in range(number):
                self._deliver_on("2026-11-03", quantity=1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard = self._wizard()
            self.assertTrue(wizard.line_ids)
            return self.env.cr.sql_log_count - before

        few = count(2)
        many = count(18)
        self.assertLessEqual(many, few + 5, "queries per delivery note")
