"""Where an SMS provider tells what became of a message."""

import re

from odoo import http
from odoo.http import request
from odoo.tools import consteq

from ..services.lead_form import FormFault
from .open_route import open_route, read_values

MAX_BYTES = 64 * 1024
#: what providers call it -> what it is to Odoo; anything else is a reason why it did not arrive
STATES = {"delivered": "sent", "delivrd": "sent", "sent": "pending", "accepted": "pending"}
KEY = re.compile(r"[0-9a-f]{32}\Z")


class SmsReportController(http.Controller):
    @open_route("/retail_crm/sms_report/<string:token>", MAX_BYTES, methods=("GET", "POST"))
    def take_report(self, token):
        """Take note of a delivery report: ``id`` and ``status``, as JSON, form or query.

        Answers 200 when noted, 400 when it is not understood, 404 for a wrong address.
        """
        # anonymous by nature: the token in the address is the permission
        companies = request.env["res.company"].sudo().search([("retail_sms_token", "!=", False)])
        given = token.encode("utf-8", "replace")
        companies = companies.filtered(lambda one: consteq(one.retail_sms_token.encode(), given))
        if not companies:
            return self._answer(404, "There is nothing here.")
        try:
            report = read_values(MAX_BYTES)
        except FormFault:
            report = {}
        key, status = str(report.get("id") or ""), str(report.get("status") or "").lower()
        if not KEY.match(key) or not status:
            return self._answer(400, "Tell the id of the message and its status.")
        trackers = request.env["sms.tracker"].sudo().search([("sms_uuid", "=", key)])
        if not self._is_of(companies, key, trackers):
            return self._answer(200, "Noted.")  # as for any message that is not known
        reason = str(report.get("reason") or status)[:200]
        if status in STATES:
            trackers._action_update_from_sms_state(STATES[status])
        else:
            trackers.with_context(
                sms_known_failure_reason=reason
            )._action_update_from_provider_error("not_delivered")
        if not trackers and STATES.get(status) != "pending":
            delivery = "delivered" if status in STATES else "bounced"
            request.env["retail.trigger.run"]._take_report([key], delivery, reason)
        return self._answer(200, "Noted.")

    def _is_of(self, companies, key, trackers):
        """Whether one of these companies sent this message, as far as it is known who did."""
        run = request.env["retail.trigger.run"].sudo().search([("message_key", "=", key)])
        sender = run.company_id or trackers.mail_notification_id.mail_message_id.record_company_id
        return not sender or bool(sender & companies)

    def _answer(self, status, message):
        return request.make_json_response({"message": message}, status=status)
