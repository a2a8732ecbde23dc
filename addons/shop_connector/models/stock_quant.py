from odoo import api, models

#: fields whose change alters what a shop may sell
WATCHED = frozenset({"quantity", "reserved_quantity", "location_id"})


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        self.env["shop.job"]._mark("stock", quants.product_id.ids)
        return quants

    def write(self, vals):
        result = super().write(vals)
        if WATCHED & vals.keys():
            self.env["shop.job"]._mark("stock", self.product_id.ids)
        return result

    def unlink(self):
        self.env["shop.job"]._mark("stock", self.product_id.ids)
        return super().unlink()
