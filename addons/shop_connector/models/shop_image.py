from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShopImage(models.Model):
    """One more picture of a product for web shops, beside the product's own."""

    _name = "shop.image"
    _description = "Shop Picture"
    _inherit = ["image.mixin"]
    _order = "product_tmpl_id, sequence, id"

    product_tmpl_id = fields.Many2one(
        "product.template", "Product", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="product_tmpl_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10, help="Shops show the pictures in this order.")
    name = fields.Char(help="What the picture shows; for whoever sorts them, shops do not get it.")
    image_1920 = fields.Image(required=True)
    product_variant_ids = fields.Many2many(
        "product.product",
        "shop_image_product_rel",
        "image_id",
        "product_id",
        "Variants",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        help="The variants it shows. Left empty, it shows the product as a whole.",
    )

    @api.constrains("product_tmpl_id", "product_variant_ids")
    def _check_variants(self):
        for image in self:
            if image.product_variant_ids.product_tmpl_id - image.product_tmpl_id:
                raise ValidationError(
                    self.env._("A picture can show variants of its own product only.")
                )

    @api.depends("name", "product_tmpl_id")
    def _compute_display_name(self):
        for image in self:
            image.display_name = image.name or image.product_tmpl_id.display_name

    @api.model_create_multi
    def create(self, vals_list):
        images = super().create(vals_list)
        images._mark_shop_products()
        return images

    def write(self, vals):
        if "product_tmpl_id" in vals:
            self._mark_shop_products()  # the product that loses it
        result = super().write(vals)
        if {"image_1920", "sequence", "product_variant_ids", "product_tmpl_id"} & vals.keys():
            self._mark_shop_products()
        return result

    def unlink(self):
        self._mark_shop_products()
        return super().unlink()

    def _mark_shop_products(self):
        self.env["shop.job"]._mark("product", self.product_tmpl_id.ids)
