from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestContactPoints(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.it")
        cls.customer.phone = "+39 045 800 1234"
        cls.points = cls.env["retail.contact.point"].create(
            [
                {"partner_id": cls.customer.id, "kind": kind, "value": value}
                for kind, value in (
                    ("phone", "348 111 2233"),
                    ("email", "Cantina <Rossi@Example.com>"),
                    ("messenger", "+36 30 999 8877"),
                    ("social", "https://www.instagram.com/Cantina.Rossi/"),
                    ("messenger", "@rossi_vini"),
                )
            ]
        )

    def _found(self, text):
        Partner = self.env["res.partner"].with_user(self.anna)
        return Partner.browse(Partner._find_customers(text)).with_env(self.env)

    def test_134_any_number_of_them(self):
        self.assertEqual(
            self.points.mapped("normalized_value"),
            ["393481112233", "rossi@example.com", "36309998877", "cantina.rossi", "rossi_vini"],
        )
        self.assertEqual(len(self.customer._get_contact_points()), 6)
        self.assertEqual(self.customer._get_contact_points()[0]["value"], self.customer.phone)

    def test_134_all_of_them_are_searched(self):
        for text in (
            "3481112233",
            "+39 348 1112233",
            "2233",
            "rossi@exam",
            "06 30 999 8877",
            "8877",
            "cantina.ro",
            "@cantina.rossi",
            "@rossi_vi",
        ):
            self.assertEqual(self._found(text)[:1], self.customer, text)
            names = self.env["res.partner"].with_user(self.anna).name_search(text.lstrip("@"))
            self.assertIn(self.customer.id, [one for one, _name in names], text)

    def test_134_one_value_stands_once(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.points.create(
                {"partner_id": self.customer.id, "kind": "phone", "value": "+39 348 1112233"}
            )

    def test_134_what_is_no_number_is_refused(self):
        for kind, value in (("phone", "none"), ("phone", "12"), ("email", "rossi")):
            with self.assertRaisesRegex(ValidationError, "cannot be noted"):
                self.points.create({"partner_id": self.customer.id, "kind": kind, "value": value})

    def test_134_another_number_becomes_the_main_one(self):
        phone = self.points[0]
        phone.action_make_main()
        self.assertEqual(self.customer.phone, "348 111 2233")
        self.assertTrue(phone.is_main)
        kept = self.customer.contact_point_ids.filtered(lambda one: one.kind == "phone")
        self.assertEqual(set(kept.mapped("value")), {"348 111 2233", "+39 045 800 1234"})

    def test_134_who_sees_the_customer_sees_them(self):
        points = self.points.with_user(self.anna)
        self.assertEqual(points.search([("id", "in", points.ids)]), points)
        self.customer.company_id = self.env["res.company"].create({"name": "Neighbour"})
        self.env.invalidate_all()
        self.assertFalse(points.search([("id", "in", points.ids)]))
        self.assertFalse(points._read_group([("id", "in", points.ids)], ["kind"]))
        with self.assertRaises(AccessError):
            points.read(["value"])
        with self.assertRaises(AccessError):
            points.create({"partner_id": self.customer.id, "kind": "phone", "value": "0451234567"})

    # === 21: CHECK BEFORE CREATING ===

    def test_021_an_existing_customer_is_shown_before_saving(self):
        self.anna.group_ids += self.env.ref("base.group_partner_manager")
        with Form(self.env["res.partner"].with_user(self.anna)) as form:
            form.name = "M. Rossi"
            self.assertFalse(form.same_contact_id)
            form.phone = "0039 045 8001234"
            self.assertEqual(form.same_contact_id, self.customer)
            form.phone = "0459 000 111"
            self.assertFalse(form.same_contact_id)
            form.email = "ROSSI@example.com"
            self.assertEqual(form.same_contact_id, self.customer)
            form.email = "else@example.com"
            self.assertFalse(form.same_contact_id)

    def test_021_people_and_addresses_of_a_customer_are_no_strangers(self):
        child = self.env["res.partner"].create(
            {"name": "Shipping", "parent_id": self.customer.id, "phone": self.customer.phone}
        )
        self.assertFalse(child.same_contact_id)
        self.assertFalse(self.customer.same_contact_id)
        stranger = child.copy({"parent_id": False, "name": "Other"})
        self.assertEqual(stranger.same_contact_id, self.customer)
        self.assertEqual(stranger.same_contact_count, 1 + bool(child.type == "contact"))

    def test_021_a_short_number_has_to_be_the_same(self):
        self.customer.phone = "045 1234"
        other = self.env["res.partner"].create({"name": "Other", "phone": "9045 1234"})
        self.assertFalse(other.same_contact_id)

    def test_points_are_entered_on_the_customer(self):
        self.customer.write(
            {"contact_point_ids": [Command.create({"kind": "phone", "value": "06 1234 5678"})]}
        )
        self.assertIn(self.customer, self._found("12345678"))
