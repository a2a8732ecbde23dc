"""What is done a second time, and what must not be: after failures, conflicts and refusals."""

from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo.tests import tagged

from ..services.sms_gateways import FileDropGateway
from .trigger_common import TriggerCase
from .trigger_mail import no_server, outbox

NOON = datetime(2026, 5, 20, 12)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@tagged("post_install", "-at_install")
class TestTriggerAgain(TriggerCase):
    def setUp(self):
        super().setUp()
        self._at(NOON)

    def _ordered(self, **values):
        order = self._order(**values)
        order.action_confirm()
        self._work()
        return order

    # === DO AGAIN ===

    def test_128_done_again_after_a_failure_it_goes_to_the_number_of_now(self):
        rule = self._rule("order_received")
        self._ordered()
        run = self._assert_run(rule, "done")
        first = run.message_key
        self.Run._take_report([first], "bounced", "no such number")
        self._assert_run(rule, "failed", "no such number")
        self.customer.phone = "+39 06 7654321"
        rule.sms_template_id.body = "Once more {{ object.name }}"
        run.action_send_again()
        self._work()
        self._assert_run(rule, "done")
        messages = {message["id"]: message for message in self._files()}
        self.assertEqual(set(messages), {first, run.message_key})
        self.assertNotEqual(run.message_key, first, "a provider would drop what it knows")
        again = messages[run.message_key]
        self.assertEqual(again["to"], "+39067654321")
        self.assertRegex(again["text"], "^Once more")
        self.assertEqual((run.delivery, run.sent_to), ("sent", "+39067654321"))
        self.Run._take_report([first], "bounced", "late")
        self._assert_run(rule, "done")

    def test_109_an_email_that_waits_does_not_repeat_the_refused_sms(self):
        rule = self._rule("order_received", on_failure="email")
        refused = {"state": "wrong_number_format", "failure_reason": "no mobile"}
        with (
            patch.object(FileDropGateway, "_send_one", return_value=refused) as send_sms,
            no_server(self.env),
        ):
            self._ordered()
        self.assertEqual(send_sms.call_count, 1)
        self.assertEqual(self._assert_run(rule, "planned", "no mobile").send_by, "email")
        self._at(NOON + HOUR)
        with outbox(self.env) as sent:
            self._work()
        self._assert_run(rule, "done", "no mobile")
        self.assertEqual(len(sent), 1)
        self.assertFalse(self._files())

    def test_128_done_again_when_unknown_it_is_the_same_message(self):
        rule = self._rule("order_received")
        lost = {"state": "unknown", "failure_reason": "no answer"}
        with (
            patch.object(FileDropGateway, "is_repeatable", False),
            patch.object(FileDropGateway, "_send_one", return_value=lost),
        ):
            self._ordered()
        run = self._assert_run(rule, "unknown")
        key = run.message_key
        self.customer.phone = "+39 06 7654321"
        run.action_send_again()
        self._work()
        self._assert_run(rule, "done")
        [message] = self._files()
        self.assertEqual((message["id"], message["to"]), (key, "+39061234567"))

    def test_109_what_bounces_twice_is_one_email(self):
        rule = self._rule("order_received", on_failure="email")
        self._ordered()
        run = self._runs(rule)
        with outbox(self.env) as sent:
            for _time in range(2):
                self.Run._take_report([run.message_key], "bounced", "phone off")
                self.assertEqual(run.state, "failed")
                self._work()
                run.action_send_again()
                self._work()
                self.assertEqual(run.state, "done")
        self.assertEqual(len(sent), 1)
        self.assertEqual(len(self._runs(rule)), 2)

    def test_109_an_email_that_failed_is_tried_again_with_its_sms(self):
        self.customer.email = False
        rule = self._rule("order_received", on_failure="email")
        self._ordered()
        run = self._runs(rule)
        self.Run._take_report([run.message_key], "bounced", "phone off")
        self._work()
        other = self._runs(rule) - run
        self.assertEqual(other.state, "failed")
        self.customer.email = "maria@example.com"
        run.action_send_again()
        self._work()
        with outbox(self.env) as sent:
            self.Run._take_report([run.message_key], "bounced", "phone off")
            self._work()
        self.assertEqual((other.state, len(sent)), ("done", 1))

    # === BACK IN STOCK ===

    def _waiting(self, **values):
        rule = self._rule("back_in_stock", **values)
        request = self.env["retail.restock.request"].create(
            {"product_id": self.glass.id, "partner_id": self.customer.id}
        )
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(self.glass, warehouse.lot_stock_id, 3)
        return rule, request

    def _work_for_days(self, count):
        for day in range(count):
            self._at(NOON + day * DAY + HOUR)
            self._work()

    def test_125_what_may_have_arrived_is_not_sent_the_next_day(self):
        rule, request = self._waiting()
        lost = {"state": "unknown", "failure_reason": "no answer"}
        with (
            patch.object(FileDropGateway, "is_repeatable", False),
            patch.object(FileDropGateway, "_send_one", return_value=lost),
        ):
            self._at(NOON + HOUR)
            self._work()
        self._work_for_days(3)
        self._assert_run(rule, "unknown")
        self.assertFalse(self._files())
        self._runs(rule).action_arrived()
        self.assertEqual(request.state, "told")

    def test_125_a_customer_nobody_can_write_to_is_one_task(self):
        self.customer.phone = False
        rule, request = self._waiting(on_failure="task")
        self._work_for_days(3)
        run = self._assert_run(rule, "failed", "no phone number")
        self.assertEqual(len(request.activity_ids), 1)
        self.customer.phone = "+39 06 1234567"
        run.action_send_again()
        self._work()
        self.assertEqual((run.state, request.state), ("done", "told"))

    def test_125_skipped_for_the_cap_it_comes_when_there_is_room(self):
        rule, request = self._waiting()
        self.company.weekly_message_cap = 1
        self._rule("order_received", ignores_cap=True)
        self._ordered()
        self._work_for_days(8)
        self.assertEqual(self._runs(rule).mapped("state")[-1], "done")
        self.assertEqual((request.state, len(self._files())), ("told", 2))

    def test_125_a_task_is_made_once_however_long_the_message_has_to_wait(self):
        call = self.env.ref("mail.mail_activity_data_call").id
        rule, request = self._waiting(needs_consent=True, task_type_id=call)
        self._work_for_days(3)
        self._assert_run(rule, "skipped", "not agreed")
        self.assertEqual(len(request.activity_ids), 1)

    # === CONFLICTS ===

    def _conflict(self, model, method):
        error = psycopg2.errors.SerializationFailure("could not serialize access")
        return patch.object(type(self.env[model]), method, side_effect=error)

    def test_127_an_sms_that_met_another_change_goes_later(self):
        rule = self._rule("order_received", on_failure="task")
        with self._conflict("sms.template", "_render_field"):
            order = self._ordered()
        self._assert_run(rule, "planned")
        self.assertFalse(order.activity_ids)
        self._at(NOON + HOUR)
        self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(self._files()), 1)

    def test_127_an_email_that_met_another_change_goes_later(self):
        rule = self._rule("order_received", send_by="email", on_failure="sms")
        with outbox(self.env) as sent:
            with self._conflict("mail.template", "send_mail_batch"):
                self._ordered()
            self._assert_run(rule, "planned")
            self.assertFalse(self._files())
            self._at(NOON + HOUR)
            self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(sent), 1)

    # === NOT TO THIS CUSTOMER ===

    def test_123_the_task_is_made_when_the_message_may_not_be_sent(self):
        call = self.env.ref("mail.mail_activity_data_call").id
        refused = self._rule("order_received", needs_consent=True, task_type_id=call)
        note = self.env["ir.actions.server"].create(
            {
                "name": "Note",
                "model_id": refused.model_id.id,
                "state": "object_write",
                "update_path": "client_order_ref",
                "value": "seen",
            }
        )
        refused.action_server_ids = note
        order = self._ordered(user_id=self.anna.id)
        run = self._assert_run(refused, "skipped", "not agreed to advertising")
        self.assertEqual(order.activity_ids.user_id, self.anna)
        self.assertEqual(order.client_order_ref, "seen")
        self.assertFalse(self._files())
        self.customer._set_consent("sms", "marketing", True)
        run.action_send_again()
        self._work()
        self._assert_run(refused, "done")
        self.assertEqual((len(order.activity_ids), len(self._files())), (1, 1))

    def test_123_the_task_is_made_when_the_week_is_full(self):
        self.company.weekly_message_cap = 1
        call = self.env.ref("mail.mail_activity_data_call").id
        self._rule("order_received", ignores_cap=True)
        full = self._rule("order_received", task_type_id=call)
        order = self._ordered(user_id=self.anna.id)
        self._assert_run(full, "skipped", "within a week")
        self.assertEqual(order.activity_ids.user_id, self.anna)
        self.assertEqual(len(self._files()), 1)

    # === CHANGED MEANWHILE ===

    def test_201_a_promise_taken_back_is_no_failure(self):
        rule = self._rule("morning_promised", wait_hour=8.5, on_failure="task")
        order = self._order(commitment_date=NOON + DAY)
        order.action_confirm()
        self._at(datetime(2026, 5, 21, 6, 31))
        self.env["base.automation"]._sweep_retail_rules()
        order.commitment_date = False
        self._work()
        self._assert_run(rule, "skipped", "Another day was promised")
        self.assertFalse(order.activity_ids)

    def test_a_rule_that_was_mended_no_longer_complains(self):
        manager = self._seller("manager")
        manager.group_ids += self.env.ref("retail_crm.group_retail_crm_manager")
        rule = self._rule("order_received")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE base_automation SET filter_domain = %s WHERE id = %s",
            ["[('nonsense', '=', 1)]", rule.id],
        )
        rule.invalidate_recordset()
        self._ordered()
        self.assertIn("nonsense", rule.problem)
        rule.with_user(manager).name = "Other name"
        self.assertTrue(rule.problem)
        rule.with_user(manager).filter_domain = "[('amount_total', '>', 1)]"
        self.assertFalse(rule.problem)
        self._ordered()
        self._assert_run(rule, "done")
