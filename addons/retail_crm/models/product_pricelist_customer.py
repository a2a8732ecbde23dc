from odoo import api, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """The customer's own price list comes first, then that of the type, then the country's."""
        result = super()._get_partner_pricelist_multi(partner_ids)
        if not self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            return result
        partners = self.env["res.partner"].with_context(active_test=False).browse(partner_ids)
        for partner in partners.filtered("customer_type_id"):
            own = partner.specific_property_product_pricelist
            of_type = partner._get_type_pricelist()
            if of_type and not own._get_partner_pricelist_multi_filter_hook():
                result[partner.id] = of_type
        return result
