from odoo import fields, models

MINE = ["retail_reminder_sms", "retail_reminder_sms_minutes"]


class ResUsers(models.Model):
    _inherit = "res.users"

    retail_reminder_sms = fields.Boolean(
        "SMS Reminders",
        help="Reminders of tasks come as SMS, too, to the phone number of this person. The quiet "
        "hours of the company are for customers: an SMS you asked for comes at your time.",
    )
    retail_reminder_sms_minutes = fields.Integer(
        "SMS Minutes Before",
        default=10,
        help="How long before the time of the reminder the SMS is sent.",
    )

    _retail_reminder_sms_minutes_positive = models.Constraint(
        "CHECK(retail_reminder_sms_minutes >= 0)",
        "An SMS reminder comes before the task: give a number of minutes, zero or more.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *MINE]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *MINE]
