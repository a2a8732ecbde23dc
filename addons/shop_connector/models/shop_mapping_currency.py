from odoo import api, models


class ShopMapping(models.Model):
    """Orders that wait for a price list in their currency are read again when it is chosen."""

    _inherit = "shop.mapping"

    @api.model_create_multi
    def create(self, vals_list):
        mappings = super().create(vals_list)
        mappings._read_waiting_orders()
        return mappings

    def write(self, vals):
        result = super().write(vals)
        if vals.get("pricelist_id"):
            self._read_waiting_orders()
        return result

    def _read_waiting_orders(self):
        for row in self.filtered(lambda row: row.kind == "currency" and row.pricelist_id):
            # whoever maps a shop's codes need not see its orders
            waiting = (
                self.env["sale.order"]
                .sudo()
                .search(
                    [
                        ("shop_id", "=", row.shop_id.id),
                        ("state", "in", ("draft", "sent")),
                        ("shop_currency", "=", row.iso_code),
                        ("currency_id", "!=", row.pricelist_id.currency_id.id),
                    ]
                )
            )
            links = self.env["shop.binding"].sudo()._by_record(row.shop_id, "order", waiting.ids)
            ids = [link.external_id for link in links.values()]
            self.env["shop.job"]._mark_incoming(row.shop_id, "order", ids)
