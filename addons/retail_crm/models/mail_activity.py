"""Tasks with an hour: when to remind the person, on the screen and by SMS.

Odoo's activities have a day. ``remind_at`` is the moment (UTC) at which the one who has the task is
reminded; moving the task to another day moves the reminder with it, at the same hour over there.
"""

from datetime import UTC, timedelta

from odoo import api, fields, models

from ..services import quiet_hours

CRON = "retail_crm.ir_cron_remind"


class MailActivity(models.Model):
    _inherit = "mail.activity"

    remind_at = fields.Datetime(
        copy=False,
        help="A reminder comes up on the screen of the person who has this task at that time, "
        "and as an SMS before it if they want that.",
    )
    reminded_at = fields.Datetime("Reminded", readonly=True, copy=False)
    reminder_seen_at = fields.Datetime("Reminder Seen", readonly=True, copy=False)
    reminder_sms_at = fields.Datetime(
        "Reminder SMS Due", compute="_compute_reminder_sms_at", store=True
    )

    # the scheduled action reads nothing else
    _remind_idx = models.Index("(remind_at) WHERE remind_at IS NOT NULL AND reminded_at IS NULL")

    @api.depends("remind_at", "user_id.retail_reminder_sms", "user_id.retail_reminder_sms_minutes")
    def _compute_reminder_sms_at(self):
        now = fields.Datetime.now()
        for activity in self:
            user, remind_at = activity.user_id, activity.remind_at
            if not (remind_at and user.retail_reminder_sms):
                activity.reminder_sms_at = False
                continue
            pause = timedelta(minutes=user.retail_reminder_sms_minutes)
            # planned at shorter notice it leaves at once
            activity.reminder_sms_at = max(remind_at - pause, min(now, remind_at))

    @api.onchange("remind_at")
    def _onchange_remind_at(self):
        self.date_deadline = self._get_due_day(self.date_deadline, self.remind_at)

    @api.model
    def _get_due_day(self, day, remind_at):
        """The day a task is due: not before its reminder comes."""
        if not remind_at:
            return day
        reminded_on = fields.Datetime.context_timestamp(self, remind_at).date()
        return max(day or reminded_on, reminded_on)

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._plan_reminders()
        return activities

    def write(self, vals):
        if "remind_at" in vals:
            changed = fields.Datetime.to_datetime(vals["remind_at"]) or False
            moved = self.filtered(lambda activity: activity.remind_at != changed)
        elif vals.get("date_deadline"):
            moved = self._move_reminders(fields.Date.to_date(vals["date_deadline"]))
        else:
            moved = self.browse()
        if vals.get("user_id"):
            moved |= self.filtered(lambda activity: activity.user_id.id != vals["user_id"])
        result = super().write(vals)
        if moved:
            moved._forget_reminders()
            moved._plan_reminders()
        return result

    def _move_reminders(self, day):
        """Move the reminders of tasks that go to that day; returns these tasks."""
        moving = self.filtered(lambda each: each.remind_at and each.date_deadline != day)
        for activity in moving:
            zone = quiet_hours.zone_of(activity.user_id.sudo().tz, self.env.user.tz)
            local = activity.remind_at.replace(tzinfo=UTC).astimezone(zone)
            # the same hour over there, also when the clocks change in between
            local += day - activity.date_deadline
            activity.remind_at = local.astimezone(UTC).replace(tzinfo=None)
        return moving

    def _forget_reminders(self):
        """What was sent was for another time or another person: for others to extend."""
        reminded = self.filtered("reminded_at")
        if reminded:
            reminded.write({"reminded_at": False, "reminder_seen_at": False})

    def _plan_reminders(self):
        """Have the reminders of these tasks sent when it is time."""
        now = fields.Datetime.now()
        moments = {
            max(moment, now).replace(microsecond=0)
            for activity in self
            for moment in (activity.remind_at, activity.reminder_sms_at)
            if moment and activity.active
        }
        cron = self.env.ref(CRON, raise_if_not_found=False) if moments else None
        if cron:
            # whoever makes a task may have it remind
            cron.sudo()._trigger(at=moments)
