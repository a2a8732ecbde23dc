from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    shop_name = fields.Char(
        "Name in Web Shops",
        translate=True,
        help="How customers read this category, in their language. Left empty, the name is shown.",
    )

    def write(self, vals):
        result = super().write(vals)
        if {"shop_name", "name", "parent_id"} & vals.keys():
            self._mark_shop_products()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        """A name translated in the dialog travels like any other edit."""
        result = super().update_field_translations(field_name, translations, source_lang)
        self._mark_shop_products()
        return result

    def _mark_shop_products(self):
        templates = self.env["product.template"].search([("categ_id", "child_of", self.ids)])
        self.env["shop.job"]._mark("product", templates.ids)
