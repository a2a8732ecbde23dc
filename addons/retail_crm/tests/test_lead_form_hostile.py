"""What people send to an open address who mean no good, or whose programs are old."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .test_lead_form import LeadFormCase


@tagged("post_install", "-at_install")
class TestLeadFormHostile(LeadFormCase):
    def _raw(self, body, kind):
        return self.url_open(
            f"/retail_crm/form/{self.form.token}",
            data=body,
            headers={"Content-Type": kind},
            method="POST",
            allow_redirects=False,
        )

    def test_188_too_many_messages_of_one_sender(self):
        self.form.ip_limit = 3
        codes = [
            self._post({"email": f"a{number}@example.test"}).status_code for number in range(5)
        ]
        self.assertEqual(codes, [201, 201, 201, 429, 429])
        answer = self._post({"email": "a@example.test"})
        self.assertLessEqual(1, int(answer.headers["Retry-After"]))
        self.assertLessEqual(int(answer.headers["Retry-After"]), 600)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.assertEqual(self._post({"email": "a@example.test"}).status_code, 201)
        self.assertEqual(len(self._attempts()), 4)

    def test_188_no_limit_is_none(self):
        self.form.write({"ip_limit": 0, "total_limit": 0})
        codes = [self._post({"email": f"a{one}@example.test"}).status_code for one in range(3)]
        self.assertEqual(codes, [201, 201, 201])

    def test_188_a_country_is_a_name_and_no_pattern(self):
        for number, (text, code) in enumerate(
            [("%", False), ("__", False), ("%a%", False), ("it", "IT"), ("italy", "IT")]
        ):
            self._post({"email": f"a{number}@example.test", "country": text})
            self.assertEqual(self._leads()[-1].country_id.code, code, text)

    def test_188_messages_that_are_refused_count_too(self):
        self.form.ip_limit = 2
        codes = [self._post({"name": "nobody"}).status_code for _number in range(3)]
        self.assertEqual(codes, [422, 422, 429])

    def test_188_too_many_messages_of_all(self):
        self.form.write({"ip_limit": 0, "total_limit": 2})
        codes = [
            self._post({"email": f"a{number}@example.test"}).status_code for number in range(3)
        ]
        self.assertEqual(codes, [201, 201, 429])

    def test_188_a_message_that_is_too_long(self):
        long = {"email": "a@example.test", "message": "x" * 200_000}
        answer = self._post(long)
        self.assertEqual(answer.status_code, 413)
        self.assertIn("64 kB", answer.json()["message"])
        self.form.size_limit = 500
        self.assertEqual(self._post(long).status_code, 201)
        self.assertLess(len(self._leads().description), 25_000)

    def test_188_bodies_that_are_none(self):
        for body, kind, code in (
            (b"{", "application/json", 400),
            (b"[1]", "application/json", 400),
            (b"[" * 50_000, "application/json", 400),
            (b"\xff\xfe\x00", "application/json", 400),
            (b"<lead/>", "application/xml", 415),
            (b"", "application/json", 400),
            (b"email", "text/plain", 415),
            (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
            (b"%zz=%00&&&==", "application/x-www-form-urlencoded", 422),
        ):
            answer = self._raw(body, kind)
            self.assertEqual(answer.status_code, code, f"{body[:20]} {kind}: {answer.text[:200]}")
            self.assertTrue(answer.json()["message"])
            self.assertNotIn("Traceback", answer.text)
        self.assertFalse(self._leads())

    def test_188_names_of_fields_that_programs_use(self):
        names = ("token", "args", "kwargs", "_values", "context", "__class__", "db")
        data = dict.fromkeys(names, "x")
        answer = self._raw(data | {"email": "a@example.test"}, "application/x-www-form-urlencoded")
        self.assertEqual(answer.status_code, 201, answer.text[:300])
        self.assertIn("__class__: x", self._leads().description)

    def test_188_what_is_sent_stays_text(self):
        evil = "<img src=x onerror=alert(1)>{{ object.env }}"
        self._post(
            {
                "name": evil,
                "email": "a@example.test",
                "message": evil + "<script>alert(2)</script>",
                "<b>field</b>": evil,
                "lines": [{"sku": evil, "qty": -5}],
            }
        )
        lead = self._leads()
        for part in ("<img", "<script", "<b>field"):
            self.assertNotIn(part, lead.description)
        self.assertIn("&lt;script", lead.description)
        self.assertEqual(lead.contact_name, evil)
        self.assertEqual(lead.interest_ids.quantity, 1)

    def test_188_characters_the_database_cannot_keep(self):
        body = rb'{"email": "a@example.test", "name": "An\u0000na \ud800", "x\u0000": "\udfff"}'
        self.assertEqual(self._raw(body, "application/json").status_code, 201)
        self.assertEqual(self._leads().contact_name, "Anna ?")

    def test_188_headers_in_a_name(self):
        self.form.mail_template_id = self.env.ref("retail_crm.mail_template_lead_form")
        self._post({"name": "Anna\r\nBcc: all@example.test", "email": "a@example.test"})
        lead = self._leads()
        self.assertEqual(lead.contact_name, "Anna Bcc: all@example.test")
        [mail] = self._answers(lead)
        self.assertNotIn("all@example.test", mail.email_to)
        self.assertEqual(
            self._post({"email": "a@example.test\nBcc: b@example.test", "tel": "x"}).status_code,
            422,
        )

    def test_188_an_old_form_in_another_charset(self):
        name = "Анна Петрова".encode("windows-1251")
        quoted = "".join(f"%{byte:02X}" for byte in name)
        body = f"name={quoted}&email=a%40example.test".encode()
        kind = "application/x-www-form-urlencoded; charset=windows-1251"
        self.assertEqual(self._raw(body, kind).status_code, 201)
        self.assertEqual(self._leads().contact_name, "Анна Петрова")
        kind = "application/x-www-form-urlencoded"
        self.assertEqual(self._raw(body + b"&_charset_=windows-1251&x=1", kind).status_code, 201)
        self.assertEqual(self._leads()[-1:].contact_name, "Анна Петрова")
        self.assertEqual(self._raw(body + b"&_charset_=nonsense&x=2", kind).status_code, 201)

    def test_188_two_equal_messages_at_the_same_moment(self):
        """The row of the other one is there, but could not be seen yet when this one looked."""
        Attempt = type(self.env["retail.lead.form.attempt"])
        data = {"email": "a@example.test", "message": "Hello"}
        now = fields.Datetime.now()
        with freeze_time(now.replace(minute=5)):
            self.assertEqual(self._post(data).status_code, 201)
            search = Attempt.search

            def blind(model, domain, *args, **options):
                if ("state", "=", "created") in domain:
                    return model.browse()
                return search(model, domain, *args, **options)

            with patch.object(Attempt, "search", blind):
                answer = self._post(data)
        self.assertEqual((answer.status_code, answer.json()["duplicate"]), (200, True))
        self.assertEqual(len(self._leads()), 1)

    def test_188_a_wrong_thing_is_not_told_in_detail(self):
        Form = type(self.env["retail.lead.form"])
        with (
            patch.object(Form, "_read", side_effect=KeyError("secret detail")),
            self.assertLogs("odoo.http", "ERROR"),
        ):
            answer = self._post({"email": "a@example.test"})
        self.assertEqual(answer.status_code, 500)
        self.assertNotIn("secret detail", answer.text)

    def test_188_a_page_with_errors_is_text(self):
        answer = self._send_form({"<script>alert(1)</script>": "x"})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("text/html", answer.headers["Content-Type"])
        self.assertNotIn("<script>", answer.text)
