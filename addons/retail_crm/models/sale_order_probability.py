"""How likely an order is to succeed: what is in sight, beside what is sold."""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    probability = fields.Float(
        "Probability (%)",
        compute="_compute_probability",
        store=True,
        readonly=False,
        copy=False,
        aggregator="avg",
        help="How likely the customer is to order. That of the opportunity if there is one, else "
        "what is entered; 100 once the order is confirmed, 0 when it is cancelled.",
    )

    _probability_range = models.Constraint(
        "CHECK(probability BETWEEN 0 AND 100)", "The probability is between 0 and 100 %."
    )

    @api.depends("state", "opportunity_id.probability")
    def _compute_probability(self):
        for order in self:
            if order.state == "sale":
                order.probability = 100.0
            elif order.state == "cancel":
                order.probability = 0.0
            elif order.opportunity_id:
                order.probability = order.opportunity_id.probability
            else:
                order.probability = order.probability
