import base64
from io import BytesIO

from PIL import Image

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ShopCase


def _picture(colour):
    stream = BytesIO()
    Image.new("RGB", (60, 80), colour).save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


class ContentCase(ShopCase):
    def _in_shop(self, sku="GLASS"):
        return self.simulator.product_by_sku(sku)

    def _language(self, iso):
        rows = self.shop.language_mapping_ids
        return int(rows.filtered(lambda row: row.iso_code == iso).external_code)

    def _edit(self, field, text, iso="it", sku="GLASS"):
        """As a marketer does in the shop's back office, some time later."""
        self.simulator.clock.advance(300)
        self.simulator.edit_texts(sku, field, {self._language(iso): text})


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
        self._product(description_sale="Clear", image_1920=_picture("red"), stock=3)
        self._sync()
        held = self._in_shop()
        self.assertIn("Product GLASS", held["name"].values())
        self.assertEqual(float(held["price"]), 10.0)
        self.assertEqual(len(held["images"]), 1)
        # no stock was told: the shop leads it
        self.assertEqual(self.simulator.stock_of("GLASS"), 0)

    def test_pictures_of_the_shop_stay_when_it_leads_them(self):
        template = self._product(image_1920=_picture("red"))
        self._sync()
        self.shop.lead_images = "shop"
        template.image_1920 = _picture("blue")
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


@tagged("post_install", "-at_install")
class TestPictures(ContentCase):
    def _order(self, sku="GLASS"):
        """The colours of the pictures in the shop, as customers see them."""
        pictures = self.simulator.shop.pictures
        product = self._in_shop(sku)["product_id"]
        cover = pictures.cover(product)
        shown = sorted(pictures.of_product(product), key=lambda picture: picture != cover)
        colours = []
        for picture in shown:
            with Image.open(BytesIO(pictures.products[picture].data)) as content:
                colours.append(content.convert("RGB").getpixel((5, 5)))
        return colours

    def _with_pictures(self, *colours):
        return self._product(
            image_1920=_picture("red"),
            shop_image_ids=[
                Command.create({"image_1920": _picture(colour), "sequence": number})
                for number, colour in enumerate(colours)
            ],
        )

    RED, LIME, BLUE, GOLD = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 215, 0)

    def test_pictures_go_in_order_and_once(self):
        template = self._with_pictures("lime", "blue")
        self.assertEqual(self._sync()["sent"]["image"], 3)
        self.assertEqual(self._order(), [self.RED, self.LIME, self.BLUE])
        template.name = "Other"
        with self._writes(1):
            self._sync()

    def test_a_moved_picture_moves_in_the_shop(self):
        template = self._with_pictures("lime", "blue", "gold")
        self._sync()
        template.shop_image_ids[0].sequence = 9
        # the one that goes to the end is taken out and sent again, the others stay
        with self._writes(2):
            self._sync()
        self.assertEqual(self._order(), [self.RED, self.BLUE, self.GOLD, self.LIME])
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_a_picture_between_two_others_comes_to_stand_there(self):
        template = self._with_pictures("lime", "blue")
        self._sync()
        template.shop_image_ids[1].sequence = 5
        template.shop_image_ids = [Command.create({"image_1920": _picture("gold"), "sequence": 3})]
        self._sync()
        self.assertEqual(self._order(), [self.RED, self.LIME, self.GOLD, self.BLUE])

    def test_a_removed_picture_is_removed_and_can_come_again(self):
        template = self._with_pictures("lime", "blue")
        self._sync()
        template.shop_image_ids[0].unlink()
        with self._writes(1):
            self._sync()
        self.assertEqual(self._order(), [self.RED, self.BLUE])
        template.shop_image_ids = [Command.create({"image_1920": _picture("lime"), "sequence": 7})]
        with self._writes(1):
            self._sync()
        self.assertEqual(self._order(), [self.RED, self.BLUE, self.LIME])

    def test_without_a_picture_of_its_own_the_first_is_the_cover(self):
        template = self._with_pictures("lime", "blue")
        self._sync()
        template.image_1920 = False
        self._sync()
        self.assertEqual(self._order(), [self.LIME, self.BLUE])
        pictures = self.simulator.shop.pictures
        product = self._in_shop()["product_id"]
        self.assertEqual(pictures.cover(product), pictures.of_product(product)[0])

    def test_one_picture_shows_two_variants(self):
        template = self._product_with_formats(extras=(0.0, 5.0, 9.0))
        first, second, third = template.product_variant_ids
        third.image_variant_1920 = _picture("gold")
        template.shop_image_ids = [
            Command.create(
                {
                    "image_1920": _picture("lime"),
                    "product_variant_ids": [Command.set((first | second).ids)],
                }
            )
        ]
        self._sync()
        self.assertEqual(self.simulator.holdings()["images"], 2)

        def shown(sku):
            _product, combination = self.simulator.checkouts.by_sku(sku)
            return [row["id"] for row in combination.associations.get("images", ())]

        self.assertEqual(shown("WINE-0"), shown("WINE-1"))
        self.assertNotEqual(shown("WINE-0"), shown("WINE-2"))
        template.shop_image_ids.product_variant_ids = [Command.unlink(first.id)]
        with self._writes(1):
            self._sync()
        self.assertFalse(shown("WINE-0"))

    def test_a_picture_shows_variants_of_its_own_product_only(self):
        other = self._product("OTHER")
        with self.assertRaises(ValidationError):
            self._product(
                shop_image_ids=[
                    Command.create(
                        {
                            "image_1920": _picture("lime"),
                            "product_variant_ids": [Command.set(other.product_variant_ids.ids)],
                        }
                    )
                ]
            )

    def test_a_lost_answer_while_moving_leaves_the_right_order(self):
        template = self._with_pictures("lime", "blue")
        self._sync()
        template.shop_image_ids[0].sequence = 9
        self.simulator.fail(503, method="POST", path="/api/images")
        self._sync()
        self.env["shop.job"].search([("shop_id", "=", self.shop.id)]).due_at = "2020-01-01"
        self._sync()
        self.assertEqual(self._order(), [self.RED, self.BLUE, self.LIME])

    def test_who_may_touch_pictures(self):
        template = self._with_pictures("lime")
        employee = new_test_user(self.env, "employee", "base.group_user")
        editor = new_test_user(self.env, "editor", "base.group_user,product.group_product_manager")
        self.assertTrue(template.shop_image_ids.with_user(employee).read(["sequence"]))
        with self.assertRaises(AccessError):
            template.shop_image_ids.with_user(employee).sequence = 3
        template.shop_image_ids.with_user(editor).sequence = 3
        template.company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            template.shop_image_ids.with_user(editor).read(["sequence"])


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

    def test_a_group_that_keeps_products_stays(self):
        group = self._reserve()
        self._product(shop_group_ids=[Command.set(group.ids)])
        with self.assertRaises(UserError):
            group.unlink()
