"""The first import: a shop's catalogue becomes products here, and nothing is sent back."""

import io
from decimal import Decimal

from PIL import Image as Picture

from odoo.tests import tagged

from ..shopapi.documents import (
    Attribute,
    AttributeValue,
    Category,
    Entry,
    Image,
    Manufacturer,
    Price,
    Product,
    StockLevel,
    Variant,
)
from .common import ShopCase


def picture(colour):
    buffer = io.BytesIO()
    Picture.new("RGB", (60, 80), colour).save(buffer, "PNG")
    return buffer.getvalue()


class HeldCase(ShopCase):
    """A shop that holds products of its own."""

    def setUp(self):
        super().setUp()
        self.adapter = self.enterContext(self.shop._open_adapter())

    def _hold(self, *documents):
        """Put records into the shop, as its merchant did before we came; their ids."""
        outcomes = self.adapter.save(
            [Entry(key=str(n), document=document) for n, document in enumerate(documents)]
        )
        self.assertFalse([outcome.error for outcome in outcomes if outcome.error])
        return [outcome.external_id for outcome in outcomes]

    def _texts(self, text):
        endings = {"en": "", "it": " (it)", "hu": " (hu)"}
        return {
            row.external_code: text + endings[row.iso_code[:2]]
            for row in self.shop.language_mapping_ids
        }

    def _price(self, gross, rate=22):
        net = Decimal(gross) / (1 + Decimal(rate) / 100)
        return Price(net=net.quantize(Decimal("0.000001")), gross=Decimal(gross))

    def _document(self, sku, gross="12.20", rate=22, **more):
        tax = self.shop.tax_mapping_ids.filtered(lambda row: row.rate == rate)[:1]
        values = {"name": self._texts(f"Wine {sku}"), "tax": tax.external_code, **more}
        return Product(sku=sku, price=self._price(gross, rate), **values)

    def _hold_variants(self, sku="W", extras=("0.00", "12.20", "24.40"), attribute="Bottle"):
        """A product of the shop with one variant for each extra price; its id and theirs."""
        (group,) = self._hold(Attribute(name=self._texts(attribute)))
        values = self._hold(
            *[
                AttributeValue(attribute=group, name=self._texts(f"{number}00 ml"))
                for number, _extra in enumerate(extras, 1)
            ]
        )
        (product,) = self._hold(self._document(sku, has_variants=True, weight=Decimal("1.2")))
        variants = self._hold(
            *[
                Variant(
                    product=product,
                    values=(value,),
                    sku=f"{sku}-{number}",
                    price=self._price(extra),
                    weight=Decimal(number - 1),
                    is_default=number == 1,
                )
                for number, (value, extra) in enumerate(zip(values, extras, strict=True), 1)
            ]
        )
        return product, variants

    def _import(self):
        """Look at the catalogue as the wizard does and import what it proposes."""
        self.shop._dry_run()
        self.shop._start_import()
        self.env["shop.job"]._flush_marks()
        return self._sync()

    def _template(self, external_id):
        link = self.env["shop.binding"]._by_external(self.shop, "product", [external_id])
        self.assertIn(external_id, link, self._failed("import").mapped("error"))
        return self.env["product.template"].browse(link[external_id].res_id)


