"""A delivery may be of several orders, and each of them must find it.

Odoo keeps the first order of a transfer only, so the others of a common delivery would seem to
have none: no delivery status, nothing to report to the customer. Here orders and transfers refer
to each other by as many links as there are; everything that reads ``picking_ids`` goes on.
"""

from odoo import api, fields, models
from odoo.tools import SQL, sql

RELATION = "sale_order_stock_picking_rel"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    picking_ids = fields.Many2many(
        "stock.picking", RELATION, "order_id", "picking_id", "Transfers", copy=False
    )

    def _auto_init(self):
        _link_existing_transfers(self.env)
        return super()._auto_init()

    def _action_cancel(self):
        self._leave_common_deliveries()
        return super()._action_cancel()

    def write(self, vals):
        if vals.get("partner_shipping_id"):
            self.filtered(
                lambda order: order.partner_shipping_id.id != vals["partner_shipping_id"]
            )._leave_common_deliveries()
        return super().write(vals)

    def _leave_common_deliveries(self):
        """Take the goods of these orders out of open deliveries that they share with others.

        What happens to the order next (it is cancelled, it goes elsewhere) then happens to its
        own delivery, and the others still travel.
        """
        for order in self:
            for picking in order.picking_ids:
                if picking.state not in ("done", "cancel") and picking.sale_ids - order:
                    picking._split_off(order)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    sale_ids = fields.Many2many(
        "sale.order",
        RELATION,
        "picking_id",
        "order_id",
        "Sales Orders",
        compute="_compute_sale_ids",
        store=True,
        copy=False,
    )

    def _auto_init(self):
        _link_existing_transfers(self.env)
        return super()._auto_init()

    @api.depends("sale_id", "move_ids.sale_line_id.order_id")
    def _compute_sale_ids(self):
        for picking in self:
            picking.sale_ids = picking.sale_id | picking.move_ids.sale_line_id.order_id

    def _split_off(self, order):
        """Give the open moves of that order a transfer of their own."""
        moves = self.move_ids.filtered(lambda move: move.sale_line_id.order_id == order)
        values = {"name": "/", "move_ids": [], "move_line_ids": [], "origin": order.name}
        own = self.copy(values)
        own.write({"document_type_id": self.document_type_id.id, "causal_id": self.causal_id.id})
        lines = moves.move_line_ids
        moves.picking_id = own
        lines.picking_id = own
        others = (self.origin or "").split(", ")
        self.origin = ", ".join(name for name in others if name != order.name)
        self.message_post(body=self.env._("%s travels by itself now.", order.name))


def _link_existing_transfers(env):
    """Make the links of all existing transfers in one go: computing them could take hours."""
    if sql.table_exists(env.cr, RELATION):
        return
    env.cr.execute(
        SQL(
            """
            CREATE TABLE %(relation)s (
                order_id INTEGER NOT NULL, picking_id INTEGER NOT NULL,
                PRIMARY KEY (order_id, picking_id));
            INSERT INTO %(relation)s (order_id, picking_id)
                 SELECT sale_id, id FROM stock_picking WHERE sale_id IS NOT NULL;
            CREATE INDEX ON %(relation)s (picking_id, order_id)
            """,
            relation=SQL.identifier(RELATION),
        )
    )
