"""How a shop is treated: pace, patience, pause, and how long its log is kept."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..shopapi.trace import Trace
from ..shopapi.transport import HttpSettings


class ShopShop(models.Model):
    _inherit = "shop.shop"

    is_paused = fields.Boolean(
        "Paused",
        readonly=True,
        copy=False,
        tracking=True,
        help="Nothing is exchanged; what changes meanwhile is noted and follows afterwards.",
    )
    calls_per_second = fields.Float(
        "Calls per Second",
        help="At most so many calls to the shop each second; 0 = as fast as it answers.",
    )
    answer_timeout = fields.Integer(
        "Wait for an Answer (s)",
        default=60,
        required=True,
        help="A call that the shop has not answered after so many seconds is repeated later.",
    )
    log_days = fields.Integer(
        "Keep the Log (days)",
        default=30,
        required=True,
        help="Finished exchanges are deleted after so many days. What failed stays until it is "
        "put right.",
    )
    last_answer = fields.Text(
        "Last Calls",
        readonly=True,
        copy=False,
        groups="shop_connector.group_shop_connector_user",
        help="What was said when the shop last failed as a whole, without secrets.",
    )

    _calls_per_second_positive = models.Constraint(
        "CHECK(calls_per_second >= 0)", "The number of calls per second cannot be negative."
    )
    _answer_timeout_range = models.Constraint(
        "CHECK(answer_timeout BETWEEN 1 AND 600)",
        "Waiting for an answer takes between 1 and 600 seconds.",
    )
    _log_days_positive = models.Constraint(
        "CHECK(log_days >= 1)", "The log is kept for one day at least."
    )

    def _http_settings(self):
        """Limits of the connection to this shop; its trace is filled as calls are made."""
        return HttpSettings(
            read_timeout=float(self.answer_timeout),
            rate=self.calls_per_second or None,
            trace=Trace(),
        )

    # === PAUSE ===

    def action_pause(self):
        """Exchange nothing with these shops until somebody resumes."""
        self._check_manager()
        self.write({"is_paused": True})

    def action_resume(self):
        """Go on: what was noted meanwhile is exchanged now."""
        self._check_manager()
        self.write({"is_paused": False})
        self._wake()

    def _is_paused(self):
        # a person may press the button while a slice of work is going on
        self.invalidate_recordset(["is_paused"])
        return self.is_paused or super()._is_paused()

    def _serve_lanes(self, adapter, tally, deadline):
        return not self._is_paused() and super()._serve_lanes(adapter, tally, deadline)

    def action_sync_now(self):
        for shop in self:
            if shop.is_paused:
                raise UserError(self.env._("%s is paused: resume it first.", shop.name))
        return super().action_sync_now()

    # === FAULTS ===

    def _note_fault(self, adapter):
        """Keep what was said in a run that failed as a whole."""
        trace = adapter and adapter.settings.trace
        answer = trace and trace.report()
        if answer and answer != self.last_answer:
            self.last_answer = answer
