"""Row 41: whichever button of Odoo is pressed, stage and state say the same."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..models.retail_order_stage import STATES
from .test_stages import StageCase


@tagged("post_install", "-at_install")
class TestStageState(StageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.glass.invoice_policy = "order"

    def _agree(self, order, stage):
        """The stage is that one, and one that an order of this state may be in."""
        # what is called off is followed when the transaction ends
        self.env.cr.flush()
        self.assertIn(order.state, STATES[order.stage_category])
        self.assertEqual(order.stage_category, stage)

    def _deliver_one_of_two(self, **answer):
        """A confirmed order of two glasses: one has left, the other waits (or is called off)."""
        self._stock(10)
        order = self._order()
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        action = picking.button_validate()
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"])).save()
        if answer.get("backorder", True):
            wizard.process()
            self._agree(order, "assembly")
        else:
            wizard.process_cancel_backorder()
        return order

    def _open_transfers(self, order):
        return order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))

    # === WHAT LEFT IS ALL THAT WILL ===

    def test_041_a_backorder_that_is_cancelled_ends_the_assembly(self):
        order = self._deliver_one_of_two()
        self._open_transfers(order).action_cancel()
        self._agree(order, "delivery")

    def test_041_a_backorder_that_is_not_wanted_ends_the_assembly(self):
        order = self._deliver_one_of_two(backorder=False)
        self._agree(order, "delivery")

    def test_041_a_backorder_that_is_deleted_ends_the_assembly(self):
        order = self._deliver_one_of_two()
        self._open_transfers(order).unlink()
        self._agree(order, "delivery")

    def test_041_a_line_cut_to_what_left_ends_the_assembly(self):
        order = self._deliver_one_of_two()
        order.order_line.product_uom_qty = 1
        self._agree(order, "delivery")

    def test_041_nothing_has_left_where_all_was_called_off(self):
        order = self._order()
        order.action_confirm()
        order.picking_ids.action_cancel()
        self._agree(order, "assembly")

    def test_041_goods_exchanged_in_one_step_do_not_look_shipped(self):
        """Between the two commands everything that is left to send was called off."""
        order = self._deliver_one_of_two()
        line = order.order_line
        spoon = self.env["product.product"].create({"name": "Spoon", "is_storable": True})
        order.write(
            {
                "order_line": [
                    (1, line.id, {"product_uom_qty": 1}),
                    (0, 0, {"product_id": spoon.id, "product_uom_qty": 1}),
                ]
            }
        )
        self._agree(order, "assembly")

    # === THE ORDER ITSELF ===

    def test_041_an_order_with_a_backorder_is_cancelled(self):
        for cancel in ("action_cancel", "_action_cancel"):
            order = self._deliver_one_of_two()
            getattr(order, cancel)()
            self._agree(order, "cancelled")
            order.action_draft()
            self._agree(order, "new")

    def test_041_the_list_cancels_orders_with_backorders(self):
        order = self._deliver_one_of_two()
        wizard = self.env["sale.mass.cancel.orders"].with_context(active_ids=order.ids)
        wizard.create({}).action_mass_cancel()
        self._agree(order, "cancelled")

    def test_041_a_cancelled_order_was_never_on_its_way(self):
        """Its transfers are called off first: no customer must hear that the rest was sent."""
        order = self._deliver_one_of_two()
        self.env.flush_all()
        order.action_cancel()
        self._agree(order, "cancelled")
        stays = self.env["retail.order.stay"].search([("order_id", "=", order.id)])
        self.assertNotIn(self.stages["delivery"], stays.stage_id)

    def test_041_sent_signed_locked_and_back(self):
        order = self._order()
        order.action_quotation_sent()
        self._agree(order, "approval")
        order.action_draft()
        self.assertIn(order.state, STATES[order.stage_category])
        order.action_confirm()
        self._agree(order, "assembly")
        order.action_lock()
        self._agree(order, "assembly")
        with self.assertRaisesRegex(UserError, "locked"):
            order.action_cancel()
        order.action_unlock()
        self._agree(order, "assembly")
        order.action_cancel()
        self._agree(order, "cancelled")
        order.action_draft()
        self._agree(order, "new")

    def test_041_a_locked_order_dragged_to_cancelled_is_a_sentence(self):
        order = self._order()
        order.action_confirm()
        order.action_lock()
        reason = self.env.ref("retail_crm.cancel_reason_late")
        with self.assertRaisesRegex(UserError, "locked"), self.env.cr.savepoint():
            order.write({"stage_id": self.stages["cancelled"].id, "cancel_reason_id": reason.id})
        self._agree(order, "assembly")

    def test_041_every_stage_and_every_button(self):
        """From each stage each of Odoo's buttons leaves the two in agreement."""
        buttons = (
            "action_quotation_sent",
            "action_confirm",
            "action_lock",
            "action_unlock",
            "action_cancel",
            "action_draft",
        )
        for stage in self.stages.values():
            for button in buttons:
                self._stock(2)
                order = self._order()
                order._enter_stage(stage)
                try:
                    with self.env.cr.savepoint():
                        getattr(order, button)()
                except UserError:
                    continue  # not offered there: nothing has changed
                self.env.cr.flush()
                self.assertIn(
                    order.state, STATES[order.stage_category], f"{button} in {stage.name}"
                )