@tagged("post_install", "-at_install")
class TestFirstImport(HeldCase):
    def test_a_product_comes_with_everything_and_nothing_is_sent_back(self):
        (maker,) = self._hold(Manufacturer(name="Cantina Rossi"))
        (wine,) = self._hold(Category(name=self._texts("Wine")))
        (red,) = self._hold(Category(name=self._texts("Red"), parent=wine))
        (external_id,) = self._hold(
            self._document(
                "BARO",
                "48.80",
                barcode="8001234567891",
                short_description=self._texts("Short &amp; <i>dry</i>"),
                description=self._texts("<p>A <b>long</b> story &amp; more</p>"),
                manufacturer=maker,
                category=red,
                categories=(red,),
                weight=Decimal("1.35"),
            )
        )
        self._hold(
            Image(
                product=external_id,
                digest="x",
                media_type="image/png",
                is_cover=True,
                content=picture("red"),
            )
        )
        self.adapter.push_stock(
            [StockLevel(product=external_id, variant=None, quantity=Decimal(0))]
        )
        with self._writes(0):
            self._import()
            self._sync()
        template = self._template(external_id).with_context(lang="it_IT")
        self.assertEqual(template.name, "Wine BARO (it)")
        self.assertEqual(template.with_context(lang="hu_HU").name, "Wine BARO (hu)")
        self.assertEqual(template.with_context(lang="en_US").name, "Wine BARO")
        self.assertEqual(template.description_sale, "Short & dry (it)")
        self.assertIn("<b>long</b>", template.shop_description)
        self.assertEqual(template.default_code, "BARO")
        self.assertEqual(template.barcode, "8001234567891")
        self.assertEqual((template.list_price, template.taxes_id), (40.0, self.vat22))
        self.assertAlmostEqual(template.weight, 1.35)
        self.assertEqual(template.manufacturer_id.name, "Cantina Rossi")
        self.assertEqual(template.categ_id.shop_name, "Red (it)")
        self.assertEqual(
            template.categ_id.parent_id.with_context(lang="hu_HU").shop_name, "Wine (hu)"
        )
        self.assertTrue(template.image_1920)
        self.assertIn(self.shop, template.shop_ids)
        self.assertTrue(template.is_storable)
        self.assertFalse(self.shop.match_ids)

    def test_a_second_run_finds_everything_in_step(self):
        ids = self._hold(*[self._document(f"W-{number}") for number in range(3)])
        self._import()
        self.shop._dry_run()
        lines = self.shop.plan_line_ids.filtered(lambda line: line.kind == "product")
        self.assertEqual(set(lines.mapped("action")), {"skip"})
        self.assertEqual(len(lines), 3)
        before = self.env["product.template"].search_count([])
        self._import()
        self.assertEqual(self.env["product.template"].search_count([]), before)
        self.assertEqual(len({self._template(each) for each in ids}), 3)

    def test_variants_come_with_prices_codes_and_weights(self):
        product, variants = self._hold_variants()
        with self._writes(0):
            self._import()
        template = self._template(product)
        found = template.product_variant_ids.sorted("default_code")
        self.assertEqual(found.mapped("default_code"), ["W-1", "W-2", "W-3"])
        prices = [self.pricelist._get_product_price(each, 1.0) for each in found]
        self.assertEqual(prices, [10.0, 20.0, 30.0])
        self.assertEqual([round(each.weight, 2) for each in found], [1.2, 2.2, 3.2])
        attribute = template.attribute_line_ids.attribute_id
        self.assertEqual(attribute.with_context(lang="it_IT").name, "Bottle (it)")
        links = self.env["shop.binding"]._by_record(self.shop, "variant", found.ids)
        self.assertEqual(
            [links[each.id].external_id for each in found],
            [f"{product}/{variant}" for variant in variants],
        )

    def test_after_the_import_only_stock_is_sent(self):
        self._hold_variants()
        self._hold(self._document("ONE", weight=Decimal("0.5")))
        self._import()
        self.shop.action_compare_all()
        before = len(self.simulator.writes)
        self._sync()
        paths = {record.path for record in self.simulator.writes[before:]}
        self.assertLessEqual(paths, {"/api/stock_availables"})

    def test_an_attribute_with_that_name_is_used_again(self):
        attribute = self.env["product.attribute"].create({"name": "bottle"})
        value = self.env["product.attribute.value"].create(
            {"name": "100 ML", "attribute_id": attribute.id}
        )
        product, _variants = self._hold_variants()
        self._import()
        line = self._template(product).attribute_line_ids
        self.assertEqual(line.attribute_id, attribute)
        self.assertIn(value, line.value_ids)
        self.assertEqual(len(attribute.value_ids), 3)

    def test_variants_the_shop_does_not_have_are_not_made(self):
        size, colour = self._hold(
            Attribute(name=self._texts("Size")), Attribute(name=self._texts("Colour"))
        )
        small, large, red, blue = self._hold(
            AttributeValue(attribute=size, name=self._texts("S")),
            AttributeValue(attribute=size, name=self._texts("L")),
            AttributeValue(attribute=colour, name=self._texts("Red"), color="#ff0000"),
            AttributeValue(attribute=colour, name=self._texts("Blue"), color="#0000ff"),
        )
        (product,) = self._hold(self._document("SHIRT", has_variants=True))
        self._hold(
            *[
                Variant(product=product, values=values, sku=sku, price=self._price(extra))
                for sku, values, extra in (
                    ("S-R", (small, red), "0.00"),
                    ("L-R", (large, red), "12.20"),
                    ("L-B", (large, blue), "6.10"),
                )
            ]
        )
        with self._writes(0):
            self._import()
        found = self._template(product).product_variant_ids.sorted("default_code")
        self.assertEqual(found.mapped("default_code"), ["L-B", "L-R", "S-R"])
        prices = [self.pricelist._get_product_price(each, 1.0) for each in found]
        self.assertEqual(prices, [15.0, 20.0, 10.0])

    def test_a_single_variant_stays_a_variant(self):
        product, variants = self._hold_variants(extras=("0.00",))
        with self._writes(0):
            self._import()
        template = self._template(product)
        self.assertTrue(template._is_sold_in_variants())
        link = self.env["shop.binding"]._by_record(
            self.shop, "variant", template.product_variant_ids.ids
        )
        self.assertEqual(
            link[template.product_variant_ids.id].external_id, f"{product}/{variants[0]}"
        )

    def test_prices_that_no_surcharges_explain_become_fixed_prices(self):
        size, colour = self._hold(
            Attribute(name=self._texts("Size")), Attribute(name=self._texts("Colour"))
        )
        small, large, red, blue = self._hold(
            *[
                AttributeValue(attribute=group, name=self._texts(name))
                for group, name in ((size, "S"), (size, "L"), (colour, "R"), (colour, "B"))
            ]
        )
        (product,) = self._hold(self._document("SHIRT", has_variants=True))
        wanted = {"S-R": "0.00", "S-B": "12.20", "L-R": "6.10", "L-B": "6.10"}
        values = {
            "S-R": (small, red),
            "S-B": (small, blue),
            "L-R": (large, red),
            "L-B": (large, blue),
        }
        self._hold(
            *[
                Variant(product=product, values=values[sku], sku=sku, price=self._price(extra))
                for sku, extra in wanted.items()
            ]
        )
        with self._writes(0):
            self._import()
        found = self._template(product).product_variant_ids.grouped("default_code")
        prices = {sku: self.pricelist._get_product_price(found[sku], 1.0) for sku in wanted}
        self.assertEqual(prices, {"S-R": 10.0, "S-B": 20.0, "L-R": 15.0, "L-B": 15.0})

    def test_pictures_of_variants_come_along(self):
        product, variants = self._hold_variants(extras=("0.00", "12.20"))
        self._hold(
            Image(
                product=product,
                digest="a",
                media_type="image/png",
                is_cover=True,
                content=picture("red"),
            ),
            Image(
                product=product,
                digest="b",
                media_type="image/png",
                variants=(variants[1],),
                content=picture("green"),
            ),
        )
        with self._writes(0):
            self._import()
        template = self._template(product)
        first, second = template.product_variant_ids.sorted("default_code")
        self.assertTrue(template.image_1920)
        self.assertFalse(first.image_variant_1920)
        self.assertTrue(second.image_variant_1920)
        images = self.env["shop.binding"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", "image")]
        )
        self.assertEqual(len(images), 2)

    def test_a_hidden_product_comes_and_stays_hidden(self):
        (external_id,) = self._hold(self._document("OLD", active=False))
        with self._writes(0):
            self._import()
            self._sync()
        template = self._template(external_id)
        self.assertNotIn(self.shop, template.shop_ids)
        self.assertEqual(self.simulator.product_by_sku("OLD")["active"], "0")

    def test_a_product_with_a_tax_nobody_chose_fails_alone(self):
        self.shop.tax_mapping_ids.filtered(lambda row: row.rate == 10).tax_id = False
        bad, good = self._hold(self._document("BAD", rate=10), self._document("GOOD"))
        self._import()
        self.assertEqual(self._template(good).default_code, "GOOD")
        job = self._failed("import")
        self.assertEqual(job.key, bad)
        self.assertIn("has no counterpart here", job.error)
        self.shop.tax_mapping_ids.filtered(lambda row: row.rate == 10).tax_id = self.vat10
        job.action_retry()
        self._sync()
        self.assertEqual(self._template(bad).taxes_id, self.vat10)

    def test_a_shop_too_large_to_look_at_is_recognised_by_the_runner(self):
        ours = self._product("MINE")
        (known,) = self._hold(self._document("MINE"))
        (new,) = self._hold(self._document("NEW"))
        self.shop.state = "draft"
        self.shop.missing_here = "create"
        self.shop.action_start()
        self.assertTrue(self.shop.match_pending)
        self._sync()
        self.assertFalse(self.shop.match_pending)
        self.assertEqual(self._template(known), ours)
        self.assertEqual(self._template(new).default_code, "NEW")

    def test_a_shop_that_breaks_down_in_between_is_gone_on_with(self):
        ids = self._hold(*[self._document(f"W-{number}") for number in range(12)])
        self.shop._dry_run()
        self.shop._start_import()
        self.simulator.fail(503, path="categories")
        self._sync()
        self.assertLess(len(self._links()), 12)
        self.env["shop.job"].search([("state", "=", "pending")]).due_at = "2020-01-01"
        self._sync()
        self.assertEqual(sorted(self._links()), sorted(ids))

    def _links(self):
        return (
            self.env["shop.binding"]
            .search([("shop_id", "=", self.shop.id), ("kind", "=", "product")])
            .mapped("external_id")
        )

    def test_products_made_here_begin_with_the_shops_stock(self):
        product, variants = self._hold_variants(extras=("0.00", "12.20"))
        (single,) = self._hold(self._document("ONE"))
        self.adapter.push_stock(
            [
                StockLevel(product=product, variant=variants[1], quantity=Decimal(7)),
                StockLevel(product=single, variant=None, quantity=Decimal(3)),
            ]
        )
        with self._writes(0):
            self._import()
            self._sync()
        found = self._template(product).product_variant_ids.sorted("default_code")
        self.assertEqual(found.mapped("qty_available"), [0.0, 7.0])
        self.assertEqual(self._template(single).qty_available, 3.0)
        self.assertEqual(self.simulator.stock_of("ONE"), 3)

    def test_an_order_of_an_imported_product_finds_it(self):
        (external_id,) = self._hold(self._document("BARO", "48.80"))
        level = StockLevel(product=external_id, variant=None, quantity=Decimal(5))
        self.adapter.push_stock([level])
        order = self.simulator.place_order([("BARO", 1)])
        self._import()
        line = self._order(order).order_line.filtered(lambda each: each.product_id.default_code)
        self.assertIn(self._template(external_id).product_variant_id, line.product_id)
