"""One event, one run, one message: planning, sending, failing, and what stops it."""

from contextlib import suppress
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..services.sms_gateways import FileDropGateway
from .trigger_common import TriggerCase
from .trigger_mail import outbox

NOON = datetime(2026, 5, 20, 12)
HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestTriggerRuns(TriggerCase):
    def setUp(self):
        super().setUp()
        self._at(NOON)

    def test_116_a_new_order_is_confirmed_once(self):
        rule = self._rule("order_received")
        order = self._order()
        self.assertFalse(self._runs(rule), "a quotation was not ordered yet")
        order.action_confirm()
        self._work()
        run = self._assert_run(rule, "done")
        [message] = self._files()
        self.assertEqual(message["text"], f"Order {order.name}")
        self.assertEqual(message["to"], "+39061234567")
        self.assertEqual(message["id"], run.message_key)
        self.assertIn(order.name, run.message_id.body)

    def test_116_by_channel(self):
        rule = self._rule("order_received", channel_ids=self.channel.ids)
        other = self._order()
        ours = self._order(channel_id=self.channel.id)
        (other | ours).action_confirm()
        self._work()
        self.assertEqual(self._runs(rule).mapped("res_id"), ours.ids)

    def test_118_on_cancel(self):
        rule = self._rule(
            "order_cancelled", task_type_id=self.env.ref("mail.mail_activity_data_call").id
        )
        order = self._order(user_id=self.anna.id)
        order.action_confirm()
        order._action_cancel()
        self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(self._files()), 1)
        self.assertEqual(order.activity_ids.user_id, self.anna)

    def test_118_by_reason(self):
        late = self.env.ref("retail_crm.cancel_reason_late")
        rule = self._rule(
            "order_cancelled", filter_domain=f"[('cancel_reason_id', '=', {late.id})]"
        )
        orders = [self._order() for _number in range(3)]
        for order, reason in zip(
            orders, (late, self.env.ref("retail_crm.cancel_reason_stock"), False), strict=True
        ):
            order.cancel_reason_id = reason
            order._action_cancel()
        self._work()
        self.assertEqual(self._assert_run(rule, "done").res_id, orders[0].id)
        [message] = self._files()
        self.assertEqual(message["text"], f"Order {orders[0].name}")

    def test_118_not_when_the_order_is_no_longer_cancelled(self):
        rule = self._rule("order_cancelled", wait_value=10)
        order = self._order()
        order._action_cancel()
        order.action_draft()
        self._at(NOON + HOUR)
        self._work()
        self._assert_run(rule, "skipped", "no longer cancelled")

    def test_067_a_merged_order_is_cancelled_for_nobody(self):
        stages = self.env["retail.order.stage"].search([("category", "=", "cancelled")])
        rules = [
            self._rule("order_stage", event_stage_ids=stages.ids),
            self._rule("order_cancelled"),
        ]
        kept, gone, lost = self._order(), self._order(), self._order()
        kept._merge(gone)
        lost._action_cancel()
        self._work()
        for rule in rules:
            self.assertEqual(self._runs(rule).mapped("res_id"), lost.ids)
            dry = self.env["retail.trigger.dry.run"].create({"rule_id": rule.id, "days": 1})
            dry.action_run()
            self.assertNotIn(gone.id, dry.line_ids.mapped("res_id"))

    def test_115_each_stage_once(self):
        stages = self.env["retail.order.stage"].search([("category", "=", "assembly")], limit=1)
        rule = self._rule("order_stage", event_stage_ids=stages.ids)
        order = self._order()
        order.action_confirm()
        order._enter_stage(stages)
        order.write({"note": "nothing"})
        self._work()
        self.assertEqual(self._assert_run(rule, "done").occurrence, str(stages.id))

    def test_123_a_task_without_a_message(self):
        rule = self._rule(
            "order_received",
            send_by=False,
            task_type_id=self.env.ref("mail.mail_activity_data_call").id,
            task_summary="Greet",
            task_user_id=self.berta.id,
        )
        order = self._order()
        order.action_confirm()
        self._work()
        self._assert_run(rule, "done")
        self.assertEqual(order.activity_ids.user_id, self.berta)
        self.assertEqual(order.activity_ids.summary, "Greet")
        self.assertFalse(self._files())

    def test_127_every_execution_is_in_the_log_with_its_reason(self):
        rule = self._rule("order_received", wait_value=1, wait_unit="hours")
        order, gone = self._order(), self._order()
        (order | gone).action_confirm()
        gone._action_cancel()
        self._work()
        runs = self._runs(rule)
        self.assertEqual(set(runs.mapped("state")), {"planned"})
        self.assertEqual(set(runs.mapped("due_at")), {NOON + HOUR})
        self._at(NOON + HOUR)
        self._work()
        states = {run.res_id: (run.state, run.reason) for run in runs}
        self.assertEqual(states[order.id], ("done", False))
        self.assertEqual(states[gone.id], ("skipped", "The order was cancelled."))

    def test_128_the_same_event_twice_is_one_message(self):
        rule = self._rule("order_received")
        order = self._order()
        order.action_confirm()
        for _time in range(3):
            self.env["base.automation"]._retail_event("order_received", order)
            self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(self._files()), 1)

    def test_128_nothing_old_when_switched_on(self):
        rule = self._rule("order_received", active=False)
        old = self._order()
        old.action_confirm()
        self._at(NOON + HOUR)
        rule.active = True
        self.assertEqual(rule.activated_at, NOON + HOUR)
        self.assertEqual(rule.last_run, NOON + HOUR)
        self._work()
        self.assertFalse(self._runs(rule))

    def test_128_imported_history_gets_no_messages(self):
        rule = self._rule("order_received")
        old = self._order(date_order=NOON - timedelta(days=90))
        old.write({"state": "sale", "date_order": NOON - timedelta(days=90)})
        self._work()
        self.assertFalse(self._runs(rule))

    def test_a_rule_switched_off_meanwhile_sends_nothing(self):
        rule = self._rule("order_received", wait_value=1, wait_unit="hours")
        self._order().action_confirm()
        rule.active = False
        self._at(NOON + HOUR)
        self._work()
        self._assert_run(rule, "skipped", "switched off")

    def test_stop_conditions_are_looked_at_when_due(self):
        rule = self._rule(
            "order_received", wait_value=1, stop_domain="[('client_order_ref', '=', 'stop')]"
        )
        order = self._order()
        order.action_confirm()
        order.client_order_ref = "stop"
        self._at(NOON + HOUR)
        self._work()
        self._assert_run(rule, "skipped", "Not any more if")

    # === FAILING ===

    def test_109_a_missing_number_makes_an_email(self):
        self.customer.phone = False
        rule = self._rule("order_received", on_failure="email")
        self._order().action_confirm()
        with outbox(self.env) as sent:
            self._work()
        run = self._assert_run(rule, "done", "no phone number")
        self.assertEqual(run.send_by, "email")
        [mail] = sent
        self.assertIn(run.message_key, mail["Message-Id"])
        self.assertIn("maria@example.com", mail["To"])
        self.assertFalse(self._files())

    def test_a_failure_becomes_a_task(self):
        self.customer.phone = "call me"
        rule = self._rule("order_received", on_failure="task")
        order = self._order(user_id=self.anna.id)
        order.action_confirm()
        self._work()
        self._assert_run(rule, "failed", "no phone number")
        self.assertRegex(order.activity_ids.summary, "was not delivered")
        self.assertEqual(order.activity_ids.user_id, self.anna)

    def test_a_broken_template_fails_its_run_and_no_other(self):
        broken = self._rule("order_received")
        fine = self._rule("order_received")
        broken.sms_template_id.body = "{{ object.nonsense }}"
        self._order().action_confirm()
        self._work()
        self._assert_run(broken, "failed")
        self._assert_run(fine, "done")

    def test_a_silent_provider_is_asked_again_later(self):
        rule = self._rule("order_received")
        self._order().action_confirm()
        silent = {"state": "not_reached", "failure_reason": "no route"}
        with patch.object(FileDropGateway, "_send_one", return_value=silent):
            self._work()
        run = self._assert_run(rule, "planned", "no route")
        self.assertEqual(run.due_at, NOON + timedelta(minutes=2))
        self._at(NOON + HOUR)
        self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(self._files()), 1)

    def test_a_provider_that_never_answers_is_given_up(self):
        rule = self._rule("order_received")
        self._order().action_confirm()
        silent = {"state": "not_reached", "failure_reason": "no route"}
        with patch.object(FileDropGateway, "_send_one", return_value=silent):
            for day in range(7):
                self._at(NOON + timedelta(days=day))
                self._work()
        self._assert_run(rule, "failed", "Given up")

    # === INTERRUPTED ===

    def _interrupted(self):
        """A run whose process died after the message was handed over."""
        rule = self._rule("order_received")
        self._order().action_confirm()
        death = patch.object(FileDropGateway, "_send_one", side_effect=KeyboardInterrupt)
        with death, suppress(KeyboardInterrupt):
            self._work()
        self._assert_run(rule, "sending")
        return rule

    def test_an_interrupted_message_is_repeated_where_that_is_harmless(self):
        rule = self._interrupted()
        self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(self._files()), 1)

    def test_an_interrupted_message_is_for_a_person_elsewhere(self):
        rule = self._interrupted()
        with patch.object(FileDropGateway, "is_repeatable", False):
            self._work()
        run = self._assert_run(rule, "unknown", "cannot tell")
        self.assertFalse(self._files())
        run.action_send_again()
        self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(self._files()), 1)

    def test_a_person_says_that_it_arrived(self):
        rule = self._interrupted()
        with patch.object(FileDropGateway, "is_repeatable", False):
            self._work()
        self._runs(rule).action_arrived()
        self._assert_run(rule, "done", "says that it arrived")

    # === PEACE ===

    def test_quiet_hours_are_those_of_the_customer(self):
        self.company.write({"quiet_from": 21.0, "quiet_to": 8.0})
        rule = self._rule("order_received", respects_quiet_hours=True)
        self._at(datetime(2026, 5, 20, 20, 30))  # 22:30 in Rome
        roman = self._order()
        roman.action_confirm()
        self.customer.copy({"tz": "America/New_York"})
        american = self._order(partner_id=self.customer.copy({"tz": "America/New_York"}).id)
        american.action_confirm()
        due = {run.res_id: run.due_at for run in self._runs(rule)}
        self.assertEqual(due[roman.id], datetime(2026, 5, 21, 6))
        self.assertEqual(due[american.id], datetime(2026, 5, 20, 20, 30))

    def test_what_comes_due_in_quiet_hours_waits_for_their_end(self):
        rule = self._rule("order_received", respects_quiet_hours=True)
        self._order().action_confirm()
        self.company.write({"quiet_from": 13.0, "quiet_to": 16.0})  # 14:00 in Rome now
        self._work()
        run = self._assert_run(rule, "planned")
        self.assertEqual(run.due_at, datetime(2026, 5, 20, 14))
        self.assertFalse(self._files())

    def test_the_weekly_cap_counts_all_rules(self):
        self.company.weekly_message_cap = 2
        rules = [self._rule("order_received") for _number in range(3)]
        always = self._rule("order_received", ignores_cap=True)
        self._order().action_confirm()
        self._work()
        self.assertEqual([self._runs(rule).state for rule in rules], ["done", "done", "skipped"])
        self.assertRegex(self._runs(rules[2]).reason, "2 messages within a week; 2 are allowed")
        self._assert_run(always, "done")
        self._at(NOON + timedelta(days=8))
        self._order().action_confirm()
        self._work()
        self.assertEqual(len(self._files()), 3 + 3)

    def test_the_customer_is_asked_for_advertising(self):
        rule = self._rule("order_received", send_by="email", needs_consent=True)
        self._order().action_confirm()
        with outbox(self.env) as sent:
            self._work()
            self._assert_run(rule, "skipped", "not agreed")
            self.assertFalse(sent)
            self.customer._set_consent("email", "marketing", True)
            self._runs(rule).action_send_again()
            self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(sent), 1)

    def test_a_customer_who_wants_no_sms_gets_the_email(self):
        self.customer._set_consent("sms", "service", False)
        rule = self._rule("order_received", on_failure="email")
        with outbox(self.env) as sent:
            self._order().action_confirm()
            self._work()
        self._assert_run(rule, "done", "does not want it")
        self.assertEqual(len(sent), 1)
        self.assertFalse(self._files())

    def test_waking(self):
        cron = self.env.ref("retail_crm.ir_cron_retail_triggers")
        self._rule("order_received", wait_value=2, wait_unit="hours")
        before = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self._order().action_confirm()
        after = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual((after - before).mapped("call_at"), [NOON + 2 * HOUR])
        self.assertTrue(fields.Datetime.now() < NOON + 2 * HOUR)
