from odoo import fields, models


class SaleReport(models.Model):
    """Why orders are lost, by product, person and channel."""

    _inherit = "sale.report"

    stage_id = fields.Many2one("retail.order.stage", readonly=True)
    cancel_reason_id = fields.Many2one("crm.lost.reason", "Cancellation Reason", readonly=True)
    merged_into_id = fields.Many2one("sale.order", readonly=True)

    def _select_additional_fields(self):
        return super()._select_additional_fields() | {
            "stage_id": "s.stage_id",
            "cancel_reason_id": "s.cancel_reason_id",
            "merged_into_id": "s.merged_into_id",
        }

    def _group_by_sale(self):
        return super()._group_by_sale() + ", s.stage_id, s.cancel_reason_id, s.merged_into_id"
