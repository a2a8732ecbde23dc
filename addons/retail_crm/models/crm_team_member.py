from odoo import api, fields, models

from .retail_order_stage import ENDED


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    order_weight = fields.Float(
        "Share of Orders",
        default=1.0,
        help="How much of the orders this person gets, relative to the others of the team: with "
        "shares of 2, 1 and 1, the first gets every second order. 0: none.",
    )
    order_capacity = fields.Integer(
        "Open Orders at Most",
        help="Somebody with that many open orders gets no more by assignment rules. They may "
        "still take some from the pool. 0: no limit.",
    )

    open_order_count = fields.Integer("Open Orders", compute="_compute_open_order_count")
    im_status = fields.Char("Presence", related="user_id.im_status")
    is_at_work = fields.Boolean(
        "On Shift",
        compute="_compute_is_at_work",
        help="Within their working hours and not on leave, right now.",
    )

    _order_weight_positive = models.Constraint(
        "CHECK(order_weight >= 0)", "The share of orders is 0 (no orders) or more."
    )
    _order_capacity_positive = models.Constraint(
        "CHECK(order_capacity >= 0)", "The number of open orders is 0 (no limit) or more."
    )

    @api.depends("user_id")
    def _compute_open_order_count(self):
        # how much colleagues have to do is for those who see the team, whose orders these are not
        counts = dict(
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [("user_id", "in", self.user_id.ids), ("stage_category", "not in", ENDED)],
                ["user_id"],
                ["__count"],
            )
        )
        by_user = {user.id: count for user, count in counts.items()}
        for member in self:
            member.open_order_count = by_user.get(member.user_id.id, 0)

    @api.depends("user_id")
    def _compute_is_at_work(self):
        company = self.env.company
        present = self.user_id._filter_present("shift", company)
        for member in self:
            member.is_at_work = member.user_id in present
