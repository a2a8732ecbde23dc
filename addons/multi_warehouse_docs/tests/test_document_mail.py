"""The document by mail: when it is sent, to whom, with what, and what happens if it cannot."""

from unittest.mock import patch

from psycopg2.errors import DataError, SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .documents import DocumentCase

CRON = "multi_warehouse_docs.cron_mail_documents"

NO_PAPER = "No paper."


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestDocumentMail(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.quant"]._update_available_quantity(cls.laptop, cls.main.lot_stock_id, 20)
        cls.customer.email = "office@restaurant.example"
        cls.kitchen = cls.env["res.partner"].create(
            {
                "name": "Kitchen",
                "type": "delivery",
                "parent_id": cls.customer.id,
                "email": "kitchen@restaurant.example",
            }
        )
        cls._type(cls, "delivery").mail_on_validation = True

    def _ship(self, quantity=1, **values):
        order = self._sell(quantity, **values)
        order.action_confirm()
        self._validate(order.picking_ids)
        return order.picking_ids

    def _run_mails(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()

    def _mails(self, picking):
        """Messages of the document that carry it, with the names of their files."""
        return picking.message_ids.filtered("attachment_ids")

    def test_it_goes_to_the_ship_to_contact_after_the_validation(self):
        delivery = self._ship(partner_shipping_id=self.kitchen.id)
        self.assertTrue(delivery.document_mail_due)
        self.assertFalse(self._mails(delivery))
        self._run_mails()
        self.assertFalse(delivery.document_mail_due)
        mail = self._mails(delivery)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.partner_ids, self.kitchen)
        self.assertIn("Delivery Note DN/2026/00001", mail.subject)
        # tests get the page instead of the PDF
        self.assertEqual(mail.attachment_ids.mapped("name"), ["DN-2026-00001.html"])
        self._run_mails()
        self.assertEqual(self._mails(delivery), mail)

    def test_a_contact_without_address_leaves_it_to_the_company(self):
        self.kitchen.email = False
        delivery = self._ship(partner_shipping_id=self.kitchen.id)
        self._run_mails()
        self.assertEqual(self._mails(delivery).partner_ids, self.customer)

    def test_without_any_address_somebody_is_told(self):
        self.customer.email = self.kitchen.email = False
        delivery = self._ship()
        self._run_mails()
        self.assertFalse(self._mails(delivery).mapped("body"))
        self.assertIn("Kitchen has no e-mail address", delivery.activity_ids.note)

    def test_a_layout_that_fails_ends_on_the_document(self):
        for error in (UserError(NO_PAPER), AttributeError(NO_PAPER), DataError(NO_PAPER)):
            with self.subTest(error=type(error)):
                self._fail_to_print(error)

    def test_after_a_rival_the_job_tries_again(self):
        delivery, reports = self._ship(), type(self.env["ir.actions.report"])
        rival = patch.object(reports, "_render_qweb_pdf", side_effect=SerializationFailure)
        with rival, self.assertRaises(SerializationFailure):
            delivery._mail_document()
        self.assertFalse(delivery.activity_ids)

    def _fail_to_print(self, error):
        delivery, other = self._ship(), self._ship()
        reports = type(self.env["ir.actions.report"])
        render = reports._render_qweb_pdf

        def fail(self, report_ref, res_ids=None, data=None):
            if res_ids == delivery.ids:
                raise error
            return render(self, report_ref, res_ids=res_ids, data=data)

        with patch.object(reports, "_render_qweb_pdf", fail), self.assertLogs(level="WARNING"):
            self._run_mails()
        self.assertIn("No paper.", delivery.activity_ids.note)
        self.assertFalse(delivery.document_mail_due)
        self.assertTrue(self._mails(other))

    def test_odoos_own_confirmation_is_replaced_not_doubled(self):
        self._type("delivery").mail_on_validation = False
        self.company.stock_move_email_validation = True
        delivery = self._ship()
        self.assertFalse(self._mails(delivery))
        self._run_mails()
        self.assertEqual(
            self._mails(delivery).attachment_ids.mapped("name"), ["DN-2026-00001.html"]
        )

    def test_without_a_template_odoo_mails_as_ever(self):
        self._type("delivery").mail_template_id = False
        self.company.stock_move_email_validation = True
        delivery = self._ship()
        self.assertFalse(delivery.document_mail_due)
        self.assertEqual(len(self._mails(delivery)), 1)

    def test_nothing_is_mailed_where_nobody_asked(self):
        self._type("delivery").mail_on_validation = False
        delivery = self._ship()
        self.assertFalse(delivery.document_mail_due)
        self._run_mails()
        self.assertFalse(self._mails(delivery))

    def test_a_document_made_void_meanwhile_is_not_mailed(self):
        delivery = self._ship()
        delivery._make_void("Wrong goods")
        self._run_mails()
        self.assertFalse(self._mails(delivery))

    def test_by_hand(self):
        self._type("delivery").mail_on_validation = False
        delivery = self._ship(partner_shipping_id=self.kitchen.id)
        context = delivery.action_send_document()["context"]
        composer = self.env["mail.compose.message"].with_context(**context).create({})
        self.assertEqual(composer.partner_ids, self.kitchen)
        self.assertEqual(composer.attachment_ids.mapped("name"), ["DN-2026-00001.html"])
        composer.action_send_mail()
        self.assertEqual(self._mails(delivery).partner_ids, self.kitchen)
