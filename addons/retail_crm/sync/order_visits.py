from dataclasses import asdict

from odoo import models


class ShopSyncOrder(models.AbstractModel):
    _inherit = "shop.sync.order"

    def _follow_extras(self, shop, orders, documents):
        """The visits that led to a web order are kept with it, where the shop tells them."""
        result = super()._follow_extras(shop, orders, documents)
        # visits are noted by the system, whoever reads the shop
        Touchpoint = self.env["retail.touchpoint"].sudo()
        for order, document in zip(orders, documents, strict=True):
            if document.visits:
                visits = [asdict(visit) for visit in document.visits]
                for visit in visits:
                    begun = visit.pop("visited_at") or document.placed_at
                    visit["at"] = min(begun, document.placed_at).replace(tzinfo=None)
                Touchpoint._note(order, visits)
        return result
