"""Row 105: a rule has nobody called who does not want it."""

from odoo.tests import tagged

from .call_world import CallCase


@tagged("post_install", "-at_install")
class TestCallConsent(CallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["base.automation"].search([]).active = False
        cls.pbx.write({"call_method": "http", "call_url": "https://pbx.example.test/"})
        cls.company.weekly_message_cap = 0

    def _rule(self, **values):
        values = {"requests_call": True, "respects_quiet_hours": False, **values}
        return self.env["base.automation"].create(
            {"name": "Call", "retail_event": "order_received", **values}
        )

    def _receive(self):
        order = self._order(user_id=self.anna.id)
        self.env["base.automation"]._retail_event("order_received", order)
        self._run_rules()
        return order

    def _assert_called(self, rule, calls, state, reason=""):
        run = self.env["retail.trigger.run"].search([("rule_id", "=", rule.id)], limit=1)
        self.assertEqual((len(self._calls()), run.state), (calls, state), run.reason)
        self.assertIn(reason, run.reason or "")
        return run

    def test_105_who_wants_no_calls_is_not_called(self):
        rule = self._rule()
        self.customer._set_consent("phone", "service", False)
        order = self._receive()
        run = self._assert_called(rule, 0, "skipped", "does not want to be called")
        self.assertFalse(order.activity_ids, "nor by a person")
        self.customer._set_consent("phone", "service", True)
        run.action_send_again()
        self._run_rules()
        self._assert_called(rule, 1, "done")

    def test_105_advertising_calls_need_to_be_agreed_to(self):
        rule = self._rule(needs_consent=True)
        self._receive()
        self._assert_called(rule, 0, "skipped", "not agreed to advertising by telephone")
        self.customer._set_consent("email", "marketing", True)
        self._receive()
        self._assert_called(rule, 0, "skipped")
        self.customer._set_consent("phone", "marketing", True)
        self._receive()
        self._assert_called(rule, 1, "done")

    def test_105_the_weekly_cap_counts_for_calls(self):
        self.company.weekly_message_cap = 1
        rule = self._rule()
        before = self._rule(requests_call=False, send_by="email", mail_template_id=self._mail().id)
        self.env["retail.trigger.run"].create(
            {
                "rule_id": before.id,
                "model": "sale.order",
                "res_id": self._order().id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "state": "done",
                "send_by": "email",
                "handed_at": self.env.cr.now(),
                "due_at": self.env.cr.now(),
                "event_at": self.env.cr.now(),
                "message_key": "an e-mail of yesterday",
            }
        )
        before.active = False
        self._receive()
        self._assert_called(rule, 0, "skipped", "within a week")
        rule.ignores_cap = True
        self._receive()
        self._assert_called(rule, 1, "done")

    def _mail(self):
        return self.env["mail.template"].create(
            {"name": "Hello", "model_id": self.env["ir.model"]._get_id("sale.order")}
        )

    def test_105_the_message_goes_where_the_call_may_not(self):
        self.customer.email = "maria@example.com"
        self.customer._set_consent("phone", "service", False)
        template = self._mail()
        template.write({"subject": "Hello", "body_html": "<p>Hello</p>", "use_default_to": True})
        rule = self._rule(send_by="email", mail_template_id=template.id)
        self._receive()
        self._assert_called(rule, 0, "done")

    def test_105_the_task_is_made_all_the_same(self):
        todo = self.env.ref("mail.mail_activity_data_todo")
        rule = self._rule(task_type_id=todo.id)
        self.customer._set_consent("phone", "service", False)
        order = self._receive()
        self.assertEqual(order.activity_ids.activity_type_id, todo)
        self._assert_called(rule, 0, "skipped", "does not want to be called")

    def test_105_the_dry_run_says_so(self):
        rule = self._rule()
        self._order().action_confirm()
        dry = self.env["retail.trigger.dry.run"].create({"rule_id": rule.id, "days": 1})
        dry.action_run()
        mine = dry.line_ids.filtered(lambda line: line.partner_id == self.customer)
        self.assertEqual(mine.mapped("reason"), [False])
        self.customer._set_consent("phone", "service", False)
        dry.action_run()
        mine = dry.line_ids.filtered(lambda line: line.partner_id == self.customer)
        self.assertEqual(mine.mapped("reason"), ["The customer does not want to be called."])
