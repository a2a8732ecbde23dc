from odoo import api, fields, models


class RetailConsent(models.Model):
    """What a customer agreed to or took back: one row each time, never changed afterwards."""

    _name = "retail.consent"
    _description = "Consent"
    _inherit = ["retail.customer.detail"]
    _order = "date desc, id desc"
    _rec_name = "purpose"

    channel = fields.Selection(
        [
            ("email", "E-mail"),
            ("sms", "SMS"),
            ("phone", "Phone"),
            ("messenger", "Messenger"),
            ("post", "Post"),
        ],
        "By",
        required=True,
        default="email",
    )
    purpose = fields.Selection(
        [
            ("marketing", "Offers and News"),
            ("service", "Messages about Orders"),
            ("survey", "Questions about Satisfaction"),
            ("profiling", "Evaluation of Purchases"),
        ],
        required=True,
        default="marketing",
    )
    state = fields.Selection(
        [("given", "Given"), ("withdrawn", "Withdrawn")], required=True, default="given"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    origin = fields.Selection(
        [
            ("shop", "Web Shop"),
            ("form", "Web Form"),
            ("phone", "On the Phone"),
            ("paper", "On Paper"),
            ("message", "By Message"),
            ("import", "Imported"),
            ("other", "Other"),
        ],
        "How",
        required=True,
        default="phone",
    )
    note = fields.Char("Proof", help="Where it can be looked up: form, text of the question, ...")
    user_id = fields.Many2one(
        "res.users", "Noted by", default=lambda self: self.env.user, readonly=True
    )

    _latest_idx = models.Index("(partner_id, channel, purpose, date DESC, id DESC)")

    @api.model_create_multi
    def create(self, vals_list):
        consents = super().create(vals_list)
        consents._tell_blacklists()
        return consents

    def _tell_blacklists(self):
        """Odoo's mailings ask its blacklists: they have to say the same."""
        # sudo: who notes a customer's wish need not be allowed to manage the blacklists
        emails = self.env["mail.blacklist"].sudo()
        numbers = self.env["phone.blacklist"].sudo()
        for consent in self.filtered(lambda one: one.purpose == "marketing"):
            partner = consent.partner_id
            if consent.channel == "email" and partner.email_normalized:
                change = emails._add if consent.state == "withdrawn" else emails._remove
                change(partner.email_normalized)
            elif consent.channel == "sms" and partner.phone_sanitized:
                change = numbers._add if consent.state == "withdrawn" else numbers._remove
                change([partner.phone_sanitized])
