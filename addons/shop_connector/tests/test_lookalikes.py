"""One record that nobody foresaw: it fails alone, in words, and what came with it is here."""

from unittest.mock import patch

from odoo.tests import tagged

from ..shopapi.documents import Attribute, AttributeValue, Variant
from .common import ShopCase
from .test_first_import import HeldCase

LOG = "odoo.addons.shop_connector.sync.faults"


@tagged("post_install", "-at_install")
class TestLookalikes(HeldCase):
    def _hold_trousers(self, skus=(None,) * 4):
        """Trousers whose waists and lengths go by the same numbers; their variants by (W, L)."""
        waist, length = self._hold(
            Attribute(name=self._texts("Waist")), Attribute(name=self._texts("Length"))
        )
        names = {}
        for attribute in (waist, length):
            for name in ("30", "32"):
                (names[attribute, name],) = self._hold(
                    AttributeValue(attribute=attribute, name=dict.fromkeys(self._texts(""), name))
                )
        (product,) = self._hold(self._document("TROUSERS", has_variants=True))
        sizes = (("30", "30"), ("30", "32"), ("32", "30"), ("32", "32"))
        ids = self._hold(
            *[
                Variant(
                    product=product,
                    values=(names[waist, wide], names[length, long]),
                    sku=sku,
                    price=self._price(f"{number * number}.00"),
                )
                for number, ((wide, long), sku) in enumerate(zip(sizes, skus, strict=True))
            ]
        )
        return product, dict(zip(sizes, ids, strict=True))

    def _sizes(self, product):
        """``{(waist, length): id in the shop}`` of the variants that are linked here."""
        found = {}
        for variant in self._template(product).product_variant_ids:
            link = self.env["shop.binding"]._by_record(self.shop, "variant", variant.ids)
            values = variant.product_template_attribute_value_ids.sorted(
                lambda value: value.attribute_id.name, reverse=True
            )
            found[tuple(values.mapped("name"))] = link[variant.id].external_id.split("/")[1]
        return found

    def test_values_of_one_name_are_told_apart_by_their_attributes(self):
        product, sizes = self._hold_trousers()
        self._import()
        self.assertFalse(self._failed("import"))
        self.assertEqual(self._sizes(product), sizes)

    def test_products_that_are_here_are_paired_in_the_same_way(self):
        product, sizes = self._hold_trousers()
        attributes = self.env["product.attribute"].create(
            [
                {"name": name, "value_ids": [(0, 0, {"name": "30"}), (0, 0, {"name": "32"})]}
                for name in ("Waist", "Length")
            ]
        )
        ours = self.env["product.template"].create(
            {
                "name": "Trousers",
                "attribute_line_ids": [
                    (0, 0, {"attribute_id": each.id, "value_ids": [(6, 0, each.value_ids.ids)]})
                    for each in attributes
                ],
            }
        )
        self.shop._dry_run()
        self.shop.match_ids.write({"template_id": ours.id, "action": "link"})
        self.shop._start_import()
        self._sync()
        self.assertEqual(self._template(product), ours)
        self.assertEqual(self._sizes(product), sizes)

    def test_one_code_on_all_variants_tells_none_of_them_apart(self):
        product, sizes = self._hold_trousers(skus=("TROUSERS",) * 4)
        self._import()
        self.assertEqual(self._sizes(product), sizes)

    def test_a_fault_of_ours_with_one_product_stops_no_other(self):
        bad, good = self._hold(self._document("BAD"), self._document("GOOD"))
        model = self.env.registry["shop.sync.import"]
        create = model._create_template

        def stumble(syncer, shop, held, *more):
            return {}["nowhere"] if held.external_id == bad else create(syncer, shop, held, *more)

        with patch.object(model, "_create_template", stumble), self.assertLogs(LOG) as log:
            self._import()
        self.assertIn("Traceback", log.output[0])
        self.assertEqual(self._template(good).default_code, "GOOD")
        failed = self._failed("import")
        self.assertEqual(failed.key, bad)
        self.assertIn("An internal fault happened", failed.error)
        self.assertIn("KeyError: 'nowhere'", failed.error)
        failed.action_retry()
        self._sync()
        self.assertEqual(self._template(bad).default_code, "BAD")

    def test_a_fault_of_ours_before_the_products_are_told_apart(self):
        bad, good = self._hold(self._document("BAD"), self._document("GOOD"))
        model = self.env.registry["shop.sync.import.pictures"]

        def stumble(_pictures, _adapter, held):
            return {}["nowhere"] if held.external_id == bad else ({}, [])

        runner = "odoo.addons.shop_connector.models.shop_runner"
        with patch.object(model, "_read", stumble), self.assertLogs(runner, "ERROR"):
            self._import()
        self.assertEqual(self._template(good).default_code, "GOOD")
        self.assertEqual(self._failed("import").key, bad)


@tagged("post_install", "-at_install")
class TestOddOrders(ShopCase):
    def test_a_fault_of_ours_with_one_order_stops_no_other(self):
        self._product(stock=50)
        self._sync()
        bad, good = (self.simulator.place_order([("GLASS", 1)]) for _each in range(2))
        model = self.env.registry["shop.sync.order.lines"]
        prepare = model._prepare_lines

        def stumble(lines, document, *more):
            if document.external_id == str(bad):
                raise TypeError("no such thing")
            return prepare(lines, document, *more)

        with patch.object(model, "_prepare_lines", stumble), self.assertLogs(LOG):
            self._sync()
        self.assertTrue(self._order(good))
        failed = self._failed("order")
        self.assertEqual(failed.key, str(bad))
        self.assertIn("TypeError: no such thing", failed.error)
        # its goods are known, so they are not offered again and nothing else has to wait
        self.assertEqual(list(failed.goods.values()), ["1"])
        failed.action_retry()
        self._sync()
        self.assertTrue(self._order(bad))
