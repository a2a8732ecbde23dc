"""Group C of the capabilities: the stages of an order and what they do."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeskCase


class StageCase(DeskCase):
    """The six standard stages by their category: ``self.stages["assembly"]``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("new", "approval", "assembly", "delivery", "done", "cancelled")
        cls.stages = {one: cls.env.ref(f"retail_crm.order_stage_{one}") for one in names}
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    def _stock(self, quantity):
        self.env["stock.quant"]._update_available_quantity(
            self.glass, self.warehouse.lot_stock_id, quantity
        )


@tagged("post_install", "-at_install")
class TestStages(StageCase):
    # === STATE AND STAGE GO TOGETHER ===

    def test_041_an_order_begins_in_the_first_stage(self):
        self.assertEqual(self._order().stage_id, self.stages["new"])

    def test_041_whatever_confirms_sends_or_cancels_moves_the_order(self):
        order = self._order()
        order.action_quotation_sent()
        self.assertEqual(order.stage_id, self.stages["approval"])
        order.action_confirm()
        self.assertEqual(order.stage_id, self.stages["assembly"])
        order._action_cancel()
        self.assertEqual(order.stage_id, self.stages["cancelled"])
        order.action_draft()
        self.assertEqual(order.stage_id, self.stages["new"])

    def test_041_old_orders_come_in_with_the_stage_of_their_state(self):
        order = self._order(state="sale")
        self.assertEqual(order.stage_id, self.stages["assembly"])

    # === MOVING ===

    def test_042_moving_to_assembly_confirms(self):
        order = self._order(self.anna)
        order.stage_id = self.stages["assembly"]
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.stage_id, self.stages["assembly"])

    def test_042_only_allowed_next_stages(self):
        self.stages["new"].next_stage_ids = self.stages["approval"]
        order = self._order(self.anna)
        with self.assertRaisesRegex(UserError, "cannot go from New to Assembly.*Approval"):
            order.stage_id = self.stages["assembly"]
        self.assertEqual(order.allowed_stage_ids, self.stages["approval"])
        order.stage_id = self.stages["approval"]
        self.assertEqual(order.stage_id, self.stages["approval"])

    def test_042_a_client_cannot_pretend_that_a_move_was_noted(self):
        self.stages["new"].next_stage_ids = self.stages["approval"]
        order = self._order(self.anna).with_context(retail_stage_noted=True)
        with self.assertRaises(UserError):
            order.write({"stage_id": self.stages["assembly"].id})

    def test_042_a_confirmed_order_does_not_go_back_to_new(self):
        order = self._order()
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "is confirmed and cannot go back"):
            order.stage_id = self.stages["new"]

    def test_160_only_members_of_a_group_may_enter(self):
        self.stages["assembly"].group_ids = self.env.ref("retail_crm.group_retail_crm_manager")
        order = self._order(self.anna)
        with self.assertRaisesRegex(AccessError, "You may not move .* to Assembly"):
            order.stage_id = self.stages["assembly"]
        self.assertNotIn(self.stages["assembly"], order.allowed_stage_ids)

    # === WRITING OFF ===

    def test_048_entering_delivered_validates_what_is_left(self):
        self._stock(10)
        order = self._order(self.anna)
        order._enter_stage(self.stages["done"])
        self.assertEqual(order.sudo().picking_ids.mapped("state"), ["done"])
        self.assertEqual(order.order_line.qty_delivered, 2.0)
        self.assertTrue(order.delivered_at)

    def test_048_missing_lines_are_named(self):
        order = self._order(self.anna)
        with self.assertRaisesRegex(UserError, r"(?s)Missing:.*Glass"):
            order._enter_stage(self.stages["done"])

    # === OTHER ENTRY ACTIONS ===

    def test_044_entering_a_stage_makes_the_invoice(self):
        self.glass.invoice_policy = "order"
        self.stages["assembly"].entry_action = "invoice"
        order = self._order(self.anna)
        order._enter_stage(self.stages["assembly"])
        self.assertEqual(order.sudo().invoice_ids.mapped("state"), ["posted"])

    def test_052_entering_a_stage_attaches_its_document(self):
        report = self.env.ref("sale.action_report_saleorder")
        self.stages["approval"].report_id = report
        order = self._order(self.anna)
        order._enter_stage(self.stages["approval"])
        attached = order.message_ids.attachment_ids.mapped("name")
        self.assertEqual(len(attached), 1)
        self.assertTrue(attached[0].startswith(report.name))

    def test_041_a_stage_may_lock(self):
        self.stages["delivery"].entry_action = "lock"
        order = self._order(self.anna)
        order._enter_stage(self.stages["delivery"])
        self.assertTrue(order.locked)

    def test_041_a_cancelled_order_comes_back(self):
        order = self._order(self.anna)
        order._action_cancel()
        order._enter_stage(self.stages["new"])
        self.assertEqual(order.state, "draft")

    def test_041_the_category_of_a_stage_with_orders_stays(self):
        self._order()
        with self.assertRaisesRegex(UserError, "its category cannot change"):
            self.stages["new"].category = "approval"

    def test_041_a_data_file_that_says_the_same_touches_no_order(self):
        order = self._order()
        stage = order.stage_id
        stage.write({"category": stage.category, "fold": True})
        self.assertFalse(self.env.records_to_compute(order._fields["stage_category"]))
        self.assertTrue(stage.fold)

    def test_100_one_button_moves_one_stage_on(self):
        self._stock(10)
        order = self._order(self.anna)
        passed = []
        while order.next_stage_id:
            order.action_next_stage()
            passed.append(order.stage_category)
        self.assertEqual(passed, ["approval", "assembly", "delivery", "done"])
        with self.assertRaisesRegex(UserError, "you cannot move it on"):
            order.action_next_stage()

    # === COST ===

    def test_042_a_stage_change_takes_few_queries(self):
        def queries(values):
            order = self._order(self.anna)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            order.write(values)
            self.env.flush_all()
            self.env.cr.precommit.run()
            return self.env.cr.sql_log_count - before

        queries({"stage_id": self.stages["approval"].id})
        plain = queries({"client_order_ref": "A1", "user_id": self.anna.id})
        moved = queries({"stage_id": self.stages["approval"].id})
        self.assertLessEqual(moved - plain, 10)

    # === PAYMENT ===

    def test_045_the_order_shows_whether_it_is_paid(self):
        self.glass.invoice_policy = "order"
        order = self._order()
        self.assertEqual(order.payment_status, "unpaid")
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-01-10"
        invoice.invoice_date_due = "2026-01-20"
        invoice.action_post()
        self.assertTrue(order.has_overdue_invoice)
        found = self.env["sale.order"].search([("has_overdue_invoice", "=", True)])
        self.assertIn(order, found)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()
        self.assertEqual(order.payment_status, "paid")
        self.assertFalse(order.has_overdue_invoice)

    def test_065_an_order_past_its_promise_is_late(self):
        order = self._order(commitment_date="2020-01-01 10:00:00")
        self.assertTrue(order.is_late)
        self.assertIn(order, self.env["sale.order"].search([("is_late", "=", True)]))
        self._stock(10)
        order._enter_stage(self.stages["done"])
        self.assertFalse(order.is_late)
