"""Odoo's own reports on what goods cost are for those who may know it, too."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .res_users_rights import PURCHASE_PRICES, may_see_costs

# Context: the forecast is made for somebody who may not see what the stock is worth.
NO_VALUE = "multi_warehouse_docs_no_value"


class StockAvcoReport(models.AbstractModel):
    _inherit = "stock.avco.report"

    value = fields.Float(groups=PURCHASE_PRICES)
    added_value = fields.Float(groups=PURCHASE_PRICES)
    total_value = fields.Float(groups=PURCHASE_PRICES)
    avco_value = fields.Float(groups=PURCHASE_PRICES)
    justification = fields.Text(groups=PURCHASE_PRICES)


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    price_margin = fields.Float(groups=PURCHASE_PRICES)
    inventory_value = fields.Float(groups=PURCHASE_PRICES)


class StockValuationReport(models.AbstractModel):
    _inherit = "stock_account.stock.valuation.report"

    def _get_report_data(self, *args, **kwargs):
        # No record stands behind the report, so no rights on fields keep anybody from it.
        if not may_see_costs(self.env):
            raise AccessError(
                self.env._(
                    "The value of the stock is for those who may see purchase prices. Ask your "
                    "administrator for the right 'See Purchase Prices'."
                )
            )
        return super()._get_report_data(*args, **kwargs)


class StockForecast(models.AbstractModel):
    _inherit = "stock.forecasted_product_product"

    def _get_report_header(self, product_template_ids, product_ids, wh_location_ids):
        """Leave the value out, which Odoo adds up for every stock manager."""
        if may_see_costs(self.env):
            return super()._get_report_header(product_template_ids, product_ids, wh_location_ids)
        closed = self.with_context(**{NO_VALUE: True})
        header = super(StockForecast, closed)._get_report_header(
            product_template_ids, product_ids, wh_location_ids
        )
        header.pop("value", None)
        return header


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model
    @api.readonly
    def search(self, domain, *args, **kwargs):
        # The forecast looks for quants only to add up their value; its quantities come from the
        # products.
        if self.env.context.get(NO_VALUE):
            return self.browse()
        return super().search(domain, *args, **kwargs)
