"""The log of calls: those that telephone systems tell of, and those that people note by hand."""

import secrets
from datetime import UTC

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..services import call_event, finder
from ..services.quiet_hours import zone_of

#: what people add to a call that a telephone system told of
FREE_FIELDS = {"partner_id", "order_id", "lead_id", "subject", "note"}
#: what only a telephone system can say
SYSTEM_FIELDS = {
    "pbx_id",
    "external_id",
    "reference",
    "recording_url",
    "line",
    "extension",
    "is_by_rule",
}
#: what the entry in the customer's history is made of
TOLD = {"state", "duration", "user_id", "subject", "note", "recording_url"}


class RetailCall(models.Model):
    _name = "retail.call"
    _description = "Call"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "started_at desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    pbx_id = fields.Many2one(
        "retail.pbx", "Telephone System", readonly=True, index=True, ondelete="restrict"
    )
    external_id = fields.Char("Number of the Call", readonly=True, copy=False)
    reference = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What the telephone system was given when it was asked to call.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")], required=True, default="out"
    )
    state = fields.Selection(
        [
            ("requested", "Asked for"),
            ("ringing", "Ringing"),
            ("answered", "Talking"),
            ("ended", "Ended"),
            ("missed", "Not Answered"),
            ("failed", "Not Begun"),
        ],
        required=True,
        default="ended",
        readonly=True,
    )
    result = fields.Selection(
        [("reached", "Talked"), ("not_reached", "Not reached")],
        compute="_compute_result",
        inverse="_inverse_result",
    )
    number = fields.Char(help="Of the other side; empty when it is withheld.")
    number_end = fields.Char(compute="_compute_number_end", store=True, precompute=True)
    line = fields.Char("Called Number", readonly=True, help="The number of ours that was called.")
    extension = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", index="btree_not_null")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        index="btree_not_null",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, ondelete="set null")
    started_at = fields.Datetime("Time", required=True, default=fields.Datetime.now)
    answered_at = fields.Datetime("Answered", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    hour = fields.Integer(
        "Hour of the Day",
        compute="_compute_hour",
        store=True,
        precompute=True,
        aggregator=None,
        help="By the clock of the company.",
    )
    duration = fields.Integer("Talk (s)", aggregator="sum")
    talk_time = fields.Float(
        "Length", compute="_compute_talk_time", inverse="_inverse_talk_time", help="Minutes."
    )
    recording_url = fields.Char("Recording", readonly=True)
    order_id = fields.Many2one(
        "sale.order", "Sales Order", index="btree_not_null", ondelete="set null"
    )
    lead_id = fields.Many2one("crm.lead", "Inquiry", index="btree_not_null", ondelete="set null")
    channel_id = fields.Many2one("sales.channel", "Sales Channel", ondelete="set null")
    utm_source_id = fields.Many2one("utm.source", "Source", ondelete="set null")
    utm_medium_id = fields.Many2one("utm.medium", "Medium", ondelete="set null")
    subject = fields.Char()
    note = fields.Text("Notes")
    log_message_id = fields.Many2one("mail.message", readonly=True, copy=False, ondelete="set null")

    # the database decides which event is the first one of a call
    _external_uniq = models.UniqueIndex(
        "(pbx_id, external_id) WHERE external_id IS NOT NULL", "This call is in the log already."
    )
    _caller_idx = models.Index("(number_end, started_at) WHERE number_end IS NOT NULL")
    _customer_idx = models.Index("(partner_id, started_at) WHERE partner_id IS NOT NULL")
    _recent_idx = models.Index("(pbx_id, create_date)")

    # === COMPUTE ===

    @api.depends("partner_id", "number", "started_at", "direction", "subject")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        names = dict(self._fields["direction"]._description_selection(self.env))
        for call in self:
            when = fields.Datetime.context_timestamp(call, call.started_at or call._now())
            who = call._get_caller_name()
            call.display_name = f"{names.get(call.direction)}: {who}, {when:%Y-%m-%d %H:%M}"

    @api.depends("number")
    def _compute_number_end(self):
        for call in self:
            call.number_end = finder.phone_digits(call.number)[-finder.SAME :] or False

    @api.depends("started_at", "company_id")
    def _compute_hour(self):
        for call in self:
            zone = call.company_id._get_message_zone() if call.company_id else zone_of()
            call.hour = call.started_at.replace(tzinfo=UTC).astimezone(zone).hour

    @api.depends("duration")
    def _compute_talk_time(self):
        for call in self:
            call.talk_time = call.duration / 60

    def _inverse_talk_time(self):
        for call in self:
            call.duration = max(0, round(call.talk_time * 60))

    @api.depends("answered_at")
    def _compute_result(self):
        for call in self:
            call.result = "reached" if call.answered_at else "not_reached"

    def _inverse_result(self):
        """By hand it is said whether somebody was reached; of others the telephone system knows."""
        for call in self.filtered(lambda one: not one.external_id):
            reached = call.result == "reached"
            call.write(
                {
                    "state": "ended" if reached else "missed",
                    "answered_at": call.started_at if reached else False,
                    "ended_at": call.started_at,
                }
            )

    @api.model
    def _now(self):
        return fields.Datetime.now()

    # === CHECKS ===

    @api.constrains("recording_url")
    def _check_recording_url(self):
        for call in self.filtered("recording_url"):
            if call_event.link(call.recording_url) != call.recording_url:
                raise ValidationError(self.env._("A recording is an address with https://"))

    # === LIFE ===

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(SYSTEM_FIELDS & vals.keys() for vals in vals_list):
            self._refuse_system_fields()
        vals_list = [self._with_customer(vals) for vals in vals_list]
        calls = super().create(vals_list)
        noted = calls.filtered(lambda call: not call.external_id and not call.reference)
        noted.filtered(lambda call: call.state == "ended")._note_reached()
        noted._log()
        return calls

    def _with_customer(self, vals):
        """Values of a call noted by hand, with what follows from its order."""
        order = self.env["sale.order"].browse(vals.get("order_id"))
        if order and not vals.get("partner_id"):
            vals = {**vals, "partner_id": order.partner_id.id}
        if order and not vals.get("company_id"):
            vals = {**vals, "company_id": order.company_id.id}
        return vals

    def write(self, vals):
        if not self.env.su and vals.keys() - FREE_FIELDS:
            told = self.filtered("external_id")
            if SYSTEM_FIELDS & vals.keys() or (told and told._changes(vals)):
                self._refuse_system_fields()
        result = super().write(vals)
        if TOLD & vals.keys():
            self.filtered("log_message_id")._log()
        return result

    def _refuse_system_fields(self):
        raise AccessError(self.env._("What the telephone system told of a call cannot be changed."))

    def _changes(self, vals):
        """Whether these values are others than those of what nobody may change."""
        names = [
            name
            for name in vals.keys() - FREE_FIELDS
            if name in self._fields and not name.startswith(("activity_", "message_"))
        ]
        return any(
            self._fields[name].convert_to_write(call[name], call) != vals[name]
            for call in self
            for name in names
        )

    def _note_reached(self):
        """By hand: somebody was talked to."""
        for call in self.filtered(lambda one: not one.answered_at):
            call.write({"answered_at": call.started_at, "ended_at": call.started_at})
        self._settle()

    # === HISTORY ===

    def _log(self):
        """One entry for each call in the history of its customer; later facts change it."""
        for call in self.filtered(lambda one: one.state in ("ended", "missed", "failed")):
            body = call._describe()
            if call.log_message_id:
                # sudo: the entry is the log's, whoever adds a note to the call
                call.log_message_id.sudo().write({"body": body, "subject": call.subject})
                continue
            author = call.user_id.partner_id if call.user_id else self.env.user.partner_id
            call.log_message_id = call._message_log(
                body=body,
                subject=call.subject,
                author_id=author.id,
                message_type="comment",
            )
            # sudo: as above; it belongs where the call was, not where it was noted
            call.log_message_id.sudo().date = call.started_at

    def _describe(self):
        """Direction, who, result and length, and what was noted, as HTML."""
        names = self._fields["direction"]._description_selection(self.env)
        states = self._fields["state"]._description_selection(self.env)
        facts = [
            dict(names)[self.direction],
            self.number,
            self.user_id.name,
            dict(states)[self.state] if self.state != "ended" else None,
            self._format_duration() if self.duration else None,
        ]
        body = Markup("<p>%s</p>") % " · ".join(filter(None, facts))
        if self.note:
            lines = Markup("<br/>").join(self.note.splitlines())
            body += Markup("<p>%s</p>") % lines
        if self.recording_url:
            body += Markup('<p><a href="%s" target="_blank" rel="noreferrer">%s</a></p>') % (
                self.recording_url,
                self.env._("Recording"),
            )
        return body

    def _format_duration(self):
        minutes, seconds = divmod(self.duration, 60)
        return self.env._("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=seconds)

    # === WHO ===

    def _get_caller_name(self):
        """What the other side is called, as far as it is known."""
        self.ensure_one()
        # a name that the user may not see is not shown
        partner = self.sudo().partner_id.sudo(self.env.su)
        if partner and partner.has_access("read"):
            return partner.display_name
        return self.number or self.env._("withheld number")

    def _phone_get_number_fields(self):
        """Rules may send an SMS to whoever called, known or not."""
        return ["number"]

    def _domain_same_caller(self):
        """Calls with the same customer, or with the same number."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        same = Domain.FALSE
        if self.partner_id:
            same |= Domain("partner_id", "in", self.partner_id._get_family().ids)
        if self.number_end:
            same |= Domain("number_end", "=", self.number_end)
        return domain & same

    @api.model
    def _new_reference(self):
        return secrets.token_hex(12)

    # === SCREENS ===

    def action_open_desk(self):
        """Open the order desk with the customer of the call."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("retail_crm.order_desk_action")
        params = {"partner_id": self.partner_id.id}
        if self.order_id:
            params["order_id"] = self.order_id.id
        return action | {"params": params}

    @api.model
    def _get_log_action(self, **defaults):
        """The window in which a call is noted, with what is known already."""
        context = {f"default_{name}": value for name, value in defaults.items() if value}
        view = self.env.ref("retail_crm.retail_call_view_form_log")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Call"),
            "res_model": self._name,
            "views": [(view.id, "form")],
            "target": "new",
            "context": context,
        }
