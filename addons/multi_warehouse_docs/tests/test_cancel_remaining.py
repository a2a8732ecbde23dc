from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AvailabilityCase


class CancelCase(AvailabilityCase):
    def _purchase(self, quantity, product=None, **line):
        values = {"product_id": (product or self.laptop).id, "product_qty": quantity, **line}
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.main.in_type_id.id,
                "order_line": [Command.create(values)],
            }
        )
        order.button_confirm()
        return order

    def _sell(self, quantity, product=None, **line):
        values = {"product_id": (product or self.laptop).id, "product_uom_qty": quantity, **line}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "warehouse_id": self.main.id,
                "order_line": [Command.create(values)],
            }
        )
        order.action_confirm()
        return order

    def _open(self, order):
        return order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))

    def _validate(self, picking, quantity=None):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        action = picking.button_validate()
        if action is not True:
            Form.from_action(self.env, action).save().process()

    def _return(self, picking, quantity):
        """Send goods of a transfer back for a refund."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            line.quantity = quantity
            line.to_refund = True
        action = wizard.action_create_returns()
        back = self.env["stock.picking"].browse(action["res_id"])
        self._validate(back, quantity)
        return back

    def _keep_books(self):
        """Accounts and journals, needed for invoices only."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, False)

    def _cancel(self, order, quantity=None, **values):
        """Cancel through the wizard; all that it proposes without a quantity."""
        action = order.action_cancel_remaining()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write(values)
        if quantity is not None:
            wizard.line_ids.quantity = quantity
        wizard.action_apply()


@tagged("post_install", "-at_install")
class TestCancelPurchase(CancelCase):
    def test_step_seven_takes_one_off_the_line_and_off_the_open_receipt(self):
        order = self._purchase(5)
        self._validate(order.picking_ids, 3)
        self._cancel(order, 1, reason="sold out")
        self.assertEqual(order.order_line.product_qty, 4)
        self.assertEqual(self._open(order).move_ids.product_uom_qty, 1)
        self.assertEqual(self._open(order).move_ids.quantity, 1)
        self._assert_figures(self.laptop, self.main, ordered=1, on_hand=3)
        note = order.message_ids[0].body
        self.assertIn("sold out", note)
        self.assertIn("Laptop", note)

    def test_cancelling_all_leaves_nothing_ordered_and_done_receipts_as_they_are(self):
        order = self._purchase(5)
        self._validate(order.picking_ids, 3)
        self._cancel(order, 1)
        self._cancel(order)
        self.assertEqual(order.order_line.product_qty, 3)
        self.assertFalse(self._open(order))
        self.assertEqual(sorted(order.picking_ids.mapped("state")), ["cancel", "done"])
        self._assert_figures(self.laptop, self.main, ordered=0, on_hand=3)
        self.assertEqual(order.receipt_status, "full")
        with self.assertRaisesRegex(UserError, "Nothing remains"):
            order.action_cancel_remaining()

    def test_one_line_is_cancelled_from_the_line(self):
        order = self._purchase(5)
        order.order_line = [Command.create({"product_id": self._product("Cable").id})]
        action = order.order_line[0].action_cancel_remaining()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.product_id, self.laptop)
        self.assertEqual(wizard.line_ids.remaining, 5)
        wizard.action_apply()
        self.assertEqual(order.order_line.mapped("product_qty"), [0, 1])

    def test_a_live_remainder_after_a_refund_return_is_cancelled(self):
        order = self._purchase(5)
        self._validate(order.picking_ids, 3)
        self._return(order.picking_ids.filtered(lambda one: one.state == "done"), 3)
        self.assertEqual(order.order_line.qty_received, 0)
        self._cancel(order, 1)
        self.assertEqual(order.order_line.product_qty, 4)
        self._assert_figures(self.laptop, self.main, ordered=1, on_hand=0)
        self._cancel(order)
        self.assertEqual(order.order_line.product_qty, 0)
        self.assertFalse(self._open(order))
        self._assert_figures(self.laptop, self.main, ordered=0, on_hand=0)

    def test_a_remainder_without_transfer_is_not_ordered_anew(self):
        order = self._purchase(5)
        self._validate(order.picking_ids, 3)
        self._open(order).action_cancel()
        self._cancel(order, 1)
        self.assertEqual(order.order_line.product_qty, 4)
        self.assertFalse(self._open(order))
        self._cancel(order)
        self.assertEqual(order.order_line.product_qty, 3)
        self._assert_figures(self.laptop, self.main, ordered=0, on_hand=3)

    def test_two_steps_of_receipt(self):
        self.main.reception_steps = "two_steps"
        order = self._purchase(5)
        self._validate(order.picking_ids, 3)
        self._cancel(order, 1)
        self._assert_figures(self.laptop, self.main, ordered=1, on_hand=3)
        self._cancel(order)
        self._assert_figures(self.laptop, self.main, ordered=0, on_hand=3, committed=0)
        self._assert_like_odoo(self.laptop, self.main)

    def test_units_of_the_line(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._purchase(5, product_uom_id=dozen.id)
        self._validate(order.picking_ids, 3)
        received = order.order_line.qty_received
        self._cancel(order, 1)
        self.assertEqual(order.order_line.product_qty, 4)
        left = 12 * (4 - received)
        self._assert_figures(self.laptop, self.main, ordered=left)
        self._cancel(order)
        self._assert_figures(self.laptop, self.main, ordered=0)

    def test_billed_goods_are_not_cancelled(self):
        self._keep_books()
        self.laptop.purchase_method = "purchase"
        order = self._purchase(5)
        order.action_create_invoice()
        order.invoice_ids.invoice_date = "2026-01-01"
        order.invoice_ids.action_post()
        action = order.action_cancel_remaining()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.quantity, 0)
        wizard.line_ids.quantity = 2
        with self.assertRaisesRegex(UserError, "credit note"):
            wizard.action_apply()

    def test_quantities_are_written_in_full(self):
        order = self._purchase(1234567)
        with self.assertRaisesRegex(UserError, "Only 1,234,567 "):
            self._cancel(order, 1234568)
        self._cancel(order, 1)
        self.assertIn("1,234,566", order.message_ids[0].body)

    def test_what_is_refused(self):
        order = self._purchase(5)
        with self.assertRaisesRegex(UserError, "Only 5"):
            self._cancel(order, 6)
        with self.assertRaisesRegex(UserError, "Enter how many"):
            self._cancel(order, -1)
        with self.assertRaisesRegex(UserError, "at least one"):
            self._cancel(order, 0)
        order.button_lock()
        with self.assertRaisesRegex(UserError, "Unlock"):
            self._cancel(order, 1)
        self.assertEqual(order.order_line.product_qty, 5)

    def test_a_seller_cancels_no_purchase_and_a_buyer_no_sale(self):
        purchase, sale = self._purchase(5), self._sell(2)
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        seller = new_test_user(
            self.env,
            "seller",
            "base.group_user,sales_team.group_sale_salesman_all_leads",
            **company,
        )
        buyer = new_test_user(
            self.env, "buyer", "base.group_user,purchase.group_purchase_user", **company
        )
        with self.assertRaises(AccessError):
            purchase.with_user(seller).order_line._cancel_remaining({purchase.order_line: 1})
        with self.assertRaises(AccessError):
            self._cancel(sale.with_user(buyer))
        self._cancel(sale.with_user(seller), 1)
        self._cancel(purchase.with_user(buyer), 2)
        self.assertEqual((purchase.order_line.product_qty, sale.order_line.product_uom_qty), (3, 1))
        self._assert_figures(self.laptop, self.main, ordered=3, committed_customer=1)


