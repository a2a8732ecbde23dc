from odoo import fields, models

from odoo.addons.multi_warehouse_docs.models.res_users_rights import PURCHASE_PRICES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    margin = fields.Monetary(groups=PURCHASE_PRICES)
    margin_percent = fields.Float(groups=PURCHASE_PRICES)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    purchase_price = fields.Float(groups=PURCHASE_PRICES)
    margin = fields.Float(groups=PURCHASE_PRICES)
    margin_percent = fields.Float(groups=PURCHASE_PRICES)

    def _add_precomputed_values(self, vals_list):
        # Lines of all sellers have a cost and a margin from the start; none is told.
        return super(SaleOrderLine, self.sudo())._add_precomputed_values(vals_list)


class SaleReport(models.Model):
    _inherit = "sale.report"

    margin = fields.Float(groups=PURCHASE_PRICES)
