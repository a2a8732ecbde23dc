"""What moves orders besides people: deliveries, opportunities."""

from odoo.tests import tagged

from .test_stages import StageCase


@tagged("post_install", "-at_install")
class TestStageFollowing(StageCase):
    def _deliver(self, order):
        self._stock(10)
        order.action_confirm()
        order.picking_ids.move_ids.quantity = 2
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()

    def test_048_validated_deliveries_send_the_order_on_its_way(self):
        order = self._order()
        self._deliver(order)
        self.assertEqual(order.stage_id, self.stages["delivery"])
        order.action_mark_delivered()
        self.assertEqual(order.stage_id, self.stages["done"])

    def test_063_the_completed_order_wins_its_opportunity(self):
        lead = self.env["crm.lead"].create({"name": "Wine for May", "type": "opportunity"})
        one, other = self._order(opportunity_id=lead.id), self._order(opportunity_id=lead.id)
        self._deliver(one)
        one._enter_stage(self.stages["done"])
        self.assertFalse(lead.stage_id.is_won)
        other._action_cancel()
        one.stage_id = self.stages["delivery"]
        one._enter_stage(self.stages["done"])
        self.assertTrue(lead.stage_id.is_won)

    def test_063_the_won_opportunity_completes_its_order(self):
        lead = self.env["crm.lead"].create({"name": "Wine for June", "type": "opportunity"})
        sent, quotation = self._order(opportunity_id=lead.id), self._order(opportunity_id=lead.id)
        self._deliver(sent)
        lead.action_set_won()
        self.assertEqual(sent.stage_id, self.stages["done"])
        self.assertIn("confirm the order", quotation.activity_ids.summary)

    def test_063_the_opportunity_dragged_to_won_completes_its_order(self):
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        leads = self.env["crm.lead"].create(
            [{"name": f"Wine {number}", "type": "opportunity"} for number in range(2)]
        )
        sent = self._order(opportunity_id=leads[0].id)
        quotation = self._order(opportunity_id=leads[1].id)
        self._deliver(sent)
        leads.stage_id = won
        self.assertEqual(sent.stage_id, self.stages["done"])
        self.assertEqual(len(quotation.activity_ids), 1)
        leads.stage_id = won
        leads.probability = 100
        self.assertEqual(len(quotation.activity_ids), 1)

    def test_063_the_orders_of_a_colleague_follow_too(self):
        lead = self.env["crm.lead"].create(
            {"name": "Wine for June", "type": "opportunity", "user_id": self.anna.id}
        )
        order = self._order(opportunity_id=lead.id, user_id=self.berta.id)
        self._deliver(order)
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        lead.with_user(self.anna).stage_id = won
        self.assertEqual(order.stage_id, self.stages["done"])

    def test_063_the_lost_opportunity_cancels_its_quotation(self):
        lead = self.env["crm.lead"].create({"name": "Wine for July", "type": "opportunity"})
        order = self._order(opportunity_id=lead.id)
        reason = self.env.ref("retail_crm.cancel_reason_late")
        lead.action_set_lost(lost_reason_id=reason.id)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.cancel_reason_id, reason)
