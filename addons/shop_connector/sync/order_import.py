from contextlib import contextmanager
from decimal import Decimal

import psycopg2

from odoo import models

from ..models.sale_order_hold import BETWEEN
from ..models.session_lock import session_lock
from ..models.shop_mapping import CLOSED
from ..shopapi.documents import Order, fingerprint
from ..shopapi.errors import NotFound
from .faults import in_words
from .mappings import Mappings

#: first half of the advisory lock of a company's lane (second half: the company's id)
LANE_SPACE = 0x5341
#: meanings of a status under which the shop has its money, or does without
PAID = ("paid", "processing", "partial", "shipped", "delivered")


class ShopSyncOrder(models.AbstractModel):
    """Web orders become sales orders: exactly once, to the cent.

    The link (shop, order, id) is unique in the database and written in the transaction that writes
    the sales order, so a crash leaves both or neither. Orders that move stock are imported in one
    lane a company, because parallel confirmations of the same goods only get in each other's way,
    and a new customer who buys in two shops at once is one.
    """

    _name = "shop.sync.order"
    _description = "Reading Web Orders"

    def _process(self, shop, adapter, jobs, tally):
        """Read the orders of these jobs and store them; each ends on its job."""
        # what is written from here on came from the shop and need not go back to it
        self = self.with_context(from_shop=True)  # pylint: disable=self-cls-assignment
        by_id = {job.key: job for job in jobs}
        shop._end_transaction()
        documents = adapter.fetch_orders(list(by_id))
        with self._lane(shop):
            self._store(shop, documents, by_id, tally)

    @contextmanager
    def _lane(self, shop):
        """Import as the only one of the company, knowing what the others did.

        A transaction sees the database as it was at its first query, which is the one that waits
        here. Therefore it is ended once the lane is ours, and the lane is left after the commit.
        """
        with session_lock(self.env.cr, LANE_SPACE, shop.company_id.id, wait=True):
            shop._end_transaction()
            try:
                yield
                shop._end_transaction()
            except BaseException:
                # whoever comes next need not wait for rows of ours
                shop._undo_transaction()
                raise

    def _store(self, shop, documents, by_id, tally):
        links = self.env["shop.binding"]._by_external(shop, "order", by_id)
        mappings = Mappings(shop)
        new, known = [], []
        for external_id, document in zip(by_id, documents, strict=True):
            if not isinstance(document, Order):
                self._fail_unread(by_id[external_id], document, links.get(external_id), tally)
            elif external_id in links:
                known.append(document)
            elif self._is_wanted(shop, document):
                new.append(document)
            else:
                by_id[external_id]._forget()
                tally.skipped["order"] += 1
        new = self.env["shop.sync.placing"]._take_ours(shop, new, mappings, by_id, tally)
        self._store_new(shop, new, mappings, by_id, tally)
        update = self.env["shop.sync.order.update"]
        for document in known:
            link, job = links[document.external_id], by_id[document.external_id]
            update._update_checked(shop, link, document, mappings, job, tally)
        self.env["shop.sync.stock"]._note_sold(shop, [*new, *known])

    def _is_wanted(self, shop, document):
        return not shop.orders_since or document.placed_at.replace(tzinfo=None) >= shop.orders_since

    def _fail_unread(self, job, outcome, link, tally):
        """An order that is gone from the shop, or that cannot be understood."""
        if isinstance(outcome.error, NotFound):
            self._note_deleted(job, link)
            return
        job._fail(outcome.error)
        tally.failed["order"] += 1

    def _note_deleted(self, job, link):
        """Told once on the order, which stays; its goods are no longer kept for the shop.

        One that was gone before it was read is nobody's business.
        """
        if not link or link.state == "removed":
            job._forget()
            return
        link.state = "removed"
        order = self.env["sale.order"].browse(link.res_id).exists()
        if order:
            order.shop_holds_stock = False
            order.message_post(body=self.env._("This order was deleted in the web shop."))
        job._done(self.env._("Deleted in the shop"))

    # === NEW ORDERS ===

    def _store_new(self, shop, documents, mappings, by_id, tally):
        """All in one go, which is quickest; if that fails, one by one to find the culprit."""
        if not documents:
            return
        try:
            with self.env.cr.savepoint():
                self._create_orders(shop, documents, mappings)
        except psycopg2.OperationalError:
            raise
        except Exception:  # the culprit raises it again, alone, and it is told on its exchange
            self._store_each(shop, documents, mappings, by_id, tally)
            return
        for document in documents:
            by_id[document.external_id]._done(self.env._("Order %s", document.reference))
            tally.received["order"] += 1

    def _store_each(self, shop, documents, mappings, by_id, tally):
        for document in documents:
            job = by_id[document.external_id]
            try:
                with self.env.cr.savepoint():
                    self._create_orders(shop, [document], mappings)
            except psycopg2.OperationalError:
                # another transaction was quicker: all of them are repeated
                raise
            except Exception as error:  # a bad order, or a fault of ours, stops no good one
                job._fail(in_words(self.env, error, f"order {document.external_id}"))
                job.goods = self._sold_goods(document)
                tally.failed["order"] += 1
            else:
                job._done(self.env._("Order %s", document.reference))
                tally.received["order"] += 1

    def _sold_goods(self, document):
        """``{"product/variant": units}`` that the shop took off its stock for an order."""
        goods = {}
        for line in document.lines if document.holds_stock else ():
            key = f"{line.product or ''}/{line.variant or ''}"
            goods[key] = str(Decimal(goods.get(key, 0)) + line.quantity)
        return goods

    def _create_orders(self, shop, documents, mappings):
        """Sales orders, links, rounding, and the step that the shop's rule wants."""
        partners = self.env["shop.sync.partner"]._resolve(shop, documents, mappings)
        lines = self.env["shop.sync.order.lines"]
        products = lines._find_products(shop, documents)
        vals_list, problems = [], []
        for document in documents:
            found = []
            commands = lines._prepare_lines(document, products, mappings, found)
            self._check_state_known(document, mappings, found)
            values = self._prepare_order_values(shop, document, partners, mappings, found)
            vals_list.append(values | {"order_line": commands})
            problems.append(found)
        orders = self.env["sale.order"].create(vals_list)
        self._link_orders(shop, orders, documents)
        for order, document, found in zip(orders, documents, problems, strict=True):
            self._check_total(order, document, mappings, found)
            self._hold(shop, order, found)
        self._apply_rule(orders, documents, mappings)
        self._follow_extras(shop, orders, documents)
        self.env["shop.sync.notice"]._tell_new(shop, orders, documents, mappings)

    def _follow_extras(self, shop, orders, documents):
        """What comes with an order besides its lines: money, messages, the cart it was."""
        self.env["shop.sync.order.conflict"]._remember(orders)
        pairs = list(zip(orders, documents, strict=True))
        self.env["shop.sync.payment"]._follow(shop, pairs)
        self.env["shop.sync.note"]._tell(pairs)
        self.env["shop.sync.message"]._follow(shop, pairs, is_new=True)
        self.env["shop.sync.cart"]._follow_orders(shop, pairs)

    def _check_state_known(self, document, mappings, problems):
        """A status that a module of the shop brought later has no meaning here yet."""
        if not mappings.row("order_state", document.state):
            problems.append(
                self.env._(
                    "The shop's status %s is new. Press “Read the Shop's Settings Again” on the "
                    "shop and choose what it means.",
                    document.state,
                )
            )

    def _prepare_order_values(self, shop, document, partners, mappings, problems):
        customer, invoice, delivery = partners[document.external_id]
        pricelist = self._find_pricelist(document, mappings, problems)
        self.env["shop.sync.partner"]._check_invoice(document, customer, invoice, problems)
        carrier = mappings.record("carrier", document.carrier)
        values = {
            "partner_id": customer.id,
            "partner_invoice_id": invoice.id,
            "partner_shipping_id": delivery.id,
            "company_id": shop.company_id.id,
            "warehouse_id": shop.warehouse_ids[:1].id,
            "pricelist_id": (pricelist or shop.pricelist_id).id,
            "fiscal_position_id": False,
            "date_order": document.placed_at.replace(tzinfo=None),
            "client_order_ref": document.reference,
            "origin": shop.name,
            "channel_id": shop.channel_id.id,
            "carrier_id": carrier.id if carrier else False,
            "customer_note": self.env["shop.sync.note"]._text(document),
            "shop_id": shop.id,
            "shop_state": document.state,
            "shop_payment": document.payment_name,
            "shop_total": float(document.total_gross),
            "shop_currency": self._currency_code(document, mappings),
            "shop_holds_stock": document.holds_stock,
        }
        values["user_id"] = (customer.user_id or shop.user_id).id
        if shop.team_id:
            values["team_id"] = shop.team_id.id
        return {key: value for key, value in values.items() if key != "warehouse_id" or value}

    def _link_orders(self, shop, orders, documents):
        note = self.env["shop.sync.note"]
        self.env["shop.binding"].create(
            [
                {
                    "shop_id": shop.id,
                    "kind": "order",
                    "external_id": document.external_id,
                    "res_model": "sale.order",
                    "res_id": order.id,
                    "stamp": f"{document.stamp} {document.state}",
                    "sent": {"content": content_print(document), "note": note._print(document)},
                }
                for order, document in zip(orders, documents, strict=True)
            ]
        )

    # === MONEY ===

    def _find_pricelist(self, document, mappings, problems):
        """The price list of the order's currency, or nothing and a sentence."""
        pricelist = mappings.record("currency", document.currency)
        if not pricelist:
            problems.append(
                self.env._(
                    "There is no price list in %s for this order. Make one and map it on the shop, "
                    "page Mappings, Currencies.",
                    self._currency_code(document, mappings) or document.currency,
                )
            )
        return pricelist

    def _currency_code(self, document, mappings):
        row = mappings.row("currency", document.currency)
        return row.iso_code if row else False

    def _check_total(self, order, document, mappings, problems):
        """The order's total is the shop's; rounding becomes a line, anything more is told."""
        currency = order.currency_id
        sold_in = self._currency_code(document, mappings)
        if sold_in and sold_in != currency.name:
            # without a price list that was told already
            if mappings.record("currency", document.currency):
                problems.append(
                    self.env._(
                        "The shop sold this in %(theirs)s, the order here is in %(ours)s. Cancel "
                        "it here and sell it again in the right currency.",
                        theirs=sold_in,
                        ours=currency.name,
                    )
                )
            return
        difference = document.total_gross - Decimal(str(currency.round(order.amount_total)))
        if not difference:
            return
        count = len(document.lines) + len(document.charges)
        if abs(difference) <= Decimal(str(currency.rounding)) * count:
            product = self.env.ref("shop_connector.product_rounding")
            self.env["sale.order.line"].create(
                {
                    "order_id": order.id,
                    "product_id": product.id,
                    "name": self.env._("Rounding of the web shop"),
                    "product_uom_qty": 1.0,
                    "price_unit": float(difference),
                    "tax_ids": False,
                }
            )
            return
        problems.append(
            self.env._(
                "The shop's total is %(theirs)s, the lines here come to %(ours)s. Correct the "
                "lines or the taxes before you confirm.",
                theirs=currency.format(float(document.total_gross)),
                ours=currency.format(order.amount_total),
            )
        )

    def _hold(self, shop, order, problems):
        """These are all the open questions of an order; with any it stays a quotation.

        The responsible is asked once.
        """
        reason = BETWEEN.join(dict.fromkeys(problems)) or False
        if reason == order.shop_hold_reason:
            return
        order.shop_hold_reason = reason
        if not reason:
            order._close_hold_tasks()
        else:
            order.activity_schedule(
                "shop_connector.mail_activity_decision",
                summary=order._get_hold_summary(),
                note=reason,
                user_id=(shop.user_id or self.env.user).id,
            )

    # === RULE ===

    def _apply_rule(self, orders, documents, mappings):
        """Confirm what may be confirmed, cancel what the shop cancelled before we saw it."""
        confirm = self.env["sale.order"]
        for order, document in zip(orders, documents, strict=True):
            if self._meaning(document, mappings) == "cancelled":
                order._cancel_as_in_shop()
            elif self._may_confirm(order, document, mappings):
                confirm |= order
        if confirm:
            confirm.action_confirm()

    def _meaning(self, document, mappings):
        return mappings.record("order_state", document.state)

    def _may_confirm(self, order, document, mappings):
        """Whether the shop's rule, or the payment method's own one, lets this order through."""
        meaning = self._meaning(document, mappings)
        if order.shop_hold_reason or not meaning or meaning in CLOSED:
            return False
        payment = mappings.row("payment", document.payment_method)
        rule = payment.confirm_rule if payment else "shop"
        if rule == "shop":
            rule = order.shop_id.confirm_rule
        return rule == "always" or (rule == "paid" and meaning in PAID)


def content_print(document):
    """A fingerprint of what the sales order is made of, without statuses and dates."""
    return fingerprint(
        (
            document.lines,
            document.charges,
            document.billing,
            document.shipping,
            document.total_gross,
            document.currency,
            document.carrier,
        )
    )
