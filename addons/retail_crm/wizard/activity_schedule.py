from odoo import api, fields, models


class MailActivitySchedule(models.TransientModel):
    _inherit = "mail.activity.schedule"

    remind_at = fields.Datetime(
        help="A reminder comes up on the screen of the person who gets this task at that time."
    )

    @api.onchange("remind_at")
    def _onchange_remind_at(self):
        """A reminder after the task is due makes no sense: the task is due then."""
        if self.remind_at:
            day = fields.Datetime.context_timestamp(self, self.remind_at).date()
            self.date_deadline = max(day, self.date_deadline or day)

    def _action_schedule_activities(self):
        activities = super()._action_schedule_activities()
        if activities and self.remind_at:
            activities.remind_at = self.remind_at
        return activities

    def _action_schedule_activities_personal(self):
        activities = super()._action_schedule_activities_personal()
        if self.remind_at:
            activities.remind_at = self.remind_at
        return activities
