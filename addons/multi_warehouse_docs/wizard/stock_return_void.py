from odoo import fields, models
from odoo.exceptions import UserError


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    makes_void = fields.Boolean(help="The return undoes a document that becomes void.")

    def _create_return(self):
        if self.picking_id.voided and not self.makes_void:
            raise UserError(
                self.env._(
                    "%s is void: its goods are back already.", self.picking_id.document_number
                )
            )
        return super()._create_return()

    def _prepare_picking_default_values_based_on(self, picking):
        values = super()._prepare_picking_default_values_based_on(picking)
        if self.makes_void:
            # exactly the way back, not the usual one of returns
            values |= {
                "undoes_id": picking.id,
                "document_type_id": False,
                "location_dest_id": picking.location_id.id,
            }
        return values
