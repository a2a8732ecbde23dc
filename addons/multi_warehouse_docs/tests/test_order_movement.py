"""The state of an order moves its goods: on confirmation, and on "Delivered"."""

from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .documents import DocumentCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestOrderMovement(DocumentCase):
    def _trigger(self, trigger):
        self._type("sale_order").movement_trigger = trigger

    def _states(self, order):
        return [(one.document_number or "", one.state) for one in order.picking_ids.sorted("id")]

    # === ON CONFIRMATION ===

    def test_a_counter_sale_moves_the_goods_when_it_is_confirmed(self):
        self._trigger("confirm")
        self._stock(self.laptop, 5, self.main)
        order = self._sell(2)
        order.action_confirm()
        self.assertEqual(self._states(order), [("DN/2026/00001", "done")])
        self.assertEqual(order.document_number, "SO/2026/00001")
        self._assert_figures(self.laptop, self.main, on_hand=3, committed=0)

    def test_a_counter_sale_with_missing_goods_is_not_confirmed(self):
        self._trigger("confirm")
        self._stock(self.laptop, 1.5, self.main)
        order = self._sell(2)
        with (
            self.assertRaisesRegex(UserError, "Laptop: wanted 2 Units, available 1.5"),
            self.env.cr.savepoint(),
        ):
            order.action_confirm()
        self.assertEqual((order.state, order.document_number), ("draft", False))
        self.assertFalse(order.picking_ids)
        self._assert_figures(self.laptop, self.main, on_hand=1.5, reserved=0)

    # === ON "DELIVERED" ===

    def test_delivered_writes_off_what_is_open(self):
        self._trigger("delivered")
        self._stock(self.laptop, 5, self.main)
        order = self._sell(3)
        order.action_confirm()
        self.assertTrue(order.can_write_off)
        self.assertEqual(order.picking_ids.state, "assigned")
        self._validate(order.picking_ids, 1)
        order.action_mark_delivered()
        self.assertEqual(
            self._states(order), [("DN/2026/00001", "done"), ("DN/2026/00002", "done")]
        )
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertFalse(order.can_write_off)
        self._assert_figures(self.laptop, self.main, on_hand=2, committed=0)

    def test_missing_goods_are_listed_and_nothing_moves(self):
        self._trigger("delivered")
        mouse = self._product("Mouse")
        self._stock(self.laptop, 5, self.main)
        self._stock(mouse, 1, self.main)
        order = self._sell(3)
        order.order_line.copy({"order_id": order.id, "product_id": mouse.id, "name": "Mouse"})
        order.action_confirm()
        with (
            self.assertRaisesRegex(UserError, "Mouse: wanted 3 Units, available 1"),
            self.env.cr.savepoint(),
        ):
            order.action_mark_delivered()
        self.assertEqual(self._states(order), [("", "assigned")])
        self._assert_figures(self.laptop, self.main, on_hand=5, committed=3)

    def test_three_steps_are_done_one_after_the_other(self):
        self._trigger("delivered")
        self.main.delivery_steps = "pick_pack_ship"
        self._stock(self.laptop, 5, self.main)
        order = self._sell(2)
        order.action_confirm()
        order.action_mark_delivered()
        self.assertEqual(
            self._states(order), [("", "done"), ("", "done"), ("DN/2026/00001", "done")]
        )
        self.assertEqual(order.delivery_status, "full")
        self._assert_figures(self.laptop, self.main, on_hand=3, committed=0)

    def test_missing_goods_stop_the_first_of_three_steps(self):
        self._trigger("confirm")
        self.main.delivery_steps = "pick_pack_ship"
        order = self._sell(2)
        with self.assertRaisesRegex(UserError, "Laptop: wanted 2 Units, available 0"):
            order.action_confirm()

    def test_lots_are_taken_as_reserved(self):
        self._trigger("delivered")
        wine = self._product("Wine", tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": wine.id} for name in ("L1", "L2")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                wine, self.main.lot_stock_id, 2, lot_id=lot
            )
        order = self._sell(3, wine)
        order.action_confirm()
        order.action_mark_delivered()
        lines = order.picking_ids.move_line_ids
        self.assertEqual({line.lot_id: line.quantity for line in lines}, {lots[0]: 2, lots[1]: 1})

    def test_goods_that_still_have_to_be_bought_are_missing(self):
        self._trigger("delivered")
        routes = self.env.ref("stock.route_warehouse0_mto") + self.main.buy_pull_id.route_id
        routes.active = True
        self.laptop.write(
            {
                "route_ids": [(6, 0, routes.ids)],
                "seller_ids": [(0, 0, {"partner_id": self.vendor.id, "price": 1})],
            }
        )
        order = self._sell(2)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "Laptop: wanted 2 Units, available 0"):
            order.action_mark_delivered()

    def test_open_returns_are_left_alone(self):
        self._trigger("delivered")
        self._stock(self.laptop, 5, self.main)
        order = self._sell(2)
        order.action_confirm()
        self._validate(order.picking_ids)
        back = self._return(order.picking_ids, 1)
        order.action_mark_delivered()
        self.assertEqual(back.state, "assigned")

    def test_other_types_are_validated_by_hand(self):
        self._stock(self.laptop, 5, self.main)
        order = self._sell(2)
        order.action_confirm()
        self.assertFalse(order.can_write_off)
        with self.assertRaisesRegex(UserError, "not all goods have left yet"):
            order.action_mark_delivered()
        self._validate(order.picking_ids)
        order.action_mark_delivered()

    def test_a_quotation_cannot_be_delivered(self):
        self._trigger("delivered")
        with self.assertRaisesRegex(UserError, "not all goods have left yet"):
            self._sell(2).action_mark_delivered()

    def test_a_salesperson_delivers_without_rights_in_the_warehouse(self):
        self._trigger("delivered")
        self._stock(self.laptop, 5, self.main)
        seller = new_test_user(
            self.env,
            "counter",
            "base.group_user,sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        order = self._sell(2, user_id=seller.id)
        order.with_user(seller).action_confirm()
        order.with_user(seller).action_mark_delivered()
        self.assertEqual(self._states(order), [("DN/2026/00001", "done")])

    def test_what_a_shop_reports_and_the_warehouse_lacks_becomes_a_task(self):
        self._trigger("delivered")
        seller = new_test_user(self.env, "keeper", "base.group_user")
        order = self._sell(2, user_id=seller.id)
        order.action_confirm()
        order._take_reported_delivery()
        task = order.activity_ids.filtered(lambda one: "written off" in (one.summary or ""))
        self.assertEqual(task.user_id, seller)
        self.assertIn("Laptop", str(task.note))
        self._stock(self.laptop, 2, self.main)
        order._take_reported_delivery()
        self.assertEqual(order.delivery_status, "full")
