"""Planning: an event of a rule becomes a run, once."""

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain

from ..services.quiet_hours import next_allowed
from ..services.trigger_events import Found
from ..services.trigger_events_daily import EVENTS

_logger = logging.getLogger(__name__)

#: what conditions written on a screen can do wrong, and nobody can do right meanwhile
MISTAKES = (ValueError, TypeError, KeyError, AttributeError, SyntaxError, psycopg2.DataError)


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    @api.model
    def _retail_event(self, event, records, occurrence=""):
        """Tell of an event: rules that wait for it plan their runs, in this transaction.

        ``event`` is a code of :data:`EVENTS`; ``occurrence`` tells apart the times the same thing
        may happen to the same record (an id, a year). The same one is planned once, however often
        it is told. Costs nothing while no rule waits.
        """
        # whoever makes it happen need not see rules, customers or the log
        Rules = self.sudo()
        now = fields.Datetime.now()
        for rule in Rules.browse(Rules._retail_rule_ids(event, records._name)):
            rule._plan([Found(each, now, str(occurrence)) for each in records.sudo()])

    def _plan(self, found):
        """Plan runs for events just found: ``[Found]``. Nobody's work may stop for a rule."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                return self._plan_fitting(found)
        except MISTAKES as error:
            self._report_problem(error)
        return self.env["retail.trigger.run"]

    def _plan_fitting(self, found):
        event, records = self._event(), self.env[self.model_name].union(*(f.record for f in found))
        fitting = records.filtered_domain(self._get_if_domain())
        fitting = fitting.filtered(lambda one: not event.is_history(self, one))
        return self.env["retail.trigger.run"]._plan(
            self, [each for each in found if each.record in fitting and event.fits(self, each)]
        )

    @api.model
    def _filter_with_task(self, event, records):
        """Those of ``records`` about which an active rule makes a task at that event.

        ``event`` is one that comes so long after a date of an order.
        """
        # whoever asks need not see the rules
        Rules = self.sudo()
        found = records.browse()
        for rule in Rules.browse(Rules._retail_rule_ids(event, records._name)):
            if not rule.task_type_id:
                continue
            try:
                with self.env.cr.savepoint():
                    domain = rule._get_if_domain() & EVENTS[event].open_domain(rule)
                    found |= records.filtered_domain(domain)
            except MISTAKES as error:
                rule._report_problem(error)
        return found

    def _report_problem(self, error):
        _logger.warning("Rule %s (%s) cannot be followed: %s", self.name, self.id, error)
        if self.problem != str(error):
            self.problem = str(error)

    # === TIME ===

    @api.model
    def _sweep_retail_rules(self):
        """Plan what came due by the clock since the last time."""
        now = fields.Datetime.now()
        timed = [f"retail_{code}" for code, event in EVENTS.items() if event.timing != "event"]
        for rule in self.search(Domain("trigger", "in", timed)):
            rule._sweep(now)

    def _sweep(self, now):
        event = self._event()
        since = self.activated_at or now
        start = max(since, (self.last_run or since) - event.overlap)
        try:
            with self.env.cr.savepoint():
                self.env["retail.trigger.run"]._plan(self, event.search(self, start, now))
        except MISTAKES as error:
            self._report_problem(error)
            return
        self.write({"last_run": now, **({"problem": False} if self.problem else {})})

    def _get_due(self, found, company, partner):
        """When to do something about an event: after the wait, outside the quiet hours."""
        wait = self._get_wait() if self._event().timing == "event" else timedelta()
        return self._outside_quiet_hours(found.moment + wait, company, partner)

    def _outside_quiet_hours(self, moment, company, partner):
        disturbs = self.send_by or self.requests_call
        if not (disturbs and self.respects_quiet_hours and company):
            return moment
        zone = company._get_message_zone(partner)
        return next_allowed(moment, zone, company.quiet_from, company.quiet_to)
