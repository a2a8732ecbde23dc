from odoo import models


class SaleReport(models.Model):
    _inherit = "sale.report"

    def _available_additional_pos_fields(self):
        return super()._available_additional_pos_fields() | {"channel_id": "pos.channel_id"}

    def _group_by_pos(self):
        return super()._group_by_pos() + ", pos.channel_id"
