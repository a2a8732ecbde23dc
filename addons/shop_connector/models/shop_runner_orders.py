"""How a shop's runner learns of orders."""

from odoo import models


class ShopShop(models.Model):
    _inherit = "shop.shop"

    def _poll_orders(self, adapter, tally):
        """Ask which orders changed, and note those to be read that we do not know in that state.

        Returns whether there are any that this run has not seen yet.
        """
        cursor = self.order_cursor or None
        self._end_transaction()
        stamps = {seen.external_id: seen for seen in adapter.changed_orders(cursor)}
        news = {key: seen for key, seen in stamps.items() if tally.seen.get(key) != seen}
        if not news:
            return False
        links = self.env["shop.binding"]._by_external(self, "order", stamps)
        failed = self.env["shop.job"].search(
            [
                ("shop_id", "=", self.id),
                ("kind", "=", "order"),
                ("state", "=", "failed"),
                ("key", "in", list(stamps)),
            ]
        )
        stuck = set(failed.mapped("key"))
        due = [
            external_id
            for external_id, seen in news.items()
            if not self._is_known(seen, links.get(external_id), external_id in stuck)
        ]
        self.env["shop.job"]._mark_incoming(self, "order", due)
        newest = max(seen.stamp for seen in stamps.values())
        if newest != self.order_cursor:
            self.order_cursor = newest
        self._end_transaction()
        # not before: what was seen without leaving an exchange behind would be forgotten
        tally.seen |= news
        return bool(due)

    def _is_known(self, seen, link, is_stuck):
        """Whether an order in the list of changes needs no reading."""
        if link:
            return link.stamp == f"{seen.stamp} {seen.state}"
        if is_stuck:
            # only the overlap shows it again; a new change gives it a new chance
            return bool(self.order_cursor) and seen.stamp <= self.order_cursor
        since = self.orders_since
        if since and seen.placed_at:
            return seen.placed_at.replace(tzinfo=None) < since
        return False
