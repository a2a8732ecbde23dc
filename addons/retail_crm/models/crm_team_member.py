from odoo import fields, models


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

    _order_weight_positive = models.Constraint(
        "CHECK(order_weight >= 0)", "The share of orders is 0 (no orders) or more."
    )
    _order_capacity_positive = models.Constraint(
        "CHECK(order_capacity >= 0)", "The number of open orders is 0 (no limit) or more."
    )
