from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.res_users_rights import PURCHASE_PRICES
from .stock_availability import UNIT, WAREHOUSE_BITS

COUNTERPARTS = [
    ("supplier", "Vendor"),
    ("customer", "Customer"),
    ("internal", "Internal"),
    ("transit", "Transit"),
    ("inventory", "Inventory Loss"),
    ("production", "Production"),
    ("view", "Virtual"),
]


class StockLedgerLine(models.Model):
    """The history of every warehouse: a row for each carried out move that crossed its border.

    Read from the lines of Odoo's moves, nothing is stored: the quantities of a product in a
    warehouse add up to what is on hand there. A move from one warehouse to another is two rows, one
    within a warehouse none. The running balance is computed for the rows on screen, from the whole
    history of their products, so that it is right under any filter and in any order.
    """

    _name = "stock.ledger.line"
    _inherit = "stock.figures.view"
    _description = "Stock Ledger"
    _auto = False
    _rec_name = "document"
    _order = "date desc, id desc"
    _depends = {
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "is_storable", "uom_id"],
        "res.partner": ["commercial_partner_id"],
        "stock.location": ["usage", "warehouse_id"],
        "stock.move": [
            "causal_id",
            "date",
            "location_dest_id",
            "location_id",
            "origin",
            "partner_id",
            "picking_id",
            "picking_type_id",
            "product_id",
            "reference",
            "state",
            "value",
        ],
        "stock.move.line": [
            "location_dest_id",
            "location_id",
            "move_id",
            "product_id",
            "quantity_product_uom",
            "state",
        ],
        "stock.picking": ["document_number", "document_type_id", "partner_id"],
        "stock.warehouse": ["company_id", "kind"],
    }

    date = fields.Datetime(readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", "Customer or Vendor", readonly=True)
    counterpart = fields.Selection(
        COUNTERPARTS,
        "From or To",
        readonly=True,
        help="What the goods came from or went to: a customer, a vendor, a place of our own ...",
    )
    move_id = fields.Many2one("stock.move", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    picking_type_id = fields.Many2one("stock.picking.type", "Operation Type", readonly=True)
    document_type_id = fields.Many2one("document.type", readonly=True)
    causal_id = fields.Many2one("stock.causal", readonly=True)
    document = fields.Char(
        readonly=True,
        help="Number of the document; without one the transfer, or the reason of a count or scrap.",
    )
    origin = fields.Char("Source Document", readonly=True)
    quantity_in = fields.Float("In", digits=UNIT, readonly=True)
    quantity_out = fields.Float("Out", digits=UNIT, readonly=True)
    quantity = fields.Float(
        digits=UNIT, readonly=True, help="What came into the warehouse; below zero what left it."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    value = fields.Monetary(
        readonly=True,
        groups=PURCHASE_PRICES,
        help="What the goods that came in are worth at cost; below zero what left. Nothing where "
        "they stay ours: between warehouses, or at third parties.",
    )
    balance = fields.Float(
        digits=UNIT,
        compute="_compute_balance",
        help="On hand in this warehouse after this row, counted from the first one on.",
    )

    # === SQL ===

    @property
    def _table_query(self):
        return self._ledger_sql()

    def _ledger_sql(self):
        """One row for each move and warehouse; the id is made of both and the direction."""
        return SQL(
            """
            SELECT %(entry)s AS id, move.date, move.product_id, product.product_tmpl_id,
                   template.categ_id, template.uom_id, side.warehouse_id, warehouse.company_id,
                   COALESCE(picking.partner_id, move.partner_id) AS partner_id,
                   partner.commercial_partner_id,
                   CASE side.is_in WHEN 1 THEN origin.usage ELSE target.usage END AS counterpart,
                   move.id AS move_id, move.picking_id, move.picking_type_id,
                   picking.document_type_id, move.causal_id,
                   COALESCE(picking.document_number, move.reference) AS document, move.origin,
                   side.is_in * %(total)s AS quantity_in,
                   (1 - side.is_in) * %(total)s AS quantity_out,
                   (2 * side.is_in - 1) * %(total)s AS quantity,
                   (2 * side.is_in - 1) * COALESCE(move.value, 0) AS value
              FROM %(sides)s
              JOIN product_product product ON product.id = move.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN stock_warehouse warehouse ON warehouse.id = side.warehouse_id
              JOIN stock_location origin ON origin.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              LEFT JOIN stock_picking picking ON picking.id = move.picking_id
              LEFT JOIN res_partner partner
                     ON partner.id = COALESCE(picking.partner_id, move.partner_id)
             WHERE template.is_storable AND %(crossed)s
             GROUP BY move.id, side.warehouse_id, side.is_in, product.id, template.id, warehouse.id,
                      origin.id, target.id, picking.id, partner.id
            """,
            entry=ENTRY,
            total=self._total_sql(),
            sides=SIDES,
            crossed=CROSSED,
        )

    def _total_sql(self):
        digits = self.env["decimal.precision"].precision_get(UNIT)
        return SQL("ROUND(SUM(line.quantity_product_uom)::numeric, %s)", digits)

    @api.depends("product_id", "warehouse_id")
    def _compute_balance(self):
        balances = self._get_balances()
        for row in self:
            row.balance = balances.get(row._origin.id, 0.0)

    def _get_balances(self):
        """Running balance ``{id: quantity}`` of these rows, from one query."""
        rows = self._origin
        if not rows:
            return {}
        self._flush_sources()
        # without partners, documents and what else a row shows: this reads whole histories
        query = SQL(
            """
            SELECT id, balance
              FROM (SELECT id,
                           SUM(quantity) OVER (PARTITION BY product_id, warehouse_id
                                               ORDER BY date, id) AS balance
                      FROM (SELECT %(entry)s AS id, move.product_id, side.warehouse_id, move.date,
                                   (2 * side.is_in - 1) * %(total)s AS quantity
                              FROM %(sides)s
                             WHERE %(crossed)s AND move.product_id = ANY(%(products)s)
                               AND side.warehouse_id = ANY(%(warehouses)s)
                             GROUP BY move.id, side.warehouse_id, side.is_in) AS entry
                   ) AS history
             WHERE id = ANY(%(ids)s)
            """,
            entry=ENTRY,
            total=self._total_sql(),
            sides=SIDES,
            crossed=CROSSED,
            products=rows.product_id.ids,
            warehouses=rows.warehouse_id.ids,
            ids=rows.ids,
        )
        return {row_id: float(balance) for row_id, balance in self.env.execute_query(query)}

    # === ACTIONS ===

    @api.model
    def _action_for(self, title, domain, **context):
        """The ledger of some products, partners or a warehouse, newest first."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "multi_warehouse_docs.stock_ledger_line_action"
        )
        return action | {
            "name": title,
            "display_name": title,
            "domain": list(Domain(domain)),
            "context": context,
        }

    def action_open_document(self):
        """Open the transfer, or the move when there is none (a count, a scrap)."""
        self.ensure_one()
        record = self.picking_id or self.move_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }


# What the ledger and the turnover count: every done line, seen from both ends, where it crossed the
# border of a warehouse.
SIDES = SQL(
    """
    stock_move_line line
    JOIN stock_move move ON move.id = line.move_id
    JOIN stock_location starts ON starts.id = line.location_id
    JOIN stock_location ends ON ends.id = line.location_dest_id
    CROSS JOIN LATERAL (
        VALUES (0, starts.warehouse_id), (1, ends.warehouse_id)
    ) AS side (is_in, warehouse_id)
    """
)
CROSSED = SQL(
    """
    line.state = 'done' AND side.warehouse_id IS NOT NULL
    AND starts.warehouse_id IS DISTINCT FROM ends.warehouse_id
    """
)
# Stable, so that a row can be read again: the move, the warehouse and the direction.
ENTRY = SQL("((move.id::bigint << %s) + (side.warehouse_id << 1) + side.is_in)", WAREHOUSE_BITS + 1)
