"""Row 64: a cart that was left in a web shop is sold by phone."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestCartOrder(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["shop.shop"].create(
            {"name": "Cellar", "system": "prestashop", "base_url": "http://127.0.0.1:9"}
        )
        cls.customer.email = "maria@example.com"
        cls.bowl = cls.env["product.product"].create({"name": "Bowl", "sale_ok": False})

    def _cart(self, **values):
        return self.env["shop.cart"].create(
            {
                "shop_id": self.shop.id,
                "external_id": "C1",
                "changed_at": fields.Datetime.now(),
                "line_ids": [
                    Command.create({"product_id": self.glass.id, "quantity": 3}),
                    Command.create({"product_id": self.bowl.id, "quantity": 1}),
                    Command.create({"external_key": "77/0", "quantity": 2}),
                ],
                **values,
            }
        )

    def _sell(self, cart, user=None):
        """Press the button; returns the order that the desk opens with."""
        action = cart.with_user(user or self.anna).action_order_by_phone()
        self.assertEqual(action["tag"], "retail_crm.order_desk")
        order = self.env["sale.order"].browse(action["params"]["order_id"])
        self.assertEqual(action["params"]["partner_id"], order.partner_id.id)
        return order

    def test_064_a_left_cart_becomes_a_quotation_at_the_desk(self):
        cart = self._cart(partner_id=self.customer.id)
        order = self._sell(cart)
        self.assertEqual((order.partner_id, order.state), (self.customer, "draft"))
        self.assertEqual((order.channel_id, order.shop_id.ids), (self.shop.channel_id, []))
        self.assertEqual(order.user_id, self.anna)
        [line] = order.order_line.filtered("product_id")
        self.assertEqual((line.product_id, line.product_uom_qty), (self.glass, 3))
        notes = order.order_line.filtered("display_type").mapped("name")
        self.assertEqual(notes, ["Was in the cart: Bowl, 1", "Was in the cart: 77/0, 2"])
        self.assertEqual((cart.order_id, cart.state), (order, "ordered"))
        self.assertIn("C1", order.message_ids[0].body)

    def test_064_a_second_press_opens_the_same_order(self):
        cart = self._cart(partner_id=self.customer.id)
        order = self._sell(cart)
        self.assertEqual(self._sell(cart), order)
        order.action_confirm()
        self.assertEqual(self._sell(cart), order)
        cart.state = "open"  # the customer has filled it anew since
        again = self._sell(cart)
        self.assertNotEqual(again, order)
        again._action_cancel()
        self.assertNotIn(self._sell(cart), order | again)

    def test_064_a_colleague_s_sale_is_told_and_not_done_again(self):
        cart = self._cart(partner_id=self.customer.id)
        order = self._sell(cart)
        with self.assertRaises(UserError) as refused:
            cart.with_user(self.berta).action_order_by_phone()
        for words in (self.anna.name, order.name):
            self.assertIn(words, str(refused.exception))
        order.action_confirm()
        cart.state = "open"  # the customer has filled it anew since
        self.assertEqual(self._sell(cart, self.berta).user_id, self.berta)

    def test_064_no_rule_takes_it_from_whoever_is_on_the_phone(self):
        team = self.env["crm.team"].create({"name": "Carts"})
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.berta.id})
        self.env["retail.assignment.rule"].create(
            {"name": "All", "team_id": team.id, "method": "round_robin", "is_for_typed": True}
        )
        order = self._sell(self._cart(partner_id=self.customer.id))
        self.assertEqual((order.user_id, len(order.order_line)), (self.anna, 3))

    def test_064_a_guest_is_recognized_by_the_address(self):
        self.assertEqual(
            self._sell(self._cart(email="Maria@example.com")).partner_id, self.customer
        )

    def test_064_a_stranger_becomes_a_customer(self):
        cart = self._cart(email="lilla@example.test", customer_name="Lilla Kis")
        lilla = self._sell(cart).partner_id
        self.assertEqual((lilla.name, lilla.email), ("Lilla Kis", "lilla@example.test"))
        self.assertEqual((cart.partner_id, lilla.user_id), (lilla, self.anna))

    def test_064_nobody_s_cart_cannot_be_sold(self):
        cart = self._cart()
        with self.assertRaisesRegex(UserError, "whose cart"):
            cart.with_user(self.anna).action_order_by_phone()
        self.assertEqual(cart.state, "open")

    def test_114_nobody_is_reminded_of_a_cart_sold_by_phone(self):
        rule = self.env["base.automation"].create(
            {"name": "Test", "retail_event": "cart_abandoned", "wait_value": 0}
        )
        cart = self._cart(partner_id=self.customer.id)
        self._sell(cart)
        event = rule._event()
        self.assertRegex(event.stop_reason(rule, None, cart), "has bought")
