"""Telephone systems: whose extension is which, what our numbers stand for, how to call out."""

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import consteq

from ..services import call_out, finder

ADMINISTRATORS = "retail_crm.group_retail_crm_manager"
#: the fewest digits that name one of our numbers
FEWEST = 3


class RetailPbx(models.Model):
    _name = "retail.pbx"
    _description = "Telephone System"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    token = fields.Char(
        "Key",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups=ADMINISTRATORS,
        help="The telephone system shows it with every event, as bearer token.",
    )
    url = fields.Char(
        "Address for Events",
        compute="_compute_url",
        groups=ADMINISTRATORS,
        help="Where the telephone system tells of calls.",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        check_company=True,
        help="Missed calls of callers nobody is responsible for wait in the pool of this team.",
    )
    event_limit = fields.Integer(
        "New Calls a Minute",
        default=300,
        help="More are refused: a telephone system that goes wild does not fill the log. 0: as "
        "many as come.",
    )
    call_method = fields.Selection(
        [("tel", "By the device of the person (tel: link)"), ("http", "By the telephone system")],
        "Calls Are Begun",
        required=True,
        default="tel",
        help="What a click on a telephone number does for people who have an extension here.",
    )
    call_verb = fields.Selection(
        [("post", "POST, JSON"), ("get", "GET")], "Request", required=True, default="post"
    )
    call_url = fields.Char(
        "Address for Calls",
        groups=ADMINISTRATORS,
        help="Asked to call. It may name {number}, {extension} and {reference}.",
    )
    call_secret = fields.Char(
        "Key for Calls",
        groups=ADMINISTRATORS,
        copy=False,
        help="Sent as bearer token, and shown nowhere.",
    )
    extension_ids = fields.One2many("retail.pbx.extension", "pbx_id", "Extensions", copy=False)
    number_ids = fields.One2many("retail.pbx.number", "pbx_id", "Our Numbers", copy=True)
    call_count = fields.Integer("Calls", compute="_compute_call_count")

    _event_limit_positive = models.Constraint(
        "CHECK(event_limit >= 0)", "The number of calls a minute is 0 (no limit) or more."
    )

    def _compute_url(self):
        for pbx in self:
            pbx.url = f"{pbx.get_base_url()}/retail_crm/call/{pbx.id}" if pbx.id else False

    def _compute_call_count(self):
        groups = self.env["retail.call"]._read_group(
            [("pbx_id", "in", self.ids)], ["pbx_id"], ["__count"]
        )
        counts = dict(groups)
        for pbx in self:
            pbx.call_count = counts.get(pbx, 0)

    @api.constrains("call_method", "call_url")
    def _check_call_url(self):
        for pbx in self.sudo():  # the address is for administrators
            if pbx.call_method == "http" and not call_out.is_web_address(pbx.call_url):
                raise ValidationError(
                    self.env._(
                        "Enter the address that is asked to call; it begins with https:// and a "
                        "host that is written out."
                    )
                )

    # === BUTTONS ===

    def action_new_token(self):
        """Give the telephone system another key; the old one stops working at once."""
        for pbx in self:
            pbx.token = secrets.token_urlsafe(24)

    def action_show_token(self):
        """Show the key, for whoever enters it at the telephone system."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"title": self.env._("Key"), "message": self.token, "sticky": True},
        }

    def action_view_calls(self):
        """Open what this telephone system told."""
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_crm.retail_call_action")
        return action | {"domain": [("pbx_id", "in", self.ids)], "context": {"create": False}}

    def _describe_call_method(self):
        """How calls are begun, in words."""
        methods = self._fields["call_method"]._description_selection(self.env)
        return dict(methods)[self.call_method]

    # === EVENTS ===

    @api.model
    def _authenticate(self, pbx_id, token):
        """The telephone system that showed its key; empty for anybody else."""
        # no bound of the number in the address is the database's
        pbx = self.search([("id", "=", pbx_id)], limit=1) if pbx_id < 2**31 else self.browse()
        # compared even with none, so that the time taken does not tell which numbers are used
        expected = (pbx.token or secrets.token_urlsafe(24)).encode()
        return pbx if consteq(expected, str(token).encode("utf-8", "replace")) else self.browse()

    def _get_pause(self):
        """Seconds until this telephone system may tell of a new call; 0 when it may."""
        if not self.event_limit:
            return 0
        since = fields.Datetime.now() - timedelta(minutes=1)
        recent = self.env["retail.call"].search_count(
            [("pbx_id", "=", self.id), ("create_date", ">", since)], limit=self.event_limit
        )
        return 60 if recent >= self.event_limit else 0

    # === WHO AND WHERE ===

    def _get_users(self, extensions):
        """The people at these extensions who still work for the company of the system."""
        lines = self.extension_ids.filtered(lambda line: line.extension in extensions)
        return lines.user_id._filter_serving(self.company_id)

    def _get_line(self, number):
        """The number of ours that was called, as it is set up; empty when it is not."""
        digits = finder.phone_digits(number)
        matches = [
            (finder.same_end(finder.phone_digits(one.number), digits), one)
            for one in self.number_ids
            if _is_same_line(finder.phone_digits(one.number), digits)
        ]
        return max(matches, key=lambda match: match[0])[1] if matches else self.number_ids.browse()


def _is_same_line(one, other):
    """Whether two of our own numbers are one: written with or without area and country."""
    common = finder.same_end(one, other)
    return common >= FEWEST and common >= min(len(one), len(other), finder.SAME)


class RetailPbxExtension(models.Model):
    _name = "retail.pbx.extension"
    _description = "Extension"
    _order = "pbx_id, extension"
    _rec_name = "extension"

    pbx_id = fields.Many2one(
        "retail.pbx", "Telephone System", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    extension = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )

    _extension_uniq = models.UniqueIndex(
        "(pbx_id, extension)", "This extension belongs to somebody already."
    )
    _user_uniq = models.UniqueIndex("(pbx_id, user_id)", "This person has an extension already.")


class RetailPbxNumber(models.Model):
    _name = "retail.pbx.number"
    _description = "Number of Ours"
    _order = "pbx_id, number"
    _rec_name = "number"

    pbx_id = fields.Many2one(
        "retail.pbx", "Telephone System", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="pbx_id.company_id", store=True, index=True)
    number = fields.Char(required=True, help="As the telephone system names it.")
    channel_id = fields.Many2one(
        "sales.channel",
        "Sales Channel",
        ondelete="set null",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    utm_source_id = fields.Many2one(
        "utm.source",
        "Source",
        ondelete="set null",
        help="Where this number is published: calls of it, and orders that come of them, count "
        "for this source.",
    )
    utm_medium_id = fields.Many2one("utm.medium", "Medium", ondelete="set null")

    _number_uniq = models.UniqueIndex("(pbx_id, number)", "This number is listed already.")

    @api.constrains("number")
    def _check_number(self):
        for line in self:
            if len(finder.phone_digits(line.number)) < FEWEST:
                raise ValidationError(
                    self.env._("“%s” is no telephone number of yours.", line.number)
                )
