"""Rows 59 and 177: why orders are cancelled."""

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .test_stages import StageCase


@tagged("post_install", "-at_install")
class TestCancelReason(StageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.env.ref("retail_crm.cancel_reason_late")

    def test_059_the_button_asks_why(self):
        order = self._order(self.anna)
        action = order.with_context(retail_ask_reason=True).action_cancel()
        self.assertEqual(order.state, "draft")
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.anna)
            .with_context(**action["context"])
            .create({"reason_id": self.late.id, "note": "Wanted it for Sunday"})
        )
        wizard.action_cancel_orders()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.stage_id, self.stages["cancelled"])
        self.assertEqual(order.cancel_reason_id, self.late)
        self.assertEqual(order.cancel_note, "Wanted it for Sunday")

    def test_059_a_card_dragged_to_cancelled_asks_too(self):
        order = self._order(self.anna)
        with self.assertRaises(RedirectWarning) as caught:
            order.stage_id = self.stages["cancelled"]
        self.assertEqual(caught.exception.args[1]["res_model"], "retail.order.cancel")
        order.write({"stage_id": self.stages["cancelled"].id, "cancel_reason_id": self.late.id})
        self.assertEqual(order.state, "cancel")

    def test_059_the_list_asks_once_for_all(self):
        orders = self._order(self.anna) | self._order(self.anna)
        wizard = self.env["sale.mass.cancel.orders"].with_user(self.anna)
        wizard = wizard.with_context(active_ids=orders.ids)
        wizard.create({"cancel_reason_id": self.late.id}).action_mass_cancel()
        self.assertEqual(orders.mapped("state"), ["cancel", "cancel"])
        self.assertEqual(orders.cancel_reason_id, self.late)

    def test_059_the_shop_is_its_own_reason(self):
        order = self._order()
        order.with_context(from_shop=True)._action_cancel()
        self.assertEqual(order.cancel_reason_id.name, "Cancelled in the shop")

    def test_059_a_cancelled_order_that_comes_back_has_no_reason_any_more(self):
        order = self._order()
        order.cancel_reason_id = self.late
        order._action_cancel()
        order.action_draft()
        self.assertFalse(order.cancel_reason_id)
        self.assertEqual(order.stage_id, self.stages["new"])
