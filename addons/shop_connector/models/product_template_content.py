"""What shops show of a product besides its own fields: search engine texts, pictures, places."""

from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    shop_meta_title = fields.Char(
        "Title for Search Engines",
        translate=True,
        help="The headline in search results. Left empty, shops show the name. Best below 70 "
        "characters.",
    )
    shop_meta_description = fields.Text(
        "Description for Search Engines",
        translate=True,
        help="The two lines below the headline in search results. Best below 160 characters.",
    )
    shop_slug = fields.Char(
        "Page Address",
        translate=True,
        help="The last part of the page's address, for example red-wine-2020. Used only when the "
        "product is new in a shop, because links to the page must stay valid. Left empty, it is "
        "made from the name.",
    )
    shop_image_ids = fields.One2many(
        "shop.image",
        "product_tmpl_id",
        "More Pictures",
        help="Shown in web shops after the product's own picture, in this order.",
    )
    shop_categ_ids = fields.Many2many(
        "product.category",
        "product_template_shop_categ_rel",
        "product_tmpl_id",
        "categ_id",
        "More Categories",
        help="Where customers of web shops find the product, besides its own category. Which shops "
        "show a category is decided on the category.",
    )
    shop_group_ids = fields.Many2many(
        "shop.mapping",
        "product_template_shop_group_rel",
        "product_tmpl_id",
        "mapping_id",
        "Only for Customer Groups",
        domain="[('kind', '=', 'customer_group'), ('shop_id', 'in', shop_ids)]",
        copy=False,
        # whoever may not see the shops' settings could not read the product otherwise
        groups="shop_connector.group_shop_connector_user",
        help="Only customers of these groups find the product in their shop. Left empty, everybody "
        "does.",
    )
    shop_lead_note = fields.Char(compute="_compute_shop_lead_note")

    @api.depends("shop_ids")
    def _compute_shop_lead_note(self):
        """Whoever edits a product learns what of it does not reach a shop."""
        titles = self.env["shop.shop"]._lead_titles()
        notes = {}
        for shop in self.shop_ids:
            ours_not = [title for group, title in titles.items() if shop._leads(group) != "odoo"]
            if ours_not:
                notes[shop] = self.env._(
                    "Not written to %(shop)s once the product is there: %(fields)s.",
                    shop=shop.name,
                    fields=", ".join(ours_not),
                )
        for template in self:
            template.shop_lead_note = " ".join(
                notes[shop] for shop in template.shop_ids if shop in notes
            )

    def _shop_groups(self, shop):
        """The groups of a shop that alone may find the product, those that are gone too."""
        self.ensure_one()
        groups = self.with_context(active_test=False).shop_group_ids
        return groups.filtered(lambda group: group.shop_id == shop)

    def _shop_categories(self, shop):
        """The categories in which a shop shows the product, the main one first."""
        self.ensure_one()
        more = self.shop_categ_ids.sorted("complete_name")
        shown = self.env["product.category"]
        for category in (self.categ_id, *more):
            shown |= category._shown_in(shop)
        return shown
