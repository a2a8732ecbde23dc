from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

UNIT = "Product Unit"

# What was sent to partners and is still there: goods that came back name what they came back
# from; others settle the oldest first.
STILL_OUT = """
    WITH place AS (
        SELECT id, company_id, third_party_partner_id AS partner_id
          FROM stock_location WHERE third_party_partner_id IS NOT NULL
    ), moved AS (
        SELECT move.id, move.product_id, move.location_id, move.location_dest_id,
               move.date, move.picking_id, move.causal_id,
               COALESCE(move.third_party_move_id, move.origin_returned_move_id) AS about_id,
               SUM(line.quantity_product_uom) AS quantity
          FROM stock_move move
          JOIN stock_move_line line ON line.move_id = move.id
         WHERE move.state = 'done' AND move.location_id <> move.location_dest_id
           AND (move.location_id IN (SELECT id FROM place)
                OR move.location_dest_id IN (SELECT id FROM place))
         GROUP BY move.id
    ), sent AS (
        SELECT moved.*, place.company_id, place.partner_id
          FROM moved JOIN place ON place.id = moved.location_dest_id
    ), named AS (
        SELECT sent.id, SUM(moved.quantity) AS quantity
          FROM moved
          JOIN sent ON sent.id = moved.about_id
                   AND sent.location_dest_id = moved.location_id
         GROUP BY sent.id
    ), unnamed AS (
        SELECT moved.location_id, moved.product_id, SUM(moved.quantity) AS quantity
          FROM moved
          JOIN place ON place.id = moved.location_id
          LEFT JOIN sent ON sent.id = moved.about_id
                        AND sent.location_dest_id = moved.location_id
         WHERE sent.id IS NULL
         GROUP BY moved.location_id, moved.product_id
    ), rest AS (
        SELECT sent.*, sent.quantity - COALESCE(named.quantity, 0) AS left_over,
               SUM(sent.quantity - COALESCE(named.quantity, 0)) OVER (
                   PARTITION BY sent.location_dest_id, sent.product_id
                       ORDER BY sent.date, sent.id) AS running
          FROM sent LEFT JOIN named ON named.id = sent.id
    ), still AS (
        SELECT rest.*, ROUND(GREATEST(0, LEAST(
                   rest.left_over, rest.running - COALESCE(unnamed.quantity, 0)
               ))::numeric, %(digits)s) AS quantity_out
          FROM rest
          LEFT JOIN unnamed ON unnamed.location_id = rest.location_dest_id
                           AND unnamed.product_id = rest.product_id
    )
"""


