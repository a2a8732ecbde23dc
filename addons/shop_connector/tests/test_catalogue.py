import base64
from io import BytesIO

import requests
from PIL import Image

from odoo.fields import Command
from odoo.tests import tagged

from .common import ShopCase


def _picture(colour):
    stream = BytesIO()
    Image.new("RGB", (60, 80), colour).save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


@tagged("post_install", "-at_install")
class TestCatalogue(ShopCase):
    def _in_shop(self, sku):
        return self.simulator.product_by_sku(sku)

    def _variant_in_shop(self, sku):
        return self._in_shop(sku)["combination"]

    def _delete_in_shop(self, product_id):
        """As the merchant does in the shop's back office."""
        answer = requests.delete(
            f"{self.simulator.url}/api/products/{product_id}",
            auth=(self.simulator.api_key, ""),
            timeout=10,
        )
        self.assertEqual(answer.status_code, 200)

    def test_a_product_arrives_in_every_language(self):
        template = self._product(description_sale="Fine & clear")
        template.with_context(lang="it_IT").name = "Bicchiere"
        template.with_context(lang="hu_HU").name = "Pohár őű"
        figures = self._sync()
        self.assertEqual(figures["sent"]["product"], 1)
        self.assertFalse(figures["failed"])
        names = set(self._in_shop("GLASS")["name"].values())
        self.assertEqual(names, {"Product GLASS", "Bicchiere", "Pohár őű"})
        self.assertEqual(template.shop_link_ids.shop_id, self.shop)

    def test_unchanged_means_not_one_writing_call(self):
        self._product(stock=4, image_1920=_picture("red"))
        self._product_with_formats(stock=4)
        self._sync()
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_one_edited_text_is_one_call_and_leaves_the_other_languages_alone(self):
        template = self._product(stock=4, image_1920=_picture("red"))
        template.with_context(lang="it_IT").name = "Bicchiere"
        template.with_context(lang="it_IT").description_sale = "Testo"
        self._sync()
        before = self._in_shop("GLASS")
        template.with_context(lang="hu_HU").name = "Pohár"
        with self._writes(1):
            self._sync()
        after = self._in_shop("GLASS")
        changed = {key for key, text in after["name"].items() if before["name"][key] != text}
        self.assertEqual(len(changed), 1)
        self.assertIn("Bicchiere", after["name"].values())
        self.assertEqual(after["description_short"], before["description_short"])

    def test_a_long_text_rewritten_in_one_language_leaves_the_others_alone(self):
        template = self._product(shop_description="<p>Clear glass</p>")
        template.with_context(lang="it_IT").shop_description = "<p>Vetro chiaro</p>"
        template.with_context(lang="hu_HU").shop_description = "<p>Tiszta üveg</p>"
        self._sync()
        rewritten = "<h2>Tutto nuovo</h2><ul><li>uno</li></ul><script>alert(1)</script>"
        template.with_context(lang="it_IT").shop_description = rewritten
        with self._writes(1):
            self._sync()
        texts = self._in_shop("GLASS")["description"]
        self.assertEqual(sum("Tutto nuovo" in text for text in texts.values()), 1)
        self.assertEqual(sum("Clear glass" in text for text in texts.values()), 1)
        self.assertEqual(sum("Tiszta" in text for text in texts.values()), 1)
        self.assertNotIn("script", template.with_context(lang="it_IT").shop_description)

    def test_variants_carry_sku_barcode_and_price(self):
        template = self._product_with_formats(price=30.0, extras=(0.0, 35.0))
        template.product_variant_ids[1].barcode = "2000000010052"
        self._sync()
        first, second = (self._variant_in_shop(f"WINE-{i}") for i in range(2))
        self.assertEqual(first["id_product"], second["id_product"])
        self.assertEqual(float(second["price"]) - float(first["price"]), 35.0)
        self.assertEqual(second["ean13"], "2000000010052")

    def test_a_changed_variant_price_is_one_call(self):
        template = self._product_with_formats()
        self._sync()
        template.attribute_line_ids.product_template_value_ids[1].price_extra = 40.0
        with self._writes(1):
            self._sync()
        self.assertEqual(float(self._variant_in_shop("WINE-1")["price"]), 40.0)

    def test_a_new_variant_follows(self):
        template = self._product_with_formats(stock=3)
        self._sync()
        line = template.attribute_line_ids
        value = self.env["product.attribute.value"].create(
            {"name": "Jeroboam", "attribute_id": line.attribute_id.id}
        )
        line.value_ids = [Command.link(value.id)]
        template.product_variant_ids[-1].default_code = "WINE-2"
        self._sync()
        self.assertEqual(
            self._in_shop("WINE-2")["product_id"], self._in_shop("WINE-0")["product_id"]
        )

    def test_category_tree_and_manufacturer_go_along(self):
        parent = self.env["product.category"].create({"name": "Wine", "shop_name": "Wines"})
        child = self.env["product.category"].create(
            {"name": "Red", "shop_name": "Red wines", "parent_id": parent.id}
        )
        child.with_context(lang="it_IT").shop_name = "Vini rossi"
        maker = self.env["res.partner"].create({"name": "Tenuta Alta"})
        figures = self._product(categ_id=child.id, manufacturer_id=maker.id) and self._sync()
        self.assertEqual(figures["sent"]["category"], 2)
        self.assertEqual(figures["sent"]["manufacturer"], 1)
        links = self.env["shop.binding"]._by_record(self.shop, "category", child.ids)
        self.assertEqual(self._in_shop("GLASS")["id_category_default"], links[child.id].external_id)

    def test_an_attribute_the_shop_has_twice_sends_no_half_combination(self):
        first = self._product_with_formats("ONE")
        self._sync()
        second = self._product_with_formats("TWO")
        second.attribute_line_ids.attribute_id.name = first.attribute_line_ids.attribute_id.name
        self.assertEqual(self._sync()["failed"], {"product": 1})
        self.assertIn("Merge or rename", second.shop_problem)
        self.assertEqual(self.simulator.holdings()["products"], 1)
        second.attribute_line_ids.attribute_id.name = "Size"
        self.assertFalse(self._sync()["failed"])
        self.assertTrue(self._variant_in_shop("TWO-1"))

    def test_a_renamed_category_is_one_call(self):
        category = self.env["product.category"].create({"name": "Wine"})
        self._product("A", categ_id=category.id)
        self._product("B", categ_id=category.id)
        self._sync()
        category.shop_name = "All our wines"
        with self._writes(1):
            self._sync()

    def test_pictures_go_once_are_replaced_and_removed(self):
        template = self._product(image_1920=_picture("red"))
        self.assertEqual(self._sync()["sent"]["image"], 1)
        template.name = "Other name"
        with self._writes(1):
            self._sync()
        template.image_1920 = _picture("blue")
        self.assertEqual(self._sync()["sent"]["image"], 1)
        template.image_1920 = False
        self._sync()
        links = self.env["shop.binding"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", "image")]
        )
        self.assertFalse(links)
        self.assertEqual(self.simulator.holdings()["images"], 0)

    def test_one_picture_on_two_variants_is_one_picture_in_the_shop(self):
        template = self._product_with_formats(extras=(0.0, 5.0, 9.0))
        for variant in template.product_variant_ids[:2]:
            variant.image_variant_1920 = _picture("green")
        self.assertFalse(self._sync()["failed"])
        self.assertEqual(self.simulator.holdings()["images"], 1)
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_archived_or_withdrawn_means_hidden_never_deleted(self):
        template = self._product()
        self._sync()
        template.active = False
        with self._writes(1):
            self._sync()
        self.assertEqual(self._in_shop("GLASS")["active"], "0")
        template.active = True
        self._sync()
        self.assertEqual(self._in_shop("GLASS")["active"], "1")
        template.shop_ids = [Command.clear()]
        self._sync()
        self.assertEqual(self._in_shop("GLASS")["active"], "0")

    def test_deleted_here_means_hidden_there(self):
        template = self._product()
        self._sync()
        template.unlink()
        self._sync()
        self.assertEqual(self._in_shop("GLASS")["active"], "0")

    def test_a_price_with_tax_included_reaches_the_shop_net(self):
        self.vat22.price_include_override = "tax_included"
        self._product(price=12.20)
        self._sync()
        self.assertEqual(float(self._in_shop("GLASS")["price"]), 10.0)

    def test_the_shops_price_list_decides(self):
        template = self._product(price=10.0)
        self._sync()
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id,
                "applied_on": "1_product",
                "product_tmpl_id": template.id,
                "compute_price": "fixed",
                "fixed_price": 8.5,
            }
        )
        with self._writes(1):
            self._sync()
        self.assertEqual(float(self._in_shop("GLASS")["price"]), 8.5)

    def test_an_unmapped_tax_is_told_on_the_product_and_repaired_by_mapping(self):
        template = self._product(taxes_id=[Command.set(self._make_tax(4).ids)])
        good = self._product("GOOD")
        figures = self._sync()
        self.assertEqual(figures["failed"]["product"], 1)
        self.assertIn("VAT 4 %", template.shop_problem)
        self.assertIn("VAT 4 %", template.message_ids[0].body)
        self.assertIn(
            template, self.env["product.template"].search([("shop_problem", "!=", False)])
        )
        self.assertTrue(good.shop_link_ids)
        template.taxes_id = [Command.set(self.vat22.ids)]
        self._sync()
        template.invalidate_recordset()
        self.assertFalse(template.shop_problem)
        self.assertTrue(template.shop_link_ids)

    def test_a_product_the_shop_refuses_does_not_stop_the_others(self):
        bad = self._product("BAD", barcode="12AB")
        good = self._product("GOOD")
        figures = self._sync()
        self.assertEqual(figures["failed"], {"product": 1})
        self.assertTrue(bad.shop_problem)
        self.assertTrue(good.shop_link_ids)

    def test_a_refused_change_is_told_on_the_link_until_it_is_put_right(self):
        template = self._product()
        self._sync()
        template.barcode = "12AB"
        self.assertEqual(self._sync()["failed"], {"product": 1})
        self.assertEqual(template.shop_link_ids.state, "error")
        self.assertTrue(template.shop_link_ids.last_error)
        template.barcode = "2000000010052"
        self._sync()
        self.assertEqual(template.shop_link_ids.state, "ok")
        self.assertFalse(template.shop_link_ids.last_error)

    def test_a_product_deleted_in_the_shop_is_made_again_on_retry(self):
        template = self._product(image_1920=_picture("red"))
        self._sync()
        self._delete_in_shop(self._in_shop("GLASS")["product_id"])
        template.list_price = 11.0
        self.assertEqual(self._sync()["failed"], {"product": 1})
        self._failed("product").action_retry()
        self.assertFalse(self._sync()["failed"])
        self.assertEqual(float(self._in_shop("GLASS")["price"]), 11.0)
        self.assertEqual(self.simulator.holdings()["images"], 1)

    def test_a_lost_answer_makes_no_twin(self):
        self._product()
        self.simulator.fail(500, method="POST", path="/api/products$", after_work=True)
        self._sync()
        self.env["shop.job"].search([("shop_id", "=", self.shop.id)]).due_at = "2020-01-01"
        self._sync()
        self.assertEqual(self.simulator.holdings()["products"], 1)

    def test_a_sku_used_twice_is_told_and_overwrites_nothing(self):
        self._product("GLASS", price=10.0)
        self._sync()
        twin = self._product("GLASS", price=99.0)
        self.assertEqual(self._sync()["failed"], {"product": 1})
        self.assertIn("GLASS", twin.shop_problem)
        self.assertEqual(float(self._in_shop("GLASS")["price"]), 10.0)
        self.assertEqual(self.simulator.holdings()["products"], 1)
        twin.default_code = "GLASS-2"
        self.assertFalse(self._sync()["failed"])
        self.assertEqual(float(self._in_shop("GLASS-2")["price"]), 99.0)

    def test_a_sku_used_twice_in_one_go_stops_nobody_else(self):
        for there in (False, True):
            with self.subTest(in_the_shop_already=there):
                sku = f"TWICE-{there}"
                if there:
                    # the shop knows the article, nobody here is linked with it yet
                    first = self._product(sku)
                    self._sync()
                    (first.shop_link_ids | first.product_variant_ids.shop_link_ids).unlink()
                    first.shop_ids = False
                    self._sync()
                before = self.simulator.holdings()["products"]
                twins = self._product(sku, price=10.0) | self._product(sku, price=99.0)
                self._product(f"OTHER-{there}")
                self.assertEqual(self._sync()["failed"], {"product": 1})
                self.assertEqual(len(twins.filtered("shop_link_ids")), 1)
                self.assertEqual(float(self._in_shop(sku)["price"]), 10.0)
                self.assertTrue(self._in_shop(f"OTHER-{there}"))
                made = 1 if there else 2
                self.assertEqual(self.simulator.holdings()["products"], before + made)

    def test_two_new_manufacturers_that_the_shop_has_once_stop_nobody_else(self):
        makers = self.env["res.partner"].create([{"name": "Tenuta"} for _ in range(3)])
        self._product("A", manufacturer_id=makers[0].id)
        self._sync()
        self.env["shop.binding"].search([("kind", "=", "manufacturer")]).unlink()
        self._product("B", manufacturer_id=makers[1].id)
        third = self._product("C", manufacturer_id=makers[2].id)
        self._product("D")
        self.assertEqual(self._sync()["failed"], {"product": 1})
        self.assertIn("Merge or rename", third.shop_problem)
        self.assertEqual(self.simulator.holdings()["products"], 3)

    def test_two_manufacturers_of_one_name_are_told(self):
        makers = self.env["res.partner"].create([{"name": "Tenuta"}, {"name": "Tenuta"}])
        self._product("A", manufacturer_id=makers[0].id)
        self._sync()
        second = self._product("B", manufacturer_id=makers[1].id)
        self.assertEqual(self._sync()["failed"], {"product": 1})
        self.assertIn("Tenuta", second.shop_problem)
        self.assertEqual(self.simulator.holdings()["manufacturers"], 1)

    def test_copying_a_product_does_not_put_it_on_sale(self):
        self.assertFalse(self._product().copy().shop_ids)
