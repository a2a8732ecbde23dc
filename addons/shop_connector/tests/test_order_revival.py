from odoo.tests import tagged

from .test_money import TRANSFER, MoneyCase


@tagged("post_install", "-at_install")
class TestOrderRevival(MoneyCase):
    """A bank transfer that arrives after the shop had cancelled the order, and the like."""

    def _says(self, meaning):
        self.simulator.clock.advance(5)
        self._set_state(self.order_id, meaning)
        self._sync()

    def _offered(self):
        return self.simulator.stock_of("GLASS")

    def test_what_the_shop_cancelled_and_then_was_paid_is_delivered(self):
        order = self._buy(payment=TRANSFER)
        self.assertEqual(self._offered(), 496)
        self._says("cancelled")
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._offered(), 500)
        self._says("paid")
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.shop_hold_reason)
        moves = order.picking_ids.move_ids.filtered(lambda move: move.product_id == self.glass)
        self.assertEqual(moves.mapped("product_uom_qty"), [4])
        self.assertEqual(self._offered(), 496)
        with self._writes(0):
            self._sync()

    def test_a_confirmed_order_comes_back_too(self):
        order = self._buy()
        self.assertEqual(order.state, "sale")
        self._says("cancelled")
        self._says("processing")
        self.assertEqual(order.state, "sale")
        open_moves = order.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(sum(open_moves.mapped("product_uom_qty")), 6)
        self.assertEqual(self._offered(), 496)

    def test_back_to_waiting_is_a_quotation_that_keeps_its_goods(self):
        order = self._buy(payment=TRANSFER)
        self._says("cancelled")
        self._says("waiting")
        self.assertEqual(order.state, "draft")
        self.assertEqual(self._offered(), 496)

    def test_a_payment_error_leaves_it_cancelled(self):
        order = self._buy(payment=TRANSFER)
        self._says("cancelled")
        self._says("error")
        self.assertEqual(order.state, "cancel")
        self.assertFalse(order.shop_hold_reason)

    def test_what_a_person_cancelled_is_asked_about(self):
        order = self._buy(payment=TRANSFER)
        order._action_cancel()
        self._sync()
        self.assertEqual(self._offered(), 500)
        with self._writes(0):
            self._sync()
        self.assertFalse(order.shop_hold_reason)
        self._says("paid")
        self.assertEqual(order.state, "cancel")
        self.assertIn("goes on with it", order.shop_hold_reason)
        self.assertTrue(order.activity_ids)
        self.assertEqual(self._offered(), 496)
        order.action_draft()
        order.action_release_hold()
        order.action_confirm()
        self._sync()
        self.assertEqual(self._offered(), 496)

    def test_a_payment_that_crosses_our_cancelling_stops_it(self):
        order = self._buy(payment=TRANSFER)
        order._action_cancel()
        self._says("paid")
        self.assertIn("goes on with it", order.shop_hold_reason)
        self.assertFalse(order.shop_wanted_status)
        code = str(self.simulator.order(self.order_id)["current_state"])
        rows = self.shop.order_state_mapping_ids
        self.assertEqual(rows.filtered(lambda row: row.external_code == code).meaning, "paid")
        self.assertEqual(self._offered(), 496)
        order.action_release_hold()
        self._sync()
        self.assertEqual(self._offered(), 500)

    def test_goods_stay_taken_until_the_shop_knows_of_our_cancelling(self):
        order = self._buy(payment=TRANSFER)
        levels = self.env["shop.sync.stock.levels"]
        order._action_cancel()
        self.assertEqual(levels._get_unconfirmed(self.shop)[self.glass.id], 4)
        self._sync()
        self._sync()
        self.assertEqual(levels._get_unconfirmed(self.shop)[self.glass.id], 0)
        self.assertEqual(self._offered(), 500)
