from odoo import api, fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    shop_name = fields.Char(
        "Name in Web Shops",
        translate=True,
        help="How customers read this category, in their language. Left empty, the name is shown.",
    )
    shop_scope = fields.Selection(
        [("all", "Every web shop"), ("some", "Only these web shops"), ("none", "No web shop")],
        "Shown In",
        required=True,
        default="all",
        help="Where the category is shown, and with it the products in it. In the other shops the "
        "categories below it move up, and its products stand in the category above.",
    )
    shop_ids = fields.Many2many(
        "shop.shop", "product_category_shop_rel", "categ_id", "shop_id", "Web Shops"
    )

    def _is_shown_in(self, shop):
        self.ensure_one()
        return self.shop_scope == "all" or (self.shop_scope == "some" and shop in self.shop_ids)

    def _shown_in(self, shop):
        """What stands for it in a shop: itself, else the nearest above, maybe nothing."""
        category = self
        while category and not category._is_shown_in(shop):
            category = category.parent_id
        return category

    def _lineage(self):
        """These categories and all above them."""
        paths = [category.parent_path or "" for category in self]
        return self.browse({int(number) for path in paths for number in path.split("/") if number})

    def write(self, vals):
        result = super().write(vals)
        if {"shop_name", "name", "parent_id", "shop_scope", "shop_ids"} & vals.keys():
            self._mark_shop_products()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        """A name translated in the dialog travels like any other edit."""
        result = super().update_field_translations(field_name, translations, source_lang)
        self._mark_shop_products()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_marks_shop_products(self):
        """Products that stood here have to be placed anew."""
        self._mark_shop_products()

    def _mark_shop_products(self):
        templates = self.env["product.template"].search(
            ["|", ("categ_id", "child_of", self.ids), ("shop_categ_ids", "child_of", self.ids)]
        )
        self.env["shop.job"]._mark("product", templates.ids)
