"""Norms and rules that wait for the same thing: its responsible has one task, not two."""

from datetime import datetime

from odoo.tests import tagged

from .test_time_norms import NormCase

UNPAID = "Call about the payment: still not paid"


@tagged("post_install", "-at_install")
class TestOneTask(NormCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        norms = cls.env["retail.time.norm"]
        norms.search([("kind", "=", "response")]).unlink()
        norms.create({"kind": "response", "hours": 0.5})
        norms.create({"kind": "payment", "channel_id": cls.channel.id, "hours": 1})
        cls.env["base.automation"].search([]).active = False

    def _rule(self, event, **values):
        return self.env["base.automation"].create(
            {"name": event, "retail_event": event, "task_type_id": self.call.id, **values}
        )

    def _work(self):
        """Plan and do what rules have to do now."""
        self.env["base.automation"]._sweep_retail_rules()
        while self.env["retail.trigger.run"]._work_one():
            pass

    def _all_overdue(self):
        """An order of Friday afternoon of which by Monday all norms are over, swept."""
        order = self._order(user_id=self.anna.id, channel_id=self.channel.id)
        self._at(25, 12)
        self._sweep()
        self.assertTrue(order.overdue_since)
        self.assertTrue(order.response_overdue_since)
        self.assertTrue(order.payment_overdue_since)
        return order

    def test_082_norms_make_their_own_tasks_where_no_rule_does(self):
        self._rule("order_overdue", task_type_id=False)
        self._rule("response_late", active=False)
        other = self.env["sales.channel"].create({"name": "Fair"})
        self._rule("order_unpaid", channel_ids=other.ids)
        self.assertEqual(len(self._all_overdue().activity_ids), 3)

    def test_082_the_task_of_a_rule_takes_the_place_of_the_norms(self):
        for event in ("order_overdue", "response_late", "order_unpaid"):
            self._rule(event)
        order = self._all_overdue()
        # rules about unpaid orders do not look at quotations: the norm of the channel does
        self.assertEqual(order.activity_ids.mapped("summary"), [UNPAID])
        self._work()
        self.assertEqual(len(order.activity_ids), 3)
        self.assertEqual(order.activity_ids.activity_type_id, self.call)

    def test_086_an_unpaid_order_is_one_call(self):
        self._rule("order_unpaid", task_summary="Ask about the money")
        self._at(22, 16, 1)  # what came before the rule was switched on is left alone
        order = self._order(user_id=self.anna.id, channel_id=self.channel.id)
        order.action_confirm()
        self._at(25, 12)
        self._sweep()
        self._work()
        self.assertTrue(order.payment_overdue_since)
        calls = order.activity_ids.filtered(lambda one: one.activity_type_id == self.call)
        self.assertEqual(calls.mapped("summary"), ["Ask about the money"])

    def test_082_a_rule_that_cannot_be_understood_holds_nothing_up(self):
        rule = self._rule("order_overdue")
        self.env.cr.execute(
            "UPDATE base_automation SET filter_domain = %s WHERE id = %s",
            ["[('nothing_is_called_so', '=', 1)]", rule.id],
        )
        rule.invalidate_recordset()
        order = self._all_overdue()
        self.assertIn("Too long in New", order.activity_ids.mapped("summary"))
        self.assertTrue(rule.problem)

    def test_085_the_recipe_s_task_is_settled_by_the_answer(self):
        recipe = self.env.ref("retail_crm.rule_response_late")
        self.assertEqual(recipe.task_type_id, self.env.ref("retail_crm.mail_activity_response"))
        recipe.active = True
        order = self._order(user_id=self.anna.id)
        self.clock.move_to(datetime(2026, 5, 25, 12))
        self._sweep()
        self._work()
        response = order.activity_ids.filtered(lambda one: one.summary == recipe.task_summary)
        self.assertEqual(len(response), 1)
        order.with_user(self.anna).stage_id = self.stages["approval"]
        self.assertFalse(response.exists().filtered("active"))
