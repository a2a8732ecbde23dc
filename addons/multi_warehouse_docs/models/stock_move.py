from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    # Open moves are a few per cent of all; this lets the availability figures skip the history.
    _open_by_place_idx = models.Index(
        "(product_id, location_id, location_dest_id) INCLUDE (location_final_id, product_qty) "
        "WHERE state IN ('waiting', 'confirmed', 'partially_available', 'assigned')"
    )

    def _get_quantity_in(self, unit):
        """Return the sum of what these moves moved, in that unit."""
        return sum(move.product_uom._compute_quantity(move.quantity, unit) for move in self)
