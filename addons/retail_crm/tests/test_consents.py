from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestConsents(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write(
            {
                "email": "maria@example.com",
                "phone": "+39 045 800 1234",
                "street": "Via Roma 1",
                "city": "Verona",
                "comment": "Likes Amarone",
                "birthdate_date": "1980-01-02",
            }
        )

    def _consents(self):
        return self.env["retail.consent"].search([("partner_id", "=", self.customer.id)])

    # === 151: CONSENT PER CHANNEL AND PURPOSE ===

    def test_151_offers_need_a_consent_messages_about_orders_do_not(self):
        maria = self.customer
        self.assertFalse(maria._may_contact("email", "marketing"))
        self.assertTrue(maria._may_contact("email", "service"))
        maria._set_consent("email", "marketing", True, origin="phone")
        self.assertTrue(maria._may_contact("email", "marketing"))
        self.assertFalse(maria._may_contact("sms", "marketing"))
        maria._set_consent("email", "service", False)
        self.assertFalse(maria._may_contact("email", "service"))

    def test_151_every_change_is_kept_with_its_date(self):
        for given in (True, True, False, False, True):
            self.customer._set_consent("email", "marketing", given)
        self.assertEqual(self._consents().mapped("state"), ["given", "withdrawn", "given"])
        self.assertTrue(all(self._consents().mapped("date")))

    def test_151_mailings_are_told(self):
        maria = self.customer
        maria._set_consent("email", "marketing", False)
        self.assertTrue(maria.is_blacklisted)
        maria._set_consent("sms", "marketing", False)
        self.assertTrue(maria.phone_sanitized_blacklisted)
        maria._set_consent("email", "marketing", True)
        self.env.invalidate_all()
        self.assertFalse(maria.is_blacklisted)
        self.env["mail.blacklist"]._add(maria.email)
        self.env.invalidate_all()
        self.assertFalse(maria._may_contact("email", "marketing"))

    def test_151_the_desk_notes_consents_but_changes_none(self):
        consent = self.env["retail.consent"].with_user(self.anna)
        consent = consent.create({"partner_id": self.customer.id, "channel": "sms"})
        self.assertEqual(consent.user_id, self.anna)
        with self.assertRaises(AccessError):
            consent.state = "withdrawn"
        with self.assertRaises(AccessError):
            consent.unlink()

    # === 151: RIGHT TO BE FORGOTTEN ===

    def _deliver_and_invoice(self):
        order = self._order(client_order_ref="A-1")
        order.action_confirm()
        for move in order.picking_ids.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        order.picking_ids.button_validate()
        invoice = order._create_invoices()
        invoice.action_post()
        return order, invoice

    def test_151_what_is_open_keeps_the_name(self):
        order = self._order()
        with self.assertRaisesRegex(UserError, order.name):
            self.customer._anonymize()
        order._action_cancel()
        _order, invoice = self._deliver_and_invoice()
        with self.assertRaisesRegex(UserError, invoice.name):
            self.customer._anonymize()

    def test_151_anonymized_customers_keep_their_figures(self):
        maria = self.customer
        order, invoice = self._deliver_and_invoice()
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({})._create_payments()
        invoice.payment_state = "paid"
        place = self.env["res.partner"].create(
            {"name": "Office of Maria", "parent_id": maria.id, "type": "delivery", "phone": "12345"}
        )
        self.env["retail.contact.point"].create(
            {"partner_id": maria.id, "kind": "phone", "value": "348 111 2233"}
        )
        lead = self.env["crm.lead"].create(
            {"name": "Maria asks", "partner_id": maria.id, "description": "from Maria"}
        )
        maria._set_consent("email", "marketing", True)
        order.message_post(body="Maria wrote", message_type="comment")
        maria.message_post(body="Maria called", message_type="comment")
        maria.name = "Maria Verdi"
        lead.email_from = "maria.rossi@example.com"
        touch = self.env["retail.touchpoint"].create(
            {"order_id": order.id, "partner_id": maria.id, "client_id": "GA1.2.3"}
        )
        self.env.flush_all()
        before = maria.get_customer_card()["figures"]
        wizard = self.env["retail.anonymize"].create({"partner_id": maria.id})
        self.assertFalse(wizard.obstacles)
        wizard.action_anonymize()
        self.assertNotIn("Maria", maria.name)
        self.assertNotIn("Maria", place.name)
        for name in ("email", "phone", "street", "city", "comment", "birthdate_date"):
            self.assertFalse(maria[name], name)
        self.assertFalse(maria.contact_point_ids)
        self.assertFalse(place.phone)
        self.assertFalse(maria.active)
        self.assertFalse(lead.description)
        self.assertNotIn("Maria", lead.name)
        self.assertFalse(touch.client_id)
        noted = self._everything_noted(maria, place, order, lead).lower()
        self.assertNotIn("maria", noted)
        self.assertEqual(maria.get_customer_card()["figures"], before)
        self.assertEqual(self._consents().mapped("state"), ["given"])
        self.assertEqual(order.amount_total, invoice.amount_total)

    def _everything_noted(self, *records):
        texts = []
        for record in records:
            for message in record.message_ids:
                values = message.sudo().tracking_value_ids
                texts += [message.body or "", message.subject or ""]
                texts += [value.old_value_char or "" for value in values]
                texts += [value.new_value_char or "" for value in values]
        return " ".join(texts)

    def test_151_only_managers_anonymize(self):
        with self.assertRaises(AccessError):
            self.env["retail.anonymize"].with_user(self.anna).create(
                {"partner_id": self.customer.id}
            )
