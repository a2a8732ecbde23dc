from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        self._mark_shop_shipments()
        self._mark_shop_delivery_notes()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "carrier_tracking_ref" in vals:
            self._mark_shop_shipments()
        return result

    def _mark_shop_shipments(self):
        """Goods that left for the customer of a web shop are told to the shop."""
        self.env["shop.job"]._mark("shipment", self._filter_sent_by_shops().ids)

    def _mark_shop_delivery_notes(self):
        """Their delivery notes are shown to the customers whose shops want that.

        Of our own deliveries only: the paper of what a vendor sends names the vendor.
        """
        sent = self._filter_sent_by_shops()
        sent = sent.filtered(lambda picking: picking.picking_type_code == "outgoing")
        shown = sent.filtered(lambda p: p.sale_id.shop_id.publish_documents == "all")
        self.env["shop.job"]._mark("delivery_note", shown.ids)

    def _filter_sent_by_shops(self):
        # who validates a delivery need not be allowed to see the order behind it
        return self.sudo().filtered(
            lambda picking: (
                picking.state == "done"
                and picking._is_to_shop_customer()
                and picking.sale_id.shop_id
            )
        )

    def _is_to_shop_customer(self):
        """Whether goods leave for a customer: from us, or straight from a vendor (dropshipping)."""
        self.ensure_one()
        return self.picking_type_code == "outgoing" or self.location_dest_id.usage == "customer"
