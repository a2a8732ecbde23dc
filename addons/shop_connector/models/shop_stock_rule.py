from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShopStockRule(models.Model):
    """What one shop may sell of one product (or one of its variants), if not as everything else."""

    _name = "shop.stock.rule"
    _description = "Stock Rule of a Web Shop"
    _order = "shop_id, product_tmpl_id, product_id, id"

    shop_id = fields.Many2one(
        "shop.shop", "Web Shop", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shop_id.company_id", store=True, index=True)
    product_tmpl_id = fields.Many2one(
        "product.template", "Product", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product",
        "Variant",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        help="Only for this variant; left empty, for all variants of the product.",
    )
    quantity_rule = fields.Selection(
        [
            ("shop", "As the shop's rule"),
            ("own", "With these limits"),
            ("fixed", "Always this quantity"),
        ],
        "Quantity",
        required=True,
        default="own",
        help="Always this quantity: whatever is in stock and was sold, for goods that a supplier "
        "sends directly, for example.",
    )
    buffer = fields.Float(
        "Safety Stock", digits="Product Unit", help="So many units are never offered."
    )
    cap = fields.Float(
        "At Most", digits="Product Unit", help="Never show more than this; 0 = no limit."
    )
    fixed_quantity = fields.Float(digits="Product Unit")
    backorder = fields.Selection(
        [
            ("product", "As the product"),
            ("allow", "Allow"),
            ("deny", "Deny"),
            ("shop", "As set in the shop"),
        ],
        "Orders Beyond Stock",
        required=True,
        default="product",
    )

    _scope_uniq = models.UniqueIndex(
        "(shop_id, product_tmpl_id, COALESCE(product_id, 0))",
        "There is a rule for this product in this shop already.",
    )

    @api.constrains("buffer", "cap", "fixed_quantity")
    def _check_quantities(self):
        for rule in self:
            if min(rule.buffer, rule.cap, rule.fixed_quantity) < 0:
                raise ValidationError(
                    self.env._("A quantity offered in a web shop cannot be below zero.")
                )

    @api.constrains("product_id", "product_tmpl_id")
    def _check_variant(self):
        for rule in self:
            if rule.product_id and rule.product_id.product_tmpl_id != rule.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "%(variant)s is no variant of %(product)s.",
                        variant=rule.product_id.display_name,
                        product=rule.product_tmpl_id.display_name,
                    )
                )

    @api.model
    def _by_product(self, shop, products):
        """``{product id: rule}``; the rule of a variant comes before that of its product."""
        rules = self.search(
            [("shop_id", "=", shop.id), ("product_tmpl_id", "in", products.product_tmpl_id.ids)]
        )
        if not rules:
            return {}
        of_variant = {rule.product_id.id: rule for rule in rules if rule.product_id}
        of_template = {rule.product_tmpl_id.id: rule for rule in rules if not rule.product_id}
        found = {
            product.id: of_variant.get(product.id) or of_template.get(product.product_tmpl_id.id)
            for product in products
        }
        return {product_id: rule for product_id, rule in found.items() if rule}

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._mark_stock()
        return rules

    def write(self, vals):
        self._mark_stock()  # what the rule was for until now
        result = super().write(vals)
        self._mark_stock()
        return result

    def unlink(self):
        self._mark_stock()
        return super().unlink()

    def _mark_stock(self):
        for shop, rules in self.grouped("shop_id").items():
            variants = rules.product_tmpl_id.with_context(active_test=False).product_variant_ids
            self.env["shop.job"]._mark("stock", variants.ids, shop)
