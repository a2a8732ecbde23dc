from odoo import api, fields, models

from ..services.message_key import message_key
from .trigger_run import FALLBACK, NOTHING_SENT


class RetailTriggerRun(models.Model):
    _inherit = "retail.trigger.run"

    @api.model
    def _take_report(self, keys, delivery, reason=None):
        """What a provider tells afterwards about messages with these keys.

        ``delivery`` is "delivered" or "bounced".
        """
        # providers are nobody here
        runs = self.sudo().search([("message_key", "in", keys), ("send_by", "=", "sms")])
        for run in runs.filtered(lambda one: one.state in ("done", "sending", "unknown")):
            if run.delivery == delivery or (run.state == "sending" and delivery == "bounced"):
                continue  # what is refused at once is seen by whoever sends
            run.delivery = delivery
            if delivery == "bounced":
                run._bounce(reason or "")
            elif run.state == "unknown":
                run._succeed(run._record(), self.env._("The provider says that it arrived."))

    def _bounce(self, reason):
        """It left and did not arrive: do what the rule says for that."""
        record = self._record()
        words = self.env._("The SMS was not delivered: %s", reason)
        if self.rule_id.on_failure == "email" and record:
            self._plan_fallback("email")
            words = self.env._("%(reason)s. An e-mail is sent instead.", reason=words)
            self._finish("failed", words)
        else:
            self._fail(words, record)

    def _plan_fallback(self, kind):
        """The same message by another way: a run of its own, so that the log shows both."""
        occurrence = self.occurrence + FALLBACK
        known = self.search(
            [
                *(("rule_id", "=", self.rule_id.id), ("model", "=", self.model)),
                *(("res_id", "=", self.res_id), ("occurrence", "=", occurrence)),
            ]
        )
        if known:
            # somebody had this message done again; what did arrive by the other way stays
            known.filtered(lambda run: run.state in ("failed", "skipped"))._plan_again()
            return
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        key = message_key(uuid, self.rule_id.id, self.model, self.res_id, occurrence)
        now = fields.Datetime.now()
        self.copy(
            {
                "occurrence": occurrence,
                "message_key": key,
                "fallback_by": kind,
                "state": "planned",
                "due_at": now,
                "has_acted": True,
                "reason": False,
                "tries": 0,
                **NOTHING_SENT,
            }
        )
        self._wake({now})
