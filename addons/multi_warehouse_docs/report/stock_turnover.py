from odoo import fields, models
from odoo.tools import SQL

from ..models.res_users_rights import PURCHASE_PRICES
from ..models.stock_warehouse import KINDS
from .stock_availability import UNIT, WAREHOUSE_BITS
from .stock_ledger import CROSSED, SIDES

DAYS = 365
MOVEMENTS = [("moving", "Moving"), ("slow", "Slow"), ("dead", "To Dispose Of")]
CLASSES = [("a", "A"), ("b", "B"), ("c", "C")]


class StockTurnover(models.Model):
    """What turns, what stands and what to dispose of, by product and warehouse, over 365 days.

    *Sold* is what went from the warehouse to customers less what they sent back. *Average stock* is
    weighted by time: what is on hand now less every move of the year, counted for the part of the
    year in which it had not happened yet. The *turnover index* is sold divided by average stock.
    Goods that were never sold are as old as their first arrival in the warehouse. The class is
    that of the value sold within the warehouse.
    """

    _name = "stock.turnover"
    _inherit = "stock.figures.view"
    _description = "Stock Turnover"
    _auto = False
    _rec_name = "product_id"
    _order = "sold_value desc, product_id, warehouse_id"
    _depends = {
        "product.product": ["product_tmpl_id", "standard_price"],
        "product.template": ["categ_id", "is_storable", "list_price", "uom_id"],
        "res.company": ["stock_abc_a", "stock_abc_b", "stock_dead_days", "stock_slow_days"],
        "sale.order": ["currency_rate"],
        "sale.order.line": ["price_reduce_taxexcl", "product_id", "product_uom_id"],
        "stock.location": ["usage", "warehouse_id"],
        "stock.move": ["date", "product_id", "sale_line_id"],
        "stock.move.line": [
            "location_dest_id",
            "location_id",
            "move_id",
            "quantity_product_uom",
            "state",
        ],
        "stock.quant": ["in_date", "location_id", "product_id", "quantity"],
        "stock.warehouse": ["company_id", "dead_days", "kind", "slow_days"],
        "uom.uom": ["factor"],
    }

    warehouse_kind = fields.Selection(KINDS, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    on_hand = fields.Float(digits=UNIT, readonly=True)
    sold = fields.Float(
        digits=UNIT,
        readonly=True,
        help="Went to customers in the last 365 days, less what they sent back.",
    )
    sold_value = fields.Monetary(
        "Value Sold",
        readonly=True,
        help="What was sold, at the prices of the orders without tax; at the list price without "
        "an order.",
    )
    average_stock = fields.Float(
        digits=UNIT, readonly=True, help="On hand on average over the last 365 days."
    )
    turnover_index = fields.Float(
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Sold in 365 days divided by the average stock: how often a year the stock turns. "
        "Empty stock has none.",
    )
    days_of_stock = fields.Float(
        "Days of Stock",
        digits=(16, 0),
        readonly=True,
        aggregator="avg",
        help="How long the stock lasts if it sells as in the last 365 days.",
    )
    last_sale = fields.Datetime(readonly=True, aggregator="max")
    idle_days = fields.Integer(
        "Days without Sale",
        readonly=True,
        aggregator="max",
        help="Since the last sale; of goods never sold, since they first came in.",
    )
    stock_value = fields.Monetary(
        readonly=True, groups=PURCHASE_PRICES, help="What is on hand, at cost."
    )
    abc_class = fields.Selection(
        CLASSES,
        "ABC",
        readonly=True,
        help="A: the best sellers that make 80 % of the value sold in the warehouse, B: the next "
        "15 %, C: the rest. The limits are in the settings.",
    )
    movement = fields.Selection(
        MOVEMENTS,
        readonly=True,
        help="Slow: on hand and not sold for 180 days. To dispose of: not for 365 days. The limits "
        "are in the settings and, if they differ, on the warehouse.",
    )

    # === SQL ===

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT (figure.product_id::bigint << %(bits)s) + figure.warehouse_id AS id,
                   figure.*,
                   CASE WHEN figure.average_stock > 0
                        THEN ROUND(figure.sold / figure.average_stock, 2) END AS turnover_index,
                   CASE WHEN figure.sold > 0 AND figure.on_hand > 0
                        THEN ROUND(figure.on_hand * %(days)s / figure.sold) END AS days_of_stock,
                   CASE WHEN figure.before_value < figure.abc_a * figure.total_value
                        THEN 'a'
                        WHEN figure.before_value < figure.abc_b * figure.total_value
                        THEN 'b' ELSE 'c' END AS abc_class,
                   %(movement)s AS movement
              FROM (%(figures)s) AS figure
            """,
            bits=WAREHOUSE_BITS,
            days=DAYS,
            movement=self._movement_sql(),
            figures=self._figures_sql(),
        )

    def _movement_sql(self):
        """Expression for the movement of a ``figure``."""
        return SQL(
            """
            CASE WHEN figure.on_hand <= 0 THEN 'moving'
                 WHEN figure.idle_days >= figure.dead_after THEN 'dead'
                 WHEN figure.idle_days >= figure.slow_after THEN 'slow'
                 ELSE 'moving' END
            """
        )

    def _figures_sql(self):
        digits = self.env["decimal.precision"].precision_get(UNIT)
        return SQL(
            """
            SELECT total.product_id, product.product_tmpl_id, template.categ_id, template.uom_id,
                   total.warehouse_id, warehouse.kind AS warehouse_kind, warehouse.company_id,
                   ROUND(total.on_hand::numeric, %(digits)s) AS on_hand,
                   ROUND(total.sold::numeric, %(digits)s) AS sold,
                   ROUND((total.on_hand - total.passed)::numeric, %(digits)s) AS average_stock,
                   total.sold_value, total.last_sale,
                   (CURRENT_DATE - COALESCE(total.last_sale, total.since)::date) AS idle_days,
                   total.on_hand * COALESCE(
                       (product.standard_price ->> warehouse.company_id::text)::numeric, 0
                   ) AS stock_value,
                   SUM(GREATEST(total.sold_value, 0)) OVER best_first
                       - GREATEST(total.sold_value, 0) AS before_value,
                   SUM(GREATEST(total.sold_value, 0))
                       OVER (PARTITION BY total.warehouse_id) AS total_value,
                   company.stock_abc_a / 100 AS abc_a, company.stock_abc_b / 100 AS abc_b,
                   COALESCE(NULLIF(warehouse.slow_days, 0), company.stock_slow_days) AS slow_after,
                   COALESCE(NULLIF(warehouse.dead_days, 0), company.stock_dead_days) AS dead_after
              FROM (%(totals)s) AS total
              JOIN product_product product ON product.id = total.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN stock_warehouse warehouse ON warehouse.id = total.warehouse_id
              JOIN res_company company ON company.id = warehouse.company_id
             WHERE template.is_storable AND (total.on_hand <> 0 OR total.sold <> 0)
            WINDOW best_first AS (PARTITION BY total.warehouse_id
                                  ORDER BY total.sold_value DESC, total.product_id
                                  ROWS UNBOUNDED PRECEDING)
            """,
            digits=digits,
            totals=self._totals_sql(),
        )

    def _totals_sql(self):
        """Stock of now and the moves so far, of every product and warehouse that has either."""
        return SQL(
            """
            SELECT product_id, warehouse_id, COALESCE(stock.on_hand, 0) AS on_hand,
                   COALESCE(flow.sold, 0) AS sold, COALESCE(flow.passed, 0) AS passed,
                   COALESCE(flow.sold_value, 0)::numeric AS sold_value,
                   flow.last_sale, COALESCE(flow.first_in, stock.since) AS since
              FROM (SELECT quant.product_id, place.warehouse_id,
                           SUM(quant.quantity)::numeric AS on_hand, MIN(quant.in_date) AS since
                      FROM stock_quant quant
                      JOIN stock_location place ON place.id = quant.location_id
                     WHERE place.warehouse_id IS NOT NULL
                     GROUP BY quant.product_id, place.warehouse_id) AS stock
              FULL JOIN (%(flow)s) AS flow USING (product_id, warehouse_id)
            """,
            flow=self._flow_sql(),
        )

    def _flow_sql(self):
        """What passed the border of each warehouse; money in the currency of the company."""
        return SQL(
            """
            SELECT entry.product_id, entry.warehouse_id,
                   SUM(entry.sold) FILTER (WHERE entry.year_part > 0) AS sold,
                   SUM(entry.sold * entry.price) FILTER (WHERE entry.year_part > 0) AS sold_value,
                   SUM(entry.quantity * entry.year_part) FILTER (WHERE entry.year_part > 0)
                       AS passed,
                   MAX(entry.date) FILTER (WHERE entry.sold > 0) AS last_sale,
                   MIN(entry.date) FILTER (WHERE entry.quantity > 0) AS first_in
              FROM (SELECT move.product_id, side.warehouse_id, move.date,
                           ((2 * side.is_in - 1) * line.quantity_product_uom)::numeric AS quantity,
                           (CASE WHEN side.is_in = 0 AND ends.usage = 'customer'
                                 THEN line.quantity_product_uom
                                 WHEN side.is_in = 1 AND starts.usage = 'customer'
                                 THEN -line.quantity_product_uom END)::numeric AS sold,
                           COALESCE(
                               order_line.price_reduce_taxexcl / NULLIF(sale.currency_rate, 0)
                                   * unit.factor / order_unit.factor,
                               template.list_price
                           )::numeric AS price,
                           1 - EXTRACT(EPOCH FROM NOW() AT TIME ZONE 'UTC' - move.date)
                               / (%(days)s * 86400.0) AS year_part
                      FROM %(sides)s
                      JOIN product_product product ON product.id = move.product_id
                      JOIN product_template template ON template.id = product.product_tmpl_id
                      JOIN uom_uom unit ON unit.id = template.uom_id
                      LEFT JOIN sale_order_line order_line
                             ON order_line.id = move.sale_line_id
                            AND order_line.product_id = move.product_id
                      LEFT JOIN sale_order sale ON sale.id = order_line.order_id
                      LEFT JOIN uom_uom order_unit ON order_unit.id = order_line.product_uom_id
                     WHERE %(crossed)s) AS entry
             GROUP BY entry.product_id, entry.warehouse_id
            """,
            days=DAYS,
            sides=SIDES,
            crossed=CROSSED,
        )

    # === ACTIONS ===

    def action_view_ledger(self):
        """Open the history of the product in this warehouse."""
        self.ensure_one()
        domain = [
            ("product_id", "=", self.product_id.id),
            ("warehouse_id", "=", self.warehouse_id.id),
        ]
        title = self.env._("Ledger of %s", self.product_id.display_name)
        return self.env["stock.ledger.line"]._action_for(title, domain)
