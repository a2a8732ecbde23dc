from odoo import models

from ..shopapi.documents import OrderDocument
from ..shopapi.errors import DataError


class ShopSyncDocument(models.AbstractModel):
    """Invoices and delivery notes find their way into the customer's account in the shop.

    As Odoo's own portal link with its access token: whoever has it reads this document, and nothing
    else. Each document is sent once.
    """

    _name = "shop.sync.document"
    _description = "Showing Documents in a Web Shop"

    def _process(self, shop, adapter, jobs, tally):
        """Send the documents of these jobs, one by one: each is its own record."""
        able = adapter.capabilities.documents or adapter.capabilities.messages
        work = []
        for job in jobs:
            documents = self._documents(shop, job) if able else []
            if documents:
                work.append((job, documents))
            else:
                job._forget()
        # the links must work as soon as the customer sees them
        shop._end_transaction()
        for job, documents in work:
            self._send(shop, adapter, job, documents, tally)
            shop._end_transaction()

    def _send(self, shop, adapter, job, documents, tally):
        try:
            for document in documents:
                adapter.send_document(document)
        except DataError as error:
            job._fail(error)
            tally.failed[job.kind] += 1
            return
        row = (int(job.key), f"{documents[0].order} {documents[0].key}", False)
        self.env["shop.binding"]._remember(shop, job.kind, job.res_model, [row])
        job._done(self.env._("%s shown to the customer", documents[0].name))
        tally.sent[job.kind] += 1

    def _documents(self, shop, job):
        """One document for each order of the shop that it belongs to; none when it was sent."""
        record = self.env[job.res_model].browse(int(job.key)).exists()
        Binding = self.env["shop.binding"]
        if not record or Binding._by_record(shop, job.kind, record.ids):
            return []
        make = self._invoice if job.kind == "invoice" else self._delivery_note
        orders = self._orders(record).filtered(lambda order: order.shop_id == shop)
        links = Binding._by_record(shop, "order", orders.ids)
        return [
            make(record, order, links[order.id].external_id)
            for order in orders
            if order.id in links
        ]

    def _orders(self, record):
        if record._name == "stock.picking":
            return record.sale_id
        return record.invoice_line_ids.sale_line_ids.order_id

    def _invoice(self, move, order, external_id):
        words = self.with_context(lang=order.partner_id.lang).env
        url = move.get_base_url() + move.get_portal_url(report_type="pdf", download=True)
        if move.move_type == "out_refund":
            text = words._("Your credit note %(number)s: %(url)s", number=move.name, url=url)
        else:
            text = words._("Your invoice %(number)s: %(url)s", number=move.name, url=url)
        return OrderDocument(
            order=external_id, key=f"invoice-{move.id}", name=move.name, url=url, text=text
        )

    def _delivery_note(self, picking, order, external_id):
        words = self.with_context(lang=order.partner_id.lang).env
        token = order._portal_ensure_token()
        url = f"{picking.get_base_url()}/my/picking/pdf/{picking.id}?access_token={token}"
        text = words._("Your delivery note %(number)s: %(url)s", number=picking.name, url=url)
        return OrderDocument(
            order=external_id, key=f"delivery-{picking.id}", name=picking.name, url=url, text=text
        )
