from odoo import fields, models


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    event_stage_ids = fields.Many2many(
        "retail.order.stage",
        "base_automation_order_stage_rel",
        string="One of the Stages",
        help="Empty: any stage. An order tells of each stage once.",
    )
