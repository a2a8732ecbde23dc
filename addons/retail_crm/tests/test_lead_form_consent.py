"""Consent given in a web form: whose it becomes, and whose it does not."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .test_lead_form import LILLA, LeadFormCase


@tagged("post_install", "-at_install")
class TestLeadFormConsent(LeadFormCase):
    def _given(self, partner):
        """``{way: consent}`` of this customer."""
        return {row.channel: row for row in partner.consent_ids}

    def _notes(self, lead):
        return " ".join(lead.message_ids.mapped("body"))

    def test_151_a_contact_made_at_once_has_agreed(self):
        self.form.makes_contact = True
        self._post(LILLA)
        lead = self._leads()
        # without the context of the search: Odoo's blacklist depends on it
        lilla = self.env["res.partner"].browse(lead.partner_id.id)
        [consent] = lilla.consent_ids
        self.assertEqual(
            (consent.channel, consent.purpose, consent.state, consent.origin),
            ("email", "marketing", "given", "form"),
        )
        self.assertEqual(consent.date, lead.consent_at)
        self.assertIn("Contact", consent.note)
        self.assertTrue(lilla._may_contact("email", "marketing"))
        self.assertFalse(lilla._may_contact("phone", "marketing"))

    def test_151_a_contact_made_later_agreed_when_the_form_was_sent(self):
        self.form.write({"consent_to_phone": True, "consent_to_sms": True})
        with freeze_time("2026-05-20 09:00:00"):
            self._post(LILLA)
        lead = self._leads()
        self.assertFalse(lead.partner_id)
        self.form.consent_to_sms = False  # the text is another one by now
        self.env["retail.order.desk"].with_user(self.anna).open_lead(lead.id)
        given = self._given(lead.partner_id)
        self.assertEqual(given.keys(), {"email", "phone", "sms"})
        self.assertEqual(given["sms"].date, datetime(2026, 5, 20, 9))

    def test_151_a_box_that_was_not_ticked_is_no_consent(self):
        self.form.makes_contact = True
        for number, said in enumerate(({}, {"consent": False}, {"consent": "no"})):
            self._post({"email": f"lilla{number}@example.test", **said})
        leads = self._leads()
        self.assertEqual(len(leads.partner_id), 3)
        self.assertFalse(leads.partner_id.consent_ids)
        self.assertFalse(any(leads.mapped("consent_at")))

    def test_151_a_stranger_cannot_agree_for_a_customer(self):
        self.form.makes_contact = True
        self.customer.email = "maria@example.test"
        self._post({"email": "maria@example.test", "consent": True})
        lead = self._leads()
        self.assertEqual(lead.partner_id, self.customer)
        self.assertFalse(self.customer.consent_ids)
        self.assertIn("may have been a stranger", self._notes(lead))

    def test_151_a_person_who_is_recognized_later_has_not_agreed_either(self):
        self._post(LILLA)
        lead = self._leads()
        lead._handle_partner_assignment(force_partner_id=self.customer.id)
        self.assertFalse(self.customer.consent_ids)
        self.assertIn("may have been a stranger", self._notes(lead))

    def test_151_who_opted_out_before_stays_out(self):
        self.form.makes_contact = True
        self.env["mail.blacklist"]._add("lilla@example.test")
        self._post(LILLA)
        lead = self._leads()
        self.assertFalse(lead.partner_id.consent_ids)
        self.assertTrue(lead.partner_id.is_blacklisted)
        self.assertIn("may have been a stranger", self._notes(lead))

    def test_151_merged_inquiries_keep_the_consent_of_one_person(self):
        self._post({"email": "lilla@example.test", "message": "First", "consent": True})
        self._post({"email": "lilla@example.test", "message": "Second"})
        merged = self._leads().merge_opportunity()
        self.assertTrue(merged.consent_at)
        self.assertEqual(merged.consent_ways, "email")
        self._post({"email": "other@example.test", "message": "Third"})
        merged |= self._leads() - merged
        self.assertFalse(merged.merge_opportunity().consent_at)
