"""Reminders on the screen: sent once at their time, shown until the person reacts."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime, format_time

#: reminders sent between two commits
BATCH = 100
#: what nobody has reacted to is shown again to who comes back within that time
KEPT = timedelta(hours=24)
#: minutes by which a reminder is put off
LATER = timedelta(minutes=10)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model
    def _cron_remind(self):
        """Send all reminders that are due; called at their times by the scheduled action."""
        while due := self._take_due_reminders():
            due._show_reminders()
            if not self.env["ir.cron"]._commit_progress(len(due)):
                return
        self._send_due_sms()

    @api.model
    def _take_due_reminders(self):
        """Lock and mark the next tasks that are to be reminded of; empty when there are none."""
        now = fields.Datetime.now()
        domain = Domain("remind_at", "<=", now) & Domain("reminded_at", "=", False)
        # a task of nobody reminds nobody until somebody has it
        domain &= Domain("user_id", "!=", False)
        due = self.search(domain, order="remind_at, id", limit=BATCH).try_lock_for_update()
        due.write({"reminded_at": now})
        return due

    def _show_reminders(self):
        for activity in self:
            activity.user_id._bus_send("retail_crm.reminder", activity._describe_reminder())

    def _describe_reminder(self):
        """What the screen shows, in the words and the time zone of who has the task."""
        self.ensure_one()
        user = self.user_id
        here = self.with_context(lang=user.lang, tz=user.tz)
        today = fields.Datetime.context_timestamp(here, fields.Datetime.now()).date()
        remind_at = fields.Datetime.context_timestamp(here, self.remind_at)
        if remind_at.date() == today:
            when = format_time(here.env, remind_at.time(), time_format="short")
        else:
            when = format_datetime(here.env, self.remind_at, tz=user.tz, dt_format="short")
        what = here.summary or here.activity_type_id.name or here.env._("Task")
        return {
            "id": self.id,
            "title": f"{when} {what}",
            "message": self.res_name or "",
            "open": here.env._("Open"),
            "later": here.env._("In 10 Minutes"),
        }

    @api.model
    def get_unseen_reminders(self):
        """The reminders that were sent to the user who has not reacted yet, as `_bus_send` did."""
        now = fields.Datetime.now()
        domain = Domain("user_id", "=", self.env.uid) & Domain("reminder_seen_at", "=", False)
        domain &= Domain("reminded_at", ">=", now - KEPT) & Domain("remind_at", "<=", now)
        return [each._describe_reminder() for each in self.search(domain, limit=BATCH)]

    def action_reminder_seen(self):
        """The user has reacted: it need not be shown again, in no other window either."""
        mine = self._get_my_reminders()
        mine.write({"reminder_seen_at": fields.Datetime.now()})
        mine._hide_reminders()
        return True

    def action_remind_later(self):
        """Remind again in ten minutes."""
        mine = self._get_my_reminders()
        mine.remind_at = fields.Datetime.now() + LATER
        mine._hide_reminders()
        return True

    def _get_my_reminders(self):
        """Those of these tasks that are still there and the user's."""
        return self.exists().filtered(
            lambda activity: activity.active and activity.user_id == self.env.user
        )

    # === WHAT IS SETTLED GOES FROM THE SCREEN ===

    def write(self, vals):
        watched = {"active", "user_id", "remind_at", "date_deadline"} & vals.keys()
        shown = self._get_shown_reminders() if watched else self.browse()
        before = [(each, each.user_id, each.remind_at) for each in shown]
        result = super().write(vals)
        for activity, user, remind_at in before:
            is_same = activity.active and activity.user_id == user
            if not is_same or activity.remind_at != remind_at:
                activity._hide_reminders(user)
        return result

    def unlink(self):
        for activity in self._get_shown_reminders():
            activity._hide_reminders()
        return super().unlink()

    def _get_shown_reminders(self):
        return self.filtered(
            lambda activity: activity.reminded_at and not activity.reminder_seen_at
        )

    def _hide_reminders(self, user=None):
        for activity in self:
            (user or activity.user_id)._bus_send("retail_crm.reminder_over", {"id": activity.id})
