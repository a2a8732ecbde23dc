from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .content_common import ContentCase


@tagged("post_install", "-at_install")
class TestPlaces(ContentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["product.category"]
        cls.all = Category.create({"name": "All", "shop_scope": "none"})
        cls.wine = Category.create({"name": "Wine", "parent_id": cls.all.id})
        cls.red = Category.create({"name": "Red", "parent_id": cls.wine.id})
        cls.gifts = Category.create({"name": "Gifts", "parent_id": cls.all.id})

    def _external(self, category):
        links = self.env["shop.binding"]._by_record(self.shop, "category", category.ids)
        return links[category.id].external_id

    def _placed(self, sku="GLASS"):
        product = self._in_shop(sku)
        record = self.simulator.shop.store.one("products", product["product_id"])
        rows = {row["id"] for row in record.associations.get("categories", ())}
        return product["id_category_default"], rows

    def _parent(self, category):
        record = self.simulator.shop.store.one("categories", self._external(category))
        return record.values["id_parent"]

    def _make_in_shop(self, name, parent=2):
        store = self.simulator.shop.store
        texts = {"name": dict.fromkeys(store.languages, name)}
        record = store.add("categories", {"id_parent": parent, "active": 1}, texts=texts)
        return str(record.id)

    def _row(self, kind, code):
        return self.shop.mapping_ids.filtered(
            lambda row: row.kind == kind and row.external_code == code
        )

    def test_several_categories_the_own_one_first(self):
        template = self._product(categ_id=self.red.id, shop_categ_ids=[Command.set(self.gifts.ids)])
        self._sync()
        main, every = self._placed()
        self.assertEqual(main, self._external(self.red))
        self.assertEqual(every, {self._external(self.red), self._external(self.gifts)})
        template.shop_categ_ids = False
        with self._writes(1):
            self._sync()
        self.assertEqual(self._placed()[1], {self._external(self.red)})

    def test_a_category_that_no_shop_shows_is_passed_over(self):
        self._product(categ_id=self.red.id)
        self._product("LOOSE", categ_id=self.all.id)
        self._sync()
        self.assertEqual(self._parent(self.wine), "2")
        self.assertEqual(self._parent(self.red), self._external(self.wine))
        self.assertEqual(self._placed("LOOSE")[0], "2")
        links = self.env["shop.binding"]._by_record(self.shop, "category", self.all.ids)
        self.assertFalse(links)

    def test_each_shop_has_its_own_categories(self):
        self.gifts.write({"shop_scope": "some"})
        template = self._product(categ_id=self.red.id, shop_categ_ids=[Command.set(self.gifts.ids)])
        self._sync()
        self.assertEqual(self._placed()[1], {self._external(self.red)})
        self.gifts.shop_ids = self.shop
        self.red.shop_scope = "none"
        self._sync()
        self.assertEqual(self._placed()[1], {self._external(self.wine), self._external(self.gifts)})
        self.assertEqual(template._shop_categories(self.shop), self.wine | self.gifts)

    def test_a_category_that_is_no_longer_shown_is_hidden_there_and_comes_back(self):
        self._product(categ_id=self.red.id)
        self._sync()
        wine = self._external(self.wine)
        store = self.simulator.shop.store
        self.wine.shop_scope = "none"
        with self._writes(2):
            self._sync()
        self.assertEqual(store.one("categories", wine).values["active"], "0")
        self.assertEqual(store.one("categories", wine).text("name", 1), "Wine")
        self.assertEqual(self._parent(self.red), "2")
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()
        self.wine.shop_scope = "all"
        self._sync()
        self.assertEqual(store.one("categories", wine).values["active"], "1")
        self.assertEqual(self._parent(self.red), wine)

    def test_a_category_is_renamed_and_moved_with_one_call_each(self):
        self._product(categ_id=self.red.id, shop_categ_ids=[Command.set(self.gifts.ids)])
        self._sync()
        self.red.parent_id = self.gifts
        with self._writes(1):
            self._sync()
        self.assertEqual(self._parent(self.red), self._external(self.gifts))
        self.gifts.with_context(lang="it_IT").shop_name = "Regali"
        with self._writes(1):
            self._sync()

    def test_the_chosen_root_takes_our_tree(self):
        self._product(categ_id=self.red.id)
        self._product("LOOSE", categ_id=self.all.id)
        self._sync()
        cellar = self._make_in_shop("Cellar")
        self.shop.action_connect()
        root = self._row("category", cellar)
        self.assertTrue(root.name.endswith("Cellar"))
        self.shop.root_category_id = root
        self.assertEqual(self.shop.root_category, cellar)
        self._sync()
        self.assertEqual(self._parent(self.wine), cellar)
        self.assertEqual(self._parent(self.red), self._external(self.wine))
        self.assertEqual(self._placed("LOOSE")[0], cellar)
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    # === FOR SOME CUSTOMERS ONLY ===

    def _reserve(self):
        """A category that only resellers see, made in the shop and chosen here."""
        trade = self._make_in_shop("Trade")
        group = self.shop.customer_group_mapping_ids.sorted("sequence")[-1]
        self.simulator.reserve_category(trade, [group.external_code])
        self.shop.action_connect()
        group.reserved_category_id = self._row("category", trade)
        return group

    def _buy(self, group=None):
        customer = {"email": f"buyer{group}@shop.example", "group": group} if group else {}
        return self.simulator.place_order([("GLASS", 1)], customer)

    def test_only_its_customers_can_buy_an_exclusive_product(self):
        group = self._reserve()
        template = self._product(
            stock=5, categ_id=self.red.id, shop_group_ids=[Command.set(group.ids)]
        )
        self.assertFalse(self._sync()["failed"])
        with self.assertRaises(ValueError):
            self._buy()
        self.assertTrue(self._buy(int(group.external_code)))
        template.shop_group_ids = False
        self._sync()
        self.assertTrue(self._buy())

    def test_without_a_reserved_category_it_is_not_published(self):
        group = self.shop.customer_group_mapping_ids.sorted("sequence")[-1]
        template = self._product(stock=5)
        self._sync()
        template.shop_group_ids = group
        self.assertEqual(self._sync()["failed"], {"product": 1})
        self.assertIn("reserved", template.shop_problem)
        # what was public is hidden until somebody has put it right
        self.assertEqual(self._in_shop()["active"], "0")
        new = self._product("NEW", shop_group_ids=[Command.set(group.ids)])
        self._sync()
        self.assertTrue(new.shop_problem)
        self.assertEqual(self.simulator.holdings()["products"], 1)
        self._reserve()
        self.assertFalse(self._sync()["failed"])
        self.assertEqual(self._in_shop()["active"], "1")
        with self.assertRaises(ValueError):
            self._buy()
        template.invalidate_recordset()
        self.assertFalse(template.shop_problem)

    def test_who_sees_it_is_not_left_to_the_shop(self):
        group = self._reserve()
        template = self._product(stock=5, categ_id=self.red.id)
        self._sync()
        self.shop.lead_categories = "shop"
        template.shop_group_ids = group
        self._sync()
        with self.assertRaises(ValueError):
            self._buy()

    def test_a_shop_with_a_root_and_reserved_categories_can_be_deleted(self):
        group = self._reserve()
        self._product(shop_group_ids=[Command.set(group.ids)])
        self.shop.root_category_id = group.reserved_category_id
        self.env.flush_all()
        self.shop.unlink()
        self.assertFalse(self.shop.exists())

    def test_a_reserved_category_that_is_gone_hides_its_products(self):
        group = self._reserve()
        template = self._product(stock=5, shop_group_ids=[Command.set(group.ids)])
        self._sync()
        category = group.reserved_category_id
        self.simulator.shop.store.delete("categories", int(category.external_code))
        self.shop.action_connect()
        self.assertFalse(category.active)
        self.assertEqual(self._sync()["failed"], {"product": 1})
        self.assertEqual(self._in_shop()["active"], "0")
        self.assertIn(group.name, template.shop_problem)

    def test_a_group_that_keeps_products_stays(self):
        group = self._reserve()
        self._product(shop_group_ids=[Command.set(group.ids)])
        with self.assertRaises(UserError):
            group.unlink()
