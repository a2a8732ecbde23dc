"""Rules of the order desk: When, If, Wait, Then.

They are automation rules of Odoo with events of their own. Odoo's engine passes over events it does
not know; here such a rule plans a *run* for each event (``retail.trigger.run``), and the run does
the work when it is due.
"""

from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools.misc import clean_context
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import dateutil as safe_dateutil
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time

from ..services.trigger_events_daily import EVENTS

#: a trigger of ours is this and the code of the event
PREFIX = "retail_"
#: events that could be chosen once and never came: rules that wait for them go with an update
WITHDRAWN = ("segment_entered", "segment_left")
#: what Odoo's own form of a rule shows its triggers with; it breaks on any it does not know
ODOO_WIDGET = "base_automation_trigger_selection"
#: what the engine notes on a rule; changes nothing of what it does
ENGINE_FIELDS = {"activated_at", "last_run", "problem"}
#: what can make a rule one that cannot be followed
CONDITIONS = {"filter_domain", "stop_domain"}
SENDING = [("email", "E-mail"), ("sms", "SMS")]
#: whoever decides on rules of the desk, but not on Odoo's, may change these fields only: the others
#: hold code that would run with all rights
FREE_FIELDS = {
    *("name", "active", "trigger", "model_id", "retail_event", "filter_domain", "description"),
    *("company_id", "channel_ids", "event_stage_ids", "event_rating", "stop_domain", "max_age"),
    *("wait_value", "wait_unit", "wait_hour", "respects_quiet_hours", "ignores_cap"),
    *(
        "needs_consent",
        "asks_opinion",
        "send_by",
        "mail_template_id",
        "sms_template_id",
        "on_failure",
    ),
    *("task_type_id", "task_summary", "task_user_id", "requests_call"),
}


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    trigger = fields.Selection(
        selection_add=[
            ("retail_order_received", "Order is received"),
            ("retail_order_stage", "Order enters a stage"),
            ("retail_order_paid", "Order is paid"),
            ("retail_order_shipped", "Order is shipped"),
            ("retail_order_cancelled", "Order is cancelled"),
            ("retail_order_overdue", "Order is overdue in its stage"),
            ("retail_order_unpaid", "Order is unpaid for"),
            ("retail_response_late", "First response is late"),
            ("retail_before_promised", "Before the promised time"),
            ("retail_morning_promised", "On the promised day, at"),
            ("retail_cart_abandoned", "Cart is left for"),
            ("retail_call_missed", "Call is missed"),
            ("retail_low_rating", "Order gets a low rating"),
            ("retail_back_in_stock", "Requested product is back in stock"),
            ("retail_birthday", "Birthday, at"),
        ],
        ondelete={PREFIX + code: "cascade" for code in (*EVENTS, *WITHDRAWN)},
    )
    is_retail = fields.Boolean(compute="_compute_retail_event", search="_search_is_retail")
    retail_event = fields.Selection(
        "_selection_retail_event",
        "When",
        compute="_compute_retail_event",
        help="What the rule waits for.",
    )
    event_timing = fields.Char(compute="_compute_retail_event")
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a rule of all companies."
    )
    channel_ids = fields.Many2many(
        "sales.channel",
        "base_automation_sales_channel_rel",
        string="Only Sales Channels",
        help="Orders of these channels only. Empty: of all.",
    )
    event_rating = fields.Float(
        "Up to",
        default=2.0,
        help="Ratings from 0 to 5; 2 means that customers who gave 0, 1 or 2 are not content.",
    )
    max_age = fields.Integer(
        "Imported History from",
        default=3,
        help="Orders that were placed more than so many days before they came here are history: "
        "nothing is sent when they are imported. 0: whatever their age.",
    )
    wait_value = fields.Integer(
        "Wait", default=0, help="So long after the event; before it, for promised times."
    )
    wait_unit = fields.Selection(
        [("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")],
        default="minutes",
        required=True,
    )
    wait_hour = fields.Float(
        "At", default=9.0, help="Hour of the day in the time zone of the company, e.g. 8:30."
    )
    respects_quiet_hours = fields.Boolean(
        default=True,
        help="What comes due in the quiet hours of the company waits until they are over, "
        "by the clock of the customer.",
    )
    stop_domain = fields.Char(
        "Not any more if",
        help="Looked at again at the moment of sending: records that fit by then are left alone.",
    )
    ignores_cap = fields.Boolean(
        "Sent in any Case",
        help="Sent even to customers who had all the messages of their week, and counted for them.",
    )
    needs_consent = fields.Boolean(
        "Advertising",
        help="Only to customers who agreed to get advertising this way, and did not opt out.",
    )
    send_by = fields.Selection(SENDING, "Send", help="Empty: no message, only a task.")
    mail_template_id = fields.Many2one(
        "mail.template", "E-mail Template", domain="[('model_id', '=', model_id)]"
    )
    sms_template_id = fields.Many2one(
        "sms.template", "SMS Template", domain="[('model_id', '=', model_id)]"
    )
    on_failure = fields.Selection(
        [*SENDING, ("task", "Task for the Responsible")],
        "If it Fails",
        help="What to do when the message cannot be delivered: no number, refused, bounced.",
    )
    task_type_id = fields.Many2one(
        "mail.activity.type",
        "Task",
        help="It takes the place of the task that a time norm makes when an order is overdue, "
        "unanswered or unpaid.",
    )
    task_summary = fields.Char("What to Do", translate=True)
    task_user_id = fields.Many2one(
        "res.users",
        "For",
        domain="[('share', '=', False)]",
        help="Empty: whoever is responsible for the order, the call or the customer.",
    )
    activated_at = fields.Datetime(
        "Switched On At", readonly=True, copy=False, help="What happened before is left alone."
    )
    problem = fields.Text(readonly=True, copy=False)
    run_ids = fields.One2many("retail.trigger.run", "rule_id", "Runs")
    run_count = fields.Integer(compute="_compute_run_count")
    attention_count = fields.Integer("To Check", compute="_compute_run_count")

    # === COMPUTE ===

    @api.model
    def _selection_retail_event(self):
        triggers = self._fields["trigger"]._description_selection(self.env)
        return [
            (code.removeprefix(PREFIX), label)
            for code, label in triggers
            if code.removeprefix(PREFIX) in EVENTS and code.startswith(PREFIX)
        ]

    @api.depends("trigger")
    def _compute_retail_event(self):
        for rule in self:
            code = (rule.trigger or "").removeprefix(PREFIX)
            rule.is_retail = (rule.trigger or "").startswith(PREFIX)
            rule.retail_event = code if rule.is_retail else False
            rule.event_timing = EVENTS[code].timing if rule.is_retail else False

    def _search_is_retail(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("trigger", "in" if True in value else "not in", [PREFIX + c for c in EVENTS])

    def _compute_run_count(self):
        # the figure beside the button is for whoever may open the rule
        groups = self.env["retail.trigger.run"]._read_group(
            [("rule_id", "in", self.ids)], ["rule_id", "state"], ["__count"]
        )
        for rule in self:
            mine = {state: count for each, state, count in groups if each == rule}
            rule.run_count = sum(mine.values())
            rule.attention_count = mine.get("failed", 0) + mine.get("sending", 0)
            rule.attention_count += mine.get("unknown", 0)

    @api.onchange("retail_event")
    def _onchange_retail_event(self):
        if self.retail_event:
            values = self._event_values({"retail_event": self.retail_event})
            self.model_id, self.trigger = values["model_id"], values["trigger"]
            self.mail_template_id = self.sms_template_id = False

    # === CHECKS ===

    @api.constrains("trigger", "filter_domain", "stop_domain")
    def _check_retail_domains(self):
        for rule in self.filtered("is_retail").sudo():  # whoever may write the rule may try it
            try:
                for text in (rule.filter_domain, rule.stop_domain):
                    domain = rule._read_domain(text)
                    rule.env[rule.model_name].search_count(domain, limit=1)
                    # and with the writer's own rights: what may not be read may not be asked for
                    rule.sudo(False).env[rule.model_name].search_count(domain, limit=1)
            except (ValueError, TypeError, KeyError, SyntaxError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of the rule %(rule)s cannot be understood: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    @api.constrains("trigger", "send_by", "mail_template_id", "sms_template_id", "on_failure")
    def _check_retail_templates(self):
        templates = {"email": "mail_template_id", "sms": "sms_template_id"}
        for rule in self.filtered("is_retail"):
            for kind in {rule.send_by, rule.on_failure} & templates.keys():
                template = rule[templates[kind]]
                if not template or template.model_id != rule.model_id:
                    raise ValidationError(
                        self.env._(
                            "Choose a template for the %(kind)s of the rule %(rule)s, one made for "
                            "%(model)s.",
                            kind=dict(SENDING)[kind],
                            rule=rule.name,
                            model=rule.model_id.name,
                        )
                    )

    @api.constrains("trigger", "model_id", "wait_value", "wait_hour")
    def _check_retail_event(self):
        for rule in self.filtered("is_retail"):
            if rule.model_name != rule._event().model:
                raise ValidationError(
                    self.env._("This event does not happen to records of %s.", rule.model_id.name)
                )
            if rule.wait_value < 0 or not 0 <= rule.wait_hour < 24:
                raise ValidationError(
                    self.env._("Wait for no less than nothing, and until an hour from 0 to 24.")
                )

    # === LIFE ===

    @api.model
    def _event_values(self, vals):
        """Values of a rule of which only the event was told, with what it stands for in Odoo."""
        vals = dict(vals)
        if code := vals.pop("retail_event", None):
            vals["trigger"] = PREFIX + code
        code = vals.get("trigger") or ""
        if code.startswith(PREFIX) and EVENTS[code.removeprefix(PREFIX)].model in self.env:
            model = EVENTS[code.removeprefix(PREFIX)].model
            # models are not everybody's to read
            vals["model_id"] = self.env["ir.model"].sudo()._get_id(model)
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._event_values(vals) for vals in vals_list]
        rules = super(BaseAutomation, self._as_rule_manager(vals_list)).create(vals_list)
        rules._start_now()
        self.env.registry.clear_cache()
        return rules.with_env(self.env)

    def write(self, vals):
        if vals.keys() <= ENGINE_FIELDS:
            return super().write(vals)
        vals = self._event_values(vals)
        rules = self._as_rule_manager([vals])
        changed = bool({"trigger", "model_id"} & vals.keys())
        waking = rules.filtered(lambda one: changed or (vals.get("active") and not one.active))
        result = super(BaseAutomation, rules).write(vals)
        waking._start_now()
        if CONDITIONS & vals.keys():
            # what was wrong with the old one; if the new one is wrong, the next event tells
            rules.filtered("problem").write({"problem": False})
        self.env.registry.clear_cache()
        return result

    def _start_now(self):
        """Rules look from the moment they are switched on: what is old stays as it is."""
        now = fields.Datetime.now()
        self.filtered("is_retail").write({"activated_at": now, "last_run": now, "problem": False})

    def unlink(self):
        rules = self._as_rule_manager([])
        self.env.registry.clear_cache()
        return super(BaseAutomation, rules).unlink()

    def _as_rule_manager(self, vals_list):
        """These rules, as whoever may change them; raise AccessError for anybody else.

        Odoo leaves its automation rules to system administrators, because they can hold code. An
        administrator of the desk decides on rules of ours, by fields that hold none.
        """
        if self.env.su or self.env.user.has_group("base.group_system"):
            return self
        self.check_access("write")
        named = {name for vals in vals_list for name in vals}
        triggers = {vals["trigger"] for vals in vals_list if vals.get("trigger")}
        is_new = not self.ids
        if (
            named - FREE_FIELDS
            or any(self._changes_others(vals) for vals in vals_list)
            or not all((trigger or "").startswith(PREFIX) for trigger in triggers)
            or (is_new and vals_list and not all(vals.get("trigger") for vals in vals_list))
        ):
            raise AccessError(
                self.env._("Only a system administrator may change this of an automation rule.")
            )
        # Odoo adapts its scheduled action and its registry when a rule changes; defaults from the
        # caller's context would be values that nobody has looked at
        clean = clean_context(self.env.context)
        return self.with_context(clean).sudo()  # pylint: disable=context-overridden

    def _changes_others(self, vals):
        """Whether commands in these values would make, change or delete records beside the rule."""
        beside = (Command.CREATE, Command.UPDATE, Command.DELETE)
        return any(
            isinstance(one, list | tuple) and one and one[0] in beside
            for name, commands in vals.items()
            if name in self._fields and self._fields[name].type in ("one2many", "many2many")
            for one in commands or ()
        )

    # === CONDITIONS ===

    def _event(self):
        return EVENTS[self.trigger.removeprefix(PREFIX)]

    def _get_wait(self):
        return timedelta(**{self.wait_unit: self.wait_value})

    def _get_companies(self):
        return self.company_id or self.env["res.company"].search([])

    @api.model
    def _read_domain(self, text):
        """A condition from the screen. It sees dates and the user's id, no records and no code."""
        context = {
            "uid": self.env.uid,
            "datetime": safe_datetime,
            "dateutil": safe_dateutil,
            "time": safe_time,
            "context_today": lambda: fields.Date.context_today(self),
        }
        return Domain(safe_eval(text, context)) if text else Domain.TRUE

    def _get_if_domain(self):
        """What a record must be like for this rule."""
        domain = self._read_domain(self.filter_domain) & self._event().extra_domain(self)
        names = self.env[self.model_name]._fields
        if self.company_id and "company_id" in names:
            domain &= Domain("company_id", "in", (False, self.company_id.id))
        if self.channel_ids and "channel_id" in names:
            domain &= Domain("channel_id", "in", self.channel_ids.ids)
        return domain

    # === SCREENS ===

    @api.model
    def get_views(self, views, options=None):
        """Odoo's own form of a rule is told of Odoo's own events only, see ``ODOO_WIDGET``."""
        result = super().get_views(views, options)
        archs = [view["arch"] for view in result["views"].values()]
        triggers = result["models"].get(self._name, {}).get("fields", {}).get("trigger", {})
        if "selection" in triggers and any(ODOO_WIDGET in arch for arch in archs):
            triggers["selection"] = [
                (code, label)
                for code, label in triggers["selection"]
                if not code.startswith(PREFIX)
            ]
        return result

    def action_view_runs(self):
        """Open what this rule did and is going to do."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_trigger_run_action"
        )
        return action | {"domain": [("rule_id", "=", self.id)], "context": {}}

    def action_dry_run(self):
        """Ask what this rule would have sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dry Run"),
            "res_model": "retail.trigger.dry.run",
            "view_mode": "form",
            "target": "new",
            "context": {"default_rule_id": self.id},
        }

    @api.model
    @tools.ormcache("event", "model")
    def _retail_rule_ids(self, event, model):
        rules = self.search([("trigger", "=", PREFIX + event), ("model_name", "=", model)])
        return tuple(rules.ids)
