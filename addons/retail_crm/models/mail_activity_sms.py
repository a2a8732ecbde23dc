"""Reminders by SMS, to those who want them: one SMS for one reminder.

An SMS is marked as leaving, and this is saved, before it is handed to the provider. Was Odoo
stopped in between, the SMS is repeated only where the provider takes the same key for the same
message; elsewhere the reminder on the screen has to do. Quiet hours are for customers, not for who
asked to be reminded.
"""

import logging
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

#: how long a provider that does not answer is asked again
PATIENCE = timedelta(minutes=30)
PAUSE = timedelta(minutes=2)
#: an SMS that could not leave for that long tells nothing any more
STALE = timedelta(hours=1)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    reminder_sms_state = fields.Selection(
        [
            ("sending", "Being Sent"),
            ("sent", "Sent"),
            ("failed", "Not Sent"),
            ("unknown", "Nobody Can Tell"),
        ],
        "Reminder SMS",
        readonly=True,
        copy=False,
    )
    reminder_sms_key = fields.Char("Key of the Reminder SMS", readonly=True, copy=False)
    reminder_sms_note = fields.Char("Why the SMS Was Not Sent", readonly=True, copy=False)
    reminder_sms_tried_at = fields.Datetime(readonly=True, copy=False)

    _remind_sms_idx = models.Index(
        "(reminder_sms_at) WHERE reminder_sms_at IS NOT NULL AND reminder_sms_state IS NULL"
    )
    # what a stopped process left is looked for at every run
    _remind_sms_sending_idx = models.Index("(id) WHERE reminder_sms_state = 'sending'")

    def _forget_reminders(self):
        result = super()._forget_reminders()
        told = self.filtered("reminder_sms_state")
        if told:
            nothing = {"reminder_sms_state": False, "reminder_sms_key": False}
            told.write({**nothing, "reminder_sms_note": False, "reminder_sms_tried_at": False})
        return result

    @api.model
    def _send_due_sms(self):
        """Send the SMS that are due, one by one: one that fails must not repeat the others."""
        self._recover_sms()
        while activity := self._take_due_sms():
            activity._send_reminder_sms()
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _recover_sms(self):
        """What a process was sending when it died; Odoo lets one at a time do this job."""
        for activity in self.search([("reminder_sms_state", "=", "sending")]):
            if getattr(activity._get_sms_api(), "is_repeatable", False):
                activity.reminder_sms_state = False
            else:
                told = self.env._("Odoo was stopped while it sent this SMS.")
                activity.write({"reminder_sms_state": "unknown", "reminder_sms_note": told})

    @api.model
    def _take_due_sms(self):
        """The next task whose SMS is due, locked; empty when there is none."""
        now = fields.Datetime.now()
        domain = Domain("reminder_sms_at", "<=", now) & Domain("reminder_sms_at", ">", now - STALE)
        domain &= Domain("reminder_sms_state", "=", False) & Domain("user_id.active", "=", True)
        tried = Domain("reminder_sms_tried_at", "=", False)
        domain &= tried | Domain("reminder_sms_tried_at", "<=", now - PAUSE)
        return self.search(domain, order="reminder_sms_at, id", limit=1).try_lock_for_update()

    def _get_sms_api(self):
        """The provider of the company that the person works for."""
        return self.env["retail.trigger.run"]._get_sms_api(self.user_id.company_id)

    def _send_reminder_sms(self):
        """Hand it to the provider, with no transaction open meanwhile."""
        self.ensure_one()
        run = self.env["retail.trigger.run"]
        person = self.user_id.partner_id
        number = run._clean_number(person.phone_sanitized or person.phone)
        if not number:
            self._fail_sms(self.env._("%s has no phone number.", self.user_id.name))
            return
        try:
            api_ = self._get_sms_api()
            if hasattr(api_, "_prepare"):
                api_._prepare()
        except Exception as error:  # providers of other addons raise what they like
            _logger.warning("Reminder SMS: the provider is not set up", exc_info=True)
            self._fail_sms(str(error))
            return
        key = self.reminder_sms_key or uuid.uuid4().hex
        text = self._get_reminder_sms_text()
        report_url = f"{self.get_base_url()}/sms/status"
        leaving = {"reminder_sms_state": "sending", "reminder_sms_key": key}
        self.write({**leaving, "reminder_sms_tried_at": fields.Datetime.now()})
        run._save()
        message = {"content": text, "numbers": [{"number": number, "uuid": key}]}
        try:
            result = api_._send_sms_batch([message], delivery_reports_url=report_url)[0]
        except Exception as error:  # as above, at any point
            _logger.warning("Reminder SMS %s: the provider failed", key, exc_info=True)
            result = {"state": "unknown", "failure_reason": str(error)}
        run._insist(lambda: self._note_sms(result, api_))

    def _fail_sms(self, reason):
        self.write({"reminder_sms_state": "failed", "reminder_sms_note": reason})

    def _get_reminder_sms_text(self):
        shown = self._describe_reminder()
        return ": ".join(filter(None, (shown["title"], shown["message"])))

    def _note_sms(self, result, api_):
        """Write down what became of the SMS."""
        state, reason = result["state"], result.get("failure_reason") or False
        is_repeatable = getattr(api_, "is_repeatable", False)
        is_again = state == "not_reached" or (state == "unknown" and is_repeatable)
        if self.env["sms.sms"].IAP_TO_SMS_STATE_SUCCESS.get(state):
            self.write({"reminder_sms_state": "sent", "reminder_sms_note": False})
        elif is_again and fields.Datetime.now() < self.reminder_sms_at + PATIENCE:
            self.write({"reminder_sms_state": False, "reminder_sms_note": reason})
            # the system's own clock; the SMS is nobody's but the task's
            self.env.ref("retail_crm.ir_cron_remind").sudo()._trigger(
                at=fields.Datetime.now() + PAUSE
            )
        elif state == "unknown":
            self.write({"reminder_sms_state": "unknown", "reminder_sms_note": reason})
        else:
            self._fail_sms(reason or state)
