"""SMS providers: chosen by company, told apart by what they answer, reports taken."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged

from ..services.sms_gateways import HttpGateway
from .trigger_common import TriggerCase
from .trigger_mail import outbox


class Provider(ThreadingHTTPServer):
    """A provider on 127.0.0.1: remembers the calls, answers with the next status."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ProviderHandler)
        self.calls = []
        self.statuses = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/send"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()


class ProviderHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((dict(self.headers), json.loads(body)))
        status = self.server.statuses.pop(0) if self.server.statuses else 202
        if status == "broken":
            self.connection.close()
            return
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b"said with key top-secret")

    def log_message(self, *_arguments):
        """Tests are quiet."""


class GatewayCase(TriggerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.enterClassContext(Provider())
        cls.company.write(
            {
                "retail_sms_gateway": "http",
                "retail_sms_url": cls.provider.url,
                "retail_sms_secret": "top-secret",
                "retail_sms_sender": "ENOTECA",
            }
        )

    def setUp(self):
        super().setUp()
        self.provider.calls.clear()
        self.provider.statuses.clear()


@tagged("post_install", "-at_install")
class TestSmsGateways(GatewayCase):
    def _sent(self, *statuses, **values):
        self.provider.statuses[:] = statuses
        rule = self._rule("order_received", **values)
        order = self._order()
        order.action_confirm()
        self._work()
        return rule

    def test_110_the_provider_of_the_company_gets_the_message(self):
        rule = self._sent()
        run = self._assert_run(rule, "done")
        [(headers, message)] = self.provider.calls
        self.assertEqual(message["id"], run.message_key)
        self.assertEqual(headers["Idempotency-Key"], run.message_key)
        self.assertEqual(headers["Authorization"], "Bearer top-secret")
        self.assertEqual((message["to"], message["from"]), ("+39061234567", "ENOTECA"))
        self.assertIn("/retail_crm/sms_report/", message["report_url"])
        self.assertEqual(run.message_id.notification_ids.notification_status, "pending")

    def test_110_also_for_what_people_send(self):
        order = self._order()
        order._message_sms("By hand", sms_numbers=["+390698765"], put_in_queue=False)
        queued = self.env["sms.sms"].create({"number": "+390611111", "body": "From the queue"})
        queued._send()
        texts = [message["text"] for _headers, message in self.provider.calls]
        self.assertIn("By hand", texts)
        self.assertIn("From the queue", texts)
        self.assertEqual(queued.state, "pending")

    def test_110_another_company_keeps_its_own(self):
        other = self.env["res.company"].create({"name": "Other", "retail_sms_gateway": "file"})
        sms = self.env["sms.sms"].with_company(other).create({"number": "+390", "body": "x"})
        [(api, messages)] = list(sms._split_by_api())
        self.assertEqual((api.code, messages), ("file", sms))
        plain = self.env["res.company"].create({"name": "Plain"})
        self.assertNotIsInstance(plain._get_sms_api_class()(self.env), HttpGateway)

    def test_a_refusal_is_told_without_the_key(self):
        run = self._assert_run(self._sent(401), "failed", "HTTP 401")
        self.assertNotIn("top-secret", run.reason)

    def test_a_refusal_makes_an_email(self):
        with outbox(self.env) as sent:
            rule = self._sent(422, on_failure="email")
        self._assert_run(rule, "done", "HTTP 422")
        self.assertEqual(len(sent), 1)

    def test_a_busy_provider_is_asked_later(self):
        run = self._assert_run(self._sent(429), "planned", "429")
        self.assertEqual(run.tries, 1)

    def test_an_answer_that_is_lost_is_for_a_person(self):
        for status in ("broken", 500):
            rule = self._sent(status)
            self._assert_run(rule, "unknown")
            rule.active = False

    def test_an_answer_that_is_lost_is_asked_for_again_where_that_is_harmless(self):
        self.company.retail_sms_is_repeatable = True
        rule = self._sent("broken")
        self._assert_run(rule, "planned")
        self._runs(rule).due_at = "2020-01-01"
        self._work()
        self._assert_run(rule, "done")
        keys = {message["id"] for _headers, message in self.provider.calls}
        self.assertEqual((len(self.provider.calls), len(keys)), (2, 1))

    def test_nobody_at_the_address_is_asked_later(self):
        self.company.retail_sms_url = "http://127.0.0.1:9/"
        self._assert_run(self._sent(), "planned")

    def test_an_address_is_needed(self):
        with self.assertRaisesRegex(ValidationError, "address of the SMS provider"):
            self.company.retail_sms_url = "ftp://example.com"

    def test_the_key_is_for_system_administrators(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.anna).read(["retail_sms_secret"])

    def test_108_templates_speak_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        template = self._template("sms")
        template.with_context(lang="it_IT").body = "Ordine {{ object.name }}"
        self.customer.lang = "it_IT"
        self._assert_run(self._sent(sms_template_id=template.id), "done")
        self.assertRegex(self.provider.calls[0][1]["text"], "^Ordine ")


@tagged("post_install", "-at_install")
class TestDeliveryReports(GatewayCase, HttpCase):
    def _report(self, key, status, token=None, **more):
        token = token or self.company.retail_sms_token
        return self.url_open(
            f"/retail_crm/sms_report/{token}",
            data=json.dumps({"id": key, "status": status, **more}),
            headers={"Content-Type": "application/json"},
        ).status_code

    def _sent_run(self, **values):
        rule = self._rule("order_received", **values)
        self._order().action_confirm()
        self._work()
        return self._assert_run(rule, "done")

    def test_110_reports_are_kept(self):
        run = self._sent_run()
        self.assertEqual(self._report(run.message_key, "delivered"), 200)
        self.assertEqual(run.delivery, "delivered")
        self.assertEqual(run.message_id.notification_ids.notification_status, "sent")

    def test_what_did_not_arrive_goes_by_email(self):
        run = self._sent_run(on_failure="email")
        self.assertEqual(self._report(run.message_key, "expired", reason="phone off"), 200)
        self.assertEqual((run.delivery, run.state), ("bounced", "failed"))
        self.assertRegex(run.reason, "phone off.*e-mail is sent")
        with outbox(self.env) as sent:
            self._work()
            self._report(run.message_key, "expired", reason="phone off")
            self._work()
        self.assertEqual(len(sent), 1)

    def test_strangers_report_nothing(self):
        run = self._sent_run()
        self.assertEqual(self._report(run.message_key, "expired", token="0" * 32), 404)
        self.assertEqual(self._report("nonsense", "delivered"), 400)
        self.assertEqual(run.delivery, "sent")

    def test_110_a_company_reports_of_its_own_messages_only(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        run = self._sent_run()
        self.assertEqual(
            self._report(run.message_key, "expired", token=other.retail_sms_token), 200
        )
        self.assertEqual((run.delivery, run.state), ("sent", "done"))
        notification = run.message_id.notification_ids
        self.assertEqual(notification.notification_status, "pending")
        order = self._order()
        note = order._message_sms("By hand", sms_numbers=["+390698765"], put_in_queue=False)
        key = note.notification_ids.sms_tracker_ids.sms_uuid
        self.assertEqual(self._report(key, "expired", token=other.retail_sms_token), 200)
        self.assertEqual(note.notification_ids.notification_status, "pending")
        self.assertEqual(self._report(key, "delivered"), 200)
        self.assertEqual(note.notification_ids.notification_status, "sent")

    def test_110_companies_that_were_there_get_a_token_each(self):
        companies = self.company | self.env["res.company"].create([{"name": "A"}, {"name": "B"}])
        companies[:2].retail_sms_token = self.company.retail_sms_token
        companies[2].retail_sms_token = False
        kept = self.company.retail_sms_token
        self.env.flush_all()
        self.env["res.company"].init()
        self.env.invalidate_all()
        tokens = companies.mapped("retail_sms_token")
        self.assertEqual(tokens[0], kept)
        self.assertEqual(len(set(tokens)), 3)
        for token in tokens:
            self.assertRegex(token, "^[0-9a-f]{32}$")
