from odoo import models


class StockFiguresView(models.AbstractModel):
    """What the read-only views on Odoo's stock have in common."""

    _name = "stock.figures.view"
    _description = "Stock Figures"

    def _flush_sources(self):
        """Send to the database what the query reads; the ORM does it by itself for a search."""
        for model, names in self._depends.items():
            self.env[model].flush_model(names)
