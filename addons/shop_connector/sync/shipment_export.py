from odoo import models
from odoo.exceptions import UserError

from ..models.sale_order_sync import is_progress
from ..shopapi.documents import Shipment
from ..shopapi.errors import DataError
from .mappings import Mappings
from .status_export import status_change


class ShopSyncShipment(models.AbstractModel):
    """Goods that left go back to the shop: tracking numbers, and the order's new status.

    Each delivery is a parcel of its own. The first of several sets the status that means "partly
    shipped" (or "in preparation" where the shop has none), the last one "shipped".
    """

    _name = "shop.sync.shipment"
    _description = "Sending Shipments to a Web Shop"

    def _process(self, shop, adapter, jobs, tally):
        """Tell the shop about the transfers of these jobs, one by one: each is its own order."""
        mappings = Mappings(shop)
        work = []
        for job in jobs:
            picking = self.env["stock.picking"].browse(int(job.key)).exists()
            order = picking.sale_id
            link = self.env["shop.binding"]._by_record(shop, "order", order.ids).get(order.id)
            if link and picking.state == "done":
                work.append(
                    (job, picking, *self._documents(shop, mappings, picking, link.external_id))
                )
            else:
                job._forget()
        shop._end_transaction()
        for job, picking, order, shipment, status in work:
            self._send(shop, adapter, (job, picking, order, shipment, status), tally)
            shop._end_transaction()

    def _send(self, shop, adapter, work, tally):
        job, picking, order, shipment, status = work
        written = False
        try:
            if shipment:
                written = adapter.send_shipment(order, shipment)
            if status:
                statuses = self.env["shop.sync.status"]
                changed = statuses._set_in_shop(adapter, picking.sale_id, status)
                written = changed or written
        except DataError as error:
            job._fail(error)
            tally.failed["shipment"] += 1
            return
        if shipment:
            sent = {"tracking": shipment.tracking, "carrier": shipment.carrier}
            row = (picking.id, f"{order}/{picking.id}", sent)
            self.env["shop.binding"]._remember(shop, "shipment", "stock.picking", [row])
        if status:
            picking.sale_id.shop_state = status.state
        self._finish(job, written, tally)
        self._make_invoice(shop, picking.sale_id)

    def _make_invoice(self, shop, order):
        """Invoice a delivered order if the shop's rule says so; a person hears why if it fails."""
        due = order._shop_progress() == "full" and order.invoice_status == "to invoice"
        if shop.invoice_rule != "delivered" or not due:
            return
        try:
            with self.env.cr.savepoint():
                order._create_invoices().action_post()
        except UserError as error:
            order.activity_schedule(
                "shop_connector.mail_activity_decision",
                summary=self.env._("The invoice could not be made"),
                note=str(error),
                user_id=(shop.user_id or self.env.user).id,
            )

    def _finish(self, job, written, tally):
        if written:
            job._done(self.env._("Told the shop"))
            tally.sent["shipment"] += 1
        else:
            job._forget()
            tally.skipped["shipment"] += 1

    def _documents(self, shop, mappings, picking, external_id):
        """(order, parcel or None, new status or None): what the shop does not know yet."""
        link = self.env["shop.binding"]._by_record(shop, "shipment", picking.ids).get(picking.id)
        sent = (link.sent or {}) if link else {}
        # the shop knows the carrier its customer chose; only another one is news
        other = picking.carrier_id != picking.sale_id.carrier_id
        shipment = Shipment(
            carrier=mappings.code("carrier", picking.carrier_id) if other else None,
            tracking=picking.carrier_tracking_ref or None,
            replaces=sent.get("tracking"),
        )
        known = (sent.get("tracking"), sent.get("carrier"))
        if (shipment.tracking, shipment.carrier) == known:
            shipment = None
        return external_id, shipment, self._status(mappings, picking.sale_id, external_id)

    def _status(self, mappings, order, external_id):
        held = mappings.record("order_state", order.shop_state)
        wanted = {"full": ("shipped",), "partial": ("partial", "processing")}
        for meaning in wanted.get(order._shop_progress(), ()):
            if mappings.code("order_state", meaning):
                go = is_progress(held, meaning)
                return status_change(external_id, meaning, mappings) if go else None
        return None
