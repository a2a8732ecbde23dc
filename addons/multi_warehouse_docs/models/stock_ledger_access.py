"""Ways to the ledger: from products, partners and warehouses."""

from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_view_stock_ledger(self):
        """Open the history of these products."""
        title = self.env._("Ledger of %s", ", ".join(self.mapped("display_name")))
        return self.env["stock.ledger.line"]._action_for(title, [("product_id", "in", self.ids)])


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_view_stock_ledger(self):
        """Open the history of all variants."""
        title = self.env._("Ledger of %s", ", ".join(self.mapped("display_name")))
        return self.env["stock.ledger.line"]._action_for(
            title, [("product_tmpl_id", "in", self.ids)]
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_stock_ledger(self):
        """Open the goods that went to and came from the customer or vendor, all addresses."""
        partners = self.commercial_partner_id
        title = self.env._("Ledger of %s", ", ".join(partners.mapped("display_name")))
        return self.env["stock.ledger.line"]._action_for(
            title, [("commercial_partner_id", "in", partners.ids)]
        )


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def action_view_stock_ledger(self):
        """Open the goods that came into and left the warehouse."""
        title = self.env._("Ledger of %s", ", ".join(self.mapped("display_name")))
        return self.env["stock.ledger.line"]._action_for(
            title, [("warehouse_id", "in", self.ids)], search_default_recent=1
        )
