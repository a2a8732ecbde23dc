from datetime import timedelta

from odoo import models

#: how far the clocks of a shop and of Odoo may differ
CLOCK_DIFFERENCE = timedelta(minutes=5)


class ShopSyncPayment(models.AbstractModel):
    """Payments and refunds of web orders become rows, each once, and are booked when due."""

    _name = "shop.sync.payment"
    _description = "Money of Web Orders"

    def _follow(self, shop, pairs):
        """Note the money of these ``(sales order, document)`` pairs; the orders with news."""
        found = {}
        for order, document in pairs:
            # an order made here is paid here; a shop notes the payment it was placed with
            if shop.payment_rule != "none" and not order.is_shop_placed:
                for payment in document.payments:
                    if payment.external_id and payment.amount:
                        values = self._payment_values(shop, order, document, payment)
                        found["payment", payment.external_id, order.id] = values
            for refund in document.refunds:
                if refund.gross:
                    values = self._refund_values(shop, order, document, refund)
                    found["refund", refund.external_id, order.id] = values
        if not found:
            return self.env["sale.order"]
        Payment = self.env["shop.payment"]
        known = {
            (row.kind, row.external_id, row.order_id.id): row
            for row in Payment.search(
                [("shop_id", "=", shop.id), ("order_id", "in", [key[2] for key in found])]
            )
        }
        changed = self._tell_changes(known, found)
        new = Payment.create(
            [values | {"shop_id": shop.id} for key, values in found.items() if key not in known]
        )
        # one status makes the shop note one payment: the next one is money
        new.filtered("is_noted").order_id.shop_noted_at = False
        # an invoice posted at the very moment a row was made knew nothing of it
        waiting = Payment.union(*known.values()).filtered(lambda row: row.state == "waiting")
        (new | waiting)._book()
        refunds = (new | waiting).filtered(lambda row: row.kind == "refund")
        self.env["shop.sync.refund"]._settle(refunds)
        return changed | new.order_id

    def _currency(self, shop, order, document):
        """The currency of the money; an order in one without a price list stands in another."""
        rows = shop.currency_mapping_ids.filtered(
            lambda row: row.external_code == document.currency
        )
        code = rows[:1].iso_code
        if not code or code == order.currency_id.name:
            return order.currency_id
        currencies = self.env["res.currency"].with_context(active_test=False)
        return currencies.search([("name", "=", code)], limit=1) or order.currency_id

    def _payment_values(self, shop, order, document, payment):
        memo = [order.name, document.reference, payment.transaction]
        noted = {}
        if self._is_noted(order, payment):
            noted = {
                "is_noted": True,
                "state": "settled",
                "reason": self.env._(
                    "The shop noted this payment by itself when we set the order's status there: "
                    "it is not booked. If the customer has really paid it, press “Book Now”."
                ),
            }
        return noted | {
            "order_id": order.id,
            "kind": "payment",
            "external_id": payment.external_id,
            "method": payment.method,
            "name": payment.name or document.payment_name,
            "memo": " ".join(filter(None, memo)),
            "currency_id": self._currency(shop, order, document).id,
            "amount": float(payment.amount),
            "paid_at": payment.paid_at and payment.paid_at.replace(tzinfo=None),
        }

    def _is_noted(self, order, payment):
        """Whether the shop noted a payment because of a status of ours, without any money.

        It does so at that very moment, never later: what comes later is money.
        """
        if not order.shop_noted_at or payment.transaction or not payment.paid_at:
            return False
        paid_at = payment.paid_at.replace(tzinfo=None)
        return abs(paid_at - order.shop_noted_at) <= CLOCK_DIFFERENCE

    def _refund_values(self, shop, order, document, refund):
        sold = {line.external_id: line.quantity for line in document.lines}
        return {
            "order_id": order.id,
            "kind": "refund",
            "external_id": refund.external_id,
            "memo": " ".join([order.name, document.reference]),
            "currency_id": self._currency(shop, order, document).id,
            "amount": float(refund.gross),
            "shipping_amount": float(refund.shipping_gross),
            "paid_at": refund.refunded_at and refund.refunded_at.replace(tzinfo=None),
            "lines": {
                key: [float(quantity), float(sold.get(key, 0))]
                for key, quantity in refund.quantities.items()
                if quantity
            },
        }

    def _tell_changes(self, known, found):
        """An amount that the shop corrected: taken while nothing is booked, else a decision."""
        changed = self.env["sale.order"]
        for key, row in known.items():
            values = found.get(key)
            if not values or not row.currency_id.compare_amounts(row.amount, values["amount"]):
                continue
            changed |= row.order_id
            before = row._amount_text()
            row.amount = values["amount"]
            if row.is_noted:
                continue
            if row.payment_id or row.move_id or row.state == "settled":
                row._ask(
                    self.env._(
                        "The shop corrected an amount from %(before)s to %(after)s after it was "
                        "booked here. Correct the booking.",
                        before=before,
                        after=row._amount_text(),
                    )
                )
        return changed
