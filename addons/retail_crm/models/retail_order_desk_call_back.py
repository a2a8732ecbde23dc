"""Somebody did not answer: when to call again."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..services import clock

AGAIN = "retail_crm.activity_call_again"
#: pauses before the second and the third call; after that it is the next working day
PAUSES = (timedelta(minutes=15), timedelta(hours=2))
WORKING_DAY = 8.0


class RetailOrderDesk(models.AbstractModel):
    _inherit = "retail.order.desk"

    @api.model
    def set_not_reached(self, partner_id, order_id=False):
        """Plan to call a customer again who did not answer. Returns a sentence on when.

        The task is on the order, else on the customer. The one planned before is done with it.
        """
        record = (
            self.env["sale.order"].browse(order_id)
            if order_id
            else self.env["res.partner"].browse(partner_id)
        )
        attempt = self._count_attempts(record) + 1
        at = self._get_next_call_time(attempt)
        told = self.env._(
            "Call again %(time)s: not reached, attempt %(attempt)s",
            attempt=attempt,
            time=format_datetime(self.env, at, dt_format="short"),
        )
        record.activity_feedback([AGAIN], user_id=self.env.uid, feedback=self.env._("Not reached"))
        record.activity_schedule(
            AGAIN,
            date_deadline=fields.Datetime.context_timestamp(self, at).date(),
            summary=told,
            user_id=self.env.uid,
        )
        return told

    def _count_attempts(self, record):
        """Return how often somebody tried to call in vain; done tasks are archived."""
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search_count(
                [
                    ("res_model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("activity_type_id", "=", self.env.ref(AGAIN).id),
                ]
            )
        )

    def _get_next_call_time(self, attempt):
        now = fields.Datetime.now()
        if attempt <= len(PAUSES):
            return now + PAUSES[attempt - 1]
        calendar = self.env.company.resource_calendar_id
        return clock.add_working_hours(calendar, now, WORKING_DAY) or now + timedelta(days=1)
