import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..services.quiet_hours import zone_of
from ..services.sms_gateways import GATEWAYS


class ResCompany(models.Model):
    _inherit = "res.company"

    quiet_from = fields.Float(
        "Quiet Hours from",
        default=21.0,
        help="From this hour no rule sends messages to customers, by the customer's clock.",
    )
    quiet_to = fields.Float(
        "Quiet Hours until",
        default=8.0,
        help="What came due in the quiet hours is sent at this hour. The same hour twice: none.",
    )
    weekly_message_cap = fields.Integer(
        "Messages a Week",
        default=5,
        help="A customer gets no more messages than this in seven days, all rules together. "
        "0: as many as there are. Rules may be excepted.",
    )
    retail_sms_gateway = fields.Selection(
        [("http", "HTTP Gateway"), ("file", "Files on the Server (for Trials)")],
        "SMS Provider",
        help="Empty: the provider that Odoo offers.",
    )
    retail_sms_url = fields.Char(
        "Address", groups="base.group_system", help="Each SMS is one JSON call to this address."
    )
    retail_sms_secret = fields.Char("Key", groups="base.group_system", copy=False)
    retail_sms_sender = fields.Char("Sender", help="Name or number the customer sees.")
    retail_sms_is_repeatable = fields.Boolean(
        "Recognizes Repeated Messages",
        help="The provider sends a message once even if it gets it twice under the same id. "
        "Then Odoo repeats by itself what was interrupted, instead of asking a person.",
    )
    retail_sms_token = fields.Char(
        default=lambda self: uuid.uuid4().hex,
        groups="base.group_system",
        copy=False,
        help="Part of the address for delivery reports.",
    )

    def init(self):
        """Companies that were here before the column all got the same token: one for each."""
        result = super().init()
        self.env.execute_query(
            SQL(
                """
                UPDATE res_company SET retail_sms_token = REPLACE(gen_random_uuid()::text, '-', '')
                 WHERE id NOT IN (
                       SELECT MIN(id) FROM res_company
                        WHERE retail_sms_token IS NOT NULL GROUP BY retail_sms_token)
                RETURNING id
                """
            )
        )
        return result

    @api.constrains("quiet_from", "quiet_to", "weekly_message_cap")
    def _check_quiet_hours(self):
        for company in self:
            if not (0 <= company.quiet_from < 24 and 0 <= company.quiet_to < 24):
                raise ValidationError(self.env._("Quiet hours lie between 0:00 and 23:59."))
            if company.weekly_message_cap < 0:
                raise ValidationError(self.env._("Messages a week cannot be less than none."))

    @api.constrains("retail_sms_gateway", "retail_sms_url")
    def _check_sms_gateway(self):
        for company in self.sudo():  # the address is for system administrators
            if company.retail_sms_gateway == "http" and not (
                company.retail_sms_url or ""
            ).startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._("Enter the address of the SMS provider; it begins with https://")
                )

    def _get_sms_api_class(self):
        self.ensure_one()
        return GATEWAYS.get(self.retail_sms_gateway) or super()._get_sms_api_class()

    def _get_message_zone(self, partner=None):
        """By whose clock messages are sent: the customer's, else the company's."""
        self.ensure_one()
        # schedules and addresses of the company are not everybody's
        company = self.sudo()
        return zone_of(
            partner and partner.tz,
            company.partner_id.tz,
            company.resource_calendar_id.tz,
            self.env.ref("base.user_admin").sudo().tz,
        )
