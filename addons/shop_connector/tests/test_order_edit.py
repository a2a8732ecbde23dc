from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import tagged

from .common import ShopCase


class OrderEditCase(ShopCase):
    """An order of the shop for two glasses, confirmed here."""

    def setUp(self):
        super().setUp()
        self.glass = self._product(stock=50).product_variant_ids
        self.cup = self._product("CUP", price=4.0, stock=50).product_variant_ids
        self._sync()
        self.order = self._place([("GLASS", 2)], payment="ps_checkout")
        self.line = self.order.order_line.filtered(lambda line: line.product_id == self.glass)
        link = self.env["shop.binding"]._by_record(self.shop, "order", self.order.ids)
        self.external = int(link[self.order.id].external_id)

    def _theirs(self):
        return self.simulator.order(self.external)

    @contextmanager
    def _order_writes(self, expected):
        """Assert how many calls write to orders inside the block, whatever stock is sent."""
        before = len(self.simulator.writes)
        yield
        written = [call.path for call in self.simulator.writes[before:] if "/order" in call.path]
        self.assertEqual(len(written), expected, written)

    def _assert_in_step(self):
        self.assertAlmostEqual(
            float(self._theirs()["total_paid_tax_incl"]), self.order.amount_total, 2
        )
        self.assertFalse(self.order.shop_hold_reason)
        self.assertFalse(self.order.shop_notice)


@tagged("post_install", "-at_install")
class TestOrderEdit(OrderEditCase):
    """An order changed here is changed in the shop, and what came from there does not go back."""

    def test_reading_an_order_sends_nothing_back(self):
        with self._order_writes(0):
            self._sync()
        self.assertFalse(self.env["shop.job"].search([("kind", "=", "order_edit")]))

    def test_quantity_and_price(self):
        self.line.write({"product_uom_qty": 5, "price_unit": 8.5})
        self.assertEqual(self._sync()["sent"]["order_edit"], 1)
        self._assert_in_step()
        self.assertEqual(self._theirs()["rows"][0]["product_quantity"], "5")
        with self._order_writes(0):
            self._sync()

    def test_a_line_added_and_one_removed(self):
        self.order.order_line = [
            Command.create({"product_id": self.cup.id, "product_uom_qty": 3, "price_unit": 4.0})
        ]
        self._sync()
        self._assert_in_step()
        added = self.order.order_line.filtered(lambda line: line.product_id == self.cup)
        self.assertEqual(added.shop_line_ref, str(self._theirs()["rows"][1]["id"]))
        self.line.product_uom_qty = 0
        self._sync()
        self._assert_in_step()
        self.assertEqual([row["product_reference"] for row in self._theirs()["rows"]], ["CUP"])

    def test_discount_and_shipping(self):
        discount = self.env.ref("shop_connector.product_discount")
        self.order.order_line = [
            Command.create(
                {
                    "product_id": discount.id,
                    "price_unit": -3.0,
                    "tax_ids": [Command.set(self.vat22.ids)],
                }
            )
        ]
        self.order.order_line.filtered("is_delivery").price_unit = 10.0
        self._sync()
        self._assert_in_step()
        theirs = self._theirs()
        self.assertAlmostEqual(float(theirs["total_discounts_tax_excl"]), 3.0, 2)
        self.assertAlmostEqual(float(theirs["total_shipping_tax_excl"]), 10.0, 2)

    def test_an_order_that_left_the_shop_is_not_changed_and_the_order_says_so(self):
        self._set_state(self.external, "shipped")
        self._sync()
        self.line.product_uom_qty = 1
        self._sync()
        self.assertIn("shipped according to the shop", self.order.shop_notice)
        self.assertTrue(self._failed("order_edit"))
        self.line.product_uom_qty = 2
        with self._order_writes(0):
            self._sync()
        self.assertFalse(self.order.shop_notice)
        self.assertFalse(self._failed("order_edit"))

    def test_a_change_on_both_sides_is_shown_and_overwrites_nothing(self):
        store = self.simulator.shop.store
        row = store.find("order_details", id_order=self.external)[0]
        store.set("order_details", row, product_quantity=7)
        self.line.product_uom_qty = 4
        with self._order_writes(0):
            self._sync()
        self.assertIn("4 here, 7 in the shop", self.order.shop_conflict)
        self.assertEqual(self.line.product_uom_qty, 4)
        self.assertEqual(self._theirs()["rows"][0]["product_quantity"], "7")
        self.line.price_unit = 9.0
        with self._order_writes(0):
            self._sync()
        self.order.action_keep_ours()
        self._sync()
        self.assertEqual(self._theirs()["rows"][0]["product_quantity"], "4")
        self._assert_in_step()

    def test_an_answer_lost_after_the_shop_had_written(self):
        self.line.product_uom_qty = 4
        self.simulator.fail(method="PATCH", path="orders", drop=True, after_work=True)
        self._sync()
        self.env["shop.job"].search([("kind", "=", "order_edit")]).due_at = "2020-01-01"
        self._sync()
        self._assert_in_step()
        self.assertFalse(
            self.env["shop.job"].search([("kind", "=", "order_edit"), ("state", "!=", "done")])
        )

    def test_the_shop_can_be_left_alone(self):
        self.shop.send_order_edits = False
        self.line.product_uom_qty = 4
        with self._order_writes(0):
            self._sync()

    def test_what_the_shop_does_not_sell_is_said(self):
        other = self.env["product.product"].create({"name": "Barrel", "is_storable": True})
        self.order.order_line = [Command.create({"product_id": other.id})]
        with self._order_writes(0):
            self._sync()
        self.assertIn("Barrel is not sold in this shop", self.order.shop_notice)

    def test_an_edited_voucher_order_keeps_its_voucher(self):
        order = self._place([("GLASS", 3)], payment="ps_checkout", voucher="WINE10")
        order.order_line.filtered(lambda line: line.product_id == self.glass).product_uom_qty = 4
        self._sync()
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)[order.id]
        theirs = self.simulator.order(int(link.external_id))
        self.assertAlmostEqual(float(theirs["total_paid_tax_incl"]), order.amount_total, 2)
        self.assertGreater(float(theirs["total_discounts_tax_incl"]), 0)

    def _quotation(self):
        """From now on the order at hand is one that waits for its payment."""
        self.order = self._place([("GLASS", 2)], payment="ps_wirepayment")
        self.line = self.order.order_line.filtered(lambda line: line.product_id == self.glass)
        link = self.env["shop.binding"]._by_record(self.shop, "order", self.order.ids)
        self.external = int(link[self.order.id].external_id)
        self.assertEqual(self.order.state, "draft")

    def test_another_product_on_a_line_is_another_line_in_the_shop(self):
        self._quotation()
        self.line.product_id = self.cup
        self.line.price_unit = 4.0
        self._sync()
        self._assert_in_step()
        self.assertEqual([row["product_reference"] for row in self._theirs()["rows"]], ["CUP"])

    def test_a_line_of_something_unknown_does_not_stop_the_others(self):
        self._quotation()
        price = self.line.price_unit
        self.line.product_id = self.env.ref("shop_connector.product_unknown")
        self.line.write({"price_unit": price, "tax_ids": [Command.set(self.vat22.ids)]})
        self.order.order_line.filtered("is_delivery").price_unit = 9.0
        self._sync()
        self._assert_in_step()
        self.assertEqual([row["product_reference"] for row in self._theirs()["rows"]], ["GLASS"])
