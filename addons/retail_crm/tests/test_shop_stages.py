"""The statuses of a web shop and the stages here move each other."""

from odoo.tests import tagged

from odoo.addons.shop_connector.tests.common import ShopCase


@tagged("post_install", "-at_install")
class TestShopStages(ShopCase):
    def setUp(self):
        super().setUp()
        self._product(stock=50)
        self._sync()
        self.packing = self.env["retail.order.stage"].create(
            {"name": "Packing", "category": "assembly", "sequence": 35}
        )

    def _row(self, meaning):
        rows = self.shop.order_state_mapping_ids
        return rows.filtered(lambda row: row.meaning == meaning)[:1]

    def _link(self, order):
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)
        return int(link[order.id].external_id)

    def test_041_a_confirmed_web_order_is_in_assembly(self):
        order = self._place([("GLASS", 4)], payment="ps_checkout")
        self.assertEqual(order.stage_category, "assembly")

    def test_062_a_status_of_the_shop_moves_the_order(self):
        order = self._place([("GLASS", 4)], payment="ps_checkout")
        row = self._row("processing")
        row.stage_id = self.packing
        self._set_state(self._link(order), "processing")
        self._sync()
        self.assertEqual(order.stage_id, self.packing)

    def test_062_the_stage_sets_its_status_in_the_shop(self):
        order = self._place([("GLASS", 4)], payment="ps_checkout")
        row = self._row("processing")
        row.stage_id = self.packing
        order._enter_stage(self.packing)
        self._sync()
        state = str(self.simulator.order(self._link(order))["current_state"])
        self.assertEqual(state, row.external_code)
        self.assertFalse(order.shop_wanted_code)

    def test_062_the_shop_never_sets_an_order_back(self):
        order = self._place([("GLASS", 4)], payment="ps_checkout")
        self._row("processing").stage_id = self.packing
        order._enter_stage(self.env.ref("retail_crm.order_stage_delivery"))
        self._set_state(self._link(order), "processing")
        self._sync()
        self.assertEqual(order.stage_category, "delivery")

    def test_059_cancelled_in_the_shop_is_a_reason(self):
        order = self._place([("GLASS", 4)], payment="ps_checkout")
        self._set_state(self._link(order), "cancelled")
        self._sync()
        self.assertEqual(order.stage_category, "cancelled")
        self.assertEqual(order.cancel_reason_id.name, "Cancelled in the shop")

    def test_062_paid_in_the_shop_is_paid_here(self):
        order = self._place([("GLASS", 4)], payment="ps_checkout")
        self.assertEqual(order.payment_status, "paid")
        unpaid = self._place([("GLASS", 1)], payment="ps_wirepayment")
        self.assertEqual(unpaid.payment_status, "unpaid")
