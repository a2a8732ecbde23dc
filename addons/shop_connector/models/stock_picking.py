from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        self._mark_shop_shipments()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "carrier_tracking_ref" in vals:
            self._mark_shop_shipments()
        return result

    def _mark_shop_shipments(self):
        """Goods that left for the customer of a web shop are told to the shop."""
        # who validates a delivery need not be allowed to see the order behind it
        sent = self.sudo().filtered(
            lambda picking: (
                picking.state == "done"
                and picking.picking_type_code == "outgoing"
                and picking.sale_id.shop_id
            )
        )
        self.env["shop.job"]._mark("shipment", sent.ids)
