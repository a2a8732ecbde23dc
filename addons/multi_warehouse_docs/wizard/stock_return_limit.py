from odoo import models
from odoo.exceptions import UserError


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    def _get_returnable(self):
        """Return how much of the move can still come back, in the unit of the product."""
        move = self.move_id
        unit = self.product_id.uom_id
        planned = sum(
            one._get_quantity_in(unit)
            if one.state == "done"
            else one.product_uom._compute_quantity(one.product_uom_qty, unit)
            for one in move.returned_move_ids
            if one.state != "cancel"
        )
        return move._get_quantity_in(unit) - planned


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    def _create_return(self):
        self._check_returnable()
        return super()._create_return()

    def _check_returnable(self):
        """Refuse to plan the return of more than was moved and has not come back yet."""
        for line in self.product_return_moves.filtered("move_id"):
            unit = line.product_id.uom_id
            wanted = line.uom_id._compute_quantity(line.quantity, unit)
            left = line._get_returnable()
            if unit.compare(wanted, left) > 0:
                picking = self.picking_id
                raise UserError(
                    self.env._(
                        "%(product)s: %(wanted)s %(unit)s cannot be returned. %(document)s moved "
                        "%(moved)s, and %(left)s of them have not been returned yet, nor is their "
                        "return planned.",
                        product=line.product_id.display_name,
                        wanted=self.env["stock.move"]._format_quantity(wanted),
                        unit=unit.name,
                        document=picking.document_number or picking.name,
                        moved=self.env["stock.move"]._format_quantity(
                            line.move_id._get_quantity_in(unit)
                        ),
                        left=self.env["stock.move"]._format_quantity(max(left, 0.0)),
                    )
                )
