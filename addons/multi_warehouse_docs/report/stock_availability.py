from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.stock_warehouse import KINDS

OPEN_STATES = ("waiting", "confirmed", "partially_available", "assigned")
COUNTED = (
    "on_hand",
    "reserved",
    "committed",
    "committed_customer",
    "ordered",
    "incoming_other",
    "owned_by_third",
)
FIGURES = (*COUNTED, "available", "forecast")
WAREHOUSE_BITS = 12
UNIT = "Product Unit"


class StockAvailability(models.Model):
    """What every warehouse has, owes and expects of every product: computed, never stored.

    A place belongs to the warehouse that Odoo keeps on the location. Of a move not yet done only
    where it starts and where it ends for good (final location, else destination) count, and it
    counts for a warehouse only if it crosses its border. The figures equal Odoo's own, read with
    the warehouse in the context: on hand ``qty_available``, on hand - reserved ``free_qty``,
    committed ``outgoing_qty``, ordered + other incoming ``incoming_qty``, forecast
    ``virtual_available``.
    """

    _name = "stock.availability"
    _inherit = "stock.figures.view"
    _description = "Availability"
    _auto = False
    _rec_name = "product_id"
    _order = "product_id, warehouse_id"
    _depends = {
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "is_storable", "uom_id"],
        "res.company": ["partner_id"],
        "stock.location": ["usage", "warehouse_id"],
        "stock.move": [
            "location_dest_id",
            "location_final_id",
            "location_id",
            "product_id",
            "product_qty",
            "state",
        ],
        "stock.quant": [
            "location_id",
            "owner_id",
            "product_id",
            "quantity",
            "reserved_quantity",
        ],
        "stock.warehouse": ["company_id", "kind"],
    }

    warehouse_kind = fields.Selection(KINDS, readonly=True)
    on_hand = fields.Float(
        digits=UNIT, readonly=True, help="Goods lying in the warehouse now, reserved ones included."
    )
    reserved = fields.Float(
        digits=UNIT, readonly=True, help="The part on hand that is set aside for planned transfers."
    )
    committed = fields.Float(
        digits=UNIT,
        readonly=True,
        help="All that is to leave the warehouse: to customers, to other warehouses, to suppliers.",
    )
    committed_customer = fields.Float(
        "Committed to Customers",
        digits=UNIT,
        readonly=True,
        help="Sold and not yet delivered. Over several warehouses add up this one: transfers from "
        "one to the other are not in it.",
    )
    ordered = fields.Float(
        digits=UNIT, readonly=True, help="Ordered from suppliers and not yet received."
    )
    incoming_other = fields.Float(
        "Other Incoming",
        digits=UNIT,
        readonly=True,
        help="To come from elsewhere than a supplier: other warehouses, returns of customers.",
    )
    owned_by_third = fields.Float(
        "Owned by Others",
        digits=UNIT,
        readonly=True,
        help="The part on hand that belongs to somebody else, who stores it with us.",
    )
    available = fields.Float(
        digits=UNIT,
        readonly=True,
        help="On hand less committed. Below zero, more is promised than there is.",
    )
    forecast = fields.Float(
        digits=UNIT,
        readonly=True,
        help="What will be left when all that is planned is done: available + ordered + other "
        "incoming.",
    )

    # === SQL ===

    @property
    def _table_query(self):
        return self._availability_sql()

    def _availability_sql(self, product_ids=None, warehouse_ids=None, company_ids=None):
        """One row for each storable product and warehouse with stock or an open move.

        The row's id is made of both ids, so that it stays the same and a search by product can
        narrow the scan (a running number would make PostgreSQL compute every row first).
        """
        # Odoo rounds to this precision too; without it 0.1 + 0.2 would not equal its figures.
        digits = self.env["decimal.precision"].precision_get(UNIT)
        sums = SQL(", ").join(
            SQL(
                "COALESCE(ROUND(SUM(part.%(name)s)::numeric, %(digits)s), 0) AS %(name)s",
                name=SQL.identifier(name),
                digits=digits,
            )
            for name in COUNTED
        )
        return SQL(
            """
            SELECT (total.product_id::bigint << %(bits)s) + total.warehouse_id AS id,
                   total.product_id, product.product_tmpl_id, template.categ_id, template.uom_id,
                   total.warehouse_id, warehouse.kind AS warehouse_kind, warehouse.company_id,
                   %(counted)s,
                   total.on_hand - total.committed AS available,
                   total.on_hand - total.committed + total.ordered + total.incoming_other
                       AS forecast
              FROM (SELECT part.product_id, part.warehouse_id, %(sums)s
                      FROM (%(quants)s UNION ALL %(moves)s) AS part
                     GROUP BY part.product_id, part.warehouse_id) AS total
              JOIN product_product product ON product.id = total.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              -- every one is there; LEFT keeps PostgreSQL from expecting next to no rows
              LEFT JOIN stock_warehouse warehouse ON warehouse.id = total.warehouse_id
             WHERE template.is_storable AND %(companies)s
            """,
            bits=WAREHOUSE_BITS,
            counted=SQL(", ").join(SQL.identifier("total", name) for name in COUNTED),
            sums=sums,
            quants=self._quants_sql(product_ids, warehouse_ids),
            moves=self._moves_sql(product_ids, warehouse_ids),
            companies=_one_of("warehouse", "company_id", company_ids),
        )

    # Each source is summed before the two are put together: adding up seven mostly empty columns of
    # every single row costs more than reading the rows.

    def _quants_sql(self, product_ids, warehouse_ids):
        return SQL(
            """
            SELECT quant.product_id, place.warehouse_id,
                   SUM(quant.quantity) AS on_hand, SUM(quant.reserved_quantity) AS reserved,
                   0 AS committed, 0 AS committed_customer, 0 AS ordered, 0 AS incoming_other,
                   SUM(quant.quantity) FILTER (
                       WHERE quant.owner_id IS NOT NULL AND NOT EXISTS (
                             SELECT FROM res_company ours WHERE ours.partner_id = quant.owner_id)
                   ) AS owned_by_third
              FROM stock_quant quant
              JOIN stock_location place ON place.id = quant.location_id
             WHERE place.warehouse_id IS NOT NULL AND %(products)s AND %(warehouses)s
             GROUP BY quant.product_id, place.warehouse_id
            """,
            products=_one_of("quant", "product_id", product_ids),
            warehouses=_one_of("place", "warehouse_id", warehouse_ids),
        )

    def _moves_sql(self, product_ids, warehouse_ids):
        return SQL(
            """
            SELECT way.product_id, side.warehouse_id, 0, 0,
                   SUM(way.quantity) FILTER (WHERE side.is_out),
                   SUM(way.quantity) FILTER (WHERE side.is_out AND way.is_sale),
                   SUM(way.quantity) FILTER (WHERE NOT side.is_out AND way.is_purchase),
                   SUM(way.quantity) FILTER (WHERE NOT side.is_out AND NOT way.is_purchase),
                   0
              FROM (%(ways)s) AS way
             CROSS JOIN LATERAL (
                    VALUES (TRUE, way.from_id), (FALSE, way.to_id)
                   ) AS side (is_out, warehouse_id)
             WHERE side.warehouse_id IS NOT NULL AND %(warehouses)s
             GROUP BY way.product_id, side.warehouse_id
            """,
            ways=self._ways_sql(product_ids),
            warehouses=_one_of("side", "warehouse_id", warehouse_ids),
        )

    def _ways_sql(self, product_ids):
        """What is planned to go from which warehouse to which; none is the world outside."""
        return SQL(
            """
            SELECT move.product_id, source.warehouse_id AS from_id, target.warehouse_id AS to_id,
                   source.usage = 'supplier' AS is_purchase, target.usage = 'customer' AS is_sale,
                   SUM(move.product_qty) AS quantity
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target
                ON target.id = COALESCE(move.location_final_id, move.location_dest_id)
             WHERE move.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
               AND source.warehouse_id IS DISTINCT FROM target.warehouse_id AND %(products)s
             GROUP BY 1, 2, 3, 4, 5
            """,
            products=_one_of("move", "product_id", product_ids),
        )

    # === ACTIONS ===

    def action_view_open_moves(self):
        """Open the planned moves behind committed, ordered and other incoming of this row."""
        self.ensure_one()
        warehouse = self.warehouse_id.id
        ends_here = Domain("location_final_id.warehouse_id", "=", warehouse) | (
            Domain("location_final_id", "=", False)
            & Domain("location_dest_id.warehouse_id", "=", warehouse)
        )
        starts_here = Domain("location_id.warehouse_id", "=", warehouse)
        domain = (
            Domain("product_id", "=", self.product_id.id)
            & Domain("state", "in", OPEN_STATES)
            & ((starts_here & ~ends_here) | (ends_here & ~starts_here))
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.stock_move_action")
        return action | {
            "name": self.env._("Planned Moves of %s", self.product_id.display_name),
            "domain": list(domain),
            "context": {},
        }


def _one_of(table, column, ids):
    """Condition that a column holds one of the ids; no condition when they are None."""
    if ids is None:
        return SQL("TRUE")
    return SQL("%s = ANY(%s)", SQL.identifier(table, column), list(ids))
