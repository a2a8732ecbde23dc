"""Giving orders to people by rules: sets of orders, one look at the database for each rule."""

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import SystemRandom

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ..services import clock
from ..services.assignment import METHODS, Candidate, Dealer, Regulars
from .retail_order_stage import ENDED

_logger = logging.getLogger(__name__)

#: how far back the turns of a rule are looked up
HISTORY = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of an order: somebody's (user id) or the pool's (False), and why."""

    rule_id: int
    user_id: int | bool
    team_id: int
    kind: str
    figures: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What the rules of a company look at together.

    ``excluded``: ``{order id: ids of the users who must not get it}``. ``held``: how many of the
    orders each user id has for the moment; they are dealt anew and are no load.
    """

    company: models.BaseModel
    excluded: dict
    held: Counter


class RetailAssignmentRule(models.Model):
    _inherit = "retail.assignment.rule"

    problem = fields.Text(
        readonly=True,
        copy=False,
        help="Why the rule could not be used the last time. It is passed over until it is mended.",
    )

    @api.model
    def _assign(self, orders, rules=None, excluded=None, idle=False):
        """Give each of ``orders`` to somebody by the first rule that finds one.

        ``rules``: those to try, in order; else the rules for new orders of each company.
        ``excluded``: ``{order id: ids of the users who must not get it}``. ``idle``: the orders
        are taken from people who did not touch them, which counts as a hop.

        Returns the orders that no rule is for; they are left as they were. An order that a rule is
        for but that nobody may take goes to the pool of the first such rule's team.
        """
        held = Counter(order.user_id.id for order in orders)
        decisions, waiting, strangers = {}, {}, orders
        for company, theirs in orders.grouped("company_id").items():
            open_orders = theirs.sorted(lambda order: (order.date_order, order.id))
            batch = Batch(company=company, excluded=excluded or {}, held=held)
            for rule in rules or self._get_new_order_rules(company):
                fit = rule._filter_usable(open_orders)
                strangers -= fit
                for order in fit:
                    waiting.setdefault(order.id, rule)
                found = rule._deal(fit, batch) if fit else {}
                decisions.update(found)
                # what this rule gave counts for the next ones
                held.subtract(one.user_id for one in found.values() if one.user_id)
                open_orders = open_orders.filtered(lambda one, found=found: one.id not in found)
        for order_id, rule in waiting.items():
            if order_id not in decisions:
                decisions[order_id] = rule._decide(False, "nobody")
        orders.browse(decisions)._apply_decisions(decisions, idle=idle)
        return strangers

    def _filter_usable(self, orders):
        """The orders that the rule is for; a rule that cannot be used says so and is for none."""
        if not orders:
            return orders
        try:
            with self.env.cr.savepoint():
                found = self._filter_matching(orders)
        except psycopg2.OperationalError:
            raise  # nothing is wrong with the rule: the transaction is tried anew
        except Exception as error:  # the condition is an expression typed by a person
            _logger.warning("Assignment rule %s cannot be used: %s", self.id, error)
            self.problem = str(error)
            return orders.browse()
        if self.problem:
            self.problem = False
        return found

    def _decide(self, user_id, kind, team=None, **figures):
        team = team or self.team_id
        return Decision(
            rule_id=self.id,
            user_id=user_id,
            team_id=team.id,
            kind=kind,
            figures={"team": team.name, "presence": self.presence, **figures},
        )

    # === DEALING ===

    def _deal(self, orders, batch):
        """``{order id: Decision}`` for those of ``orders`` that this rule finds somebody for."""
        if self.method == "pool":
            return {order.id: self._decide(False, "pool") for order in orders}
        barred = self._get_barred(orders, batch)
        if self.method == "customer_manager":
            found = self._deal_to_managers(orders, batch, barred)
        else:
            found = self._deal_to_team(orders, batch, barred)
        duty = self.fallback_user_id._filter_serving(batch.company)
        if duty:
            for order in orders:
                if order.id not in found and duty.id not in barred.get(order.id, ()):
                    found[order.id] = self._decide(duty.id, "fallback")
        return found

    def _get_barred(self, orders, batch):
        """``{order id: ids of users who must not get it}``, where there are such users."""
        excluded = batch.excluded
        barred = {order.id: set(excluded[order.id]) for order in orders if order.id in excluded}
        large = orders.filtered("is_for_seniors")
        if large:
            people = self._get_members(batch.company).user_id | self.fallback_user_id
            if self.method == "customer_manager":
                people |= self.env["res.users"].union(*self._get_managers(large).values())
            juniors = {user.id for user in people if not user._may_handle_large_orders()}
            for order in large:
                barred.setdefault(order.id, set()).update(juniors)
        return barred

    def _deal_to_team(self, orders, batch, barred):
        candidates = self._get_candidates(batch)
        ids = {one.user_id for one in candidates}
        dealer = Dealer(self.method, candidates, SystemRandom())
        found = {}
        for order in orders:
            allowed = ids - barred[order.id] if order.id in barred else None
            deal = dealer.deal(allowed)
            if deal:
                found[order.id] = self._decide(
                    deal.user_id, self.method, open=deal.load, count=len(candidates)
                )
        return found

    def _deal_to_managers(self, orders, batch, barred):
        company = batch.company
        managers = self._get_managers(orders)
        users = self.env["res.users"].union(*managers.values())
        users = users._filter_serving(company)._filter_present(self.presence, company)
        members = self._search_members(users, company)
        loads = self._get_loads(users, batch)
        regulars = Regulars(
            Candidate(
                user_id=user.id,
                load=loads.get(user.id, 0),
                capacity=min(
                    members[user].filtered("order_capacity").mapped("order_capacity"), default=0
                ),
            )
            for user in users
        )
        found = {}
        for order in orders:
            manager = managers.get(order)
            if not manager or manager.id in barred.get(order.id, ()):
                continue
            deal = regulars.deal(manager.id)
            if deal:
                teams = members[manager].crm_team_id
                team = self.team_id if self.team_id in teams else teams[:1]
                found[order.id] = self._decide(manager.id, self.method, team, open=deal.load)
        return found

    # === PEOPLE ===

    def _get_members(self, company):
        """The members of the team who get orders of that company unless they are absent."""
        members = self.team_id.crm_team_member_ids.filtered(
            lambda one: one.active and not one.assignment_optout and one.order_weight > 0
        )
        serving = members.user_id._filter_serving(company)
        return members.filtered(lambda one: one.user_id in serving)

    def _search_members(self, users, company):
        """``{user: memberships}`` in teams that work for the company."""
        found = self.env["crm.team.member"].search(
            [
                ("user_id", "in", users.ids),
                ("crm_team_id.company_id", "in", (False, company.id)),
            ]
        )
        return defaultdict(found.browse, found.grouped("user_id"))

    def _get_candidates(self, batch):
        """Those of the team who may get an order now, with their shares, loads and turns."""
        company = batch.company
        members = self._get_members(company)
        users = members.user_id._filter_present(self.presence, company)
        members = members.filtered(lambda one: one.user_id in users)
        loads = self._get_loads(users, batch)
        given, turns = self._get_history(members)
        return [
            Candidate(
                user_id=member.user_id.id,
                weight=member.order_weight,
                capacity=member.order_capacity,
                load=loads.get(member.user_id.id, 0),
                given=given.get(member.user_id.id, 0),
                turn=turns[member.user_id.id],
            )
            for member in members
        ]

    @api.model
    def _get_loads(self, users, batch):
        """``{user id: open orders}``, in whatever company."""
        counts = self.env["sale.order"]._read_group(
            [("user_id", "in", users.ids), ("stage_category", "not in", ENDED)],
            ["user_id"],
            ["__count"],
        )
        counts = {user.id: count for user, count in counts}
        return {user_id: counts.get(user_id, 0) - batch.held[user_id] for user_id in users.ids}

    def _get_history(self, members):
        """``({user id: latest orders given}, {user id: place in the queue})``.

        What counts as latest is about two rounds of the team: whoever comes back from leave does
        not get all orders until the share of the last weeks is made up for.
        """
        weights = members.mapped("order_weight")
        rounds = int(2 * sum(weights) / min(weights)) if weights else 0
        self.env["retail.assignment.log"].flush_model(["rule_id", "user_id", "kind"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT user_id, count(*) FILTER (WHERE place <= %(rounds)s), max(id)
                  FROM (SELECT user_id, id, row_number() OVER (ORDER BY id DESC) AS place
                          FROM retail_assignment_log
                         WHERE rule_id = %(rule)s AND user_id IS NOT NULL AND kind IN %(kinds)s
                      ORDER BY id DESC
                         LIMIT %(history)s) AS latest
              GROUP BY user_id
                """,
                rule=self.id,
                kinds=METHODS,
                rounds=rounds,
                history=HISTORY,
            )
        )
        given = {user_id: count for user_id, count, _last in rows}
        last = {user_id: line_id for user_id, _count, line_id in rows}
        queue = sorted(members.user_id.ids, key=lambda user_id: (last.get(user_id, 0), user_id))
        return given, {user_id: place for place, user_id in enumerate(queue)}

    @api.model
    def _get_managers(self, orders):
        """``{order: user}``: who looks after the customer, else who had the latest order."""
        managers, orphans = {}, orders.browse()
        for order in orders:
            partner = order.partner_id
            person = partner.user_id or partner.commercial_partner_id.user_id
            if person:
                managers[order] = person
            else:
                orphans |= order
        customers = orphans.partner_id.commercial_partner_id
        latest = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (partner.commercial_partner_id)
                           partner.commercial_partner_id, past.user_id
                      FROM res_partner partner
                      JOIN sale_order past ON past.partner_id = partner.id
                     WHERE partner.commercial_partner_id = ANY(%(customers)s)
                       AND past.user_id IS NOT NULL
                       AND past.id != ALL(%(orders)s)
                       AND past.state != 'cancel'
                  ORDER BY partner.commercial_partner_id, past.date_order DESC, past.id DESC
                    """,
                    customers=customers.ids,
                    orders=orphans.ids,
                )
            )
            if orphans
            else ()
        )
        for order in orphans:
            user_id = latest.get(order.partner_id.commercial_partner_id.id)
            if user_id:
                managers[order] = self.env["res.users"].browse(user_id)
        return managers

    def _get_takeover_at(self, order, now):
        """When an order given now is passed on if nobody touches it; False for never."""
        if not self.takeover_minutes or not self.max_hops:
            return False
        hours = self.takeover_minutes / 60
        return clock.add_working_hours(order._get_work_calendar(), now, hours)
