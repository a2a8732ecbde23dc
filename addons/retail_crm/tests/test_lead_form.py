"""Inquiries from the forms of web sites, over real HTTP."""

import json
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import DeskCase

SITE = "https://shop.example.test"


class LeadFormCase(DeskCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("hu_HU")
        cls.channel.write({"channel_type": "form", "name": "Contact Form"})
        cls.form = cls.env["retail.lead.form"].create(
            {
                "name": "Contact",
                "channel_id": cls.channel.id,
                "allowed_origins": f"{SITE}\nhttps://other.example.test/",
            }
        )
        cls.glass.default_code = "KEK-BOGRE-03"

    def _post(self, data=None, headers=None, form=None, **options):
        """A program's JSON call; ``data`` and ``headers`` as they are sent."""
        form = form or self.form
        body = {} if data is None else {"data": json.dumps(data)}
        kind = {"Content-Type": "application/json"} if data is not None else {}
        return self.url_open(
            f"/retail_crm/form/{form.token}",
            method="POST",
            headers=kind | (headers or {}),
            allow_redirects=False,
            **body,
            **options,
        )

    def _send_form(self, fields_, headers=None, **options):
        """What a browser sends when a form is submitted."""
        browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Origin": SITE}
        return self.url_open(
            f"/retail_crm/form/{self.form.token}",
            data=fields_,
            headers=browser | (headers or {}),
            allow_redirects=False,
            **options,
        )

    def _leads(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        return leads.search([("lead_form_id", "=", self.form.id)], order="id")

    def _answers(self, lead):
        """E-mails to the visitor about this inquiry."""
        mails = self.env["mail.mail"].search([("model", "=", "crm.lead"), ("res_id", "=", lead.id)])
        return mails.filtered(lambda mail: mail.email_to or (lead.partner_id & mail.recipient_ids))

    def _attempts(self):
        return self.env["retail.lead.form.attempt"].search([("form_id", "=", self.form.id)])


LILLA = {
    "external_id": "site-20261121-17",
    "name": "Lilla Kis",
    "email": "Lilla@Example.test",
    "phone": "+36301234567",
    "message": "Please call after 5 pm",
    "lines": [{"sku": "KEK-BOGRE-03", "qty": 2}, {"sku": "NO-SUCH", "qty": 1}],
    "page": "https://shop.example.test/mugs",
    "utm": {"source": "mugs-mail", "medium": "email", "term": "mugs", "client_id": "GA1.2.3"},
    "consent": True,
    "lang": "hu",
}


@tagged("post_install", "-at_install")
class TestLeadForm(LeadFormCase):
    # === 188: FROM ANY SITE ===

    def test_188_a_program_sends_json(self):
        answer = self._post(LILLA)
        self.assertEqual(answer.status_code, 201, answer.text)
        said = answer.json()
        self.assertEqual((said["status"], said["duplicate"]), ("created", False))
        lead = self._leads()
        self.assertEqual(
            (lead.contact_name, lead.email_normalized, lead.phone_sanitized),
            ("Lilla Kis", "lilla@example.test", "+36301234567"),
        )
        self.assertIn("Please call after 5 pm", lead.description)
        self.assertEqual((lead.user_id, lead.team_id), (self.anna, self.online))
        self.assertEqual((lead.channel_id, lead.source_id.name), (self.channel, "mugs-mail"))
        self.assertEqual(lead.lang_id.code, "hu_HU")
        self.assertEqual(lead.last_touch_id.client_id, "GA1.2.3")
        self.assertEqual(lead.last_touch_id.landing, "https://shop.example.test/mugs")
        self.assertEqual(self._attempts().reference, said["id"])
        self.assertTrue(self._attempts().has_consent)

    def test_188_a_browser_sends_a_form_and_goes_to_the_thank_you_page(self):
        self.form.thanks_url = f"{SITE}/thanks"
        for number, files in enumerate((None, {"x": ("", b"")})):
            data = {"name": f"Anna {number}", "email": "anna@example.test", "sku": "KEK-BOGRE-03"}
            answer = self._send_form(data, **({"files": files} if files else {}))
            self.assertEqual(
                (answer.status_code, answer.headers["Location"]), (303, f"{SITE}/thanks")
            )
        leads = self._leads()
        self.assertEqual(leads.mapped("contact_name"), ["Anna 0", "Anna 1"])
        self.assertEqual(leads.interest_ids.product_id, self.glass)

    def test_188_without_a_thank_you_page_the_browser_gets_a_word(self):
        answer = self._send_form({"email": "anna@example.test", "thanks_url": "https://evil.test"})
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Thank you", answer.text)

    def test_188_fields_mean_what_the_form_says(self):
        self.form.field_ids = [
            Command.create({"name": "your-name", "target": "contact_name", "required": True}),
            Command.create({"name": "your-mail", "target": "email", "required": True}),
            Command.create({"name": "secret", "target": "ignore"}),
        ]
        answer = self._post({"your-mail": "not one", "secret": "x"})
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(
            answer.json()["errors"],
            {"your-name": "This is needed.", "your-mail": "This is not an e-mail address."},
        )
        self.assertFalse(self._leads())
        data = {"your-mail": "a@example.test", "your-name": "Anna", "secret": "x", "colour": "red"}
        self.assertEqual(self._post(data).status_code, 201)
        text = self._leads().description
        self.assertIn("colour: red", text)
        self.assertNotIn("secret", text)

    def test_188_errors_are_in_the_visitor_s_language(self):
        answer = self._post({"name": "Anna"}, {"Accept-Language": "en-GB,en;q=0.5"})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("e-mail address or a phone", answer.json()["errors"]["email"])

    def test_188_only_pages_of_the_form_s_sites_may_send(self):
        options = {"method": "OPTIONS", "allow_redirects": False}
        url = f"/retail_crm/form/{self.form.token}"
        asked = {"Access-Control-Request-Method": "POST"}
        answer = self.url_open(url, headers=asked | {"Origin": SITE}, **options)
        self.assertEqual(answer.status_code, 204)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], SITE)
        self.assertIn("Content-Type", answer.headers["Access-Control-Allow-Headers"])
        self.assertEqual(answer.headers["Vary"], "Origin")
        self.assertNotIn("Access-Control-Allow-Credentials", answer.headers)
        for bad in ("https://evil.test", "null", f"{SITE}.evil.test"):
            answer = self.url_open(url, headers=asked | {"Origin": bad}, **options)
            self.assertEqual(answer.status_code, 403)
            self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
            answer = self._post({"email": "a@example.test"}, {"Origin": bad})
            self.assertEqual(answer.status_code, 403)
        self.assertFalse(self._leads())
        answer = self._post({"email": "a@example.test"}, {"Origin": "https://other.example.test"})
        self.assertEqual(answer.status_code, 201)
        self.assertEqual(
            answer.headers["Access-Control-Allow-Origin"], "https://other.example.test"
        )

    def test_188_an_address_that_is_none(self):
        old = self.form.token
        self.form.action_new_token()
        self.assertNotEqual(self.form.token, old)
        self.assertEqual(self._post({"email": "a@example.test"}).status_code, 201)
        answer = self.url_open(f"/retail_crm/form/{old}", data={"email": "a@example.test"})
        self.assertEqual(answer.status_code, 404)
        self.form.active = False
        self.assertEqual(self._post({"email": "a@example.test"}).status_code, 404)
        self.assertEqual(self.url_open(f"/retail_crm/form/{old}").status_code, 405)

    # === 188, 014: ONCE ===

    def test_188_a_double_click_is_one_inquiry(self):
        data = {"email": "a@example.test", "message": "Hello"}
        first, again = self._post(data), self._post(data)
        self.assertEqual((first.status_code, again.status_code), (201, 200))
        self.assertEqual(first.json()["id"], again.json()["id"])
        self.assertTrue(again.json()["duplicate"])
        self.assertEqual(self._post(data | {"message": "Other"}).status_code, 201)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.assertEqual(self._post(data).status_code, 201)
        self.assertEqual(len(self._leads()), 3)

    def test_188_a_key_of_the_sender_is_one_inquiry_for_ever(self):
        data = {"email": "a@example.test"}
        key = {"Idempotency-Key": "order 17"}
        answers = [self._post(data | {"message": str(one)}, key) for one in range(2)]
        self.assertEqual([one.status_code for one in answers], [201, 200])
        with freeze_time(fields.Datetime.now() + timedelta(days=200)):
            self.assertEqual(self._post(data, key).status_code, 200)
        self.assertEqual(self._post(data, {"Idempotency-Key": "order 18"}).status_code, 201)
        self.assertEqual(len(self._leads()), 2)

    def test_188_a_refused_message_may_come_again(self):
        key = {"Idempotency-Key": "order 17"}
        self.assertEqual(self._post({"name": "Anna"}, key).status_code, 422)
        self.assertEqual(self._post({"email": "a@example.test"}, key).status_code, 201)

    def test_014_one_call_makes_customer_order_and_lines_once(self):
        self.form.makes_quotation = True
        first, again = self._post(LILLA), self._post(LILLA)
        self.assertEqual((first.status_code, again.status_code), (201, 200))
        order = self._leads().order_ids
        self.assertEqual(first.json()["order"], order.name)
        self.assertEqual(again.json()["order"], order.name)
        self.assertEqual(order.partner_id.email_normalized, "lilla@example.test")
        [line] = order.order_line.filtered("product_id")
        self.assertEqual((line.product_id, line.product_uom_qty), (self.glass, 2))
        self.assertEqual((order.channel_id, order.user_id), (self.channel, self.anna))
        self.assertEqual(order.last_touch_id.source_id.name, "mugs-mail")

    # === 189: TO THE RIGHT PERSON, WITHOUT JUNK ===

    def test_189_the_form_names_team_and_responsible(self):
        self.form.write({"team_id": self.counter.id, "responsible_id": self.berta.id})
        self._post({"email": "a@example.test"})
        self.assertEqual((self._leads().user_id, self._leads().team_id), (self.berta, self.counter))

    def test_189_a_customer_s_own_salesperson_comes_first(self):
        self.customer.write({"email": "maria@example.test", "user_id": self.berta.id})
        self._post({"email": "Maria@example.test", "user_id": "1", "team_id": "1"})
        self.assertEqual(
            (self._leads().user_id, self._leads().partner_id), (self.berta, self.customer)
        )

    def test_189_the_responsible_is_told(self):
        self._post({"email": "a@example.test"})
        told = self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", self._leads().id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(told.notified_partner_ids, self.anna.partner_id)

    def test_189_a_robot_in_the_trap_is_answered_and_dropped(self):
        answer = self._post({"email": "a@example.test", "website_url": "https://spam.test"})
        self.assertEqual(answer.status_code, 201)
        self.assertEqual(set(answer.json()), {"id", "status", "duplicate"})
        self.assertFalse(self._leads())
        self.assertEqual(self._attempts().state, "dropped")

    def test_189_junk_is_put_away_and_taken_back(self):
        kind = self.env.ref("mail.mail_activity_data_todo")
        self.form.activity_type_id = kind
        links = "\n".join(f"https://{number}.example.test" for number in range(6))
        self.assertEqual(self._post({"email": "a@example.test", "message": links}).status_code, 201)
        lead = self._leads()
        self.assertTrue(lead.is_spam)
        self.assertFalse(lead.active)
        self.assertEqual(lead.lost_reason_id, self.env.ref("retail_crm.lost_reason_spam"))
        self.assertIn("links", lead.spam_reason)
        self.assertFalse(lead.activity_ids)
        lead.with_user(self.anna).action_not_spam()
        self.assertTrue(lead.active)
        self.assertEqual(lead.activity_ids.activity_type_id, kind)
        lead.with_user(self.anna).action_mark_spam()
        self.assertFalse(lead.active)

    def test_189_who_asks_again_is_linked(self):
        self._post({"email": "a@example.test", "message": "First"})
        self._post({"email": "A@example.test", "message": "Second"})
        first, second = self._leads()
        self.assertEqual(second.earlier_lead_id, first)
        self.assertFalse(first.earlier_lead_id)

    def test_189_a_stranger_cannot_change_a_customer(self):
        self.customer.write({"email": "maria@example.test", "phone": "+39 055 1111111"})
        self._post({"email": "maria@example.test", "phone": "+39 333 2222222"})
        lead = self._leads()
        self.assertEqual(lead.partner_id, self.customer)
        self.assertEqual(self.customer.phone, "+39 055 1111111")
        self.assertIn("+39 333 2222222", lead.description)
        self._post({"email": "thief@example.test", "phone": "+39 055 1111111"})
        self.assertEqual(self.customer.email, "maria@example.test")
        self.assertFalse(self._leads()[1].partner_id)

    # === 190, 191: PRODUCTS, DEAL ===

    def test_190_products_asked_for_stand_on_the_inquiry(self):
        self._post(LILLA)
        known, unknown = self._leads().interest_ids
        self.assertEqual((known.product_id, known.quantity), (self.glass, 2))
        self.assertEqual((unknown.product_id.ids, unknown.name), ([], "NO-SUCH"))

    def test_191_an_inquiry_becomes_contact_and_deal(self):
        self._post(LILLA | {"company": "Bögre Kft"})
        lead = self._leads()
        lead.convert_opportunity(self.env["res.partner"])
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id.name, "Lilla Kis")
        self.assertEqual(lead.partner_id.parent_id.name, "Bögre Kft")

    # === 192: WHAT FOLLOWS ===

    def test_192_mail_contact_and_task_at_once(self):
        task = self.env.ref("mail.mail_activity_data_call")
        template = self.env.ref("retail_crm.mail_template_lead_form")
        self.form.write(
            {
                "makes_contact": True,
                "activity_type_id": task.id,
                "mail_template_id": template.id,
            }
        )
        self._post(LILLA)
        lead = self._leads()
        self.assertEqual(lead.partner_id.email_normalized, "lilla@example.test")
        self.assertEqual(lead.activity_ids.activity_type_id, task)
        self.assertEqual(lead.activity_ids.user_id, self.anna)
        [mail] = self._answers(lead)
        self.assertEqual(mail.recipient_ids, lead.partner_id)
        self.assertNotIn("Please call", mail.body_html)

    def test_192_what_fails_is_noted_and_the_inquiry_stays(self):
        template = self.env.ref("retail_crm.mail_template_lead_form")
        template.body_html = "<p t-out='object.no_such_field'/>"
        self.form.mail_template_id = template
        self.assertEqual(self._post({"email": "a@example.test"}).status_code, 201)
        notes = " ".join(self._leads().message_ids.mapped("body"))
        self.assertIn("Not done by itself", notes)

    def test_192_an_inquiry_that_cannot_be_taken_in_whole_is_kept(self):
        Intake = type(self.env["retail.lead.form"])
        with patch.object(Intake, "_prepare_place", side_effect=ValueError("broken")):
            self.assertEqual(self._post(LILLA).status_code, 201)
        lead = self._leads()
        self.assertIn("+36301234567", lead.description)
        self.assertIn("KEK-BOGRE-03", lead.description)
        self.assertEqual(lead.user_id, self.anna)

    def test_013_a_contact_of_a_channel_apart_belongs_to_it(self):
        self.form.makes_contact = True
        self.channel.customer_scope = "own"
        self.customer.email = "maria@example.test"
        self._post({"email": "maria@example.test", "name": "Maria"})
        found = self._leads().partner_id
        self.assertNotEqual(found, self.customer)
        self.assertEqual(found.scope_channel_id, self.channel)

    # === RIGHTS, SETTINGS ===

    def test_only_administrators_see_the_address(self):
        self.assertNotIn("token", self.form.with_user(self.anna).read()[0])
        self.berta.group_ids += self.env.ref("retail_crm.group_retail_crm_manager")
        self.assertEqual(self.form.with_user(self.berta).token, self.form.token)

    def test_web_sites_are_written_as_browsers_name_them(self):
        for wrong in ("shop.example.test", f"{SITE}/contact"):
            with self.assertRaisesRegex(ValidationError, "is no web site"):
                self.form.allowed_origins = wrong
        with self.assertRaises(ValidationError):
            self.form.thanks_url = "javascript:alert(1)"

    def test_senders_are_forgotten(self):
        self._post({"email": "a@example.test"})
        self._post({"name": "nobody"})
        with freeze_time(fields.Datetime.now() + timedelta(days=100)):
            self.env["retail.lead.form.attempt"]._forget()
        self.assertEqual(self._attempts().mapped("state"), ["created"])
        self.assertFalse(self._attempts().ip)
