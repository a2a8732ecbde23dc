from odoo import fields, models


class RetailOrderStage(models.Model):
    _inherit = "retail.order.stage"

    assignment_rule_id = fields.Many2one(
        "retail.assignment.rule",
        ondelete="set null",
        help="Orders that are moved here go to somebody by this rule, for example to experienced "
        "colleagues. Whoever belongs to the rule's team already keeps the order.",
    )
