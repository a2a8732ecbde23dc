from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.multi_warehouse_docs.report.stock_availability import UNIT


class StockTurnover(models.Model):
    _inherit = "stock.turnover"
    _depends = {
        "res.company": ["stock_expiry_days"],
        "stock.location": ["warehouse_id"],
        "stock.lot": ["expiration_date"],
        "stock.quant": ["location_id", "lot_id", "product_id", "quantity"],
    }

    expiring = fields.Float(
        digits=UNIT,
        readonly=True,
        help="On hand in lots that have expired, or will within the days of the settings.",
    )
    first_expiry = fields.Datetime(
        "Expires First", readonly=True, aggregator="min", help="The first date among these lots."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT turnover.*, COALESCE(old.expiring, 0) AS expiring, old.first_expiry
              FROM (%s) AS turnover
              LEFT JOIN (%s) AS old USING (product_id, warehouse_id)
            """,
            super()._table_query,
            self._expiring_sql(),
        )

    def _expiring_sql(self):
        """What is on hand of expiring lots, of every product and warehouse that has some."""
        return SQL(
            """
            SELECT quant.product_id, place.warehouse_id,
                   ROUND(SUM(quant.quantity)::numeric, %s) AS expiring,
                   MIN(lot.expiration_date) AS first_expiry
              FROM stock_lot lot
              JOIN stock_quant quant ON quant.lot_id = lot.id
              JOIN stock_location place ON place.id = quant.location_id
              JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
              JOIN res_company company ON company.id = warehouse.company_id
             WHERE lot.expiration_date < NOW() AT TIME ZONE 'UTC'
                                         + company.stock_expiry_days * INTERVAL '1 day'
               AND quant.quantity > 0
             GROUP BY quant.product_id, place.warehouse_id
            """,
            self.env["decimal.precision"].precision_get(UNIT),
        )
