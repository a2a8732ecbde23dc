"""Calls that people make: begun from the screen, by a rule, in vain, and noted by hand."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tests.common import _super_send
from odoo.tools import file_open, mute_logger

from ..services import call_out, http_call
from .call_world import MARIA, CallCase
from .common import working_week


@contextmanager
def hook(status=200, body=b"{}", headers=(), pause=0):
    """A telephone system that can be asked to call: ``(address, what it was asked)``."""
    asked, gone = [], threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            key = self.headers.get("Authorization")
            asked.append((self.command, self.path, key, self.rfile.read(length).decode()))
            gone.wait(pause)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # names of the library

        def log_message(self, *_args):
            """Nothing on the screen of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        gone.set()
        server.shutdown()
        server.server_close()
        thread.join()


@tagged("post_install", "-at_install")
class TestCallOut(CallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env["retail.call"].with_user(cls.anna)

    def _hooked(self, address, **values):
        self.pbx.write(
            {"call_method": "http", "call_url": address, "call_secret": "s3cret", **values}
        )

    # === 104: CLICK TO CALL ===

    def test_104_without_a_telephone_system_it_is_a_link(self):
        self.assertEqual(self.call.call_number("+39 (055) 123"), {"link": "tel:+39055123"})
        self.assertFalse(self._calls())
        with self.assertRaisesRegex(UserError, "is no telephone number"):
            self.call.call_number("call me")

    def test_104_the_telephone_system_is_asked(self):
        with hook() as (address, asked):
            self._hooked(f"{address}/call")
            answer = self.call.call_number(MARIA)
            self.assertIn("Your telephone rings", answer["message"])
        [(verb, path, key, body)] = asked
        call = self._calls()
        self.assertEqual((verb, path, key), ("POST", "/call", "Bearer s3cret"))
        self.assertEqual(
            json.loads(body),
            {
                "number": "+390551234567",
                "extension": "101",
                "reference": call.reference,
                "user": "anna",
            },
        )
        self.assertEqual((call.state, call.partner_id), ("requested", self.customer))

    def test_104_what_it_tells_then_is_that_call(self):
        with hook() as (address, _asked):
            self._hooked(address)
            order = self._order(user_id=self.anna.id)
            self.call.call_number(MARIA, order_id=order.id)
            self.call.call_number("055 9876543")
        first, second = self._calls()
        self._tell("ringing", "a", direction="out", number="0551234567", extension="101")
        self._tell("answered", "b", direction="out", number="x", reference=second.reference)
        self._tell("ended", "a", duration=7)
        self.assertEqual(len(self._calls()), 2)
        self.assertEqual((first.external_id, first.state, first.duration), ("a", "ended", 7))
        self.assertEqual((first.order_id, order.call_count), (order, 1))
        self.assertEqual((second.external_id, second.state), ("b", "answered"))

    def test_104_an_address_with_places(self):
        with hook() as (address, asked):
            self._hooked(address + "/?to={number}&from={extension}", call_verb="get")
            self.call.call_number(MARIA)
        self.assertEqual(asked[0][:2], ("GET", "/?to=%2B390551234567&from=101"))

    def test_104_a_refusal_is_told_without_the_key(self):
        with hook(503, b"busy, s3cret") as (address, _asked):
            self._hooked(address)
            with self.assertRaisesRegex(UserError, r"HTTP 503 busy, \*\*\*"):
                self.call.call_number(MARIA)
        with hook(302, headers=[("Location", "http://127.0.0.1:9/")]) as (address, asked):
            self._hooked(address)
            with self.assertRaisesRegex(UserError, "HTTP 302"):
                self.call.call_number(MARIA)
            self.assertEqual(len(asked), 1)
        self._hooked("http://127.0.0.1:9/")
        with self.assertRaisesRegex(UserError, "did not call"):
            self.call.call_number(MARIA)

    def test_104_who_answers_slowly_was_asked(self):
        self.patch(http_call, "TIMEOUT", 0.3)
        # Odoo's tests lengthen it to ten seconds
        self.patch(requests.Session, "send", _super_send)
        with hook(pause=5) as (address, asked):
            self._hooked(address)
            self.assertIn("Your telephone rings", self.call.call_number(MARIA)["message"])
        self.assertEqual((len(asked), self._calls().state), (1, "requested"))

    def test_104_a_refusal_of_what_rings_already_is_none(self):
        def dial(_way, settings):
            event = {"direction": "out", "reference": settings["reference"], "number": MARIA}
            self._tell("ringing", **event)
            raise call_out.CallRefused("HTTP 504")

        self._hooked("https://pbx.example.test/")
        self.patch(call_out.HttpHook, "dial", dial)
        self.assertIn("Your telephone rings", self.call.call_number(MARIA)["message"])
        self.assertEqual((self._calls().state, self._calls().failure), ("ringing", False))

    @mute_logger("odoo.addons.retail_crm.models.retail_call_out")
    def test_104_a_key_that_cannot_be_sent_is_told(self):
        with hook() as (address, asked):
            self._hooked(address, call_secret="geheim\u20ac")
            with self.assertRaisesRegex(UserError, "did not call") as caught:
                self.call.call_number(MARIA)
        self.assertNotIn("geheim", str(caught.exception))
        self.assertEqual((asked, self._calls().state), ([], "failed"))

    def test_104_the_address_has_a_host_of_its_own(self):
        for address in ("ftp://x.test", "https://{number}.test/", "x", False):
            with self.assertRaises(ValidationError):
                self._hooked(address)

    def test_104_the_screen_is_told_whether_to_ask(self):
        self.authenticate("anna", "anna")
        info = self.make_jsonrpc_request("/web/session/get_session_info", {})
        self.assertIs(info["retail_calls_out"], False)
        self._hooked("https://pbx.example.test/")
        info = self.make_jsonrpc_request("/web/session/get_session_info", {})
        self.assertIs(info["retail_calls_out"], True)

    # === 105: BY A RULE ===

    def _rule(self, **values):
        return self.env["base.automation"].create(
            {
                "name": "Call",
                "retail_event": "order_received",
                "requests_call": True,
                "respects_quiet_hours": False,
                **values,
            }
        )

    def _receive(self):
        order = self._order(user_id=self.anna.id)
        self.env["base.automation"]._retail_event("order_received", order)
        self._run_rules()
        return order

    def test_105_a_rule_has_the_customer_called_once(self):
        rule = self._rule()
        with hook() as (address, asked):
            self._hooked(address)
            order = self._receive()
            self.assertFalse(asked, "not within the work of the rule")
            for _run in range(2):
                self.env["retail.call"]._cron_request()
        [(*_head, body)] = asked
        self.assertEqual(json.loads(body)["extension"], "101")
        run = self.env["retail.trigger.run"].search([("rule_id", "=", rule.id)])
        self.assertEqual((self._calls().order_id, run.state), (order, "done"))

    def test_105_who_called_in_vain_is_called_where_the_call_came_from(self):
        self._rule(retail_event="call_missed", task_user_id=self.anna.id)
        with hook() as (address, asked):
            self._hooked(address)
            for number in ("+39 333 444 5566", "+41 44 999 88 77"):
                self._tell("missed", number, number=number)
            self._calls()[0].partner_id = self.customer
            self._run_rules()
            self.env["retail.call"]._cron_request()
        told = [json.loads(body)["number"] for *_head, body in asked]
        self.assertEqual(sorted(told), ["+393334445566", "+41449998877"])

    def test_105_where_it_cannot_the_responsible_has_a_task(self):
        self._rule()
        order = self._receive()
        self.assertEqual(order.activity_ids.user_id, self.anna)
        with hook(500) as (address, _asked):
            self._hooked(address)
            order = self._receive()
            self.env["retail.call"]._cron_request()
        self.assertEqual(self._calls().state, "failed")
        self.assertIn("HTTP 500", order.activity_ids.summary)

    def test_105_of_which_nothing_is_heard_becomes_a_task(self):
        self._rule()
        with hook() as (address, _asked):
            self._hooked(address)
            order = self._receive()
            self.env["retail.call"]._cron_request()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.env["retail.call"]._cron_request()
        self.assertEqual(self._calls().state, "failed")
        self.assertEqual(order.activity_ids.user_id, self.anna)

    def test_105_a_call_of_a_rule_that_nobody_answers_becomes_a_task(self):
        self._rule()
        with hook() as (address, _asked):
            self._hooked(address)
            order = self._receive()
            self.env["retail.call"]._cron_request()
            self.call.call_number("055 9876543")
        ruled, clicked = self._calls()
        for number, call in enumerate((ruled, clicked)):
            event = {"direction": "out", "reference": call.reference, "number": call.number}
            for said in ("ringing", "missed", "missed"):
                self._tell(said, f"rule {number}", **event)
        self.assertEqual(self._calls().mapped("state"), ["missed", "missed"])
        self.assertEqual((len(order.activity_ids), order.activity_ids.user_id), (1, self.anna))
        self.assertIn("Not Answered", order.activity_ids.summary)

    def test_105_nobody_is_called_in_the_quiet_hours(self):
        now = fields.Datetime.now()
        hour = now.replace(tzinfo=UTC).astimezone(self.company._get_message_zone()).hour
        self.company.write({"quiet_from": hour, "quiet_to": (hour + 2) % 24})
        rule = self._rule(respects_quiet_hours=True)
        with hook() as (address, asked):
            self._hooked(address)
            self._receive()
            self.env["retail.call"]._cron_request()
        run = self.env["retail.trigger.run"].search([("rule_id", "=", rule.id)])
        self.assertEqual((asked, run.state), ([], "planned"))
        self.assertGreater(run.due_at, now)

    @mute_logger("odoo.addons.retail_crm.models.retail_call_out")
    def test_105_one_that_cannot_be_given_up_does_not_stop_the_others(self):
        self._rule()
        with hook() as (address, _asked):
            self._hooked(address)
            orders = self._receive() | self._receive()
            self.env["retail.call"]._cron_request()
        fail, first = self.env.registry["retail.call"]._fail, self._calls()[0]

        def broken(call, reason):
            if call == first:
                raise ValueError("something of another addon")
            return fail(call, reason)

        self.patch(self.env.registry["retail.call"], "_fail", broken)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.env["retail.call"]._cron_request()
        self.assertEqual(self._calls().mapped("state"), ["requested", "failed"])
        self.assertEqual(len(orders.activity_ids), 1)

    @mute_logger("odoo.addons.retail_crm.models.retail_call_out")
    def test_105_a_telephone_system_that_is_not_asked_any_more(self):
        self._rule()
        self._hooked("https://pbx.example.test/")
        order = self._receive()
        self.pbx.call_method = "tel"
        self.env["retail.call"]._cron_request()
        self.assertEqual(self._calls().state, "failed")
        self.assertIn("By the device of the person", order.activity_ids.summary)

    def test_105_a_copied_database_calls_nobody(self):
        self._rule()
        self._hooked("https://pbx.example.test/")
        self._receive()
        self.env.flush_all()
        with file_open("retail_crm/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual((self._calls().state, self.pbx.call_method), ("failed", "tel"))

    # === 89: NOT REACHED ===

    def _not_reached(self, order=None):
        desk = self.env["retail.order.desk"].with_user(self.anna)
        return desk.set_not_reached(self.customer.id, order.id if order else False)

    def _again(self, record):
        kind = self.env.ref("retail_crm.activity_call_again")
        return record.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def test_103_calls_are_counted_in_a_form_that_is_not_saved(self):
        self._tell("missed", number="0551234567")
        unsaved = self.env["res.partner"].new(origin=self.customer)
        self.assertEqual(unsaved.retail_call_count, 1)
        self.assertEqual(self.env["res.partner"].new({}).retail_call_count, 0)

    def test_089_the_ladder_grows_and_begins_anew_after_a_talk(self):
        order = self._order(user_id=self.anna.id)
        self.company.resource_calendar_id = working_week(self.env)
        friday = datetime(2026, 5, 22, 10)
        planned = []
        for number in range(4):
            with freeze_time(friday + timedelta(hours=number / 2)):
                self.assertIn(f"attempt {number + 1}", self._not_reached(order))
            planned.append(self._again(order).remind_at)
        self.assertEqual(
            planned,
            [
                datetime(2026, 5, 22, 10, 15),
                datetime(2026, 5, 22, 12, 30),
                datetime(2026, 5, 25, 11),
                datetime(2026, 5, 25, 11, 30),
            ],
        )
        self.assertEqual(self._again(order).date_deadline, planned[-1].date())
        with freeze_time(friday + timedelta(hours=3)):
            self._tell("answered", number="0551234567", extension="102")
            self._tell("ended", duration=60)
            self.assertFalse(self._again(order), "the customer was reached")
        with freeze_time(friday + timedelta(hours=4)):
            self.assertIn("attempt 1", self._not_reached(order))
        self.assertEqual(self._again(order).remind_at, datetime(2026, 5, 22, 14, 15))

    def test_089_a_talk_settles_attempts_on_all_orders_of_the_family(self):
        office = self.env["res.partner"].create({"name": "Office", "parent_id": self.customer.id})
        orders = self._order() | self._order(partner_id=office.id)
        tasks = self.env["mail.activity"]
        for record in (*orders, self.customer):
            tasks |= record.activity_schedule(
                "retail_crm.activity_call_again", user_id=self.anna.id
            )
        self._tell("answered", number="0551234567", extension="101")
        self.assertFalse(any(tasks.mapped("active")))

    def test_089_the_channel_s_hours_count(self):
        calendar = working_week(self.env)
        calendar.attendance_ids.filtered(lambda one: one.dayofweek == "0").unlink()
        self.channel.calendar_id = calendar
        order = self._order(user_id=self.anna.id, channel_id=self.channel.id)
        with freeze_time("2026-05-22 20:00:00"):
            for _attempt in range(3):
                self._not_reached(order)
        self.assertEqual(self._again(order).remind_at, datetime(2026, 5, 26, 8))

    def test_089_what_the_telephone_system_told_is_the_attempt(self):
        with freeze_time("2026-05-20 10:00:00"):
            self._tell("missed", direction="out", number="0551234567", extension="101")
            self.assertIn("attempt 1", self._not_reached())
            self.assertEqual(len(self.customer.retail_call_ids), 1)
            self.assertFalse(self._tasks(), "nobody called us")
        with freeze_time("2026-05-20 11:00:00"):
            self._tell("missed", "8", direction="out", number="0551234567", extension="101")
            call = self._calls()[1].with_user(self.anna)
            self.assertIn("attempt 2", call.action_not_reached()["params"]["message"])
        self.assertEqual(self._again(self.customer).remind_at, datetime(2026, 5, 20, 13))

    # === 90: LOG A CALL ===

    def test_090_the_window_is_filled_in_and_saved_in_the_log(self):
        order = self._order(user_id=self.anna.id).with_user(self.anna)
        action = order.action_log_call()
        form = Form(
            self.call.with_context(**action["context"]),
            view="retail_crm.retail_call_view_form_log",
        )
        self.assertEqual((form.partner_id, form.order_id), (self.customer, order))
        self.assertEqual((form.subject, form.number), (f"Order {order.name}", MARIA))
        self.assertTrue(form.started_at)
        form.note = "Wants it on Friday"
        form.talk_time = 2.5
        call = form.save()
        self.assertEqual((call.state, call.duration, call.user_id), ("ended", 150, self.anna))
        self.assertEqual((order.call_ids, order.call_count), (call, 1))
        [entry] = self.customer.with_user(self.anna).get_timeline()["entries"]
        self.assertEqual((entry["kind"], entry["subject"]), ("call", f"Order {order.name}"))
        self.assertIn("Wants it on Friday", entry["text"])

    def test_090_from_the_customer_and_in_vain(self):
        action = self.customer.with_user(self.anna).action_log_call()
        form = Form(
            self.call.with_context(**action["context"]),
            view="retail_crm.retail_call_view_form_log",
        )
        form.result = "not_reached"
        call = form.save()
        self.assertEqual((call.state, call.attempt), ("missed", 1))
        self.assertEqual(self._again(self.customer).user_id, self.anna)
