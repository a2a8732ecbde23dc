from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    shop_backorder = fields.Selection(
        [("shop", "As set in the shop"), ("allow", "Allow"), ("deny", "Deny")],
        "Orders Beyond Stock",
        required=True,
        default="shop",
        help="Whether web shops may sell more than they are told is there.",
    )
    shop_stock_rule_ids = fields.One2many(
        "shop.stock.rule", "product_tmpl_id", "Stock in Web Shops", copy=False
    )
    shop_stock_link_ids = fields.Many2many(
        "shop.binding", string="Stock Last Sent", compute="_compute_shop_stock_link_ids"
    )

    @api.depends("product_variant_ids")
    def _compute_shop_stock_link_ids(self):
        for template in self:
            template.shop_stock_link_ids = template.product_variant_ids.shop_link_ids

    @api.constrains("type", "shop_ids")
    def _check_no_combo_in_shops(self):
        for template in self:
            if template.type == "combo" and template.shop_ids:
                raise ValidationError(
                    self.env._(
                        "%s is a combo: its parts are chosen on the order, which a web shop cannot "
                        "ask for, so nothing would leave the warehouse. Sell a kit (a product with "
                        "a bill of materials of the type Kit) or the parts instead.",
                        template.display_name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if {"shop_backorder", "is_storable", "type"} & vals.keys():
            self._mark_shop_stock()
        return result

    def _mark_shop_stock(self):
        variants = self.with_context(active_test=False).product_variant_ids
        self.env["shop.job"]._mark("stock", variants.ids)
