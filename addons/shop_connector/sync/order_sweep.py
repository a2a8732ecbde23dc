from datetime import UTC, timedelta

from odoo import fields, models

#: orders named in a report; the rest is a number
_NAMED = 20


class ShopSyncSweep(models.AbstractModel):
    """What asking for changed orders does not show: news on an order that leave its own time of
    change alone, and, once a day, whatever slipped through.
    """

    _name = "shop.sync.sweep"
    _description = "Looking for Missed Web Orders"

    def _poll_touches(self, shop, adapter):
        """Let the orders be read again on which there are messages, payments or refunds."""
        # read first: reading after the commit would open the next transaction
        cursor = shop.touch_cursor or None
        shop._end_transaction()
        touches = list(adapter.touched_orders(cursor))
        if not touches:
            return
        known = self._known_touches(shop, touches) | self._seen_touches(shop, touches)
        links = self.env["shop.binding"]._by_external(
            shop, "order", {touch.order for touch in touches}
        )
        due = {
            touch.order
            for touch in touches
            if touch.order in links and (touch.kind, touch.external_id) not in known
        }
        self.env["shop.job"]._mark_incoming(shop, "order", sorted(due))
        newest = max(touch.stamp for touch in touches)
        if newest != shop.touch_cursor:
            shop.touch_cursor = newest

    def _known_touches(self, shop, touches):
        """``{(kind, id)}`` of what is here, or was seen since the overlap began."""
        messages = [touch.external_id for touch in touches if touch.kind == "message"]
        known = {("message", key) for key in self._links(shop, messages)}
        rows = self.env["shop.payment"].search_fetch(
            [
                ("shop_id", "=", shop.id),
                ("external_id", "in", [touch.external_id for touch in touches]),
            ],
            ["kind", "external_id"],
        )
        known |= {(row.kind, row.external_id) for row in rows}
        if shop.payment_rule == "none":
            known |= {(each.kind, each.external_id) for each in touches if each.kind == "payment"}
        return known

    def _seen_touches(self, shop, touches):
        """``{(kind, id)}`` of what the last look showed too, and keeps that of this one.

        Some of it leaves nothing here to know it by: a payment of an order that we placed, for
        example. Without this its order would be read again with every look.
        """
        before = shop.touch_seen or []
        now = sorted([each.kind, each.external_id] for each in touches)
        # the first look shows all that the shop ever had: not worth keeping
        if shop.touch_cursor and now != before:
            shop.touch_seen = now
        return {tuple(each) for each in before}

    def _links(self, shop, messages):
        return self.env["shop.binding"]._by_external(shop, "message", messages)

    # === ONCE A DAY ===

    def _sweep(self, shop, adapter):
        """Compare the orders of the last days with what is here, and read what is missing there
        or here.
        """
        since = fields.Datetime.now() - timedelta(days=shop.sweep_days)
        if shop.orders_since:
            since = max(since, shop.orders_since)
        shop._end_transaction()
        listed = {seen.external_id: seen for seen in adapter.list_orders(since.replace(tzinfo=UTC))}
        links = self.env["shop.binding"]._by_external(shop, "order", listed)
        jobs = self.env["shop.job"].search_fetch(
            [
                ("shop_id", "=", shop.id),
                ("kind", "=", "order"),
                ("state", "in", ("pending", "running", "failed")),
                ("key", "in", list(listed)),
            ],
            ["key"],
        )
        busy = set(jobs.mapped("key"))
        missing = [key for key in listed if key not in links and key not in busy]
        stale = [
            key
            for key, link in links.items()
            if key not in busy and link.stamp != f"{listed[key].stamp} {listed[key].state}"
        ]
        vanished = self._vanished(shop, listed, since)
        self.env["shop.job"]._mark_incoming(shop, "order", [*missing, *stale, *vanished])
        shop.sweep_at = fields.Datetime.now()
        if missing or stale:
            self._report(shop, listed, missing, stale)

    def _vanished(self, shop, listed, since):
        """Ids of orders that the shop does not list: some of those read since, some never read.

        Reading them tells whether they were deleted, which is then said where they are; what the
        shop still has comes to nothing.
        """
        orders = self.env["sale.order"].search(
            [("shop_id", "=", shop.id), ("date_order", ">=", since)]
        )
        links = self.env["shop.binding"].search_fetch(
            [
                ("shop_id", "=", shop.id),
                ("kind", "=", "order"),
                ("state", "!=", "removed"),
                ("res_id", "in", orders.ids),
            ],
            ["external_id"],
        )
        failed = self.env["shop.job"].search_fetch(
            [("shop_id", "=", shop.id), ("kind", "=", "order"), ("state", "=", "failed")], ["key"]
        )
        return (set(links.mapped("external_id")) | set(failed.mapped("key"))) - listed.keys()

    def _report(self, shop, listed, missing, stale):
        """Every repair is told: it means that something upstream does not work as it should."""
        shop.sweep_repaired += len(missing) + len(stale)
        parts = []
        if missing:
            parts.append(self.env._("not read yet: %s", self._names(listed, missing)))
        if stale:
            parts.append(self.env._("changed without notice: %s", self._names(listed, stale)))
        shop.message_post(
            body=self.env._(
                "The daily check of the last %(days)s days found orders that are read again now: "
                "%(orders)s.",
                days=shop.sweep_days,
                orders="; ".join(parts),
            )
        )

    def _names(self, listed, keys):
        names = [listed[key].reference or key for key in keys[:_NAMED]]
        more = len(keys) - len(names)
        return ", ".join(names) + (f" (+ {more})" if more else "")
