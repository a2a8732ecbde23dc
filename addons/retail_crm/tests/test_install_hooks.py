"""Orders that were there before the addon: put in their stages, dated, and nobody is alarmed."""

from odoo.tests import tagged

from ..hooks import _date_open_orders, _place_orders
from .test_stages import StageCase


@tagged("post_install", "-at_install")
class TestInstallHooks(StageCase):
    def _before_installation(self, orders):
        """As the columns look when they have just been made."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET stage_id = %s, stage_category = 'done', due_at = NULL, "
            "stage_deadline = NULL, date_last_stage_update = NULL WHERE id = ANY(%s)",
            [self.stages["done"].id, orders.ids],
        )
        self.env.invalidate_all()

    def test_old_orders_get_the_stage_of_what_became_of_them(self):
        self._stock(10)
        draft, sent, confirmed, delivered, cancelled = (self._order() for _number in range(5))
        orders = draft | sent | confirmed | delivered | cancelled
        sent.action_quotation_sent()
        confirmed.action_confirm()
        delivered._enter_stage(self.stages["done"])
        delivered.order_line.product_id.invoice_policy = "order"
        delivered.invoice_status = "invoiced"
        cancelled._action_cancel()
        self._before_installation(orders)
        _place_orders(self.env)
        self.assertEqual(
            orders.mapped("stage_category"), ["new", "approval", "assembly", "done", "cancelled"]
        )
        self.assertFalse(any(orders.mapped("stage_deadline")))
        self.assertFalse(delivered.date_last_stage_update)
        # delivered, and not invoiced yet: nothing is left to pack
        delivered.invoice_status = "to invoice"
        self._before_installation(delivered)
        _place_orders(self.env)
        self.assertEqual(delivered.stage_category, "delivery")

    def test_open_orders_are_due_as_if_they_were_made_now(self):
        orders = self._order(lead=3) | self._order(commitment_date="2026-07-01 10:00:00")
        orders[0].order_line.copy({"order_id": orders[0].id, "customer_lead": 8})
        orders[0].picking_policy = "one"
        due = orders.mapped("due_at")
        self._before_installation(orders)
        _date_open_orders(self.env)
        self.assertEqual(orders.mapped("due_at"), due)

    def test_the_stage_that_was_made_first_is_complete(self):
        done = self.stages["done"]
        self.assertEqual((done.category, done.entry_action, done.active), ("done", "deliver", True))
        self.assertTrue(done.fold)
        self.assertEqual(self.env["retail.order.stage"].search_count([("name", "=", done.name)]), 1)
