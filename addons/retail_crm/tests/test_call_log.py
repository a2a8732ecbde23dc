"""Calls that telephone systems tell of, over real HTTP."""

import json
from datetime import timedelta
from itertools import permutations
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .call_world import MARIA, CallCase

START = "2026-05-20T08:00:00+00:00"
LATER = "2026-05-20T08:00:09+00:00"
END = "2026-05-20T08:03:21+00:00"


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 08:00:00")
class TestCallLog(CallCase):
    # === 103: THE LOG ===

    def test_103_a_call_from_ringing_to_its_end(self):
        answer = self._ring(time=START, line="045 800 1")
        self.assertEqual((answer["status"], answer["state"]), ("created", "ringing"))
        self._tell("answered", time=LATER, extension="101")
        recording = "https://pbx.example.test/7.mp3"
        answer = self._tell("ended", time=END, duration=192, recording=recording)
        self.assertEqual((answer["status"], answer["state"]), ("known", "ended"))
        call = self._calls()
        self.assertEqual((call.direction, call.state, call.duration), ("in", "ended", 192))
        self.assertEqual((call.partner_id, call.user_id), (self.customer, self.anna))
        self.assertEqual(fields.Datetime.to_string(call.answered_at), "2026-05-20 08:00:09")
        self.assertEqual((call.recording_url, call.line), (recording, "045 800 1"))
        self.assertEqual(call.result, "reached")
        self.assertEqual(self.customer.with_user(self.anna).retail_call_count, 1)

    def test_103_events_may_come_twice_and_in_any_order(self):
        events = [
            ("ringing", {"time": START, "number": "0551234567", "extension": "101"}),
            ("answered", {"time": LATER, "extension": "101"}),
            ("ended", {"time": END, "duration": 192, "number": "0551234567"}),
        ]
        for number, order in enumerate(permutations(events + events[:1])):
            for event, values in order:
                self._tell(event, f"call {number}", **values)
        calls = self._calls()
        self.assertEqual(len(calls), 24)
        self.assertEqual(set(calls.mapped("state")), {"ended"})
        self.assertEqual(set(calls.mapped("duration")), {192})
        self.assertEqual(calls.partner_id, self.customer)
        self.assertEqual(len(set(calls.mapped("answered_at"))), 1)
        self.assertFalse(self._tasks(), "what was answered after all is no missed call")
        for call in calls:
            notes = call.message_ids.filtered(lambda one: one.message_type == "comment")
            self.assertEqual(len(notes), 1)

    def test_103_a_form_is_understood_and_the_key_in_the_body(self):
        body = f"token={self.token}&status=ring&uniqueid=9&callerid=055+1234567&ext=101"
        answer = self._send(body, "application/x-www-form-urlencoded", token="")
        self.assertEqual(answer.status_code, 201, answer.text)
        self.assertEqual(self._calls().partner_id, self.customer)

    def test_103_what_is_not_understood_is_said(self):
        cases = [
            ("{", "application/json", 400, "This is not JSON."),
            ("[]", "application/json", 400, "The JSON text has to be an object."),
            ("<x/>", "text/xml", 400, "Send a form or JSON."),
            ('{"event": "x", "call_id": 1}', "application/json", 400, "Tell the event"),
            ('{"event": "ringing"}', "application/json", 400, "Tell the call_id"),
            ("self=1&event=%00&call_id=%00", "application/x-www-form-urlencoded", 400, "Tell"),
        ]
        for body, kind, status, words in cases:
            answer = self._send(body, kind)
            self.assertEqual(answer.status_code, status, body)
            self.assertIn(words, answer.json()["message"])
        self.assertFalse(self._calls())

    def test_103_nul_bytes_do_no_harm(self):
        self._tell("ringing", "a\x00b", number="\x00055 1234567", line="\x00", extension="\x00")
        self.assertEqual(self._calls().external_id, "ab")

    def test_103_only_with_the_key(self):
        body = json.dumps({"event": "ringing", "call_id": "1"})
        old = self.token
        strange = "e\u0301".encode().decode("latin-1")
        for token, pbx_id in (
            ("wrong", None),
            (strange, None),
            ("", None),
            (None, 999_999_999_999),
        ):
            answer = self._send(body, token=token, pbx_id=pbx_id)
            self.assertEqual(answer.status_code, 401)
            self.assertEqual(answer.json()["status"], "error")
        self.pbx.action_new_token()
        self.assertEqual(self._send(body, token=old).status_code, 401)
        self.assertEqual(self._send(body, token=self.pbx.token).status_code, 201)
        self.pbx.active = False
        self.assertEqual(self._send(body, token=self.pbx.token).status_code, 401)

    def test_103_too_long_and_too_many(self):
        body = json.dumps({"event": "ringing", "call_id": "1", "x": "y" * 70_000})
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            answer = self._send(body, kind)
            self.assertEqual(answer.status_code, 413)
            self.assertEqual(answer.json()["status"], "error")
        self.pbx.event_limit = 2
        for number in range(2):
            self._ring(call_id=str(number))
        answer = self._send(json.dumps({"event": "ringing", "call_id": "new"}))
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (429, "60"))
        self._tell("ended", "1")  # of a known one it may tell

    def test_103_a_recording_is_a_web_address(self):
        self._tell("ended", number="0551234567", recording="javascript:alert(1)")
        self.assertFalse(self._calls().recording_url)
        with self.assertRaises(ValidationError):
            self._calls().recording_url = "file:///etc/passwd"

    def test_103_what_was_told_is_not_changed_by_hand(self):
        self._ring()
        self._tell("ended", duration=60)
        call = self._calls().with_user(self.anna)
        call.write({"note": "Wants glasses", "duration": call.duration})
        self.assertIn("Wants glasses", call.log_message_id.body)
        with self.assertRaises(AccessError):
            call.duration = 1
        with self.assertRaises(AccessError):
            call.unlink()
        for forged in ({"pbx_id": self.pbx.id}, {"recording_url": "https://x.test/"}):
            with self.assertRaises(AccessError):
                call.create([{"partner_id": self.customer.id, **forged}])

    def test_103_a_number_that_two_customers_have_is_left_open(self):
        self.env["res.partner"].create({"name": "Mario Bianchi", "phone": "055 1234567"})
        self._ring()
        self.assertFalse(self._calls().partner_id)

    def test_103_answered_and_missed_by_hour_and_person(self):
        self._ring(call_id="1")
        self._tell("ended", "1", duration=10)
        self._ring(call_id="2", extension="102")
        self._tell("missed", "2")
        rows = self.env["retail.call"].formatted_read_group(
            [("pbx_id", "=", self.pbx.id)], ["user_id", "hour", "state"], ["__count"]
        )
        found = {(row["user_id"][0], row["hour"], row["state"]): row["__count"] for row in rows}
        zone = self.company._get_message_zone()
        hour = (8 + int(fields.Datetime.now().replace(tzinfo=zone).utcoffset().seconds / 3600)) % 24
        self.assertEqual(
            found, {(self.anna.id, hour, "ended"): 1, (self.berta.id, hour, "missed"): 1}
        )

    # === 101: THE CARD ===

    def test_101_the_card_is_for_whose_telephone_rings(self):
        order = self._order(user_id=self.anna.id)
        with self._bus() as seen:
            self._ring()
            self._ring()
            [(login, kind, card)] = seen
            self.assertEqual((login, kind), ("anna", "retail_crm.call_card"))
            self.assertEqual((card["name"], card["partner_id"]), ("Maria Rossi", self.customer.id))
            self.assertEqual([one["name"] for one in card["orders"]], [order.name])
            cards = self.env["retail.call"].with_user(self.anna).get_cards()
            self.assertEqual([one["id"] for one in cards], [card["id"]])
            self.assertFalse(self.env["retail.call"].with_user(self.berta).get_cards())
            seen.clear()
            self._tell("ended", duration=5)
            self.assertEqual(seen, [("anna", "retail_crm.call_card_close", {"id": card["id"]})])
            self.assertFalse(self.env["retail.call"].with_user(self.anna).get_cards())

    def test_101_the_card_leaves_with_the_event_itself(self):
        latest = self.env["bus.bus"].search([], order="id desc", limit=1).id
        jobs = self.env["ir.cron.trigger"].search_count([])
        self._ring()
        told = self.env["bus.bus"].search(
            [("id", ">", latest), ("message", "like", "retail_crm.call_card")]
        )
        self.assertEqual(json.loads(told.message)["payload"]["name"], "Maria Rossi")
        self.assertIn(f'"res.partner",{self.anna.partner_id.id}]', told.channel.replace(" ", ""))
        # no job stands between the telephone and the screen
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), jobs)

    def test_101_who_answers_keeps_the_card(self):
        with self._bus() as seen:
            self._ring(extension="101,102")
            self.assertEqual({login for login, *_rest in seen}, {"anna", "berta"})
            seen.clear()
            self._tell("answered", extension="102")
            kinds = {(login, kind) for login, kind, _message in seen}
            self.assertEqual(
                kinds,
                {("anna", "retail_crm.call_card_close"), ("berta", "retail_crm.call_card")},
            )
        self.assertEqual(self._calls().user_id, self.berta)

    def test_101_without_an_extension_it_is_for_the_responsible(self):
        with self._bus() as seen:
            self._tell("ringing", number="0551234567")
        self.assertEqual([login for login, *_rest in seen], ["anna"])

    def test_101_who_has_left_the_company_does_not_stop_the_log(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.anna.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self._bus() as seen:
            self._ring(extension="101,102")
            self._tell("answered", extension="101")
        self.assertEqual([login for login, kind, _card in seen if kind.endswith("card")], ["berta"])
        self.assertEqual(self._calls().state, "answered")

    def test_101_a_card_that_is_open_ends_with_the_company(self):
        self._ring()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.anna.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertEqual(self.env["retail.call"].with_user(self.anna).get_cards(), [])
        self._tell("answered", extension="101")
        self.assertEqual(self._calls().state, "answered")

    def test_101_a_customer_of_somebody_else_is_not_shown(self):
        self.berta.group_ids += self.env.ref("retail_crm.group_own_clients")
        self._order(user_id=self.anna.id)
        with self._bus() as seen:
            self._ring(extension="102")
        [(_login, _kind, card)] = seen
        self.assertEqual((card["name"], card["partner_id"], card["orders"]), ("", False, []))
        self.assertEqual(card["ask"], self.anna.name)
        self.assertNotIn("Maria", json.dumps(card))

    def test_101_of_several_customers_the_person_says_which(self):
        other = self.env["res.partner"].create({"name": "Mario Bianchi", "phone": "055 1234567"})
        with self._bus() as seen:
            self._ring()
        [(_login, _kind, card)] = seen
        self.assertEqual({one["id"] for one in card["customers"]}, {other.id, self.customer.id})
        call = self._calls()
        with self.assertRaisesRegex(AccessError, "not shown to you"):
            call.with_user(self.berta).choose_customer(other.id)
        self.assertFalse(call.partner_id, "it is not her telephone")
        card = call.with_user(self.anna).choose_customer(other.id)
        self.assertEqual((card["name"], call.partner_id), ("Mario Bianchi", other))

    # === 102: THE WAY ===

    def test_102_the_answer_names_the_extension_of_the_responsible(self):
        answer = self._ring(extension="")
        self.assertEqual((answer["extension"], answer["user"]), ("101", self.anna.name))
        self.assertEqual(answer["customer"], "Maria Rossi")
        self.customer.user_id = self.berta
        self.assertEqual(self._ring(call_id="8", extension="")["extension"], "102")

    def test_102_who_has_left_or_has_no_telephone_is_not_named(self):
        self.anna.active = False
        self.assertIsNone(self._ring(extension="")["extension"])
        self.customer.user_id = self.env.ref("base.user_admin")
        answer = self._ring(call_id="8", extension="")
        self.assertEqual((answer["extension"], answer["user"]), (None, self.customer.user_id.name))

    def test_102_a_stranger_goes_to_the_channel_s_person(self):
        self.pbx.number_ids = [Command.create({"number": "045800", "channel_id": self.channel.id})]
        answer = self._ring("+41 44 999 88 77", line="+39 045 800", extension="")
        self.assertEqual((answer["extension"], answer["customer"]), ("101", None))
        self.assertIsNone(self._ring("+41 44 999 88 77", "8", extension="")["extension"])

    def test_102_the_caller_is_found_by_one_look_up(self):
        self.env.flush_all()
        self.env.invalidate_all()
        # the look-up, who may be seen, and how their numbers read
        with self.assertQueryCount(5):
            found = self.env["res.partner"]._find_callers(MARIA)
        self.assertEqual(found, self.customer)

    # === 202: THE SOURCE ===

    def test_202_the_number_tells_the_source_of_call_and_order(self):
        source = self.env["utm.source"].create({"name": "Billboard A4"})
        medium = self.env["utm.medium"].create({"name": "Outdoor"})
        self.pbx.number_ids = [
            Command.create(
                {
                    "number": "045 800 77",
                    "channel_id": self.channel.id,
                    "utm_source_id": source.id,
                    "utm_medium_id": medium.id,
                }
            )
        ]
        self._ring(line="+39 045 80077")
        call = self._calls()
        self.assertEqual((call.channel_id, call.utm_source_id), (self.channel, source))
        before = self._order(self.anna, user_id=self.anna.id)
        self.assertFalse(before.source_id, "nobody has answered yet")
        self._tell("answered", extension="101")
        order = self._order(self.anna, user_id=self.anna.id)
        self.assertEqual((order.source_id, order.medium_id), (source, medium))
        self.assertEqual((call.order_id, order.last_touch_id.source_id), (order, source))
        second = self._order(self.anna, user_id=self.anna.id)
        self.assertFalse(second.source_id, "one call, one order")

    # === 106: MISSED ===

    def test_106_a_missed_call_is_one_task_for_the_responsible(self):
        self._ring(extension="102")
        self._tell("missed")
        self._tell("missed")
        task = self._tasks()
        self.assertEqual((len(task), task.user_id), (1, self.anna))
        self.assertIn("Maria Rossi", task.summary)
        self._ring(call_id="8")
        self._tell("ended", "8", duration=0)
        self.assertEqual(self._tasks(), task, "the same caller is one task")
        self.assertIn("2 missed calls", task.summary)
        self.assertEqual(self._calls().mapped("state"), ["missed", "missed"])

    def test_106_a_stranger_waits_in_the_pool_until_somebody_takes_it(self):
        self._tell("missed", number="+41 44 999 88 77")
        task, call = self._tasks(), self._calls()
        self.assertFalse(task.user_id)
        self.assertEqual(call.team_id, self.counter)
        found = self.env["retail.call"].with_user(self.berta).search([("is_to_return", "=", True)])
        self.assertIn(call, found)
        call.with_user(self.berta).action_take()
        self.assertEqual(task.user_id, self.berta)

    def test_106_of_two_who_take_it_at_once_one_is_told(self):
        self._tell("missed", number="+41 44 999 88 77")
        task, call = self._tasks(), self._calls()
        none = task.browse()
        with (
            patch.object(type(task), "try_lock_for_update", lambda *_args, **_options: none),
            self.assertRaisesRegex(UserError, "right now"),
        ):
            call.with_user(self.berta).action_take()
        self.assertFalse(task.user_id)
        call.with_user(self.berta).action_take()
        self.assertEqual((task.user_id, call.user_id), (self.berta, self.berta))

    def test_106_another_telephone_answers_after_one_gave_up(self):
        self._ring(time=START, extension="101,102")
        self._tell("missed", time=LATER, extension="101")
        self.assertEqual(len(self._tasks()), 1)
        with self._bus() as seen:
            later = "2026-05-20T08:00:20+00:00"
            answer = self._tell("answered", time=later, extension="102")
        self.assertEqual(answer["state"], "answered")
        self.assertIn(("berta", "retail_crm.call_card"), [one[:2] for one in seen])
        self.assertFalse(self._tasks())
        self.assertEqual(self._tell("ended", time=END)["state"], "ended")
        self.assertEqual((self._calls().duration, self._calls().user_id), (181, self.berta))

    def test_106_it_is_settled_when_the_customer_is_reached(self):
        self._tell("missed", number="0551234567")
        self._tell("missed", "8", number="+41 44 999 88 77")
        self.assertEqual(len(self._tasks()), 2)
        self._tell("answered", "9", direction="out", number=MARIA, extension="102")
        self.assertEqual(self._tasks().mapped("res_id"), self._calls()[1].ids)
        self._tell("answered", "10", number="0041449998877", extension="101")
        self.assertFalse(self._tasks())

    def test_106_it_is_settled_by_a_call_noted_by_hand(self):
        self._tell("missed", number="0551234567")
        self.env["retail.call"].with_user(self.anna).create(
            {"partner_id": self.customer.id, "direction": "out", "result": "reached"}
        )
        self.assertFalse(self._tasks())

    def test_106_a_withheld_number_and_a_colleague_are_no_tasks(self):
        self._tell("missed", number="anonymous")
        with self._bus() as seen:
            self._ring("102", "8")
        self.assertFalse(seen)
        self._tell("missed", "8")
        self.assertFalse(self._tasks())
        self.assertEqual(len(self._calls()), 2)

    def test_106_rules_are_told_and_stop_when_the_caller_was_reached(self):
        rule = self.env["base.automation"].create(
            {
                "name": "Missed",
                "retail_event": "call_missed",
                "wait_value": 10,
                "task_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            }
        )
        self._tell("missed", number="0551234567")
        self._tell("missed", "8", number="+41 44 999 88 77")
        self.assertEqual(len(rule.run_ids), 2)
        self._tell("answered", "9", number="0551234567", extension="101")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self._run_rules()
        self.assertEqual(sorted(rule.run_ids.mapped("state")), ["done", "skipped"])

    def test_106_a_rule_writes_to_a_stranger(self):
        self.company.retail_sms_gateway = "file"
        template = self.env["sms.template"].create(
            {
                "name": "Sorry",
                "model_id": self.env["ir.model"]._get_id("retail.call"),
                "body": "We call you back.",
            }
        )
        rule = self.env["base.automation"].create(
            {
                "name": "Missed",
                "retail_event": "call_missed",
                "send_by": "sms",
                "sms_template_id": template.id,
                "respects_quiet_hours": False,
            }
        )
        self._tell("missed", number="+41 44 999 88 77")
        self._run_rules()
        run = self.env["retail.trigger.run"].search([("rule_id", "=", rule.id)])
        self.assertEqual((run.state, run.sent_to), ("done", "+41449998877"), run.reason)

    # === RIGHTS ===

    def test_152_calls_of_others_clients_are_out_of_sight(self):
        self._ring(extension="102")
        call = self._calls()
        Call = self.env["retail.call"]
        self.assertIn(call, Call.with_user(self.berta).search([]))
        self.berta.group_ids += self.env.ref("retail_crm.group_own_clients")
        self.assertNotIn(call, Call.with_user(self.berta).search([]))
        self.assertIn(call, Call.with_user(self.anna).search([]))
        with self.assertRaises(AccessError):
            call.with_user(self.berta).read(["number"])

    def test_155_figures_of_others_are_not_shown(self):
        self._ring(extension="101")
        self.customer.user_id = False
        Call = self.env["retail.call"]
        self.assertFalse(Call.with_user(self.berta).formatted_read_group([], ["user_id"], []))
        self.berta.group_ids += self.env.ref("retail_crm.group_retail_crm_supervisor")
        self.assertTrue(Call.with_user(self.berta).formatted_read_group([], ["user_id"], []))

    def test_calls_and_telephone_systems_belong_to_a_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self._ring()
        boss = self._seller("boss", company_ids=[Command.set(other.ids)], company_id=other.id)
        boss.group_ids += self.env.ref("retail_crm.group_retail_crm_manager")
        self.assertFalse(self.env["retail.call"].with_user(boss).search([]))
        self.assertFalse(self.env["retail.pbx"].with_user(boss).search([]))

    def test_only_administrators_see_the_key(self):
        row = self.pbx.with_user(self.anna).read()[0]
        self.assertFalse({"token", "url", "call_url", "call_secret"} & row.keys())
        with self.assertRaises(AccessError):
            self.pbx.with_user(self.anna).read(["token"])
        with self.assertRaises(AccessError):
            self.pbx.with_user(self.anna).action_new_token()
        with self.assertRaises(AccessError):
            self.pbx.with_user(self.anna).action_show_token()
        self.assertEqual(self.pbx.action_show_token()["params"]["message"], self.token)

    def test_an_extension_belongs_to_one_person(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.pbx.extension_ids = [Command.create({"extension": "101", "user_id": self.env.uid})]

    # === 99: HISTORY ===

    def test_099_calls_are_in_the_timeline(self):
        self._ring()
        self._tell("answered", extension="101")
        self._tell("ended", duration=192)
        entries = self.customer.with_user(self.anna).get_timeline()["entries"]
        [entry] = [one for one in entries if one["kind"] == "call"]
        self.assertIn("3 min 12 s", entry["text"])
        self.assertEqual((entry["model"], entry["res_id"]), ("retail.call", self._calls().id))

    def test_151_anonymized_customers_leave_no_number_in_the_log(self):
        self._tell("missed", number="0551234567")
        self._ring(call_id="8")
        self._tell("ended", "8", duration=192, recording="https://pbx.example.test/8.mp3")
        self._calls()[1].partner_id = False
        task = self._tasks()
        self._calls()[0].note = "Maria wants glasses"
        self.customer._anonymize()
        for call in self._calls():
            self.assertFalse(call.number or call.number_end or call.note or call.recording_url)
            self.assertFalse(call.message_ids or call.log_message_id)
        self.assertEqual(self._calls().mapped("duration"), [0, 192])
        self.assertFalse(task.with_context(active_test=False).exists())
