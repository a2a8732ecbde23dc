from datetime import timedelta

from odoo import api, fields, models

from ..models.base_automation import SENDING
from ..models.trigger_run import WEEK


class RetailTriggerDryRun(models.TransientModel):
    """What a rule would have done in the last days, had it been on. Nothing is sent."""

    _name = "retail.trigger.dry.run"
    _description = "Dry Run of a Rule"

    rule_id = fields.Many2one("base.automation", required=True, readonly=True, ondelete="cascade")
    days = fields.Integer("Last Days", default=7, required=True)
    leaves_traces = fields.Boolean(compute="_compute_leaves_traces")
    line_ids = fields.One2many("retail.trigger.dry.run.line", "dry_run_id", readonly=True)
    would_count = fields.Integer("Would Have Been Done", compute="_compute_counts")
    not_count = fields.Integer("Would Have Been Left Out", compute="_compute_counts")
    has_run = fields.Boolean()

    @api.depends("rule_id")
    def _compute_leaves_traces(self):
        for each in self:
            # rules are read by whoever may open this
            each.leaves_traces = bool(each.rule_id) and each.rule_id.sudo()._event().leaves_traces

    @api.depends("line_ids.reason")
    def _compute_counts(self):
        for each in self:
            each.not_count = len(each.line_ids.filtered("reason"))
            each.would_count = len(each.line_ids) - each.not_count

    def action_run(self):
        """Look back and list what would have happened."""
        self.ensure_one()
        self.rule_id.check_access("read")
        self.line_ids.unlink()
        # like the engine, which sees all records of the rule's companies
        rule = self.rule_id.sudo().with_context(active_test=True)
        now = fields.Datetime.now()
        start = now - timedelta(days=max(self.days, 1))
        found = sorted(rule._event().past(rule, start, now), key=lambda each: each.moment)
        sent = {}
        values = [self._prepare_line(rule, each, sent) for each in found]
        self.line_ids = [fields.Command.create(each) for each in values]
        self.has_run = True
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dry Run"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _prepare_line(self, rule, found, sent):
        """One line; ``sent`` holds the moments at which each customer got something."""
        Run = self.env["retail.trigger.run"].sudo()
        record = found.record
        company, partner = Run._company_of(rule, record), Run._customer_of(record)
        due = rule._get_due(found, company, partner)
        kind, address, reason = self._find_way(rule, record)
        reaches = rule.send_by or rule.requests_call
        if reaches and not reason and not rule.ignores_cap and company.weekly_message_cap:
            mine = [each for each in sent.get(partner, ()) if each > due - WEEK]
            if partner and len(mine) >= company.weekly_message_cap:
                reason = self.env._("The customer had all messages of the week.")
        if rule.send_by and not reason:
            sent.setdefault(partner, []).append(due)
        return {
            "model": record._name,
            "res_id": record.id,
            "record_name": record.display_name,
            "partner_id": partner.id,
            "event_at": found.moment,
            "due_at": due,
            "send_by": kind,
            "sent_to": address,
            "reason": reason,
        }

    def _find_way(self, rule, record):
        """The way by which the message would go, where to, and why by none."""
        Run = self.env["retail.trigger.run"].sudo()
        tried = []
        for kind in Run._ways_of(rule):
            address, reason = self._recipient(rule, record, kind)
            if not reason and not Run._may_send(rule, Run._person_of(record), kind):
                reason = Run._say_no_consent(rule)
            if not reason:
                return kind, address, False
            tried.append((kind, address, reason))
        if tried:
            return tried[0]
        may_call = Run._may_send(rule, Run._person_of(record), "phone")
        refused = rule.requests_call and not may_call
        return False, False, refused and Run._say_no_call(rule)

    def _recipient(self, rule, record, kind):
        """Where the message would go, and why it could not."""
        if kind == "sms":
            found = record._sms_get_recipients_info()[record.id]
            number = self.env["retail.trigger.run"]._clean_number(found["sanitized"])
            return number, not number and self.env._("No phone number.")
        values = rule.mail_template_id._generate_template(
            record.ids, ("email_to", "partner_to", "email_cc")
        )[record.id]
        people = self.env["res.partner"].sudo().browse(values.get("partner_ids"))
        address = ", ".join(filter(None, [values.get("email_to"), *people.mapped("email")]))
        return address, not address and self.env._("No e-mail address.")


class RetailTriggerDryRunLine(models.TransientModel):
    _name = "retail.trigger.dry.run.line"
    _description = "Line of a Dry Run"
    _order = "due_at desc, id desc"

    dry_run_id = fields.Many2one("retail.trigger.dry.run", required=True, ondelete="cascade")
    model = fields.Char()
    res_id = fields.Many2oneReference("Document", model_field="model")
    record_name = fields.Char("Document Name")
    partner_id = fields.Many2one("res.partner", "Customer")
    event_at = fields.Datetime("Happened")
    due_at = fields.Datetime("Would Be Done")
    send_by = fields.Selection(SENDING, "Sent by")
    sent_to = fields.Char("To")
    reason = fields.Char("Left out, because")
