from collections import Counter

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.shop_connector.tests.common import ShopCase

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestDuplicates(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.it")
        cls.maria = cls.customer
        cls.maria.write({"phone": "+39 045 800 1234", "email": "maria@example.com"})
        cls.twin, cls.other = cls.env["res.partner"].create(
            [
                {"name": "M. Rossi", "phone": "045/8001234", "email": "rossi@example.com"},
                {"name": "Paolo", "phone": "045 999 1111"},
            ]
        )

    def _find(self):
        with self.enter_registry_test_mode():
            self.env.ref("retail_crm.cron_find_duplicates").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["retail.duplicate"].search(
            [("partner_ids", "in", (self.maria | self.twin | self.other).ids)]
        )

    # === 144: THE LIST ===

    def test_144_the_same_number_in_two_spellings(self):
        group = self._find()
        self.assertEqual(group.partner_ids, self.maria | self.twin)
        self.assertEqual((group.kind, group.state), ("phone", "open"))
        self.assertEqual(self._find(), group)

    def test_144_contact_points_count_too(self):
        self.env["retail.contact.point"].create(
            {"partner_id": self.other.id, "kind": "email", "value": "MARIA@example.com"}
        )
        groups = self._find().grouped("kind")
        self.assertEqual(groups["email"].partner_ids, self.maria | self.other)

    def test_144_a_company_and_its_people_are_one_customer(self):
        self.twin.parent_id = self.maria
        self.assertFalse(self._find())

    def test_144_channels_with_customers_of_their_own_share_none(self):
        self.twin.scope_channel_id = self.channel
        self.assertFalse(self._find())

    def test_144_each_channel_of_its_own_has_its_duplicates(self):
        club = self.env["sales.channel"].create({"name": "Club"})
        here, there = (
            self.env["res.partner"].create(
                [
                    {"name": "Eva", "email": "eva@example.com", "scope_channel_id": channel.id}
                    for _twice in range(2)
                ]
            )
            for channel in (self.channel, club)
        )
        self._find()
        groups = self.env["retail.duplicate"].search([("key", "=", "eva@example.com")])
        self.assertEqual(
            {(group.scope_channel_id, group.partner_ids) for group in groups},
            {(self.channel, here), (club, there)},
        )

    def test_144_duplicates_of_a_company_are_found_whoever_else_has_the_address(self):
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        here, twin, shared, there = customers = self.env["res.partner"].create(
            [
                {"name": "Eva", "email": "eva@example.com", "company_id": company.id}
                for company in (self.company, self.company, neighbour.browse(), neighbour)
            ]
        )
        self._find()
        self._find()
        groups = self.env["retail.duplicate"].search([("key", "=", "eva@example.com")])
        self.assertEqual(
            {(group.company_id, group.partner_ids) for group in groups},
            {(self.company, customers - there), (neighbour, shared | there)},
        )
        shared.active = False
        two = self.env["retail.duplicate"]._get_groups("email")
        self.assertEqual(
            {place: ids for place, ids in two.items() if place[0] == "eva@example.com"},
            {("eva@example.com", False, self.company.id): (here | twin).ids},
        )

    def test_144_what_was_decided_stays_until_somebody_new_comes(self):
        group = self._find()
        group.action_dismiss()
        self.assertEqual(self._find().state, "dismissed")
        self.other.phone = "0039 0458001234"
        self.assertEqual(self._find().state, "open")
        self.assertEqual(len(group.partner_ids), 3)

    def test_144_what_was_corrected_is_closed(self):
        group = self._find()
        self.twin.active = False
        self._find()
        self.assertEqual(group.state, "merged")

    # === 144: MERGING ===

    def test_144_merging_keeps_orders_points_and_consents(self):
        orders = self._order() | self._order()
        theirs = self._order(partner_id=self.twin.id)
        for partner, value in ((self.maria, "348 1112233"), (self.twin, "+39 348 1112233")):
            self.env["retail.contact.point"].create(
                {"partner_id": partner.id, "kind": "phone", "value": value}
            )
        self.env["retail.contact.point"].create(
            {"partner_id": self.twin.id, "kind": "social", "value": "@mrossi"}
        )
        self.maria._set_consent("email", "marketing", True)
        self.twin._set_consent("email", "marketing", False)
        self.twin._set_consent("sms", "marketing", True)
        self.twin.birthdate_date = "1980-05-06"
        group = self._find().filtered(lambda one: len(one.partner_ids) == 2)[:1]
        self.assertEqual(group.keep_id, self.maria)
        group.action_merge()
        self.assertFalse(self.twin.exists())
        self.assertEqual((orders | theirs).partner_id, self.maria)
        self.assertEqual(str(self.maria.birthdate_date), "1980-05-06")
        points = self.maria.contact_point_ids
        self.assertEqual(
            set(points.mapped("normalized_value")),
            {"393481112233", "mrossi", "rossi@example.com"},
        )
        self.assertFalse(self.maria._may_contact("email", "marketing"))
        self.assertEqual(len(self.maria.consent_ids), 3)
        self.assertEqual(group.state, "merged")

    def test_144_the_first_channel_is_that_of_the_older_card(self):
        later = self.env["sales.channel"].create({"name": "Later"})
        self.maria.first_channel_id, self.twin.first_channel_id = self.channel, later
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.maria | self.twin).ids, self.twin, extra_checks=False)
        self.assertEqual(self.twin.first_channel_id, self.channel)
        self.assertEqual(self.twin.email, "rossi@example.com")
        self.assertIn("maria@example.com", self.twin.contact_point_ids.mapped("value"))

    def test_144_customers_who_wait_for_the_same_product_become_one(self):
        cup = self.env["product.product"].create({"name": "Cup", "is_storable": True})
        Request = self.env["retail.restock.request"]
        kept, second, elsewhere = Request.create(
            [
                {"partner_id": self.maria.id, "product_id": self.glass.id, "quantity": 3},
                {"partner_id": self.twin.id, "product_id": self.glass.id, "quantity": 5},
                {"partner_id": self.twin.id, "product_id": cup.id},
            ]
        )
        third = Request.create({"partner_id": self.other.id, "product_id": cup.id})
        wizard = self.env["base.partner.merge.automatic.wizard"]
        everybody = self.maria | self.twin | self.other
        wizard._merge(everybody.ids, self.maria, extra_checks=False)
        requests = kept | second | elsewhere | third
        self.env.invalidate_all()
        self.assertEqual(requests.partner_id, self.maria)
        self.assertEqual(kept.state, "open")
        self.assertEqual(second.state, "cancelled")
        self.assertEqual(Counter((elsewhere | third).mapped("state")), {"open": 1, "cancelled": 1})

    def test_144_operators_do_not_merge(self):
        group = self._find()
        with self.assertRaises(AccessError):
            group.with_user(self.anna).action_merge()


@tagged("post_install", "-at_install")
class TestAmbiguousCustomer(ShopCase):
    """143: later purchases attach by e-mail; when it is several customers', a person decides."""

    def test_143_an_ambiguous_email_is_reviewed(self):
        self._product(stock=50)
        self._sync()
        first = self._place([("GLASS", 1)])
        customer = first.partner_id
        email = customer.email
        self.assertFalse(self._groups(email))
        again = self._place([("GLASS", 1)])
        self.assertEqual(again.partner_id, customer)
        self.assertFalse(self._groups(email))
        twin = self.env["res.partner"].create({"name": "Twin", "email": email.upper()})
        third = self._place([("GLASS", 1)])
        self.assertEqual(third.partner_id, customer)
        group = self._groups(email)
        self.assertEqual(group.partner_ids, customer | twin)
        self.assertIn("fits all of them", group.note)

    def _groups(self, email):
        return self.env["retail.duplicate"].search([("key", "=", email.lower())])
