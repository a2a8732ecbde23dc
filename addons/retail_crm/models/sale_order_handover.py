"""What happens to an order after somebody got it: work on it, by hand to others, passed on."""

from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models

from .res_users_desk_rights import OWN_CLIENTS
from .retail_order_stage import ENDED
from .sale_order_assignment import BY_RULE

#: orders that one run of the job passes on
BATCH = 200


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        if self.env.context.get("retail_assigning") is BY_RULE:
            return super().write(vals)
        if "stage_id" in vals:
            stage = self.env["retail.order.stage"].browse(vals["stage_id"])
            if stage.category in ENDED:
                self.filtered(lambda order: order.stage_id != stage)._take_to_end()
        before = {order.id: order.user_id.id for order in self} if "user_id" in vals else {}
        stages = {order.id: order.stage_id for order in self} if "stage_id" in vals else {}
        result = super().write(vals)
        given = self.filtered(
            lambda order: order.id in before and order.user_id.id != before[order.id]
        )
        given._note_given_by_hand(before)
        if self.env.uid != SUPERUSER_ID:
            (self - given)._note_touched()
        moved = self.filtered(
            lambda order: order.id in stages and order.stage_id != stages[order.id]
        )
        (moved - given)._assign_by_stage()
        return result

    def _note_given_by_hand(self, before):
        """A person decided: no rule takes the order from whoever has it now.

        ``before``: ``{order id: id of the user who had it}``.
        """
        if not self:
            return
        by = self.env.user.name
        # whoever gives an order away may not see it any more; its history is written all the same
        orders = self.sudo()
        lines = [
            {
                **order._prepare_log_values("manual", order.user_id.id, False, 0, {"by": by}),
                "previous_user_id": before[order.id],
            }
            for order in orders
        ]
        orders.with_context(retail_assigning=BY_RULE).write(
            {
                "assignment_rule_id": False,
                "assignment_hops": 0,
                "assigned_at": fields.Datetime.now(),
                "takeover_at": False,
                "assignment_deferred": False,
            }
        )
        orders.env["retail.assignment.log"].create(lines)

    def _action_cancel(self):
        self._take_to_end()
        return super()._action_cancel()

    def _take_to_end(self):
        """Who ends an order of the pool has it: the ended ones of nobody are out of sight for
        users who see only own clients, so that Odoo could not even show them what they did.
        """
        if self.env.su or not self.env.user.has_group(OWN_CLIENTS):
            return
        free = self.filtered(lambda order: not order.user_id)
        if free:
            free.action_take()

    def _note_touched(self, person=None):
        """``person``, else the user, works on these orders: those that are theirs stay."""
        uid = person.id if person else self.env.uid
        # the fields are the rules', not the user's
        mine = self.sudo().filtered(lambda order: order.takeover_at and order.user_id.id == uid)
        if mine:
            mine.with_context(retail_assigning=BY_RULE).write({"takeover_at": False})

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self.env.uid != SUPERUSER_ID:
            self._note_touched()
        return result

    # === STAGES ===

    def _assign_by_stage(self):
        """Orders that came into a stage with a rule go to somebody of the rule's team.

        Whoever belongs to that team already keeps the order.
        """
        # rules, colleagues and their other orders are read on behalf of whoever moves the order
        for stage, orders in self.sudo().grouped("stage_id").items():
            rule = stage.assignment_rule_id
            if not rule.active:
                continue
            strangers = orders.filtered(
                lambda order, team=rule.team_id: order.user_id not in team.member_ids
            )
            if strangers:
                rule._assign(strangers, rule)

    # === PASSING ON ===

    @api.model
    def _cron_pass_on(self):
        """Orders that nobody touched go to somebody else, or to a person who decides."""
        done = self._pass_on_due()
        if done:
            remaining = self.search_count(self._get_due_domain())
            self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    @api.model
    def _get_due_domain(self):
        return [("takeover_at", "<=", fields.Datetime.now())]

    @api.model
    def _pass_on_due(self):
        """Pass a batch of untouched orders on; return how many were looked at."""
        domain = self._get_due_domain()
        due = self.search(domain, order="takeover_at, id", limit=BATCH).try_lock_for_update()
        idle = due.filtered(
            lambda order: (
                order.user_id
                and order.stage_category not in ENDED
                and order.assignment_rule_id.active
                and not order._is_answered()
            )
        )
        settled = due - idle
        stuck = idle.filtered(
            lambda order: order.assignment_hops >= order.assignment_rule_id.max_hops
        )
        stuck._ask_for_decision()
        settled |= (idle - stuck)._pass_on()
        settled._write_assigned({"takeover_at": False})
        return len(due)

    def _is_answered(self):
        """Whether the customer got a first answer since the order was given."""
        self.ensure_one()
        return bool(self.first_response_at and self.first_response_at >= self.assigned_at)

    def _pass_on(self):
        """Give these orders to somebody who has not had them; return those no rule is for."""
        Rule = self.env["retail.assignment.rule"]
        had = defaultdict(set)
        for order in self:
            had[order.id].add(order.user_id.id)
        log = self.env["retail.assignment.log"]._read_group(
            [("order_id", "in", self.ids), ("user_id", "!=", False)], ["order_id", "user_id"]
        )
        for order, user in log:
            had[order.id].add(user.id)
        left = self.browse()
        alike = self.grouped(lambda order: (order.assignment_rule_id, order.company_id))
        for (rule, company), orders in alike.items():
            rules = Rule._get_new_order_rules(company)
            later = rules.filtered(
                lambda one, rule=rule: (one.sequence, one.id) > (rule.sequence, rule.id)
            )
            left |= Rule._assign(orders, rule | later, had, idle=True)
        return left

    def _ask_for_decision(self):
        """Nobody touched these orders, whoever got them: their fate is up to a person."""
        lines = []
        for order in self:
            rule = order.assignment_rule_id
            judge = rule.fallback_user_id or rule.team_id.user_id or order.user_id
            line = order._prepare_log_values(
                "stuck", order.user_id.id, rule.id, order.assignment_hops, {}
            )
            lines.append(line)
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Nobody works on this order"),
                note=self.env._(
                    "It was passed on %(hops)s times and nobody touched it. Give it to somebody, "
                    "or find out what is wrong with it.",
                    hops=order.assignment_hops,
                ),
                user_id=judge.id,
            )
        self.env["retail.assignment.log"].create(lines)
        self._write_assigned({"takeover_at": False})
