from odoo import fields, models


class StockFiguresView(models.AbstractModel):
    """What the read-only views on Odoo's stock have in common."""

    _name = "stock.figures.view"
    _description = "Stock Figures"

    product_id = fields.Many2one("product.product", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", "Product Template", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    def _flush_sources(self):
        """Send to the database what the query reads; the ORM does it by itself for a search."""
        for model, names in self._depends.items():
            self.env[model].flush_model(names)
