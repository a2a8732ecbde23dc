from odoo import api, models


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    @api.model_create_multi
    def create(self, vals_list):
        boms = super().create(vals_list)
        boms._mark_shop_kits()
        return boms

    def write(self, vals):
        self._mark_shop_kits()  # what it was for until now
        result = super().write(vals)
        self._mark_shop_kits()
        return result

    def unlink(self):
        self._mark_shop_kits()
        return super().unlink()

    def _mark_shop_kits(self):
        """What these bills are for may be sold in another number now."""
        variants = self.env["product.product"]
        for bom in self:
            variants |= bom.product_id or bom.product_tmpl_id.product_variant_ids
        self.env["shop.job"]._mark("stock", variants.ids)


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.bom_id._mark_shop_kits()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.bom_id._mark_shop_kits()
        return result

    def unlink(self):
        self.bom_id._mark_shop_kits()
        return super().unlink()
