"""Somebody was called and did not answer: when to call again.

The pauses grow with the attempts; what counts is the log, so that it does not matter from which
order, desk or telephone the attempts were made. A talk with the customer begins the count anew.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..services import clock
from .retail_call_missed import AGAIN

#: pauses before the second and the third call; after that it is the next working day
PAUSES = (timedelta(minutes=15), timedelta(hours=2))
#: an attempt that the telephone system told of is the one the user means, so long afterwards
SAME_ATTEMPT = timedelta(minutes=15)


class RetailCall(models.Model):
    _inherit = "retail.call"

    attempt = fields.Integer(
        readonly=True, copy=False, help="Which call in vain it was since the last talk."
    )
    call_back_at = fields.Datetime("Call Again", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        tried = calls.filtered(
            lambda call: call.state == "missed" and call.direction == "out" and not call.external_id
        )
        for call in tried.filtered(lambda one: one.partner_id or one.order_id):
            call._plan_again()
        return calls

    def action_not_reached(self):
        """Plan to call this customer again; tells when."""
        self.ensure_one()
        told = self._plan_again()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": told,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _note_not_reached(self, partner, order):
        """The user tried to call in vain; returns a sentence on when the next call is planned.

        The telephone system may have told of the attempt already; else it is noted now.
        """
        call = self.search(
            [
                *("|", ("partner_id", "in", partner._get_family().ids)),
                ("number_end", "in", partner._get_number_ends()),
                ("direction", "=", "out"),
                ("state", "=", "missed"),
                ("user_id", "=", self.env.uid),
                ("call_back_at", "=", False),
                ("started_at", ">", fields.Datetime.now() - SAME_ATTEMPT),
            ],
            limit=1,
        )
        if call:
            call.write({"partner_id": partner.id, "order_id": order.id or call.order_id.id})
            return call._plan_again()
        call = self.create(
            {
                "partner_id": partner.id,
                "order_id": order.id,
                "company_id": (order.company_id or self.env.company).id,
                "number": partner.phone,
                "direction": "out",
                "result": "not_reached",
            }
        )
        return call._describe_plan()

    def _plan_again(self):
        """Plan the next call; what was planned before is done with it. Returns a sentence."""
        self.ensure_one()
        attempt = self._count_attempts()
        at = self._get_next_call_time(attempt)
        # sudo: what follows from the call is the log's, also when the telephone system told of it
        self.sudo().write({"attempt": attempt, "call_back_at": at})
        record = self.order_id or self.partner_id
        told = self._describe_plan()
        record.activity_feedback([AGAIN], user_id=self.env.uid, feedback=self.env._("Not reached"))
        record.activity_schedule(
            AGAIN,
            date_deadline=fields.Datetime.context_timestamp(self, at).date(),
            remind_at=at,
            summary=told,
            user_id=self.env.uid,
        )
        return told

    def _describe_plan(self):
        return self.env._(
            "Call again %(time)s: not reached, attempt %(attempt)s",
            attempt=self.attempt,
            time=format_datetime(self.env, self.call_back_at, dt_format="short"),
        )

    def _count_attempts(self):
        """Calls in vain since the last talk, this one among them."""
        # sudo: colleagues' attempts and talks count, whoever may see them
        log = self.sudo()
        caller = log._domain_same_caller()
        talked = log.search(
            caller & Domain("answered_at", "!=", False), order="answered_at desc", limit=1
        )
        tried = caller & Domain("direction", "=", "out") & Domain("state", "=", "missed")
        if talked:
            tried &= Domain("started_at", ">=", talked.answered_at) & Domain("id", ">", talked.id)
        return max(1, log.search_count(tried))

    def _get_next_call_time(self, attempt):
        now = fields.Datetime.now()
        if attempt <= len(PAUSES):
            return now + PAUSES[attempt - 1]
        # working hours are nobody's secret, the channel's and the company's settings may be
        call = self.sudo()
        calendar = (
            call.order_id._get_work_calendar()
            if call.order_id
            else call.channel_id.calendar_id or call.company_id.resource_calendar_id
        )
        return clock.next_working_day(calendar, now)
