from odoo import models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    def write(self, vals):
        # Odoo's module looks for a key "warehouse_ids" that no one writes, if both are given.
        if {"sequence_code", "warehouse_id"} <= vals.keys():
            others = {name: value for name, value in vals.items() if name != "sequence_code"}
            super().write(others)
            vals = {"sequence_code": vals["sequence_code"]}
        return super().write(vals)
