"""Row 188: whatever is sent to the address of a form, the answer is JSON, never our error."""

import json
import random
from datetime import timedelta
from urllib.parse import quote_from_bytes

from odoo import fields
from odoo.tests import tagged

from .test_lead_form import LeadFormCase

FORM = "application/x-www-form-urlencoded"
#: what an answer may be; 500 is none of them
ANSWERS = {200, 201, 400, 413, 415, 422}
#: names that mean something to Python, to Odoo, or to the form
NAMES = (
    "self",
    "args",
    "kwargs",
    "cls",
    "token",
    "env",
    "context",
    "endpoint",
    "request",
    "csrf_token",
    "_charset_",
    "lines",
    "utm",
    "first_touch",
    "utm_source",
    "sku",
    "qty",
    "lang",
    "country",
    "consent",
    "website_url",
    "debug",
    "db",
)
SIGNS = (
    "\x00",
    "\x1f",
    "\u202e",
    "\ufffe",
    "'",
    '"',
    "%",
    "\\",
    "<b>",
    "{{",
    "é",
    "日",
    "😀",
    "a ",
)


@tagged("post_install", "-at_install")
class TestLeadFormFuzz(LeadFormCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form.write({"ip_limit": 0, "total_limit": 10_000})

    def _send(self, body, kind=FORM, path=None, **options):
        return self.url_open(
            path or f"/retail_crm/form/{self.form.token}",
            data=body,
            headers={"Content-Type": kind} | options,
            method="POST",
            allow_redirects=False,
        )

    def _check(self, answer, what, codes=ANSWERS):
        self.assertIn(answer.status_code, codes, f"{what!r}: {answer.text[:300]}")
        self.assertIn("application/json", answer.headers["Content-Type"], what)
        said = answer.json()
        self.assertTrue(said.get("message") or said.get("id"), what)

    # === WHAT WAS SEEN ===

    def test_188_a_field_may_have_any_name(self):
        for name in NAMES:
            answer = self._send({name: "x", "email": f"{len(name)}{name[:2]}@example.test"})
            self._check(answer, name, {200, 201})
        notes = " ".join(self._leads().mapped(lambda lead: lead.description or ""))
        self.assertIn("self: x", notes)

    def test_188_no_character_is_too_odd(self):
        for value in ("%00", "a%00b", "%FF%FE", "%ED%A0%80", "%E2%80%AE", "%u0041", "%"):
            for field in ("email", "name", "utm_source", "sku", "qty", "_charset_", "x%00"):
                for more in ("", "&tel=%2B36301234567"):
                    body = f"{field}={value}{more}"
                    self._check(self._send(body), body)

    def test_188_an_address_that_is_none(self):
        for token in ("%00", "a%00b", "%FF", "x" * 3000, "%20", "'--"):
            answer = self._send("email=a%40example.test", path=f"/retail_crm/form/{token}")
            self._check(answer, token, {404})

    def test_188_a_body_beyond_all_limits(self):
        long = "x" * (3 * 1024 * 1024)
        for body, kind in (
            (f"email=a%40example.test&message={long}", FORM),
            (json.dumps({"email": "a@example.test", "message": long}), "application/json"),
            (
                f'--b\r\nContent-Disposition: form-data; name="m"\r\n\r\n{long}\r\n--b--\r\n',
                "multipart/form-data; boundary=b",
            ),
        ):
            answer = self._send(body, kind)
            self._check(answer, kind, {413})
            self.assertIn("too long", answer.json()["message"])

    def test_188_a_body_of_unknown_length(self):
        """Sent in pieces: its length is known only when it has been read."""
        pieces = (b"x" * 65536 for _number in range(24))
        answer = self._send(pieces, "application/json")
        self._check(answer, "pieces", {400, 413})

    def test_188_more_parts_than_a_form_has(self):
        part = '--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n'
        body = "".join(part % number for number in range(1500))
        self.form.size_limit = 1024
        self._check(self._send(f"{body}--b--\r\n", "multipart/form-data; boundary=b"), "parts")

    def test_188_nested_as_deep_as_can_be_read(self):
        self.form.size_limit = 1024
        for depth in (100, 500, *range(800, 1000, 10), 20_000):
            body = '{"email": "a@example.test", "x": ' + '{"x":' * depth + "1" + "}" * (depth + 1)
            self._check(self._send(body, "application/json"), depth)

    def test_188_the_moment_of_a_visit_is_kept_in_universal_time(self):
        visit = {"source": "google", "at": "2026-05-01T10:00:00+02:00"}
        data = {"email": "a@example.test", "first_touch": visit}
        self._send(json.dumps(data), "application/json")
        touched = self._leads().touchpoint_ids.mapped("touched_at")
        self.assertIn(fields.Datetime.to_datetime("2026-05-01 08:00:00"), touched)
        for at in ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"):
            answer = self._send(
                json.dumps({"email": "b@example.test", "first_touch": visit | {"at": at}}),
                "application/json",
            )
            self._check(answer, at, {200, 201})
        limit = fields.Datetime.now() + timedelta(minutes=1)
        self.assertLess(max(self._leads().touchpoint_ids.mapped("touched_at")), limit)

    # === WHAT NOBODY THOUGHT OF ===

    def _text(self, dice):
        return "".join(dice.choice(SIGNS) for _number in range(dice.randint(0, 6)))

    def _name(self, dice):
        return dice.choice(NAMES) if dice.random() < 0.5 else self._text(dice)

    def _value(self, dice, depth=0):
        kinds = [
            lambda: self._text(dice),
            lambda: dice.choice([None, True, -1, 0.5, 10**30, "1e999", "2026-13-01"]),
            lambda: "https://example.test/" * dice.randint(1, 5),
        ]
        if depth < 3:
            kinds += [
                lambda: [self._value(dice, depth + 1) for _number in range(dice.randint(0, 3))],
                lambda: {
                    self._name(dice): self._value(dice, depth + 1)
                    for _number in range(dice.randint(0, 3))
                },
            ]
        return dice.choice(kinds)()

    def test_188_random_forms(self):
        dice = random.Random(188)
        for _number in range(40):
            pairs = [(self._name(dice), self._text(dice)) for _field in range(dice.randint(0, 5))]
            pairs.append(("tel", "+36301234567"))
            body = "&".join(
                f"{quote_from_bytes(name.encode())}={quote_from_bytes(text.encode())}"
                for name, text in pairs
            )
            self._check(self._send(body), body)

    def test_188_random_objects(self):
        dice = random.Random(189)
        for _number in range(40):
            data = {self._name(dice): self._value(dice) for _field in range(dice.randint(0, 5))}
            data["tel"] = "+36301234567"
            self._check(self._send(json.dumps(data), "application/json"), data)

    def test_188_random_bytes(self):
        dice = random.Random(190)
        kinds = (FORM, "application/json", "multipart/form-data; boundary=b", "multipart/form-data")
        for _number in range(40):
            body = b"--b\r\n" * dice.randint(0, 1) + dice.randbytes(dice.randint(0, 60))
            kind = dice.choice(kinds)
            self._check(self._send(body, kind), (kind, body))
