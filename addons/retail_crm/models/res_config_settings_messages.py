from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    quiet_from = fields.Float(related="company_id.quiet_from", readonly=False)
    quiet_to = fields.Float(related="company_id.quiet_to", readonly=False)
    weekly_message_cap = fields.Integer(related="company_id.weekly_message_cap", readonly=False)
    retail_sms_gateway = fields.Selection(related="company_id.retail_sms_gateway", readonly=False)
    retail_sms_url = fields.Char(related="company_id.retail_sms_url", readonly=False)
    retail_sms_secret = fields.Char(related="company_id.retail_sms_secret", readonly=False)
    retail_sms_sender = fields.Char(related="company_id.retail_sms_sender", readonly=False)
    retail_sms_is_repeatable = fields.Boolean(
        related="company_id.retail_sms_is_repeatable", readonly=False
    )
