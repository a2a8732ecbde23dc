from odoo.tests import Form, new_test_user, tagged

from .content_common import ContentCase, picture


@tagged("post_install", "-at_install")
class TestLeading(ContentCase):
    def test_everything_is_led_by_odoo_at_first(self):
        for group in self.env["shop.shop"]._lead_titles():
            self.assertEqual(self.shop._leads(group), "odoo")

    def test_texts_of_a_marketer_stay_and_come_back(self):
        template = self._product(description_sale="Clear", shop_description="<p>Glass</p>")
        template.with_context(lang="it_IT").name = "Bicchiere"
        template.with_context(lang="hu_HU").name = "Pohár"
        self._sync()
        self.shop.lead_texts = "shop"
        self._sync()
        self._edit("name", "Calice elegante")
        self._edit("description", "<p>Vetro &amp; luce <b>🍷</b></p><script>alert(1)</script>")
        before = self._in_shop()
        with self._writes(0):
            figures = self._sync()
        self.assertEqual(figures["received"], {"product": 1})
        italian = template.with_context(lang="it_IT")
        self.assertEqual(italian.name, "Calice elegante")
        self.assertIn("<b>🍷</b>", italian.shop_description)
        self.assertNotIn("script", italian.shop_description)
        self.assertEqual(template.with_context(lang="hu_HU").name, "Pohár")
        self.assertEqual(template.with_context(lang="en_US").name, "Product GLASS")
        self.assertIn("Calice elegante", self._in_shop()["name"].values())
        self.assertEqual(self._in_shop()["name"], before["name"])
        self.assertIn("Name", template.message_ids[0].body)

    def test_nothing_new_is_read_without_a_trace(self):
        self._product(description_sale="One\nTwo & *three*", shop_description="<p>a < b</p>")
        self._sync()
        self.shop.lead_texts = self.shop.lead_seo = "shop"
        figures = self._sync()
        self.assertFalse(figures["received"])
        self.assertFalse(figures["failed"])
        jobs = self.env["shop.job"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", "product_in")]
        )
        self.assertFalse(jobs)

    def test_a_product_is_read_once_for_one_edit(self):
        self._product()
        self.shop.lead_texts = "shop"
        self._sync()
        self._edit("name", "Calice")
        self._sync()
        self.simulator.clear_log()
        self._sync()
        full = [r for r in self.simulator.log if r.path == "/api/products" and "full" in r.query]
        self.assertFalse(full)

    def test_an_edit_here_does_not_reach_what_the_shop_leads(self):
        template = self._product(barcode="2000000010052")
        self._sync()
        self.shop.lead_texts = "none"
        self._sync()
        template.write({"name": "Other", "barcode": "4006381333931"})
        with self._writes(1):
            self._sync()
        self.assertNotIn("Other", self._in_shop()["name"].values())
        self.assertEqual(self._in_shop()["ean13"], "4006381333931")
        self.assertIn("Texts", template.shop_lead_note)

    def test_neither_means_that_nothing_comes_back(self):
        template = self._product()
        self._sync()
        self.shop.lead_texts = "none"
        self._edit("name", "Calice")
        self._sync()
        self.assertEqual(template.with_context(lang="it_IT").name, "Product GLASS")

    def test_led_by_odoo_again_our_texts_are_written_again(self):
        template = self._product()
        self._sync()
        self.shop.lead_texts = "none"
        self._sync()
        self._edit("name", "Calice")
        self.shop.lead_texts = "odoo"
        with self._writes(1):
            self._sync()
        self.assertEqual(set(self._in_shop()["name"].values()), {template.name})

    def test_a_new_product_is_sent_as_a_whole(self):
        self.shop.write({f"lead_{group}": "shop" for group in self.shop._lead_titles()})
        self._product(description_sale="Clear", image_1920=picture("red"), stock=3)
        self._sync()
        held = self._in_shop()
        self.assertIn("Product GLASS", held["name"].values())
        self.assertEqual(float(held["price"]), 10.0)
        self.assertEqual(len(held["images"]), 1)
        # no stock was told: the shop leads it
        self.assertEqual(self.simulator.stock_of("GLASS"), 0)

    def test_pictures_of_the_shop_stay_when_it_leads_them(self):
        template = self._product(image_1920=picture("red"))
        self._sync()
        self.shop.lead_images = "shop"
        template.image_1920 = picture("blue")
        with self._writes(0):
            self._sync()
        template.image_1920 = False
        with self._writes(0):
            self._sync()
        self.assertEqual(self.simulator.holdings()["images"], 1)

    def test_prices_of_the_shop_stay_when_it_leads_them(self):
        template = self._product_with_formats()
        self._sync()
        self.shop.lead_prices = "shop"
        template.list_price = 99.0
        with self._writes(0):
            self._sync()

    def test_an_archived_product_stays_where_the_shop_leads_what_is_visible(self):
        template = self._product()
        self._sync()
        self.shop.lead_visibility = "none"
        template.active = False
        with self._writes(0):
            self._sync()
        self.assertEqual(self._in_shop()["active"], "1")

    def test_barcode_and_weight_come_back(self):
        template = self._product(weight=1.0)
        wine = self._product_with_formats()
        self._sync()
        self.shop.lead_details = "shop"
        self._sync()
        store = self.simulator.shop.store
        self.simulator.clock.advance(300)
        product = store.one("products", self._in_shop()["product_id"])
        store.set("products", product, ean13="2000000010052", weight="1.5", date_upd=store.now())
        parent = store.one("products", self._in_shop("WINE-0")["product_id"])
        store.set("products", parent, date_upd=store.now())
        combination = store.one("combinations", self._in_shop("WINE-1")["combination_id"])
        store.set("combinations", combination, weight="0.75")
        self._sync()
        self.assertEqual((template.barcode, template.weight), ("2000000010052", 1.5))
        self.assertEqual(wine.product_variant_ids.mapped("weight"), [0.0, 0.75])

    def test_what_odoo_refuses_is_told_and_the_others_go_on(self):
        self._product("TAKEN", barcode="2000000010052")
        clash, good = self._product("A"), self._product("B")
        self._sync()
        self.shop.write({"lead_details": "shop", "lead_texts": "shop"})
        self._sync()
        self._edit("name", "Buono", sku="B")
        self._edit("name", "Calice", sku="A")
        store = self.simulator.shop.store
        store.set(
            "products",
            store.one("products", self._in_shop("A")["product_id"]),
            ean13="2000000010052",
        )
        figures = self._sync()
        self.assertEqual(figures["failed"], {"product": 1})
        self.assertTrue(self._failed("product_in").error)
        self.assertEqual(good.with_context(lang="it_IT").name, "Buono")
        self.assertEqual(clash.with_context(lang="it_IT").name, "Product A")
        # it is not tried every minute until somebody puts it right
        self.assertFalse(self._sync()["failed"])

    def test_an_emptied_name_empties_nothing_here(self):
        template = self._product()
        template.with_context(lang="it_IT").name = "Bicchiere"
        self._sync()
        self.shop.lead_texts = "shop"
        self._sync()
        self._edit("name", "")
        self.assertFalse(self._sync()["failed"])
        self.assertEqual(template.with_context(lang="it_IT").name, "Bicchiere")

    def test_a_language_that_is_not_mapped_is_left_alone(self):
        template = self._product()
        template.with_context(lang="hu_HU").name = "Pohár"
        self._sync()
        self.shop.language_mapping_ids.filtered(lambda r: r.iso_code == "hu").lang_id = False
        self.shop.lead_texts = "shop"
        self._sync()
        self._edit("name", "Serleg", iso="hu")
        self._sync()
        self.assertEqual(template.with_context(lang="hu_HU").name, "Pohár")


