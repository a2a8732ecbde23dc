from odoo import models

from odoo.addons.shop_connector.shopapi.documents import StatusChange
from odoo.addons.shop_connector.sync.status_export import is_progress


class ShopSyncStatus(models.AbstractModel):
    _inherit = "shop.sync.status"

    def _change(self, order, link, mappings):
        """The very status that the stage stands for comes before any of the same meaning."""
        row = (
            mappings.row("order_state", order.shop_wanted_code) if order.shop_wanted_code else None
        )
        if not row or row.external_code == order.shop_state:
            return super()._change(order, link, mappings)
        held = mappings.record("order_state", order.shop_state)
        if held != row.meaning and not is_progress(held, row.meaning):
            return super()._change(order, link, mappings)
        return StatusChange(
            order=link.external_id, state=row.external_code, notify=row.notify_customer
        )

    def _send(self, adapter, work, tally):
        result = super()._send(adapter, work, tally)
        order = work[1]
        if order.shop_wanted_code and order.shop_state == order.shop_wanted_code:
            order.shop_wanted_code = False
        return result
