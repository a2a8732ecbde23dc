from odoo import api, models


class ProductAttribute(models.Model):
    _inherit = "product.attribute"

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            self.env["shop.job"]._mark("product", self.product_tmpl_ids.ids)
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        """A name translated in the dialog travels like any other edit."""
        result = super().update_field_translations(field_name, translations, source_lang)
        self.env["shop.job"]._mark("product", self.product_tmpl_ids.ids)
        return result


class ProductAttributeValue(models.Model):
    _inherit = "product.attribute.value"

    def write(self, vals):
        result = super().write(vals)
        if {"name", "html_color"} & vals.keys():
            self._mark_shop_products()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        """A name translated in the dialog travels like any other edit."""
        result = super().update_field_translations(field_name, translations, source_lang)
        self._mark_shop_products()
        return result

    def _mark_shop_products(self):
        templates = self.pav_attribute_line_ids.product_tmpl_id
        self.env["shop.job"]._mark("product", templates.ids)


class ProductTemplateAttributeLine(models.Model):
    _inherit = "product.template.attribute.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["shop.job"]._mark("product", lines.product_tmpl_id.ids)
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.env["shop.job"]._mark("product", self.product_tmpl_id.ids)
        return result

    def unlink(self):
        self.env["shop.job"]._mark("product", self.product_tmpl_id.ids)
        return super().unlink()


class ProductTemplateAttributeValue(models.Model):
    _inherit = "product.template.attribute.value"

    def write(self, vals):
        result = super().write(vals)
        if {"price_extra", "ptav_active"} & vals.keys():
            self.env["shop.job"]._mark("product", self.product_tmpl_id.ids)
        return result
