from odoo import fields, models
from odoo.fields import Domain

LIMIT = 8


class ProductTemplate(models.Model):
    _inherit = "product.template"

    substitute_ids = fields.Many2many(
        "product.template",
        "product_template_substitute_rel",
        "product_id",
        "substitute_id",
        "Substitutes",
        domain="[('sale_ok', '=', True), ('id', '!=', id)]",
        help="Offered at the order desk when this product is not there. Without any, optional "
        "products and then those of the same category are offered.",
    )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_substitutes(self):
        """Return what can be sold instead: what the product names, else optional products, else
        those of its category with the nearest price."""
        self.ensure_one()
        named = self.substitute_ids or self.optional_product_ids
        others = (named.product_variant_ids - self).filtered("sale_ok")
        if others:
            return others
        alike = self.search(
            Domain("categ_id", "=", self.categ_id.id)
            & Domain("sale_ok", "=", True)
            & Domain("type", "=", "consu")
            & Domain("id", "!=", self.id),
            limit=10 * LIMIT,
        )
        return alike.sorted(lambda product: abs(product.lst_price - self.lst_price))[:LIMIT]
