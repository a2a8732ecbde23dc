from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestCustomerTypes(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref("product.group_product_pricelist")
        cls.env["product.pricelist"].create({"name": "Everybody", "sequence": -1})
        cls.trade, cls.own = cls.env["product.pricelist"].create(
            [
                {
                    "name": name,
                    "item_ids": [Command.create({"compute_price": "fixed", "fixed_price": price})],
                }
                for name, price in (("Trade", 7.0), ("Agreed", 6.0))
            ]
        )
        cls.wholesale = cls.env.ref("retail_crm.customer_type_wholesale")
        cls.wholesale.pricelist_id = cls.trade

    def _price(self, **values):
        return self._order(**values).order_line.price_unit

    # === 132: TYPES WITH A PRICE LIST ===

    def test_132_the_type_decides_the_price_of_new_orders(self):
        before = self._order()
        self.assertEqual(before.order_line.price_unit, 10)
        self.customer.customer_type_id = self.wholesale
        order = self._order()
        self.assertEqual(order.pricelist_id, self.trade)
        self.assertEqual(order.order_line.price_unit, 7)
        self.assertEqual(before.order_line.price_unit, 10)

    def test_132_a_price_list_of_their_own_comes_first(self):
        self.customer.customer_type_id = self.wholesale
        self.customer.property_product_pricelist = self.own
        self.assertEqual(self._price(), 6)
        self.customer.property_product_pricelist = self.trade
        self.assertFalse(self.customer.specific_property_product_pricelist)
        self.assertEqual(self._price(), 7)

    def test_132_the_ordinary_price_list_can_be_their_own(self):
        ordinary = self.customer.property_product_pricelist
        self.customer.customer_type_id = self.wholesale
        self.customer.property_product_pricelist = ordinary
        self.assertEqual(self.customer.property_product_pricelist, ordinary)
        self.assertEqual(self._price(), 10)

    def test_132_an_archived_price_list_counts_no_more(self):
        self.customer.customer_type_id = self.wholesale
        self.trade.active = False
        self.assertEqual(self._price(), 10)

    def test_132_people_of_a_company_have_its_type(self):
        self.customer.is_company = True
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self.customer.customer_type_id = self.wholesale
        self.assertEqual(buyer.customer_type_id, self.wholesale)
        self.assertEqual(self._price(partner_id=buyer.id), 7)
        self.assertEqual(self.wholesale.partner_count, 1)

    def test_132_only_managers_change_types(self):
        with self.assertRaises(AccessError):
            self.wholesale.with_user(self.anna).name = "Anything"

    # === 150: MARKS ===

    def test_150_marks_are_shown_on_the_order(self):
        order = self._order()
        self.assertFalse(order.customer_mark)
        self.customer.customer_type_id = self.env.ref("retail_crm.customer_type_problem")
        self.assertEqual(order.customer_mark, "problem")
        self.assertIn("prepayment", order.with_user(self.anna).customer_warning)
        self.customer.customer_type_id = self.env.ref("retail_crm.customer_type_vip")
        self.assertEqual(order.customer_mark, "vip")
        marked = [("id", "=", order.id), ("customer_mark", "=", "vip")]
        self.assertEqual(self.env["sale.order"].search(marked), order)
        card = self.customer.with_user(self.anna).get_customer_card()
        self.assertEqual(card["mark"], "vip")

    # === 131: FIRST SOURCE ===

    def test_131_the_first_source_stays(self):
        source, later = self.env["utm.source"].create([{"name": "Fair"}, {"name": "Letter"}])
        phone = self.env["sales.channel"].create({"name": "By Phone", "channel_type": "phone"})
        self._order(self.anna, channel_id=self.channel.id, source_id=source.id)
        self.assertEqual(self.customer.first_channel_id, self.channel)
        self.assertEqual(self.customer.first_source_id, source)
        self._order(self.anna, channel_id=phone.id, source_id=later.id)
        self.assertEqual(self.customer.first_channel_id, self.channel)
        self.assertEqual(self.customer.first_source_id, source)

    def test_131_it_may_be_known_later_and_is_the_companys(self):
        self.customer.is_company = True
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        order = self._order(self.anna, partner_id=buyer.id)
        order.channel_id = self.channel
        self.assertEqual(self.customer.first_channel_id, self.channel)
        groups = self.env["res.partner"]._read_group(
            [("first_channel_id", "=", self.channel.id)], ["first_channel_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.channel, 1)])

    # === 135: BIRTHDAY ===

    def _birthdays(self, operator, value):
        return self.env["res.partner"].search(
            [("id", "in", self.people.ids), ("next_birthday", operator, value)], order="id"
        )

    def test_135_upcoming_birthdays(self):
        born = ("1980-12-24", "1990-12-31", "1975-01-02", "2000-02-29", False)
        self.people = self.env["res.partner"].create(
            [{"name": f"Born {day}", "birthdate_date": day} for day in born]
        )
        christmas, silvester, january, leap, _unknown = self.people
        with freeze_time("2026-12-24 10:00"):
            self.env.invalidate_all()
            self.assertEqual(christmas.next_birthday, date(2026, 12, 24))
            self.assertEqual(january.next_birthday, date(2027, 1, 2))
            self.assertEqual(leap.next_birthday, date(2027, 2, 28))
            self.assertEqual(self._birthdays("=", "2026-12-24"), christmas)
            self.assertEqual(self._birthdays("=", "today"), christmas)
            self.assertEqual(self._birthdays("<=", "today +7d"), christmas | silvester)
            self.assertEqual(self._birthdays("<=", "2027-01-02"), christmas | silvester | january)
            self.assertEqual(self._birthdays(">", "2027-01-02"), leap)
        with freeze_time("2027-03-01 10:00"):
            self.env.invalidate_all()
            self.assertEqual(leap.next_birthday, date(2028, 2, 29))
            self.assertEqual(self._birthdays("=", "2028-02-29"), leap)
