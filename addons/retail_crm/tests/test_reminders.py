"""Rows 91, 95 and 96: tasks that remind at an hour, on the screen and by SMS."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import Form, tagged

from .test_sms_gateways import GatewayCase

NOON = datetime(2026, 5, 20, 10)  # 12:00 in Rome


class ReminderCase(GatewayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna.write({"tz": "Europe/Rome", "notification_type": "inbox"})
        cls.anna.partner_id.phone = "+39 333 7654321"

    def setUp(self):
        super().setUp()
        self._at(NOON)
        self.sent = []
        self.patch(
            type(self.env["bus.bus"]),
            "_sendone",
            lambda bus, target, kind, message: self.sent.append((target, kind, message)),
        )

    def _task(self, remind_at=NOON + timedelta(minutes=30), user=None, **values):
        order = self._order(user_id=self.anna.id)
        return order.activity_schedule(
            "mail.mail_activity_data_call",
            summary="Call about the wine",
            user_id=(user or self.anna).id,
            **{"date_deadline": remind_at.date(), "remind_at": remind_at, **values},
        )

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("retail_crm.ir_cron_remind").method_direct_trigger()

    def _reminders(self, kind="retail_crm.reminder"):
        return [(target, message) for target, name, message in self.sent if name == kind]


@tagged("post_install", "-at_install")
class TestReminders(ReminderCase):
    def test_091_the_person_is_reminded_once_at_the_minute(self):
        task = self._task()
        order = self.env["sale.order"].browse(task.res_id)
        self._run()
        self.assertEqual(self._reminders(), [], "it is not time yet")
        self._at(NOON + timedelta(minutes=30))
        self._run()
        self._run()
        [(target, message)] = self._reminders()
        self.assertEqual(target, self.anna.partner_id)
        self.assertEqual(message["message"], task.res_name)
        self.assertIn(order.name, message["message"])
        self.assertEqual(message["title"].split()[-4:], ["Call", "about", "the", "wine"])
        self.assertIn("12:30", message["title"], "the time is the person's own")
        action = task.with_user(self.anna).action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))

    def test_091_the_scheduled_action_is_woken_at_that_minute(self):
        task = self._task()
        woken = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("retail_crm.ir_cron_remind").id)]
        )
        self.assertIn(task.remind_at, woken.mapped("call_at"))

    def test_091_what_is_done_is_not_reminded_of(self):
        self._task().action_feedback()
        self._task().unlink()
        self._at(NOON + timedelta(hours=1))
        self._run()
        self.assertEqual(self._reminders(), [])

    def test_091_a_moved_task_reminds_at_the_same_hour_of_the_new_day(self):
        # the clocks go back on 25 October
        task = self._task(remind_at=datetime(2026, 10, 24, 7))
        task.date_deadline = fields.Date.to_date("2026-10-26")
        self.assertEqual(task.remind_at, datetime(2026, 10, 26, 8), "9:00 in Rome both times")

    def test_091_moved_after_the_reminder_it_comes_again(self):
        task = self._task()
        self._at(NOON + timedelta(minutes=30))
        self._run()
        task.remind_at = NOON + timedelta(hours=2)
        self.assertEqual(self._reminders("retail_crm.reminder_over")[-1][1], {"id": task.id})
        self._at(NOON + timedelta(hours=2))
        self._run()
        self.assertEqual(len(self._reminders()), 2)

    def test_091_a_task_handed_over_reminds_the_new_person(self):
        task = self._task()
        self._at(NOON + timedelta(minutes=30))
        self._run()
        task.user_id = self.berta
        self._run()
        people = [target for target, _message in self._reminders()]
        self.assertEqual(people, [self.anna.partner_id, self.berta.partner_id])

    def test_091_who_was_away_sees_it_on_coming_back_until_reacting(self):
        task = self._task()
        self._at(NOON + timedelta(minutes=30))
        self._run()
        mine = self.env["mail.activity"].with_user(self.anna)
        [reminder] = mine.get_unseen_reminders()
        self.assertEqual(reminder["id"], task.id)
        self.assertEqual(self.env["mail.activity"].with_user(self.berta).get_unseen_reminders(), [])
        task.with_user(self.anna).action_reminder_seen()
        self.assertEqual(mine.get_unseen_reminders(), [])
        self.assertEqual(self._reminders("retail_crm.reminder_over")[-1][1], {"id": task.id})

    def test_091_in_ten_minutes(self):
        task = self._task()
        self._at(NOON + timedelta(minutes=30))
        self._run()
        task.with_user(self.anna).action_remind_later()
        self._at(NOON + timedelta(minutes=39))
        self._run()
        self.assertEqual(len(self._reminders()), 1)
        self._at(NOON + timedelta(minutes=40))
        self._run()
        self.assertEqual(len(self._reminders()), 2)

    def test_091_the_hour_is_given_where_the_task_is_planned(self):
        order = self._order(user_id=self.anna.id)
        Wizard = self.env["mail.activity.schedule"].with_user(self.anna)
        Wizard = Wizard.with_context(active_model="sale.order", active_ids=order.ids)
        with Form(Wizard) as window:
            window.summary = "Call"
            window.date_deadline = NOON.date()
            window.remind_at = NOON + timedelta(days=3)
            self.assertEqual(window.date_deadline, (NOON + timedelta(days=3)).date())
        window.record.action_schedule_activities()
        self.assertEqual(order.activity_ids.remind_at, NOON + timedelta(days=3))

    def test_095_an_instruction_is_in_the_history_of_the_order(self):
        order = self._order(user_id=self.anna.id)
        order.with_user(self.anna).activity_schedule(
            "mail.mail_activity_data_todo", summary="Ask for the new glasses", user_id=self.berta.id
        )
        told = self.env["mail.message"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)], order="id desc", limit=1
        )
        self.assertIn(self.berta.partner_id, told.notified_partner_ids)
        self.assertIn("Ask for the new glasses", told.body)
        order.activity_ids.with_user(self.berta).action_feedback(feedback="They come on Monday")
        history = " ".join(order.message_ids.mapped("body"))
        self.assertIn("Ask for the new glasses", history)
        self.assertIn("They come on Monday", history)
        order.with_user(self.anna).message_post(
            body="Please call them", partner_ids=self.berta.partner_id.ids
        )
        self.assertIn("Please call them", order.message_ids[0].body)
        self.assertIn(self.berta.partner_id, order.message_ids[0].notified_partner_ids)


@tagged("post_install", "-at_install")
class TestReminderSms(ReminderCase):
    def _wants_sms(self, minutes=10):
        mine = self.anna.with_user(self.anna)
        mine.write({"retail_reminder_sms": True, "retail_reminder_sms_minutes": minutes})

    def _texts(self):
        return [message["text"] for _headers, message in self.provider.calls]

    def test_096_one_sms_so_many_minutes_before(self):
        self._wants_sms()
        task = self._task()
        self._at(NOON + timedelta(minutes=19))
        self._run()
        self.assertEqual(self._texts(), [])
        self._at(NOON + timedelta(minutes=20))
        self._run()
        self._run()
        [(headers, message)] = self.provider.calls
        self.assertEqual(message["to"], "+393337654321")
        self.assertEqual(message["id"], headers["Idempotency-Key"])
        self.assertIn("Call about the wine", message["text"])
        self.assertIn("12:30", message["text"])
        self.assertEqual(task.reminder_sms_state, "sent")
        self.assertEqual(self._reminders(), [], "the screen reminds at the time itself")

    def test_096_planned_at_short_notice_it_leaves_at_once(self):
        self._wants_sms(minutes=24 * 60)
        task = self._task()
        self._run()
        self.assertEqual(task.reminder_sms_at, NOON)
        self.assertEqual((len(self._texts()), task.reminder_sms_state), (1, "sent"))

    def test_096_only_those_who_want_it(self):
        self._task()
        self._wants_sms(minutes=0)
        self._task(user=self.berta)
        self.anna.retail_reminder_sms = False
        self._at(NOON + timedelta(minutes=30))
        self._run()
        self.assertEqual(self._texts(), [])
        self.assertEqual(len(self._reminders()), 2)

    def test_096_quiet_hours_are_for_customers(self):
        self.company.write({"quiet_from": 8.0, "quiet_to": 20.0})
        self._wants_sms()
        self._task()
        self._at(NOON + timedelta(minutes=20))
        self._run()
        self.assertEqual(len(self._texts()), 1)

    def test_096_not_for_what_is_done(self):
        self._wants_sms()
        self._task().action_feedback()
        self._at(NOON + timedelta(minutes=20))
        self._run()
        self.assertEqual(self._texts(), [])

    def test_096_a_provider_that_is_busy_is_asked_again(self):
        self._wants_sms()
        task = self._task()
        self.provider.statuses[:] = [503]
        self._at(NOON + timedelta(minutes=20))
        self._run()
        self.assertFalse(task.reminder_sms_state)
        self._at(NOON + timedelta(minutes=23))
        self._run()
        self.assertEqual(task.reminder_sms_state, "sent")
        keys = {message["id"] for _headers, message in self.provider.calls}
        self.assertEqual((len(self.provider.calls), len(keys)), (2, 1))

    def test_096_broken_off_it_is_not_sent_twice(self):
        self._wants_sms()
        task = self._task()
        self.provider.statuses[:] = ["broken"]
        self._at(NOON + timedelta(minutes=20))
        self._run()
        self._run()
        self.assertEqual(len(self.provider.calls), 1)
        self.assertEqual(task.reminder_sms_state, "unknown")

    def test_096_a_process_that_died_while_sending(self):
        self._wants_sms()
        task = self._task()
        task.write({"reminder_sms_state": "sending", "reminder_sms_key": "abc"})
        self._at(NOON + timedelta(minutes=20))
        self._run()
        self.assertEqual((self._texts(), task.reminder_sms_state), ([], "unknown"))
        self.company.retail_sms_is_repeatable = True
        task.reminder_sms_state = "sending"
        self._run()
        [(_headers, message)] = self.provider.calls
        self.assertEqual(message["id"], "abc", "the provider knows the key")

    def test_096_without_a_number_the_task_says_so(self):
        self._wants_sms()
        self.anna.partner_id.phone = False
        task = self._task()
        self._at(NOON + timedelta(minutes=20))
        self._run()
        self.assertEqual(task.reminder_sms_state, "failed")
        self.assertIn("no phone number", task.reminder_sms_note)

    def test_096_moved_after_the_sms_there_is_a_new_one(self):
        self._wants_sms()
        task = self._task()
        self._at(NOON + timedelta(minutes=20))
        self._run()
        task.remind_at = NOON + timedelta(hours=4)
        self._at(NOON + timedelta(hours=3, minutes=50))
        self._run()
        self.assertEqual(len({message["id"] for _headers, message in self.provider.calls}), 2)
