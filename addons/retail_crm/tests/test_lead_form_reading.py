"""What is read from a form, without a database."""

import random
from datetime import UTC, datetime

from odoo.tests import BaseCase, tagged

from ..services import lead_form

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestLeadFormReading(BaseCase):
    def _read(self, data, **options):
        return lead_form.read(data, now=NOW, **options)

    def test_usual_names_need_no_settings(self):
        found = self._read({"name": ["Lilla Kis"], "Email": ["lilla@example.test"], "x": ["y"]})
        self.assertEqual(found.values, {"contact_name": "Lilla Kis", "email": "lilla@example.test"})
        self.assertEqual(found.notes, [("x", "y")])
        self.assertFalse(found.errors)

    def test_the_form_s_own_names_come_first(self):
        names = {"your-mail": ("email", True), "name": ("partner_name", False)}
        found = self._read({"your-mail": "a@example.test", "name": "Rossi Srl"}, names=names)
        self.assertEqual(found.values, {"email": "a@example.test", "partner_name": "Rossi Srl"})

    def test_something_to_answer_to_is_needed(self):
        self.assertEqual(self._read({"name": "Lilla"}).errors, {"email": "contact"})
        self.assertEqual(self._read({"email": "lilla at home"}).errors, {"email": "email"})
        self.assertEqual(self._read({"tel": "12"}).errors, {"phone": "phone"})
        names = {"your-mail": ("email", True)}
        found = self._read({"tel": "+36 30 123 4567"}, names=names)
        self.assertEqual(found.errors, {"your-mail": "required"})

    def test_what_is_needed_and_given_is_no_fault(self):
        names = {
            "mail": ("email", True),
            "item": ("sku", True),
            "pieces": ("quantity", True),
            "button": ("ignore", True),
            "colour": ("note", True),
        }
        data = {"mail": "a@example.test", "item": "A", "pieces": "2", "button": "x", "colour": "y"}
        found = self._read(data, names=names)
        self.assertEqual((found.errors, found.lines), ({}, [("A", 2.0)]))
        for name in names:
            found = self._read({key: data[key] for key in data if key != name}, names=names)
            self.assertEqual(found.errors, {name: "required"})
        rows = {"mail": "a@example.test", "lines": [{"sku": "A", "qty": 2}]}
        names = {name: names[name] for name in ("item", "pieces")}
        self.assertFalse(self._read(rows, names=names).errors)

    def test_what_is_wrong_but_not_needed_is_kept_as_a_note(self):
        found = self._read({"email": "lilla at home", "phone": "+36 30 123 4567"})
        self.assertFalse(found.errors)
        self.assertIn(("email", "lilla at home"), found.notes)
        self.assertNotIn("email", found.values)

    def test_lines_of_a_program_and_of_a_form(self):
        rows = [{"sku": "A", "qty": 2}, {"sku": "B", "qty": "nan"}, {"qty": 1}, "C", None]
        found = self._read({"email": "a@example.test", "lines": rows})
        self.assertEqual(found.lines, [("A", 2.0), ("B", 1.0)])
        self.assertIn(("B", "nan"), found.notes)
        found = self._read({"email": ["a@example.test"], "sku": ["A", "B"], "qty": ["1,5"]})
        self.assertEqual(found.lines, [("A", 1.5), ("B", 1.0)])

    def test_first_and_last_visit(self):
        found = self._read(
            {
                "email": "a@example.test",
                "first_touch": {"source": "google", "at": "2026-05-01T10:00:00+02:00"},
                "utm": {"source": "newsletter"},
                "page": "https://shop.example.test/mugs",
            }
        )
        first, last = found.visits
        self.assertEqual(first, {"source": "google", "at": datetime(2026, 5, 1, 8, tzinfo=UTC)})
        self.assertEqual(
            (last["source"], last["landing"]), ("newsletter", "https://shop.example.test/mugs")
        )
        self.assertEqual(last["at"], NOW)

    def test_visits_under_the_form_s_own_names(self):
        names = {"quelle": ("source", False), "utm_source": ("ignore", False)}
        data = {"email": "a@example.test", "quelle": "Katalog", "utm_source": "x", "gclid": ""}
        [visit] = self._read(data | {"fbclid": "F1"}, names=names).visits
        self.assertEqual(visit, {"source": "Katalog", "click_id": "F1", "at": NOW})

    def test_a_visit_of_tomorrow_was_today(self):
        data = {"email": "a@example.test", "first_touch": {"source": "x", "at": "2099-01-01"}}
        self.assertEqual(self._read(data).visits[0]["at"], NOW)

    def test_line_breaks_and_control_characters_do_not_get_into_names(self):
        found = self._read({"name": "Anna\r\nBcc: all@example.test\x00\x1b", "tel": "061234567"})
        self.assertEqual(found.values["contact_name"], "Anna Bcc: all@example.test")

    def test_advertising_is_seen(self):
        links = " ".join(f"https://{number}.example.test" for number in range(4))
        self.assertEqual(self._read({"email": "a@b.example", "message": links}).junk, "links")
        self.assertEqual(
            self._read({"email": "a@b.example", "name": "www.x.test"}).junk, "name_link"
        )
        good = "See https://shop.example.test/mugs, two of them please."
        self.assertIsNone(self._read({"email": "a@b.example", "message": good}).junk)

    def test_equal_messages_have_equal_fingerprints(self):
        one = {"email": "a@b.example", "message": "Hello", "utm_source": "x"}
        same, other = one | {"utm_source": "y"}, one | {"message": "Hello again"}
        prints = [self._read(data).fingerprint for data in (one, same, other)]
        self.assertEqual(prints[0], prints[1])
        self.assertNotEqual(prints[0], prints[2])

    def test_json_that_is_none(self):
        for body in (b"", b"{", b"[" * 100_000, b'"text"', b"[1]", b"\xff\xfe", b"1" * 5000):
            with self.assertRaises(lead_form.FormFault):
                lead_form.read_json(body)

    def test_anything_gives_a_submission(self):
        """A property: whatever is sent is read, and what is kept can be stored."""
        dice = random.Random(6)
        names = [*lead_form.USUAL_NAMES, "lines", "utm", "first_touch", "", "\x00", "\ud800"]
        values = [
            None, True, -1, 1e400, float("nan"), 10**50, "", "\x00\ud800", "a@b.example",
            "x" * 9999,
            [], {}, [[["deep"]]], {"at": []}, {"source": {"a": 1}}, [{"sku": {}, "qty": []}],
            [{"sku": "A", "qty": "١٢"}], ["a", 1, None, {}], "2026-13-45", "0" * 400,
        ]  # fmt: skip
        for _round in range(3000):
            data = {dice.choice(names): dice.choice(values) for _field in range(8)}
            found = self._read(data, trap="website_url")
            texts = [*found.values.values(), *(text for pair in found.notes for text in pair)]
            texts += [code for code, _quantity in found.lines]
            for text in texts:
                self.assertNotIn("\x00", text)
                text.encode()
            for name, text in found.values.items():
                self.assertLessEqual(len(text), lead_form.TARGETS[name])
            self.assertTrue(all(0 < one <= lead_form.MAX_QUANTITY for _c, one in found.lines))
            self.assertEqual(found.fingerprint, self._read(data, trap="website_url").fingerprint)