@tagged("post_install", "-at_install")
class TestScreens(ContentCase):
    def test_an_editor_without_rights_on_shops_works_with_a_product(self):
        editor = new_test_user(self.env, "editor", "base.group_user,product.group_product_manager")
        self.shop.lead_texts = "shop"
        template = self._product()
        with Form(template.with_user(editor)) as form:
            form.shop_meta_title = "Buy glass"
            form.shop_categ_ids.add(self.env["product.category"].create({"name": "Gifts"}))
            with form.shop_image_ids.new() as image:
                image.name = "Label"
                image.image_1920 = picture("lime").decode()
        self.assertEqual(template.shop_image_ids.name, "Label")
        self.assertFalse(self._sync()["failed"])
        self.assertEqual(self.simulator.holdings()["images"], 1)

    def test_an_administrator_decides_what_leads(self):
        manager = new_test_user(
            self.env, "manager", "base.group_user,shop_connector.group_shop_connector_manager"
        )
        root = self.shop.category_mapping_ids[0]
        with Form(self.shop.with_user(manager)) as form:
            form.lead_seo = "shop"
            form.root_category_id = root
        self.assertEqual(self.shop._leads("seo"), "shop")
        self.assertEqual(self.shop.with_user(manager).root_category, root.external_code)


@tagged("post_install", "-at_install")
class TestSearchEngines(ContentCase):
    def test_texts_and_address_go_along(self):
        template = self._product(shop_meta_title="Buy glass", shop_slug="Fine Glass")
        template.with_context(lang="it_IT").shop_meta_title = "Compra il bicchiere"
        template.with_context(lang="it_IT").shop_slug = "bel bicchiere"
        self._sync()
        held = self._in_shop()
        self.assertEqual(held["meta_title"][self._language("it")], "Compra il bicchiere")
        self.assertEqual(held["meta_title"][self._language("en")], "Buy glass")
        self.assertEqual(held["link_rewrite"][self._language("it")], "bel-bicchiere")

    def test_one_edited_text_is_one_call_and_touches_no_other_language(self):
        template = self._product(shop_meta_title="Buy glass")
        template.with_context(lang="it_IT").shop_meta_title = "Compra il bicchiere"
        self._sync()
        before = self._in_shop()
        template.with_context(lang="hu_HU").shop_meta_title = "Vegyél poharat"
        with self._writes(1):
            self._sync()
        after = self._in_shop()
        changed = [k for k, text in after["meta_title"].items() if before["meta_title"][k] != text]
        self.assertEqual(changed, [self._language("hu")])
        self.assertEqual(after["link_rewrite"], before["link_rewrite"])

    def test_a_new_address_does_not_break_links(self):
        template = self._product(shop_slug="first")
        self._sync()
        template.shop_slug = "second"
        with self._writes(0):
            self._sync()

    def test_an_empty_text_here_leaves_what_a_link_never_said(self):
        template = self._product()
        self._sync()
        link = template.shop_link_ids
        # a link of the time before these texts existed
        link.sent = {k: v for k, v in link.sent.items() if not k.startswith("meta")}
        self._edit("meta_title", "Dal marketing")
        template.list_price = 12.0
        self._sync()
        self.assertIn("Dal marketing", self._in_shop()["meta_title"].values())
