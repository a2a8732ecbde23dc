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

    def _get_missing_lines(self):
        """Return a line of text for each product that cannot be moved in full; "" if all can."""
        return "\n".join(
            self.env._(
                "%(product)s: wanted %(wanted)s %(unit)s, available %(there)s",
                product=move.product_id.display_name,
                wanted=self._format_quantity(move.product_uom_qty),
                unit=move.product_uom.name,
                there=self._format_quantity(move.quantity),
            )
            for move in self
            if move.state not in ("done", "cancel")
            and move.product_uom.compare(move.quantity, move.product_uom_qty) < 0
        )
