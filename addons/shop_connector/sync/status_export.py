from odoo import fields, models

from ..models.sale_order_sync import is_progress
from ..shopapi.documents import StatusChange
from ..shopapi.errors import DataError
from .mappings import Mappings
from .order_import import PAID


class ShopSyncStatus(models.AbstractModel):
    """What became of an order here is set as its status in the shop."""

    _name = "shop.sync.status"
    _description = "Sending Order Statuses to a Web Shop"

    def _process(self, shop, adapter, jobs, tally):
        """Set the statuses that these orders wait for, one by one: each is its own order."""
        mappings = Mappings(shop)
        orders = self.env["sale.order"].browse([int(job.key) for job in jobs]).exists()
        by_id = {order.id: order for order in orders}
        links = self.env["shop.binding"]._by_record(shop, "order", orders.ids)
        work = []
        for job in jobs:
            order = by_id.get(int(job.key))
            link = links.get(order.id) if order else None
            change = self._change(order, link, mappings) if link else None
            if change:
                work.append((job, order, change, order.shop_wanted_status))
            elif link and self._is_unmapped(order, mappings):
                self._refuse(job, order, tally)
            else:
                job._forget()
        shop._end_transaction()
        for job, order, change, wanted in work:
            self._send(adapter, (job, order, change, wanted), tally)
            shop._end_transaction()

    def _change(self, order, link, mappings):
        """The document for what the order waits for; None when there is nothing to set."""
        wanted = order.shop_wanted_status
        if not wanted or not is_progress(mappings.record("order_state", order.shop_state), wanted):
            return None
        return status_change(link.external_id, wanted, mappings)

    def _is_unmapped(self, order, mappings):
        """A cancelled order that goes on in the shop is somebody's trouble; other steps are not."""
        wanted = order.shop_wanted_status
        return wanted == "cancelled" and not mappings.code("order_state", wanted)

    def _refuse(self, job, order, tally):
        job._fail(
            self.env._(
                "%s was cancelled here, but no status of the shop means Cancelled. Choose one on "
                "the shop, page Mappings, Order Statuses, or cancel the order in the shop by hand.",
                order.name,
            )
        )
        tally.failed["status"] += 1

    def _send(self, adapter, work, tally):
        job, order, change, wanted = work
        try:
            written = self._set_in_shop(adapter, order, change)
        except DataError as error:
            job._fail(error)
            tally.failed["status"] += 1
            return
        order.shop_state = change.state
        if order.shop_wanted_status == wanted:  # else somebody wishes for another one meanwhile
            order.shop_wanted_status = False
        if written:
            job._done(self.env._("%s set in the shop", order.shop_state_name))
            tally.sent["status"] += 1
        else:
            job._forget()
            tally.skipped["status"] += 1

    def _set_in_shop(self, adapter, order, change):
        """Set a status in the shop; whether it was another one there. Raises DataError.

        A shop may note a payment by it that nobody has made; the moment tells it from real ones. It
        is kept from before the call, because an answer may be lost; one that is known counts.
        """
        is_noting, unanswered = self._makes_paid(order, change), order.shop_noted_at
        if is_noting:
            order.shop_noted_at = fields.Datetime.now()
        order.shop_id._end_transaction()
        if not is_noting:
            return adapter.change_status(change)
        try:
            written = adapter.change_status(change)
        except DataError:
            order.shop_noted_at = False
            raise
        order.shop_noted_at = fields.Datetime.now() if written else unanswered
        return written

    def _makes_paid(self, order, change):
        """Whether the shop takes an order for paid by this change, and did not before."""
        mappings = Mappings(order.shop_id)
        held = mappings.record("order_state", order.shop_state)
        return mappings.record("order_state", change.state) in PAID and held not in PAID


def status_change(external_id, meaning, mappings):
    """The change to the shop's first status with that meaning; None when it has none."""
    row = next((row for row in mappings.rows("order_state") if row.meaning == meaning), None)
    if row is None:
        return None
    return StatusChange(order=external_id, state=row.external_code, notify=row.notify_customer)
