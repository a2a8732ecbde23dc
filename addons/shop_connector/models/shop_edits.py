"""Asking a shop which products were edited there, where it leads some of their fields."""

from odoo import models


class ShopShop(models.Model):
    _inherit = "shop.shop"

    def _poll_products(self, adapter):
        """Note those linked products to be read that changed in the shop since we last read them.

        What we write ourselves changes them too: they are read once more and nothing is found.
        """
        if not self._returning_groups():
            return
        cursor = self.product_cursor or None
        self._end_transaction()
        stamps = {seen.external_id: seen.stamp for seen in adapter.changed_products(cursor)}
        if not stamps:
            return
        links = self.env["shop.binding"]._by_external(self, "product", stamps)
        failed = self.env["shop.job"].search(
            [
                ("shop_id", "=", self.id),
                ("kind", "=", "product_in"),
                ("state", "=", "failed"),
                ("key", "in", list(stamps)),
            ]
        )
        # only the overlap shows a stuck one again; a new change gives it a new chance
        stuck = {key for key in failed.mapped("key") if cursor and stamps[key] <= cursor}
        due = [key for key, link in links.items() if link.stamp != stamps[key] and key not in stuck]
        self.env["shop.job"]._mark_incoming(self, "product_in", due)
        newest = max(stamps.values())
        if newest != cursor:
            self.product_cursor = newest