@tagged("post_install", "-at_install")
class TestCancelSale(CancelCase):
    def test_a_part_and_then_the_rest(self):
        self._stock(self.laptop, 10, self.main)
        order = self._sell(5)
        self._validate(order.picking_ids, 2)
        self._cancel(order, 1)
        self.assertEqual(order.order_line.product_uom_qty, 4)
        self._assert_figures(self.laptop, self.main, committed_customer=2, reserved=2, on_hand=8)
        self._cancel(order)
        self.assertEqual(order.order_line.product_uom_qty, 2)
        self._assert_figures(self.laptop, self.main, committed=0, reserved=0, on_hand=8)
        self.assertEqual(order.delivery_status, "full")

    def test_pick_and_ship_with_a_part_picked(self):
        self.main.delivery_steps = "pick_ship"
        self._stock(self.laptop, 10, self.main)
        order = self._sell(5)
        self._validate(order.picking_ids, 3)
        self._assert_figures(self.laptop, self.main, committed_customer=5)
        self._cancel(order, 1)
        self._assert_figures(self.laptop, self.main, committed_customer=4)
        self._cancel(order, 3)
        self._assert_figures(self.laptop, self.main, committed_customer=1)
        self._cancel(order)
        self.assertEqual(order.order_line.product_uom_qty, 0)
        self._assert_figures(self.laptop, self.main, committed_customer=0, on_hand=10)
        self._assert_like_odoo(self.laptop, self.main)

    def test_chained_moves_shrink_together(self):
        """Custom routes plan every step at once."""
        self.main.delivery_steps = "pick_ship"
        self._stock(self.laptop, 10, self.main)
        order = self._sell(5)
        pick = order.picking_ids.move_ids
        ship = self._move(
            self.laptop, 5, self.main.wh_output_stock_loc_id, self.customers, final=self.customers
        )
        ship.write({"sale_line_id": order.order_line.id, "move_orig_ids": [Command.link(pick.id)]})
        self._cancel(order, 2)
        self.assertEqual((pick.product_uom_qty, ship.product_uom_qty), (3, 3))
        self._cancel(order)
        self.assertEqual((pick.state, ship.state), ("cancel", "cancel"))

    def test_after_a_refund_return(self):
        self._stock(self.laptop, 10, self.main)
        order = self._sell(5)
        self._validate(order.picking_ids, 3)
        self._return(order.picking_ids.filtered(lambda one: one.state == "done"), 3)
        self._assert_figures(self.laptop, self.main, committed_customer=2, on_hand=10)
        self._cancel(order, 1)
        self._assert_figures(self.laptop, self.main, committed_customer=1, on_hand=10)
        self._cancel(order)
        self.assertEqual(order.order_line.product_uom_qty, 0)
        self._assert_figures(self.laptop, self.main, committed=0, on_hand=10)

    def test_services_and_untracked_goods(self):
        service = self._product("Advice", type="service", is_storable=False)
        order = self._sell(3, product=service)
        order.order_line.qty_delivered = 1
        self._cancel(order)
        self.assertEqual(order.order_line.product_uom_qty, 1)

    def test_invoiced_goods_are_not_cancelled(self):
        self._keep_books()
        self.laptop.invoice_policy = "order"
        order = self._sell(5)
        order._create_invoices().action_post()
        with self.assertRaisesRegex(UserError, "credit note"):
            self._cancel(order, 1)

    def test_goods_in_someones_hands_are_not_taken_away(self):
        self._stock(self.laptop, 10, self.main)
        order = self._sell(5)
        move = order.picking_ids.move_ids
        move.write({"quantity": 5, "picked": True})
        with self.assertRaisesRegex(UserError, "being processed"):
            self._cancel(order, 1)
