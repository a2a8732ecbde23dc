from decimal import Decimal

import psycopg2

from odoo import models

from ..shopapi.documents import Order, OrderDraft
from ..shopapi.errors import DataError
from .faults import in_words
from .mappings import Mappings


class ShopSyncPlacing(models.AbstractModel):
    """Orders made here are placed in the shop, once each whatever answer is lost.

    The shop's order carries our key. Whoever sees it first links it to the order here: the exchange
    that placed it, or the reader of new orders when that exchange died on the way.
    """

    _name = "shop.sync.placing"
    _description = "Placing Orders in a Web Shop"

    def _process(self, shop, adapter, jobs, tally):
        """Place the orders of these jobs, one by one: each is its own order."""
        mappings = Mappings(shop)
        orders = self.env["sale.order"].browse([int(job.key) for job in jobs]).exists()
        by_id = {order.id: order for order in orders}
        for job in jobs:
            order = by_id.get(int(job.key))
            if not order or order.shop_id or order.state != "sale":
                if order and not order.shop_id:
                    order.shop_placing = False
                job._forget()
                continue
            self._place(shop, adapter, job, order, mappings, tally)
            shop._end_transaction()

    def _place(self, shop, adapter, job, order, mappings, tally):
        draft, problems = self._prepare(shop, order, mappings)
        if problems:
            self._refuse(job, order, "\n".join(problems), tally)
            return
        shop._end_transaction()
        try:
            external_id = adapter.place_order(draft)
            (document,) = adapter.fetch_orders([external_id])
        except DataError as error:
            self._refuse(job, order, str(error), tally)
            return
        if not isinstance(document, Order):
            self._refuse(job, order, str(document.error), tally)
            return
        self._store(shop, order, document, mappings)
        job._done(self.env._("Order %s", document.reference))
        tally.sent["placing"] += 1

    def _refuse(self, job, order, reason, tally):
        text = self.env._(
            "%(order)s was not placed in the web shop: %(reason)s", order=order.name, reason=reason
        )
        order.shop_placing = False
        order._tell_notice(text)
        job._fail(text)
        tally.failed["placing"] += 1

    # === DOCUMENT ===

    def _prepare(self, shop, order, mappings):
        """(the order as a document, sentences on what is in the way)."""
        words = self.env["shop.sync.order.draft"]
        content = words._content(shop, order, mappings)
        problems = list(content.problems)
        customer = words._party(shop, order, mappings)
        if not customer.email and not customer.external_id:
            problems.append(
                self.env._("The customer %s has no e-mail address.", order.partner_id.display_name)
            )
        currency = self._currency(order, mappings)
        if not currency:
            problems.append(self.env._("The shop has no currency %s.", order.currency_id.name))
        if not content.lines and not problems:
            problems.append(self.env._("There is nothing on the order that the shop sells."))
        if problems:
            return None, problems
        partner = order.partner_id
        terms = order.payment_term_id.with_context(lang=partner.lang).name
        draft = OrderDraft(
            key=order._get_shop_key(),
            customer=customer,
            billing=words._address(order.partner_invoice_id),
            shipping=words._address(order.partner_shipping_id),
            lines=tuple(content.lines),
            charges=tuple(content.charges),
            total_net=_decimal(order, "amount_untaxed"),
            total_gross=_decimal(order, "amount_total"),
            currency=currency,
            language=customer.language,
            carrier=mappings.code("carrier", order.carrier_id),
            payment_name=terms or self.with_context(lang=partner.lang).env._("As agreed"),
            state=self._state(order, mappings),
        )
        return draft, []

    def _currency(self, order, mappings):
        rows = mappings.rows("currency")
        code = order.currency_id.name
        return next((row.external_code for row in rows if row.iso_code == code), None)

    def _state(self, order, mappings):
        """Paid if the money is here, else in preparation: the order is confirmed."""
        paid = mappings.code("order_state", "paid")
        if order._has_money():
            return paid
        return mappings.code("order_state", "processing") or paid

    # === LINK ===

    def _store(self, shop, order, document, mappings):
        """Link what was just placed, unless the reader of orders was quicker."""
        if not order.shop_id:
            self._link(shop, order, document, mappings)

    def _take_ours(self, shop, documents, mappings, by_id, tally):
        """Link those that were placed by us to their orders; the others are left to be read in."""
        left = []
        for document in documents:
            order = self.env["sale.order"]._find_by_shop_key(document.our_key, shop.company_id)
            if not order:
                left.append(document)
                continue
            job = by_id[document.external_id]
            try:
                with self.env.cr.savepoint():
                    self._take_one(shop, order, document, mappings)
            except psycopg2.OperationalError:
                # another transaction was quicker: all of them are repeated
                raise
            except Exception as error:  # a bad order, or a fault of ours, stops no good one
                job._fail(in_words(self.env, error, f"order {document.external_id}"))
                tally.failed["order"] += 1
            else:
                job._done(self.env._("Order %s", document.reference))
                tally.received["order"] += 1
        return left

    def _take_one(self, shop, order, document, mappings):
        if not order.shop_id:
            self._link(shop, order, document, mappings)
            return
        # the shop made several orders of one: said on the order, never bought twice
        order._tell_notice(
            self.env._(
                "The shop made a second order of this one: %s. Cancel it in the shop.",
                document.reference,
            )
        )

    def _link(self, shop, order, document, mappings):
        """From now on the order is like any other of this shop."""
        order = order.with_context(from_shop=True)
        order.write(
            {
                "shop_id": shop.id,
                "shop_state": document.state,
                "shop_payment": document.payment_name,
                "shop_total": float(document.total_gross),
                "shop_holds_stock": document.holds_stock,
                "shop_placing": False,
                "is_shop_placed": True,
                "client_order_ref": order.client_order_ref or document.reference,
            }
        )
        self.env["shop.sync.order"]._link_orders(shop, order, [document])
        self._link_customer(shop, order, document)
        self._number_lines(shop, order, document, mappings)
        self.env["shop.sync.order.conflict"]._remember(order)
        order._tell_notice(False)
        order.message_post(
            body=self.env._(
                "Placed in %(shop)s as order %(reference)s.",
                shop=shop.name,
                reference=document.reference,
            )
        )
        if document.total_gross != _decimal(order, "amount_total"):
            money = order.currency_id.format
            order._tell_conflict(
                self.env._(
                    "The order in the shop comes to %(theirs)s, here it is %(ours)s. Compare both.",
                    theirs=money(float(document.total_gross)),
                    ours=money(order.amount_total),
                )
            )
        self._catch_up(order)

    def _catch_up(self, order):
        """Send what was done before the shop had the order."""
        order._tell_shop_paid()
        order._mark_shop_stock()
        order.picking_ids._mark_shop_shipments()
        order.picking_ids._mark_shop_delivery_notes()
        order.invoice_ids._mark_shop_invoices()
        if order.delivered_at:
            order._send_shop_status("delivered")
        if order.state == "cancel":
            order._tell_shop_cancelled()

    def _link_customer(self, shop, order, document):
        """The account in the shop is this customer's, unless another has it."""
        Binding = self.env["shop.binding"]
        external_id, partner = document.customer.external_id, order.partner_id
        if not external_id or document.customer.is_guest:
            return
        if Binding._by_external(shop, "customer", [external_id]):
            return
        if not Binding._by_record(shop, "customer", partner.ids):
            row = (partner.id, external_id, False)
            Binding._remember(shop, "customer", "res.partner", [row])

    def _number_lines(self, shop, order, document, mappings):
        """Give our lines the ids of the shop's, so that later changes meet the same line."""
        words = self.env["shop.sync.order.draft"]
        content = words._content(shop, order, mappings, document.lines)
        left = list(document.lines)
        for line, record in zip(content.lines, content.records, strict=True):
            same = [row for row in left if row.external_id == line.external_id] or [
                row for row in left if (row.product, row.variant) == (line.product, line.variant)
            ]
            if same:
                record.shop_line_ref = same[0].external_id
                left.remove(same[0])


def _decimal(order, name):
    return Decimal(str(order.currency_id.round(order[name])))
