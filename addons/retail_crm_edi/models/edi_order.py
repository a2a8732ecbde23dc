from odoo import models


class SaleEdiXmlUblBis3(models.AbstractModel):
    _inherit = "sale.edi.xml.ubl_bis3"

    def _import_order_ubl(self, order, file_data, new):
        """An order read from a file came by that channel; Odoo itself attaches the file."""
        channels = self.env["sales.channel"].search(
            [("channel_type", "=", "edi"), ("company_id", "in", (False, order.company_id.id))]
        )
        channel = (channels.filtered("company_id") or channels)[:1]
        if channel:
            # before prices are read: the channel may have a price list
            order.channel_id = channel
            order._onchange_channel_id()
        return super()._import_order_ubl(order, file_data, new)
