"""Rules that have a customer called: by the telephone system, else by a task."""

from odoo import fields, models


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    requests_call = fields.Boolean(
        "Have Them Called",
        help="The telephone system rings the responsible and then calls the customer. Where it "
        "cannot, the responsible gets a task.",
    )


class RetailTriggerRun(models.Model):
    _inherit = "retail.trigger.run"

    def _prepare(self, record):
        is_first = not self.has_acted
        ways = super()._prepare(record)
        if is_first and self.rule_id.requests_call:
            self._request_call(record)
        return ways

    def _request_call(self, record):
        partner, person = self._record_partner(), self._responsible(record)
        called = self.env["retail.call"]._request_for(record, partner, person)
        if not called and not self.rule_id.task_type_id:
            self._make_task(record, self.rule_id.task_summary or self.env._("Call the customer"))