class StockGoodsOut(models.Model):
    """Our goods that others still have: a row for each finished move that brought some there.

    What came back, or was sold there, is taken off the move it names (a return names the move it
    returns, a sale from this list the move it sells). What names none is taken off the oldest
    goods of that product with that partner. So the rows of a product and place add up to what
    lies there.
    """

    _name = "stock.goods.out"
    _description = "Goods Out"
    _auto = False
    _rec_name = "product_id"
    _order = "date desc, id desc"
    _depends = {
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "uom_id"],
        "stock.causal": ["return_days", "returnable"],
        "stock.location": ["company_id", "third_party_partner_id"],
        "stock.move": [
            "causal_id",
            "date",
            "location_dest_id",
            "location_id",
            "origin_returned_move_id",
            "picking_id",
            "product_id",
            "state",
            "third_party_move_id",
        ],
        "stock.move.line": ["move_id", "quantity_product_uom"],
        "stock.picking": ["document_date", "document_number", "document_type_id", "user_id"],
    }

    move_id = fields.Many2one("stock.move", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Document", readonly=True)
    document_number = fields.Char(readonly=True)
    document_type_id = fields.Many2one("document.type", readonly=True)
    causal_id = fields.Many2one("stock.causal", readonly=True)
    partner_id = fields.Many2one("res.partner", "Kept By", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    location_id = fields.Many2one("stock.location", "Place", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    date = fields.Date("Sent On", readonly=True)
    due_date = fields.Date(
        "Back By", readonly=True, help="Date of the document and the days of its causal."
    )
    quantity_sent = fields.Float("Sent", digits=UNIT, readonly=True)
    quantity_settled = fields.Float(
        "Back or Sold", digits=UNIT, readonly=True, help="Came back, was sold there or lost."
    )
    quantity_out = fields.Float("Still Out", digits=UNIT, readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            %(still_out)s
            SELECT still.id, still.id AS move_id, still.picking_id, still.causal_id,
                   still.partner_id, still.product_id, still.location_dest_id AS location_id,
                   still.company_id, still.quantity AS quantity_sent,
                   still.quantity - still.quantity_out AS quantity_settled, still.quantity_out,
                   template.categ_id, template.uom_id, picking.document_number,
                   picking.document_type_id, picking.user_id,
                   COALESCE(picking.document_date, still.date::date) AS date,
                   CASE WHEN causal.returnable AND causal.return_days > 0
                        THEN COALESCE(picking.document_date, still.date::date)
                             + causal.return_days END AS due_date
              FROM still
              JOIN product_product product ON product.id = still.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN stock_picking picking ON picking.id = still.picking_id
              LEFT JOIN stock_causal causal ON causal.id = still.causal_id
             WHERE still.quantity_out > 0
            """,
            still_out=SQL(STILL_OUT, digits=self.env["decimal.precision"].precision_get(UNIT)),
        )

    # === ACTIONS ===

    def action_open_document(self):
        """Open the document that brought the goods there."""
        self.ensure_one()
        if not self.picking_id:
            raise UserError(
                self.env._("These goods came by a count, not with a document: see their moves.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "view_mode": "form",
        }

    def action_return(self):
        """Plan that these goods come back: one return for each document.

        Of one document the usual return dialogue opens, filled in; of several the returns are
        made for all that is out.
        """
        without = self.filtered(lambda row: not row.picking_id)
        if without:
            raise UserError(
                self.env._(
                    "%s came by a count, not with a document. Enter a transfer from there to the "
                    "warehouse.",
                    ", ".join(without.product_id.mapped("display_name")),
                )
            )
        wizards = [
            self._prepare_return(picking, rows)
            for picking, rows in self.grouped("picking_id").items()
        ]
        if len(wizards) == 1:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Return"),
                "res_model": "stock.return.picking",
                "res_id": wizards[0].id,
                "view_mode": "form",
                "target": "new",
            }
        returns = self.picking_id.browse()
        for wizard in wizards:
            returns |= wizard._create_return()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Returns"),
            "res_model": "stock.picking",
            "view_mode": "list,form",
            "domain": [("id", "in", returns.ids)],
        }

    def _prepare_return(self, picking, rows):
        """Return the return dialogue of that document, filled in with what is out of it."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        out = {row.move_id: row.quantity_out for row in rows}
        for line in wizard.product_return_moves:
            product_unit = line.product_id.uom_id
            quantity = min(out.get(line.move_id, 0.0), line._get_returnable())
            line.quantity = product_unit._compute_quantity(max(quantity, 0.0), line.uom_id)
        return wizard

    def action_sell(self):
        """Make the quotation for goods that the customer keeps: delivered from where they are."""
        if len(self.partner_id) != 1 or len(self.company_id) != 1:
            raise UserError(self.env._("Choose goods of one customer: an order is for one."))
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "origin": ", ".join(
                    sorted({row.document_number for row in self if row.document_number})
                ),
                "order_line": [
                    Command.create(
                        {
                            "product_id": row.product_id.id,
                            "product_uom_qty": row.quantity_out,
                            "product_uom_id": row.uom_id.id,
                            "third_party_move_id": row.move_id.id,
                        }
                    )
                    for row in self
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": order.id,
            "view_mode": "form",
        }
