from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html_sanitize

#: fields of a product that shops see
WATCHED = frozenset(
    {
        "name",
        "description_sale",
        "shop_description",
        "list_price",
        "default_code",
        "barcode",
        "weight",
        "active",
        "sale_ok",
        "categ_id",
        "shop_categ_ids",
        "shop_group_ids",
        "shop_meta_title",
        "shop_meta_description",
        "manufacturer_id",
        "taxes_id",
        "image_1920",
        "shop_ids",
        "type",
    }
)


def _sanitize(text):
    return html_sanitize(text, sanitize_attributes=False) if text else text


def _sanitized(vals):
    """The values with the long text made safe to show."""
    if not vals.get("shop_description"):
        return vals
    return vals | {"shop_description": _sanitize(vals["shop_description"])}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    shop_ids = fields.Many2many(
        "shop.shop",
        "product_template_shop_rel",
        "product_tmpl_id",
        "shop_id",
        string="Sold In",
        copy=False,
        help="The web shops where customers find this product.",
    )
    manufacturer_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        help="Who makes it; shown in web shops.",
    )
    # Odoo translates a sanitised HTML field piece by piece, so that rewriting it in one language
    # rewrites the others. Here each language is a text of its own, and we sanitise it ourselves.
    shop_description = fields.Html(
        "Description in Web Shops",
        translate=True,
        sanitize=False,
        help="The long text of the product's page, in every language of the shops.",
    )
    shop_link_ids = fields.One2many(
        "shop.binding",
        "res_id",
        "Shop Links",
        domain=[("res_model", "=", "product.template"), ("kind", "=", "product")],
    )
    shop_problem = fields.Text(
        "To Fix for Web Shops", compute="_compute_shop_problem", search="_search_shop_problem"
    )

    def _is_sold_in_variants(self):
        """Whether shops show a choice between variants."""
        self.ensure_one()
        # one vintage archived leaves a choice of one, not another kind of product
        every = self.with_context(active_test=False).product_variant_ids
        if len(every) == 1:
            # a shop may have the choice of one already
            links = every.shop_link_ids.mapped("external_id")
            if not any(external.partition("/")[2] for external in links):
                return False
        return bool(self.product_variant_ids.product_template_attribute_value_ids)

    def _is_sold_in(self, shop):
        """Whether customers of this shop shall find the product."""
        self.ensure_one()
        return self.active and self.sale_ok and shop in self.shop_ids and self.product_variant_ids

    def _compute_shop_problem(self):
        jobs = self._search_failed_jobs([("key", "in", [str(template.id) for template in self])])
        by_key = jobs.grouped("key")
        for template in self:
            template.shop_problem = "\n".join(
                f"{job.shop_id.name}: {job.error}" for job in by_key.get(str(template.id), ())
            )

    def _search_failed_jobs(self, domain):
        # salespeople see what is wrong with a product without seeing the whole exchange log
        failed = Domain("kind", "=", "product") & Domain("state", "=", "failed")
        ours = Domain("company_id", "in", self.env.companies.ids)
        return self.env["shop.job"].sudo().search(failed & ours & Domain(domain))

    def _search_shop_problem(self, operator, value):
        if operator not in ("in", "not in") or set(value) - {False, ""}:
            return NotImplemented
        ids = [int(job.key) for job in self._search_failed_jobs(Domain.TRUE)]
        return [("id", "not in" if operator == "in" else "in", ids)]

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create([_sanitized(vals) for vals in vals_list])
        sold = templates.filtered("shop_ids")
        self.env["shop.job"]._mark("product", sold.ids)
        return templates

    def write(self, vals):
        result = super().write(_sanitized(vals))
        if WATCHED & vals.keys():
            self.env["shop.job"]._mark("product", self.ids)
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Texts changed through the translation dialog travel like any other edit."""
        if field_name == "shop_description":
            translations = {lang: _sanitize(text) for lang, text in translations.items()}
        result = super().update_field_translations(field_name, translations, source_lang)
        if field_name in WATCHED:
            self.env["shop.job"]._mark("product", self.ids)
        return result

    def unlink(self):
        self.env["shop.job"]._mark("product", self.ids)
        return super().unlink()

    def action_send_to_shops(self):
        """Compare these products with their shops now, whatever was marked."""
        self.env["shop.shop"]._check_user()
        self.check_access("read")
        self.env["shop.job"]._mark("product", self.ids)
        return True
