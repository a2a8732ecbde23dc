"""Whose order it is, and why.

Context key ``retail_assigning`` (``BY_RULE``, which no client can send): the write comes from here,
which keeps a log of its own; it is neither a person's decision nor work on the order.
"""

from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .res_users_desk_rights import OWN_CLIENTS
from .retail_order_stage import ENDED

#: orders that one run of the job deals
BATCH = 1000
BY_RULE = object()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    assignment_rule_id = fields.Many2one(
        "retail.assignment.rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    assigned_at = fields.Datetime(readonly=True, copy=False)
    assignment_hops = fields.Integer(
        "Passed On",
        readonly=True,
        copy=False,
        help="How often the order went to somebody else because nobody touched it.",
    )
    takeover_at = fields.Datetime(
        "Passed On At",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the order goes to somebody else if its responsible does not touch it.",
    )
    assignment_pending = fields.Boolean("To Be Assigned", readonly=True, copy=False)
    assignment_log_ids = fields.One2many(
        "retail.assignment.log", "order_id", "Assignments", readonly=True
    )
    assignment_note = fields.Char("Why This Person", compute="_compute_assignment_note")
    may_take = fields.Boolean(compute="_compute_may_take")

    _assignment_pending_idx = models.Index("(id) WHERE assignment_pending")

    @api.depends("assignment_log_ids")
    @api.depends_context("lang")
    def _compute_assignment_note(self):
        # the whole history is for those who lead; why an order is whose, everybody may know
        Log = self.env["retail.assignment.log"].sudo()
        rows = Log._read_group([("order_id", "in", self.ids)], ["order_id"], ["id:max"])
        latest = {line.order_id.id: line for line in Log.browse(line_id for _o, line_id in rows)}
        for order in self:
            order.assignment_note = latest.get(order._origin.id, Log).note

    @api.depends("user_id", "stage_category")
    def _compute_may_take(self):
        for order in self:
            order.may_take = not order.user_id and order.stage_category not in ENDED

    # === NEW ORDERS ===

    @api.model_create_multi
    def create(self, vals_list):
        prepared = [self._mark_for_assignment(vals) for vals in vals_list]
        orders = super().create(prepared)
        if any(vals.get("assignment_pending") for vals in prepared):
            # the job belongs to the system, whoever makes the order
            self.env.ref("retail_crm.cron_assign_orders").sudo()._trigger()
        orders._assign_arrived(vals_list)
        return orders

    @api.model
    def _is_typed(self):
        """Whether a person makes the order, not an import, a job or a customer."""
        return self.env.uid != SUPERUSER_ID and self.env.user._is_internal()

    def _mark_for_assignment(self, vals):
        """Order values of an import that rules will deal out: nobody's until they have."""
        if not vals.get("shop_id") or vals.get("assignment_pending"):
            return vals
        company_id = vals.get("company_id") or self.env.company.id
        rules = self.env["retail.assignment.rule"]._get_outline(company_id)
        if not any(not channels or vals.get("channel_id") in channels for channels, _t in rules):
            return vals
        return {**vals, "user_id": False, "assignment_pending": True}

    def _assign_arrived(self, vals_list):
        """Deal these new orders out at once, unless a person made them and keeps them."""
        typed = self._is_typed()
        keeper = self.env.uid if typed else False
        outline = {
            company: any(is_typed or not typed for _channels, is_typed in rules)
            for company in self.company_id
            if (rules := self.env["retail.assignment.rule"]._get_outline(company.id))
        }
        arrived = self.browse(
            order.id
            for order, vals in zip(self, vals_list, strict=True)
            if outline.get(order.company_id)
            and not order.assignment_pending
            and not vals.get("shop_id")
            and vals.get("user_id", keeper) in (False, None, keeper)
        )
        empty = arrived._filter_begun_empty()
        if empty:
            empty.sudo()._write_assigned({"assignment_deferred": True})
        (arrived - empty)._deal_new(typed)

    def _deal_new(self, typed):
        """Deal these orders out by the rules for new ones; ``typed``: a person entered them."""
        Rule = self.env["retail.assignment.rule"]
        for company, orders in self.grouped("company_id").items():
            rules = Rule._get_new_order_rules(company, typed)
            if rules:
                # rules, colleagues and their other orders are read on behalf of whoever made it
                Rule.sudo()._assign(orders.sudo(), rules)

    @api.model
    def _cron_assign_pending(self):
        """Deal out the orders that imports have brought."""
        done = self._assign_pending()
        if done:
            remaining = self.search_count([("assignment_pending", "=", True)])
            self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    @api.model
    def _assign_pending(self):
        """Deal out a batch of imported orders; return how many these were."""
        domain = [("assignment_pending", "=", True)]
        orders = self.search(domain, order="id", limit=BATCH).try_lock_for_update()
        if not orders:
            return 0
        ended = orders.filtered(lambda order: order.stage_category in ENDED or order.user_id)
        left = self.env["retail.assignment.rule"]._assign(orders - ended)
        (left | ended.filtered(lambda order: not order.user_id))._assign_default()
        orders._write_assigned({"assignment_pending": False})
        return len(orders)

    def _assign_default(self):
        """Orders that no rule is for: the customer's, the shop's or the channel's person."""
        decided = defaultdict(self.browse)
        for order in self:
            person = order.partner_id.user_id or order.shop_id.user_id
            if not person:
                person = order.channel_id._get_order_defaults(order.company_id)[0]
            decided[person] |= order
        for person, orders in decided.items():
            if person:
                orders._give_to(person, "default")

    # === GIVING ===

    def _apply_decisions(self, decisions, idle=False):
        """Write what the rules decided; ``decisions``: ``{order id: Decision}``."""
        if not self:
            return
        now = fields.Datetime.now()
        groups, lines = defaultdict(list), []
        for order in self:
            one = decisions[order.id]
            hop = order.assignment_hops + 1 if idle else 0
            key = (one.rule_id, one.user_id, one.team_id, hop, order.channel_id, order.company_id)
            groups[key].append(order.id)
            figures = dict(one.figures)
            if idle:
                figures["minutes"] = order.assignment_rule_id.takeover_minutes
            lines.append(
                order._prepare_log_values(one.kind, one.user_id, one.rule_id, hop, figures)
            )
        for (rule_id, user_id, team_id, hop, *_calendar), ids in groups.items():
            rule = self.env["retail.assignment.rule"].browse(rule_id)
            orders = self.browse(ids)
            orders._write_assigned(
                {
                    "user_id": user_id,
                    "team_id": team_id,
                    "assignment_rule_id": rule_id,
                    "assignment_hops": hop,
                    "assigned_at": now,
                    "takeover_at": user_id and rule._get_takeover_at(orders[0], now),
                    "assignment_deferred": False,
                }
            )
        self.env["retail.assignment.log"].sudo().create(lines)
        self._notify_assigned()

    def _give_to(self, person, kind, **figures):
        """Give these orders to ``person`` (empty: to the pool) for a reason other than a rule."""
        if not self:
            return
        lines = [order._prepare_log_values(kind, person.id, False, 0, figures) for order in self]
        self._write_assigned(
            {
                "user_id": person.id,
                "assignment_rule_id": False,
                "assignment_hops": 0,
                "assigned_at": fields.Datetime.now(),
                "takeover_at": False,
                "assignment_deferred": False,
            }
        )
        # the log is written for the user, who may not write in it
        self.env["retail.assignment.log"].sudo().create(lines)
        self._notify_assigned()

    def _prepare_log_values(self, kind, user_id, rule_id, hop, figures):
        self.ensure_one()
        return {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "rule_id": rule_id,
            "user_id": user_id,
            "previous_user_id": self.user_id.id,
            "hop": hop,
            "kind": kind,
            "figures": figures,
        }

    def _write_assigned(self, values):
        """Write without a message for each order: the log and one notice a person take its place.

        The responsible follows the order all the same, or would not hear from the customer. The
        goods leave from where they would have left: Odoo proposes the salesperson's own warehouse.
        """
        orders = self.with_context(
            retail_assigning=BY_RULE, mail_notrack=True, mail_auto_subscribe_no_notify=True
        )
        with self.env.protecting([self._fields["warehouse_id"]], self):
            orders.write(values)

    # === THE POOL ===

    def action_take(self):
        """Take orders that nobody has: of two people who press at once, one gets it.

        Raises UserError naming whoever has it by now.
        """
        self._check_still_free()
        self.check_access("write")
        self.env["sale.order"].flush_model(["user_id"])
        for order in self:
            # one statement looks and takes; who comes second waits here, and is asked to try again
            won = self.env.execute_query(
                SQL(
                    "UPDATE sale_order SET user_id = %s WHERE id = %s AND user_id IS NULL "
                    "RETURNING id",
                    self.env.uid,
                    order.id,
                )
            )
            if not won:
                order.invalidate_recordset(["user_id"])
                order._check_still_free()
        self._give_to(self.env.user, "taken")
        return True

    def _check_still_free(self):
        """Raise UserError naming who has an order that was in the user's pool a moment ago."""
        if not self.env.user._is_internal():
            return  # the right to write is asked for next
        # it is out of sight for many once somebody has it; who that is, colleagues may hear
        for order in self.sudo():
            winner = order.user_id
            if not winner or not order._was_in_pool_of(self.env.user):
                continue
            if winner == self.env.user:
                raise UserError(self.env._("%s is already yours.", order.name))
            raise UserError(
                self.env._(
                    "%(person)s has taken %(order)s in the meantime.",
                    person=winner.name,
                    order=order.name,
                )
            )

    def _was_in_pool_of(self, user):
        """Whether the user would see this order if nobody had it."""
        self.ensure_one()
        if self.company_id not in user.company_ids:
            return False
        team = self.team_id
        return not user.has_group(OWN_CLIENTS) or user in team.member_ids | team.user_id
