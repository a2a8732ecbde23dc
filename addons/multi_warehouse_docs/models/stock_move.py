from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    # Open moves are a few per cent of all; this lets the availability figures skip the history.
    _open_by_place_idx = models.Index(
        "(product_id, location_id, location_dest_id) INCLUDE (location_final_id, product_qty) "
        "WHERE state IN ('waiting', 'confirmed', 'partially_available', 'assigned')"
    )
