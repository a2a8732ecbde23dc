from odoo import api, fields, models

#: fields of a variant that shops see
WATCHED = frozenset(
    {"default_code", "barcode", "weight", "active", "image_variant_1920", "lst_price"}
)


class ProductProduct(models.Model):
    _inherit = "product.product"

    shop_link_ids = fields.One2many(
        "shop.binding",
        "res_id",
        "Shop Links",
        domain=[("res_model", "=", "product.product"), ("kind", "=", "variant")],
    )

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        self.env["shop.job"]._mark("product", products.product_tmpl_id.ids)
        return products

    def write(self, vals):
        result = super().write(vals)
        if WATCHED & vals.keys():
            self.env["shop.job"]._mark("product", self.product_tmpl_id.ids)
        if "active" in vals:
            self.env["shop.job"]._mark("stock", self.ids)
        return result

    def unlink(self):
        self.env["shop.job"]._mark("stock", self.ids)
        return super().unlink()
