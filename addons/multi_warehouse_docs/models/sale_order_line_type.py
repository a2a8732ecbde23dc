from odoo import api, models
from odoo.fields import Command


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["sale.order"]
        for vals in vals_list:
            # the route of the type is nobody's secret, the type's other settings may be
            order = orders.browse(vals.get("order_id"))
            route = order.document_type_id.sudo().route_id
            if route and not vals.get("route_ids") and not vals.get("display_type"):
                vals["route_ids"] = [Command.set(route.ids)]
        return super().create(vals_list)
