from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..shopapi.systems.prestashop.simulator.cart import Buyer
from ..sync.mappings import Mappings
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestPrices(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.shop.customer_group_mapping_ids.filtered(lambda row: not row.rate)[-1]
        cls.reseller_list = cls._make_list("For resellers")
        cls.now = fields.Datetime.now()

    @classmethod
    def _make_list(cls, name, **values):
        return cls.env["product.pricelist"].create(
            {"name": name, "currency_id": cls.euro.id, "company_id": cls.company.id, **values}
        )

    def _rule(self, pricelist=None, **values):
        return self.env["product.pricelist.item"].create(
            {"pricelist_id": (pricelist or self.pricelist).id, "applied_on": "3_global", **values}
        )

    def _fixed(self, template, price, pricelist=None, **values):
        values = {"applied_on": "1_product", "product_tmpl_id": template.id, **values}
        return self._rule(pricelist, compute_price="fixed", fixed_price=price, **values)

    def _percent(self, percent, pricelist=None, **values):
        return self._rule(pricelist, compute_price="percentage", percent_price=percent, **values)

    def _line(self, sku, quantity, group):
        shop = self.simulator.shop
        product, combination = self.simulator.checkouts.by_sku(sku)
        return shop.pricing.line(
            product, combination, quantity, Buyer(country=shop.home_country, group=int(group))
        )

    def _paid(self, sku, quantity=1, group=1):
        """What one piece costs in the shop now, without tax."""
        return float(self._line(sku, quantity, group).unit_net)

    def _rows(self, sku):
        product = self.simulator.product_by_sku(sku)["product_id"]
        return self.simulator.shop.store.find("specific_prices", id_product=product)

    def _travel(self, moment):
        """Move the shop's clock; Odoo's stays."""
        clock = self.simulator.clock
        clock.advance((moment - clock.now().replace(tzinfo=None)).total_seconds())

    def _link(self, template):
        return self.env["shop.binding"]._by_record(self.shop, "price", template.ids)

    # === QUANTITIES ===

    def test_a_quantity_break_reaches_the_shop(self):
        template = self._product(price=10.0)
        self._fixed(template, 9.0, min_quantity=6)
        self._fixed(template, 8.0, min_quantity=24)
        self.assertEqual(self._sync()["sent"]["price"], 1)
        paid = [self._paid("GLASS", quantity) for quantity in (1, 5, 6, 24)]
        self.assertEqual(paid, [10.0, 10.0, 9.0, 8.0])

    def test_a_product_without_other_prices_is_never_spoken_of(self):
        template = self._product(price=10.0)
        self._sync()
        product = self.simulator.product_by_sku("GLASS")["product_id"]
        store = self.simulator.shop.store
        store.add("specific_prices", {"id_product": product, "price": "4", "from_quantity": "1"})
        template.list_price = 11.0
        with self._writes(1):
            self._sync()
        self.assertEqual(self._paid("GLASS"), 4.0, "What was entered in the shop stays")
        self.assertFalse(self._link(template))

    def test_unchanged_prices_send_nothing(self):
        template = self._product(price=10.0)
        self._product_with_formats()
        self.members.pricelist_id = self.reseller_list
        self._percent(20, self.reseller_list)
        self._fixed(template, 9.0, min_quantity=6)
        end = self.now + timedelta(days=5)
        self._percent(30, date_start=self.now - timedelta(days=1), date_end=end)
        self._sync()
        self.assertEqual(len(self._link(template)), 1)
        self.shop.action_compare_all()
        requests = len(self.simulator.log)
        with self._writes(0):
            self._sync()
        asked = [record for record in self.simulator.log[requests:] if "specific" in record.path]
        self.assertFalse(asked, "What did not change is not even asked for")

    def test_a_changed_break_is_one_call(self):
        template = self._product(price=10.0)
        item = self._fixed(template, 9.0, min_quantity=6)
        self._sync()
        item.fixed_price = 8.5
        with self._writes(1):
            self._sync()
        self.assertEqual(self._paid("GLASS", 6), 8.5)

    def test_a_removed_break_leaves_nothing_behind(self):
        template = self._product(price=10.0)
        item = self._fixed(template, 9.0, min_quantity=6)
        self._sync()
        item.unlink()
        with self._writes(1):
            self._sync()
        self.assertFalse(self._rows("GLASS"))
        self.assertFalse(self._link(template))
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    # === PROMOTIONS ===

    def test_a_promotion_is_no_part_of_the_ordinary_price(self):
        template = self._product(price=10.0)
        start, end = self.now - timedelta(days=1), self.now + timedelta(days=5)
        self._fixed(template, 7.0, date_start=start, date_end=end)
        self._sync()
        self.assertEqual(float(self.simulator.product_by_sku("GLASS")["price"]), 10.0)
        line = self._line("GLASS", 1, 1)
        self.assertEqual(line.unit_net, 7)
        self.assertEqual(line.reduction_amount, 3, "The ordinary price is struck through")
        self._travel(end + timedelta(seconds=1))
        self.assertEqual(self._paid("GLASS"), 10.0)

    def test_a_promotion_to_come_needs_no_call_when_it_begins(self):
        template = self._product(price=10.0)
        start = self.now + timedelta(days=2)
        end = start + timedelta(days=3)
        self._fixed(template, 7.0, date_start=start, date_end=end)
        self._sync()
        self.assertEqual(self._paid("GLASS"), 10.0)
        self._travel(start)
        self.assertEqual(self._paid("GLASS"), 7.0)

    def test_a_promotion_that_is_over_is_taken_out(self):
        template = self._product(price=10.0)
        item = self._fixed(template, 7.0, date_end=self.now + timedelta(days=1))
        self._sync()
        self.assertTrue(self._rows("GLASS"))
        self.env.cr.execute(
            "UPDATE product_pricelist_item SET date_end = %s WHERE id = %s",
            (self.now - timedelta(days=1), item.id),
        )
        item.invalidate_recordset()
        self.shop.action_compare_all()
        self._sync()
        self.assertFalse(self._rows("GLASS"))

    def test_a_price_that_began_for_good_is_the_ordinary_one(self):
        template = self._product(price=10.0)
        self._fixed(template, 12.0, date_start=self.now - timedelta(days=1))
        self._sync()
        self.assertEqual(float(self.simulator.product_by_sku("GLASS")["price"]), 12.0)
        self.assertFalse(self._rows("GLASS"))

    def test_a_new_ordinary_price_moves_what_is_struck_through(self):
        template = self._product(price=10.0)
        self._fixed(template, 7.0, date_end=self.now + timedelta(days=5))
        self._sync()
        template.list_price = 11.0
        with self._writes(2):
            self._sync()
        line = self._line("GLASS", 1, 1)
        self.assertEqual((line.unit_net, line.reduction_amount), (7, 4))

    # === CUSTOMER GROUPS ===

    def test_a_group_pays_its_price_list(self):
        self._product(price=10.0)
        self.members.pricelist_id = self.reseller_list
        self._percent(20, self.reseller_list)
        self._percent(25, self.reseller_list, min_quantity=12)
        self._sync()
        group = self.members.external_code
        self.assertEqual([self._paid("GLASS", 1, group), self._paid("GLASS", 12, group)], [8, 7.5])
        self.assertEqual(self._paid("GLASS", 12), 10.0)

    def test_a_group_that_is_left_out_of_a_break_keeps_its_price(self):
        template = self._product(price=10.0)
        self._fixed(template, 6.0, min_quantity=6)
        self.members.pricelist_id = self.reseller_list
        self._percent(20, self.reseller_list)
        self._sync()
        group = self.members.external_code
        self.assertEqual([self._paid("GLASS", 6, group), self._paid("GLASS", 6)], [8.0, 6.0])

    def test_a_list_chosen_or_withdrawn_sends_the_products_again(self):
        self._product(price=10.0)
        self._percent(20, self.reseller_list)
        self._sync()
        group = self.members.external_code
        self.members.pricelist_id = self.reseller_list
        self._sync()
        self.assertEqual(self._paid("GLASS", 1, group), 8.0)
        self.members.pricelist_id = False
        self._sync()
        self.assertEqual(self._paid("GLASS", 1, group), 10.0)
        self.assertFalse(self._rows("GLASS"))

    def test_an_edited_rule_of_a_group_list_or_its_base_travels(self):
        template = self._product(price=10.0)
        base = self._make_list("Wholesale")
        item = self._fixed(template, 8.0, base)
        self.members.pricelist_id = self.reseller_list
        self._percent(10, self.reseller_list, base="pricelist", base_pricelist_id=base.id)
        self._sync()
        group = self.members.external_code
        self.assertEqual(self._paid("GLASS", 1, group), 7.2)
        item.fixed_price = 9.0
        self._sync()
        self.assertEqual(self._paid("GLASS", 1, group), 8.1)

    def test_a_promotion_of_a_base_list_ends_for_the_group(self):
        template = self._product(price=10.0)
        base = self._make_list("Wholesale")
        self._fixed(template, 8.0, base)
        end = self.now + timedelta(days=3)
        self._fixed(template, 5.0, base, date_end=end, min_quantity=2)
        self.members.pricelist_id = self.reseller_list
        self._percent(10, self.reseller_list, base="pricelist", base_pricelist_id=base.id)
        self._sync()
        group = self.members.external_code
        self.assertEqual([self._paid("GLASS", n, group) for n in (1, 2)], [7.2, 4.5])
        self._travel(end + timedelta(seconds=1))
        self.assertEqual([self._paid("GLASS", n, group) for n in (1, 2)], [7.2, 7.2])

    def test_a_group_with_a_discount_in_the_shop_gets_no_list(self):
        resellers = self.shop.customer_group_mapping_ids.filtered("rate")
        with self.assertRaises(ValidationError):
            resellers.pricelist_id = self.reseller_list

    def test_a_discount_given_in_the_shop_later_is_something_to_do(self):
        self.members.pricelist_id = self.reseller_list
        self.assertFalse(self.members.is_missing)
        self.members.rate = 5.0
        self.assertTrue(self.members.is_missing)
        self.assertEqual(self.shop.missing_mapping_count, 1)

    def test_a_list_in_another_currency_is_refused(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        with self.assertRaises(ValidationError):
            self.members.pricelist_id = self._make_list("Dollars", currency_id=dollar.id)

    def test_a_list_that_changed_its_currency_stops_with_a_sentence(self):
        template = self._product(price=10.0)
        self._percent(20, self.reseller_list)
        self.members.pricelist_id = self.reseller_list
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.reseller_list.currency_id = dollar
        self.assertEqual(self._sync()["failed"], {"product": 1})
        self.assertIn("Customer Groups", template.shop_problem)

    def test_a_list_of_the_groups_name_is_proposed(self):
        name = self.members.name
        self._make_list(name.upper())
        self.shop.action_connect()
        self.assertEqual(self.members.pricelist_id.name, name.upper())
        self.assertFalse(self.shop.customer_group_mapping_ids.filtered("rate").pricelist_id)

    def test_where_the_shop_leads_prices_nothing_is_said(self):
        template = self._product(price=10.0)
        item = self._fixed(template, 9.0, min_quantity=6)
        self._sync()
        self.shop.lead_prices = "shop"
        item.fixed_price = 8.0
        self._sync()
        self.assertEqual(self._paid("GLASS", 6), 9.0)
        self.shop.lead_prices = "odoo"
        self._sync()
        self.assertEqual(self._paid("GLASS", 6), 8.0)

    # === VARIANTS ===

    def test_variants_pay_their_own_break(self):
        template = self._product_with_formats(price=30.0, extras=(0.0, 35.0))
        second = template.product_variant_ids[1]
        item = {"applied_on": "0_product_variant", "product_id": second.id}
        self._fixed(template, 50.0, min_quantity=6, **item)
        self._percent(10, min_quantity=12)
        self._sync()
        self.assertEqual([self._paid("WINE-0", n) for n in (1, 6, 12)], [30.0, 30.0, 27.0])
        self.assertEqual([self._paid("WINE-1", n) for n in (1, 6, 12)], [65.0, 50.0, 50.0])

    def test_variants_of_one_price_share_their_rules(self):
        self._product_with_formats(price=30.0, extras=(0.0, 0.0, 0.0))
        self._percent(10, min_quantity=6)
        self._sync()
        self.assertEqual([self._paid(f"WINE-{n}", 6) for n in range(3)], [27.0] * 3)
        self.assertEqual(len(self._rows("WINE-0")), 1)

    def test_a_percentage_on_variants_is_said_once(self):
        self._product_with_formats(price=30.0, extras=(0.0, 35.0))
        self.members.pricelist_id = self.reseller_list
        self._percent(12.5, self.reseller_list)
        self._sync()
        paid = [self._paid(f"WINE-{n}", 1, self.members.external_code) for n in range(2)]
        self.assertEqual(paid, [26.25, 56.875])
        self.assertEqual(len(self._rows("WINE-0")), 1)

    def test_a_tax_within_the_price_is_taken_out(self):
        self.vat22.price_include_override = "tax_included"
        template = self._product(price=12.2)
        self._fixed(template, 6.1, min_quantity=6)
        self._sync()
        self.assertEqual([self._paid("GLASS", n) for n in (1, 6)], [10.0, 5.0])

    # === FAULTS AND COST ===

    def test_prices_are_asked_for_all_products_at_once(self):
        wine = self._product_with_formats(extras=tuple(float(n) for n in range(8)))
        glasses = wine.union(*(self._product(f"S-{n}", price=10.0 + n) for n in range(12))) - wine
        self._percent(10, min_quantity=6)
        self.members.pricelist_id = self.reseller_list
        self._percent(20, self.reseller_list)
        self._sync()
        few, many = self._count_queries(wine | glasses[:2]), self._count_queries(wine | glasses)
        self.assertEqual(few, many, "More products must not mean more queries")

    def _count_queries(self, templates):
        self.env.invalidate_all()
        links = self.env["shop.binding"]._by_record(self.shop, "product", templates.ids)
        external = {key: link.external_id for key, link in links.items()}
        before = self.env.cr.sql_log_count
        documents = self.env["shop.sync.price.documents"]
        found = documents._price_rules(self.shop, templates, external, Mappings(self.shop))
        self.assertTrue(all(document.rules for document in found.values()))
        return self.env.cr.sql_log_count - before

    def test_a_refused_price_is_told_on_the_product_and_the_others_go_on(self):
        bad, good = self._product("BAD", price=10.0), self._product("GOOD", price=10.0)
        self._fixed(bad, -3.0, min_quantity=6)
        self._fixed(good, 9.0, min_quantity=6)
        figures = self._sync()
        self.assertEqual(figures["failed"], {"product": 1})
        self.assertTrue(bad.shop_problem)
        self.assertEqual(self._paid("GOOD", 6), 9.0)

    def test_prices_sent_again_are_compared_row_by_row(self):
        template = self._product(price=10.0)
        self._fixed(template, 9.0, min_quantity=6)
        self._sync()
        (row,) = self._rows("GLASS")
        self.simulator.shop.store.set("specific_prices", row, price="1")
        template.shop_link_ids.action_send_again()
        self._sync()
        self.assertEqual(self._paid("GLASS", 6), 9.0)

    def test_a_product_lost_in_the_shop_gets_its_prices_again(self):
        template = self._product(price=10.0)
        self._fixed(template, 9.0, min_quantity=6)
        self._sync()
        shop = self.simulator.shop
        product = self.simulator.product_by_sku("GLASS")["product_id"]
        self.simulator.service.deleter.delete(shop.store.schema.resources["products"], [product])
        template.list_price = 11.0
        self._sync()
        self._failed("product").action_retry()
        self._sync()
        self.assertEqual([self._paid("GLASS", n) for n in (1, 6)], [11.0, 9.0])

    def test_the_cost_never_leaves_with_the_prices(self):
        template = self._product(price=10.0, standard_price=3.33)
        self._fixed(template, 9.0, min_quantity=6)
        self._sync()
        held = self.simulator.product_by_sku("GLASS")
        self.assertEqual(Decimal(held["wholesale_price"]), 0)
        self.assertFalse([row for row in self._rows("GLASS") if "3.33" in row.values.values()])
