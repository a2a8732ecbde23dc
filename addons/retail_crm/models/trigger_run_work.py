"""Doing a run: look once more whether it is still right, make the tasks, send the message."""

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .trigger_run import WEEK

_logger = logging.getLogger(__name__)

#: minutes until the next try when a provider does not answer; after the last it is given up
PAUSES = (2, 10, 30, 120, 360)


class RetailTriggerRun(models.Model):
    _inherit = "retail.trigger.run"

    def _carry_out(self):
        """Do a run that this transaction has locked. Never raises for what a rule did wrong."""
        self.ensure_one()
        company = self.company_id or self.env.company
        run = self.with_company(company).with_context(lang=company.partner_id.lang)
        record = run._record()
        try:
            with self.env.cr.savepoint():
                reason = run._why_not(record)
                later = not reason and run._when_allowed()
                kinds = run._prepare(record) if not reason and not later else []
                # tasks and further actions are for colleagues: they need no customer's consent
                reason = reason or (not later and run._why_nothing_reaches(record, kinds))
        except psycopg2.OperationalError:
            # somebody else was changing the same records
            run._undo()
            run.due_at = fields.Datetime.now() + timedelta(minutes=1)
            return
        except Exception as error:  # whatever rules, templates and actions of users do wrong
            _logger.info("Run %s of rule %s failed", self.id, self.rule_id.name, exc_info=True)
            run._fail(run._words(error), record)
            return
        if reason:
            run._finish("skipped", reason)
        elif later:
            run.due_at = later
            run._wake({later})
        elif kinds:
            run._send_first_possible(record, kinds)
        else:
            run._succeed(record)

    def _words(self, error):
        if isinstance(error, UserError):
            return str(error)
        return self.env._("An action or a template went wrong: %s", error)

    # === STILL RIGHT? ===

    def _why_not(self, record):
        """Why this is not to be done any more, in words; None when it is."""
        rule = self.rule_id
        if not record:
            return self.env._("%s does not exist any more.", self.record_name)
        if not rule.active:
            return self.env._("The rule was switched off.")
        rule = rule.with_env(self.env)
        event = rule._event()
        expiry = event.expires_at(rule, self, record)
        if expiry and expiry <= fields.Datetime.now():
            return self.env._("It would have come too late.")
        stop = event.stop_reason(rule, self, record)
        if stop:
            return stop
        if rule.stop_domain and record.filtered_domain(rule._read_domain(rule.stop_domain)):
            return self.env._("By now it fits the condition “Not any more if” of the rule.")
        if rule.wait_value and not record.filtered_domain(rule._read_domain(rule.filter_domain)):
            return self.env._("It no longer fits the conditions of the rule.")
        return None

    def _why_nothing_reaches(self, record, kinds):
        """Why the customer gets nothing of what this is to bring them; None when they do.

        ``kinds``: the ways to send, in order.
        """
        return self._why_not_to_this_customer(record) if kinds else None

    def _why_not_to_this_customer(self, record):
        if not any(self._has_consent(kind) for kind in self._get_ways()):
            return self._say_no_consent(self.rule_id)
        return self._why_too_many(record)

    def _why_too_many(self, record):
        """Why the customer has had enough for this week, in words; None when not."""
        cap = self.company_id.weekly_message_cap
        if self.rule_id.ignores_cap or cap <= 0:
            return None
        sent = self._count_sent(record)
        if sent >= cap:
            return self.env._(
                "The customer had %(count)s messages within a week; %(cap)s are allowed.",
                count=sent,
                cap=cap,
            )
        return None

    def _count_sent(self, record):
        """Messages of the last seven days to this customer, of all rules."""
        if self.partner_id:
            person = Domain("partner_id", "=", self.partner_id.id)
        elif address := "email" in record._fields and record.email:
            person = Domain("sent_to", "=", address)
        else:
            return 0
        sent = Domain("send_by", "!=", False) & Domain("id", "!=", self.id)
        sent &= Domain("handed_at", ">", fields.Datetime.now() - WEEK)
        sent &= Domain("state", "in", ("done", "unknown", "sending"))
        return self.search_count(person & sent)

    def _has_consent(self, kind):
        """Whether this customer may be written to this way."""
        return self._may_send(self.rule_id, self._record_partner(), kind)

    @api.model
    def _may_send(self, rule, partner, kind):
        """Whether this person may get messages of this rule this way."""
        if rule.needs_consent:
            return bool(partner._may_contact(kind, "marketing"))
        return not partner or bool(partner._may_contact(kind, "service"))

    @api.model
    def _say_no_consent(self, rule):
        return (
            self.env._("The customer has not agreed to advertising by this way.")
            if rule.needs_consent
            else self.env._("The customer wants no messages by this way.")
        )

    def _get_ways(self):
        """How to send, in order; empty when nothing is to be sent."""
        if self.fallback_by:
            return [self.fallback_by]
        return self._ways_of(self.rule_id)

    @api.model
    def _ways_of(self, rule):
        """The ways in which a rule sends, the first one first."""
        ways = [rule.send_by, rule.on_failure]
        return list(dict.fromkeys(way for way in ways if way in ("email", "sms") and rule.send_by))

    def _record_partner(self):
        """The person the message is for: not the company they work for."""
        return self._person_of(self._record())

    @api.model
    def _person_of(self, record):
        if record._name == "res.partner":
            return record
        return record.partner_id if "partner_id" in record._fields else self.env["res.partner"]

    def _when_allowed(self):
        """When the quiet hours end if it is quiet now; False when it is not."""
        now = fields.Datetime.now()
        allowed = self.rule_id._outside_quiet_hours(now, self.company_id, self._record_partner())
        return allowed > now and allowed

    # === TASKS AND ACTIONS ===

    def _prepare(self, record):
        """Make tasks, run further actions, and return the ways to send, in order."""
        rule = self.rule_id.with_env(self.env)
        if not self.has_acted:
            if rule.task_type_id:
                self._make_task(record, rule.task_summary)
            context = {"active_model": record._name, "active_ids": record.ids}
            for action in rule.action_server_ids:
                action.with_context(**context, active_id=record.id).run()
            self.has_acted = True
        return self._get_ways()

    def _succeed(self, record, reason=False, **values):
        """It worked; a record that waits for this is told."""
        self._finish("done", reason, **values)
        if hasattr(record, "_on_trigger_run"):
            record._on_trigger_run(self)

    def _make_task(self, record, summary):
        """A to-do on the record, or on its customer when it cannot have any."""
        target = record if "activity_ids" in record._fields else self._record_partner()
        if not target:
            raise UserError(
                self.env._("There is nobody to make a task about for %s.", self.record_name)
            )
        rule = self.rule_id
        target.activity_schedule(
            activity_type_id=rule.task_type_id.id
            or self.env["ir.model.data"]._xmlid_to_res_id("mail.mail_activity_data_todo"),
            summary=summary,
            user_id=self._responsible(record).id,
            date_deadline=fields.Date.context_today(self),
        )

    def _responsible(self, record):
        """Who has to do it: named by the rule, responsible for the record, leading the team."""
        rule = self.rule_id
        mine = record.user_id if "user_id" in record._fields else None
        team = record.team_id if "team_id" in record._fields else self.env["crm.team"]
        people = (rule.task_user_id, mine, team.user_id, self.partner_id.user_id, rule.create_uid)
        for person in people:
            if person and person.active and not person.share:
                return person
        return self.env.ref("base.user_admin")

    # === ENDING ===

    def _fail(self, reason, record):
        """It did not work: in the log, and as a task when the rule says so."""
        self._finish("failed", reason)
        if self.rule_id.on_failure != "task" or not record:
            return
        words = self.env._(
            "The message “%(rule)s” was not delivered: %(reason)s",
            rule=self.rule_id.name,
            reason=reason,
        )
        try:
            with self.env.cr.savepoint():
                self._make_task(record, words)
        except UserError as error:  # nobody to make a task about must not hold up the others
            self.reason = f"{reason}\n{error}"

    def _retry(self, reason, record):
        """Nobody answered: later again, a few times."""
        if self.tries >= len(PAUSES):
            self._fail(self.env._("Given up after several tries: %s", reason), record)
            return
        due = fields.Datetime.now() + timedelta(minutes=PAUSES[self.tries])
        self.write({"state": "planned", "due_at": due, "tries": self.tries + 1, "reason": reason})
        self._wake({due})
