"""Forms of any web site that send inquiries here: what they may send, and from where."""

import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..services import lead_form

TARGETS = [
    ("title", "Title"),
    ("contact_name", "Contact Name"),
    ("partner_name", "Company Name"),
    ("email", "Email"),
    ("phone", "Phone"),
    ("message", "Message"),
    ("street", "Street"),
    ("zip", "Zip"),
    ("city", "City"),
    ("country", "Country"),
    ("lang", "Language"),
    ("consent", "Consent"),
    ("sku", "Product Code"),
    ("quantity", "Quantity"),
    ("source", "Source"),
    ("medium", "Medium"),
    ("campaign", "Campaign"),
    ("term", "Search Term"),
    ("content", "Ad Content"),
    ("landing", "Landing Page"),
    ("referrer", "Came From"),
    ("client_id", "Client ID"),
    ("click_id", "Click ID"),
    ("external_id", "Number of the Message"),
    ("note", "Note"),
    ("ignore", "Nothing"),
]
#: minutes in which the messages of one sender are counted, and in which equal ones are one
WINDOW = 10


class RetailLeadForm(models.Model):
    _name = "retail.lead.form"
    _description = "Lead Form"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups="sales_team.group_sale_manager",
    )
    url = fields.Char(
        "Address",
        compute="_compute_url",
        groups="sales_team.group_sale_manager",
        help="Where the form of the web site sends to.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    channel_id = fields.Many2one(
        "sales.channel",
        "Sales Channel",
        required=True,
        ondelete="restrict",
        check_company=True,
        help="Inquiries carry this channel; its team and responsible get them.",
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", check_company=True, help="Instead of the channel's team."
    )
    responsible_id = fields.Many2one(
        "res.users",
        check_company=True,
        domain="[('share', '=', False)]",
        help="Instead of the channel's responsible. A customer's own salesperson comes first.",
    )
    field_ids = fields.One2many("retail.lead.form.field", "form_id", "Fields", copy=True)
    allowed_origins = fields.Text(
        help="Web sites whose pages may send, one on each line, for example "
        "https://shop.example.com. Programs that are no browsers need only the address.",
    )
    trap_name = fields.Char(
        "Trap Field",
        default="website_url",
        help="A field of the form that people do not see. What robots fill in there goes nowhere.",
    )
    ip_limit = fields.Integer(
        "Messages of One Sender",
        default=20,
        help="Within ten minutes. 0: as many as come, for a web site whose server sends them all.",
    )
    total_limit = fields.Integer(
        "Messages of All", default=500, help="Within one hour. 0: as many as come."
    )
    size_limit = fields.Integer("Size (kB)", default=64, help="Longer messages are refused.")
    thanks_url = fields.Char(
        "Thank-You Page", help="Where the visitor's browser goes when the form has been sent."
    )
    makes_contact = fields.Boolean(
        "Make a Contact", help="Somebody we do not know becomes a contact at once."
    )
    makes_quotation = fields.Boolean(
        "Make a Quotation",
        help="Products that were asked for become a quotation at once, for a contact made if "
        "need be.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Task",
        domain="[('res_model', 'in', (False, 'crm.lead'))]",
        help="The responsible gets this task with every inquiry.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        "Answer by E-mail",
        domain="[('model', '=', 'crm.lead')]",
        help="Sent to the visitor at once.",
    )
    lead_count = fields.Integer("Inquiries", compute="_compute_lead_count")

    _token_uniq = models.UniqueIndex("(token)", "Two forms cannot have one address.")

    @api.depends("token")
    def _compute_url(self):
        for form in self:
            form.url = f"{form.get_base_url()}/retail_crm/form/{form.token}"

    def _compute_lead_count(self):
        groups = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group([("lead_form_id", "in", self.ids)], ["lead_form_id"], ["__count"])
        )
        counts = dict(groups)
        for form in self:
            form.lead_count = counts.get(form, 0)

    @api.constrains("allowed_origins", "thanks_url")
    def _check_addresses(self):
        for form in self:
            for origin in form._get_origins() - {"*"}:
                parts = urlsplit(origin)
                if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
                    raise ValidationError(
                        self.env._(
                            "%s is no web site. Write it like https://shop.example.com, without "
                            "a page.",
                            origin,
                        )
                    )
            if form.thanks_url and urlsplit(form.thanks_url).scheme not in ("http", "https"):
                raise ValidationError(
                    self.env._("The thank-you page starts with https:// or http://.")
                )

    # === BUTTONS ===

    def action_new_token(self):
        """Give the form another address; the old one stops working at once."""
        for form in self:
            form.token = secrets.token_urlsafe(24)

    def action_view_leads(self):
        """Open what came through this form, junk included."""
        action = self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_all_leads")
        domain = [("lead_form_id", "in", self.ids)]
        return action | {"domain": domain, "context": {"active_test": False}}

    # === WHO MAY SEND ===

    def _get_origins(self):
        lines = (self.allowed_origins or "").split()
        return {line.strip().rstrip("/").lower() for line in lines}

    def _allows(self, origin):
        """Whether a page of this web site (a browser's ``Origin``) may send here."""
        origins = self._get_origins()
        return "*" in origins or (origin or "").rstrip("/").lower() in origins

    def _get_pause(self, ip):
        """Seconds this sender has to wait before the next message; 0 when it may send."""
        now = fields.Datetime.now()
        Attempt = self.env["retail.lead.form.attempt"]
        limits = (
            (timedelta(hours=1), self.total_limit, []),
            (timedelta(minutes=WINDOW), self.ip_limit, [("ip", "=", ip)]),
        )
        for period, limit, condition in limits:
            if limit <= 0:
                continue
            domain = [("form_id", "=", self.id), ("received_at", ">", now - period), *condition]
            recent = Attempt.search(domain, order="received_at desc", limit=limit)
            if len(recent) >= limit:
                oldest = recent[-1:].received_at or now
                return max(1, int((oldest + period - now).total_seconds()))
        return 0

    # === WHAT IS SENT ===

    def _read(self, data):
        """The `Submission` in what a form or a program sent."""
        names = {row.name: (row.target, row.required) for row in self.field_ids}
        return lead_form.read(data, names, self.trap_name)

    def _describe_errors(self, submission):
        """``{field of the form: what is wrong with it, in words}``"""
        texts = {
            "required": self.env._("This is needed."),
            "email": self.env._("This is not an e-mail address."),
            "phone": self.env._("This is not a phone number."),
            "contact": self.env._("Give an e-mail address or a phone number to be answered."),
        }
        return {name: texts[code] for name, code in submission.errors.items()}


class RetailLeadFormField(models.Model):
    _name = "retail.lead.form.field"
    _description = "Field of a Lead Form"
    _order = "sequence, id"

    form_id = fields.Many2one("retail.lead.form", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char("Name in the Form", required=True)
    target = fields.Selection(TARGETS, "Meaning", required=True, default="note")
    required = fields.Boolean(help="Without it the visitor is asked again.")

    _name_uniq = models.UniqueIndex("(form_id, name)", "This field of the form is listed already.")
