"""Rules that have a customer called: by the telephone system, else by a task.

Nobody is called who does not want it: calls need the same consent as messages, by telephone, and
customers who had all the messages of their week are left alone.
"""

from odoo import api, fields, models


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    requests_call = fields.Boolean(
        "Have Them Called",
        help="The telephone system rings the responsible and then calls the customer. Where it "
        "cannot, the responsible gets a task. Customers who do not want to be called are left "
        "alone, and so are those who had all the messages of their week.",
    )


class RetailTriggerRun(models.Model):
    _inherit = "retail.trigger.run"

    is_call_refused = fields.Boolean(
        readonly=True, copy=False, help="The customer was not called; done again, they may be."
    )

    def _prepare(self, record):
        is_to_call = self.is_call_refused or not self.has_acted
        ways = super()._prepare(record)
        if is_to_call and self.rule_id.requests_call:
            self.is_call_refused = bool(self._why_not_called(record))
            if not self.is_call_refused:
                self._request_call(record)
        return ways

    def _why_nothing_reaches(self, record, kinds):
        if self.rule_id.requests_call and not kinds:
            return self._why_not_called(record)
        return super()._why_nothing_reaches(record, kinds)

    def _why_not_called(self, record):
        """Why this customer is not to be called, in words; None when they may be."""
        if not self._has_consent("phone"):
            return self._say_no_call(self.rule_id)
        return self._why_too_many(record)

    @api.model
    def _say_no_call(self, rule):
        return (
            self.env._("The customer has not agreed to advertising by telephone.")
            if rule.needs_consent
            else self.env._("The customer does not want to be called.")
        )

    def _request_call(self, record):
        partner, person = self._record_partner(), self._responsible(record)
        called = self.env["retail.call"]._request_for(record, partner, person)
        if not called and not self.rule_id.task_type_id:
            self._make_task(record, self.rule_id.task_summary or self.env._("Call the customer"))
