from odoo.tests import tagged

from odoo.addons.shop_connector.tests.common import ShopCase


@tagged("post_install", "-at_install")
class TestShopVoid(ShopCase):
    """A web order that was made void here, with which its shop goes on."""

    def test_a_void_order_that_revives_in_the_shop_is_asked_about(self):
        self._product(stock=50)
        self._sync()
        order = self._place([("GLASS", 4)], payment="ps_checkout")
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)
        number = int(link[order.id].external_id)
        self.simulator.clock.advance(5)
        self._set_state(number, "cancelled")
        self._sync()
        self.assertTrue(order.is_shop_cancelled)
        order.make_void("Entered twice")
        self.simulator.clock.advance(5)
        self._set_state(number, "paid")
        self._sync()
        self.assertFalse(self._failed("order"), self._failed("order").mapped("error"))
        self.assertEqual((order.state, order.voided), ("cancel", True))
        self.assertIn("is void and stays so", order.shop_hold_reason)
        self.assertTrue(order.shop_holds_stock)
        self.assertEqual(len(order.activity_ids), 1)
        # what the shop sold stays sold there
        self.assertEqual(self.simulator.stock_of("GLASS"), 46)
        order.action_release_hold()
        self._set_state(number, "processing")
        self.env["shop.job"]._mark_incoming(self.shop, "order", [str(number)])
        self._sync()
        self.assertFalse(self._failed("order"))
