from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestOrderPlacing(ShopCase):
    """A phone order appears in the customer's account in the shop: once, to the cent."""

    def setUp(self):
        super().setUp()
        self.glass = self._product(stock=50).product_variant_ids
        self.wine = self._product_with_formats(stock=50).product_variant_ids
        self._sync()
        self.customer = self.env["res.partner"].create(
            {
                "name": "Maria Luisa Rossi",
                "email": "maria@shop.example",
                "street": "Via Roma 1",
                "zip": "37100",
                "city": "Verona",
                "country_id": self.italy.id,
                "state_id": self.env.ref("base.state_it_vr").id,
                "lang": "it_IT",
            }
        )
        self.order = self._phone_order()

    def _phone_order(self, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "channel_id": self.shop.channel_id.id,
                "pricelist_id": self.pricelist.id,
                "order_line": [
                    Command.create({"product_id": self.glass.id, "product_uom_qty": 3}),
                    Command.create(
                        {
                            "product_id": self.wine[1].id,
                            "product_uom_qty": 2,
                            "price_unit": 61.37,
                            "discount": 10.0,
                        }
                    ),
                ],
                **values,
            }
        )

    def _charge(self, order, xmlid, amount, tax=None):
        product = self.env.ref(f"shop_connector.{xmlid}")
        order.order_line = [
            Command.create(
                {
                    "product_id": product.id,
                    "price_unit": amount,
                    "tax_ids": [Command.set((tax or self.vat22).ids)],
                    "is_delivery": xmlid == "product_shipping",
                }
            )
        ]

    def _placed(self, order=None):
        order = order or self.order
        self.assertTrue(order.shop_id, order.shop_notice)
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)[order.id]
        return self.simulator.order(int(link.external_id))

    def _orders(self):
        return self.simulator.holdings()["orders"]

    def _sales(self):
        return self.env["sale.order"].search_count([])

    def test_the_order_is_in_the_shop_to_the_cent(self):
        self._charge(self.order, "product_shipping", 5.74)
        self._charge(self.order, "product_discount", -4.1)
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self.assertEqual(self._sync()["sent"]["placing"], 1)
        theirs = self._placed()
        self.assertAlmostEqual(float(theirs["total_paid_tax_incl"]), self.order.amount_total, 2)
        self.assertAlmostEqual(float(theirs["total_paid_tax_excl"]), self.order.amount_untaxed, 2)
        self.assertEqual([row["product_quantity"] for row in theirs["rows"]], ["3", "2"])
        self.assertEqual(theirs["id_lang"], "2")
        self.assertEqual(self.order.client_order_ref, theirs["reference"])
        self.assertEqual(self.order.shop_state_name, "Processing in progress")
        self.assertFalse(self.order.shop_hold_reason)
        self.assertTrue(self.order.is_shop_placed)
        refs = self.order.order_line.filtered(lambda line: line.product_id.is_storable)
        self.assertEqual(refs.mapped("shop_line_ref"), [str(row["id"]) for row in theirs["rows"]])
        self.assertEqual(self.simulator.shop.mails, [])

    def test_later_runs_neither_read_it_in_nor_send_it_again(self):
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self._sync()
        before = self._sales()
        with self._writes(0):
            figures = self._sync()
        self.assertEqual(self._sales(), before)
        self.assertFalse(figures["received"])
        self.assertEqual(self._orders(), 1)

    def test_the_button_pressed_twice_places_once(self):
        self.order.action_confirm()
        self.assertTrue(self.order.can_place_in_shop)
        self.order.action_place_in_shop()
        self.assertFalse(self.order.can_place_in_shop)
        self.order.action_place_in_shop()
        self._sync()
        self.order.action_place_in_shop()
        self._sync()
        self.assertEqual(self._orders(), 1)

    def test_placed_when_confirmed_if_the_shop_says_so(self):
        self.shop.place_rule = "confirm"
        self.order.action_confirm()
        self._sync()
        self._placed()
        web = self._place([("GLASS", 1)], payment="ps_checkout")
        self._sync()
        self.assertEqual(web.state, "sale")
        self.assertEqual(self._orders(), 2)

    def test_the_stock_of_the_shop_is_right_afterwards(self):
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self._sync()
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 47)
        self.assertEqual(self.simulator.stock_of("WINE-1"), 48)

    def test_an_answer_lost_after_the_shop_had_written(self):
        """The next run reads the shop's new orders first: it knows its own one."""
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self.simulator.fail(method="POST", path="/api/orders$", drop=True, after_work=True)
        self._sync()
        self.assertFalse(self.order.shop_id)
        before = self._sales()
        self._sync()
        self._placed()
        self.assertEqual(self._sales(), before)
        self.env["shop.job"].search([("kind", "=", "placing")]).due_at = "2020-01-01"
        self._sync()
        self.assertEqual(self._orders(), 1)
        self.assertAlmostEqual(
            float(self._placed()["total_paid_tax_incl"]), self.order.amount_total, 2
        )

    def test_a_process_that_died_before_it_could_write_it_down(self):
        self.order.action_confirm()
        self.order.action_place_in_shop()
        placing = self.env.registry["shop.sync.placing"]
        with (
            patch.object(placing, "_store", side_effect=ValueError("killed")),
            self.assertLogs("odoo.addons.shop_connector", "ERROR"),
        ):
            self._sync()
        self._sync()
        self._placed()
        self.assertEqual(self._orders(), 1)
        self.assertFalse(self.order.shop_hold_reason)

    def test_what_the_shop_does_not_sell_is_said(self):
        other = self.env["product.product"].create({"name": "Barrel", "is_storable": True})
        self.order.order_line = [Command.create({"product_id": other.id})]
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self._sync()
        self.assertIn("Barrel is not sold in this shop", self.order.shop_notice)
        self.assertIn("Barrel", self._failed("placing").error)
        self.assertTrue(self.order.can_place_in_shop)
        self.order.order_line.filtered(lambda line: line.product_id == other).product_uom_qty = 0
        self._failed("placing").action_retry()
        self._sync()
        self._placed()
        self.assertFalse(self.order.shop_notice)
        self.assertFalse(self._failed("placing"))

    def test_a_service_is_a_fee_within_shipping(self):
        service = self.env["product.product"].create(
            {
                "name": "Engraving",
                "type": "service",
                "list_price": 12.0,
                "taxes_id": [Command.set(self.vat22.ids)],
            }
        )
        self.order.order_line = [Command.create({"product_id": service.id})]
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self._sync()
        theirs = self._placed()
        self.assertAlmostEqual(float(theirs["total_shipping_tax_excl"]), 12.0, 2)
        self.assertAlmostEqual(float(theirs["total_paid_tax_incl"]), self.order.amount_total, 2)

    def test_a_customer_without_mail_is_said(self):
        self.customer.email = False
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self._sync()
        self.assertIn("no e-mail address", self.order.shop_notice)
        self.assertEqual(self._orders(), 0)

    def test_the_customers_own_account_is_used_and_found_again(self):
        web = self._place([("GLASS", 1)], customer={"email": "maria@shop.example"})
        self.assertEqual(web.partner_id, self.customer)
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self._sync()
        self._placed()
        self.assertEqual(self.simulator.holdings()["customers"], 1)

    def test_an_order_of_another_channel_cannot_be_placed(self):
        phone = self.env["sales.channel"].create({"name": "Phone", "channel_type": "phone"})
        self.order.channel_id = phone
        self.order.action_confirm()
        self.assertFalse(self.order.can_place_in_shop)
        with self.assertRaisesRegex(UserError, "sales channel"):
            self.order.action_place_in_shop()

    def test_a_quotation_cannot_be_placed(self):
        with self.assertRaisesRegex(UserError, "confirm the order first"):
            self.order.action_place_in_shop()

    def test_an_order_cancelled_meanwhile_is_not_placed(self):
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self.order._action_cancel()
        self._sync()
        self.assertEqual(self._orders(), 0)
        self.assertFalse(self.order.shop_placing)

    def test_an_order_cancelled_while_it_is_placed_is_cancelled_in_the_shop(self):
        self.order.action_confirm()
        self.order.action_place_in_shop()
        prepare = self.env.registry["shop.sync.placing"]._prepare

        def prepare_and_cancel(placing, shop, order, mappings):
            found = prepare(placing, shop, order, mappings)
            order._action_cancel()
            return found

        with patch.object(self.env.registry["shop.sync.placing"], "_prepare", prepare_and_cancel):
            self._sync()
        self._sync()
        code = str(self._placed()["current_state"])
        rows = self.shop.order_state_mapping_ids
        self.assertEqual(rows.filtered(lambda row: row.external_code == code).meaning, "cancelled")

    def test_its_payment_in_the_shop_is_looked_at_once(self):
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self._sync()
        self.simulator.add_payment(self._placed()["id"], "1.00")
        self._sync()
        self._sync()
        self.assertFalse(self._sync()["skipped"].get("order"))
        self.assertFalse(self.order.shop_payment_ids)

    def test_a_placed_order_is_followed_like_any_other(self):
        self.order.action_confirm()
        self.order.action_place_in_shop()
        self._sync()
        self._set_state(self._placed()["id"], "delivered")
        self._sync()
        self.assertEqual(self.order.shop_state_name, "Delivered")

    def test_a_key_of_another_database_is_a_web_order(self):
        self.order.action_confirm()
        key = self.order._get_shop_key()
        found = self.env["sale.order"]._find_by_shop_key
        self.assertEqual(found(key, self.company), self.order)
        self.assertFalse(found(key[:-6] + "000000", self.company))
        self.assertFalse(found("S0/99999999-" + key[-6:], self.company))
        self.assertFalse(found(None, self.company))
