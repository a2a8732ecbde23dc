from odoo import models
from odoo.exceptions import UserError

from ..shopapi.documents import Shipment, StatusChange
from ..shopapi.errors import DataError
from .mappings import Mappings

#: meanings of a status that "shipped" must not set back
PAST_SHIPPING = ("shipped", "delivered", "cancelled", "refunded")


class ShopSyncShipment(models.AbstractModel):
    """Goods that left go back to the shop: tracking number, and the order's new status."""

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
                work.append((job, picking, *self._documents(mappings, picking, link.external_id)))
            else:
                job._forget()
        shop._end_transaction()
        for job, picking, order, shipment, status in work:
            try:
                written = adapter.send_shipment(order, shipment)
                if status:
                    written = adapter.change_status(status) or written
            except DataError as error:
                job._fail(error)
                tally.failed["shipment"] += 1
            else:
                if status:
                    picking.sale_id.shop_state = status.state
                self._finish(job, written, tally)
                self._make_invoice(shop, picking.sale_id)
            shop._end_transaction()

    def _make_invoice(self, shop, order):
        """Invoice a delivered order if the shop's rule says so; a person hears why if it fails."""
        due = order.delivery_status == "full" and order.invoice_status == "to invoice"
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

    def _documents(self, mappings, picking, external_id):
        shipment = Shipment(
            # the shop knows the carrier its customer chose; only another one is news
            carrier=mappings.code("carrier", picking.carrier_id)
            if picking.carrier_id != picking.sale_id.carrier_id
            else None,
            tracking=picking.carrier_tracking_ref or None,
        )
        status = None
        already = mappings.record("order_state", picking.sale_id.shop_state)
        if picking.sale_id.delivery_status == "full" and already not in PAST_SHIPPING:
            code = mappings.code("order_state", "shipped")
            status = StatusChange(order=external_id, state=code) if code else None
        return external_id, shipment, status
