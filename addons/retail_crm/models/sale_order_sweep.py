"""Every two minutes: what stays too long is marked, and its responsible gets a task, once."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: orders marked between two commits
BATCH = 200


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _cron_mark_overdue(self):
        """Mark the orders whose norms are over; then count the hours of ended stays."""
        sweeps = (
            self._sweep_stages,
            self._sweep_responses,
            self._sweep_payments,
            self._sweep_passing,
        )
        for sweep in sweeps:
            while done := sweep():
                if not self.env["ir.cron"]._commit_progress(done):
                    return
        while done := self.env["retail.order.stay"]._count_hours():
            if not self.env["ir.cron"]._commit_progress(done):
                return

    def _take_overdue(self, deadline, mark, *further):
        """Lock and mark the next orders past that deadline; empty when there are none."""
        domain = Domain.AND(
            [
                Domain(deadline, "<=", fields.Datetime.now()),
                Domain(mark, "=", False),
                *further,
            ]
        )
        orders = self.search(domain, order=f"{deadline}, id", limit=BATCH).try_lock_for_update()
        if orders:
            orders.write({mark: fields.Datetime.now()})
        return orders

    def _sweep_stages(self):
        orders = self._take_overdue("stage_deadline", "overdue_since")
        for order in orders._without_task_of_rule("order_overdue"):
            order._remind(
                "retail_crm.mail_activity_overdue",
                self.env._("Too long in %s", order.stage_id.name),
            )
        return len(orders)

    def _sweep_responses(self):
        orders = self._take_overdue(
            "first_response_deadline",
            "response_overdue_since",
            Domain("first_response_at", "=", False),
        )
        for order in orders._without_task_of_rule("response_late"):
            order._remind(
                "retail_crm.mail_activity_response",
                self.env._("Nobody has answered this new order yet"),
            )
        return len(orders)

    def _sweep_payments(self):
        orders = self._take_overdue("payment_deadline", "payment_overdue_since")
        for order in orders._without_task_of_rule("order_unpaid"):
            if order.payment_status in ("unpaid", "partial") and order.state != "cancel":
                order._remind(
                    "mail.mail_activity_data_call",
                    self.env._("Call about the payment: still not paid"),
                )
        return len(orders)

    def _sweep_passing(self):
        """Orders that nobody moves any more go on where their stage says so; how many."""
        now = fields.Datetime.now()
        passed = 0
        for stage in self.env["retail.order.stage"].search([("pass_after_days", ">", 0)]):
            since = now - timedelta(days=stage.pass_after_days)
            for company in self.env["res.company"].search([]):
                following = stage._get_following(company)
                if not following:
                    continue
                domain = [
                    ("stage_id", "=", stage.id),
                    ("company_id", "=", company.id),
                    ("date_last_stage_update", "<=", since),
                ]
                orders = self.search(domain, order="id", limit=BATCH).try_lock_for_update()
                orders._note_stage(following)
                passed += len(orders)
        return passed

    def _without_task_of_rule(self, event):
        """Those about which no automation rule makes a task: one thing is one task.

        A rule with a task takes the place of the norm's own; the mark of the norm stays.
        """
        if not self:
            return self  # nearly always, every two minutes: no rule need be read
        return self - self.env["base.automation"]._filter_with_task(event, self)

    def _remind(self, activity_type, summary):
        """A task for today, for the one who has the order or answers for it."""
        self.activity_schedule(activity_type, summary=summary, user_id=self._get_answerable().id)

    def _get_answerable(self):
        """The responsible, else the leader of the team, else the channel's person, else admin."""
        self.ensure_one()
        people = (self.user_id | self.team_id.user_id | self.channel_id.responsible_id).filtered(
            "active"
        )
        return people[:1] or self.env.ref("base.user_admin")

    def _on_stage_entered(self, stage):
        """The order has moved: the task about its old stage is settled."""
        result = super()._on_stage_entered(stage)
        # the tasks are the system's: who moves an order may give it away in one go
        late = self.sudo().filtered("activity_ids")
        if late:
            late.activity_unlink(["retail_crm.mail_activity_overdue"])
        answered = late.filtered("first_response_at")
        if answered:
            answered.activity_unlink(["retail_crm.mail_activity_response"])
        return result

    def _note_response(self, moment=None):
        result = super()._note_response(moment)
        waited = self.filtered("response_overdue_since")
        if waited:
            waited.activity_unlink(["retail_crm.mail_activity_response"])
        return result

    @api.model
    def get_overdue_count(self):
        """How many orders of the user, or of nobody in his teams, are overdue."""
        return self.search_count(self._get_my_overdue_domain())

    @api.model
    def _get_my_overdue_domain(self):
        mine = Domain("user_id", "=", self.env.uid)
        teams = Domain("team_id", "=", False)
        teams |= Domain("team_id.user_id", "=", self.env.uid)
        teams |= Domain("team_id.member_ids", "in", [self.env.uid])
        return (mine | (Domain("user_id", "=", False) & teams)) & Domain("is_overdue", "=", True)
