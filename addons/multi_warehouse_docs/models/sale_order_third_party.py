"""Selling goods that the customer has already: they are delivered from where they are."""

from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    third_party_move_id = fields.Many2one(
        "stock.move",
        "Goods Already with the Customer",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The delivery on approval or on consignment whose goods this line sells. Nothing "
        "leaves the warehouse for it.",
    )

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self.third_party_move_id:
            values["third_party_move_id"] = self.third_party_move_id.id
        return values


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_stock_move_values(
        self,
        product_id,
        product_qty,
        product_uom,
        location_dest_id,
        name,
        origin,
        company_id,
        values,
    ):
        move_values = super()._get_stock_move_values(
            product_id,
            product_qty,
            product_uom,
            location_dest_id,
            name,
            origin,
            company_id,
            values,
        )
        sent = self.env["stock.move"].browse(values.get("third_party_move_id"))
        if sent:
            warehouse = values.get("warehouse_id") or self.warehouse_id
            move_values |= {
                "third_party_move_id": sent.id,
                "location_id": sent.location_dest_id.id,
                "location_dest_id": location_dest_id.id,
                "location_final_id": location_dest_id.id,
                "picking_type_id": (warehouse.out_type_id or self.picking_type_id).id,
            }
        return move_values
