from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .plain_number import plain_number


class ShopSyncRefund(models.AbstractModel):
    """Refunds of a shop become drafts of credit notes, by Odoo's own reversal of the invoice."""

    _name = "shop.sync.refund"
    _description = "Refunds of Web Orders"

    def _settle(self, refunds):
        """Make the draft of each refund, or tell a person why there is none."""
        for refund in refunds:
            if not refund.move_id:
                self._settle_one(refund)

    def _settle_one(self, refund):
        invoices = self.env["shop.payment"]._posted_invoices(refund.order_id)
        problem = self._problem(refund, invoices)
        if problem:
            refund._ask(problem, self.env._("The web shop refunded money"))
            return
        if not invoices:
            self._wait(refund)
            return
        is_reduced = self._is_reduced(refund)
        if is_reduced and not (refund.shipping_amount and self._has_shipping(invoices)):
            refund.write({"state": "settled", "reason": False})
            return
        # goods that were never invoiced, with shipping that was: no invoice has both
        fits = [] if is_reduced else [each for each in invoices if self._covers(each, refund)]
        invoice = fits[0] if fits else None
        if not invoice:
            refund._ask(
                self.env._(
                    "The shop refunded %s for goods that stand on no single invoice. Make the "
                    "credit note by hand.",
                    refund._amount_text(),
                ),
                self.env._("The web shop refunded money"),
            )
            return
        self._credit(refund, invoice)

    def _problem(self, refund, invoices):
        if not refund.lines and not refund.shipping_amount:
            return self.env._(
                "The shop refunded %s without telling for which goods. Make the credit note by "
                "hand.",
                refund._amount_text(),
            )
        unknown = set(refund.lines) - set(refund.order_id.order_line.mapped("shop_line_ref"))
        if unknown:
            return self.env._(
                "The shop refunded %s for a line that is not on this order. Make the credit note "
                "by hand.",
                refund._amount_text(),
            )
        return None

    def _wait(self, refund):
        """Nothing is invoiced: the order can still be changed; else the credit note follows."""
        text = self.env._(
            "The shop refunded %(amount)s (%(goods)s) before this order was invoiced here. Take "
            "what will not be sent off the order; otherwise the credit note is made when the "
            "invoice is posted.",
            amount=refund._amount_text(),
            goods=self._goods_text(refund),
        )
        if refund.reason == text:
            return
        refund.reason = text
        refund.order_id.message_post(body=text)
        refund.order_id.activity_schedule(
            "shop_connector.mail_activity_decision",
            summary=self.env._("The web shop refunded money"),
            note=text,
            user_id=(refund.shop_id.user_id or self.env.user).id,
        )

    def _goods_text(self, refund):
        lines = refund.order_id.order_line.filtered("shop_line_ref").grouped("shop_line_ref")
        parts = [
            f"{plain_number(self.env, quantity)} x {lines[ref][:1].product_id.display_name}"
            for ref, (quantity, _sold) in refund.lines.items()
        ]
        if refund.shipping_amount:
            parts.append(self.env._("shipping"))
        return ", ".join(parts)

    def _is_reduced(self, refund):
        """Whether the refunded goods were taken off the order before it was invoiced.

        What earlier refunds were settled with is not counted a second time.
        """
        order = refund.order_id
        lines = order.order_line.filtered("shop_line_ref").grouped("shop_line_ref")
        earlier = order.shop_payment_ids.filtered(
            lambda row: row.kind == "refund" and row.state == "settled" and row != refund
        )
        taken = dict.fromkeys(refund.lines, 0.0)
        for row in earlier:
            for ref, (quantity, _sold) in (row.lines or {}).items():
                taken[ref] = taken.get(ref, 0.0) + quantity
        return bool(refund.lines) and all(
            float_compare(
                sum(lines[ref].mapped("product_uom_qty")),
                sold - quantity - taken[ref],
                precision_digits=3,
            )
            <= 0
            for ref, (quantity, sold) in refund.lines.items()
        )

    def _has_shipping(self, invoices):
        lines = invoices.invoice_line_ids
        return bool(lines.filtered(lambda each: each.sale_line_ids.filtered("is_delivery")))

    def _covers(self, invoice, refund):
        if invoice.currency_id != refund.currency_id:
            return False
        billed = {}
        for line in invoice.invoice_line_ids:
            for ref in line.sale_line_ids.filtered("shop_line_ref").mapped("shop_line_ref"):
                billed[ref] = billed.get(ref, 0.0) + line.quantity
        return all(
            float_compare(billed.get(ref, 0.0), quantity, precision_digits=3) >= 0
            for ref, (quantity, _sold) in refund.lines.items()
        )

    # === CREDIT NOTE ===

    def _credit(self, refund, invoice):
        try:
            with self.env.cr.savepoint():
                note = self._reverse(refund, invoice)
                is_exact = self._fit(refund, note)
        except UserError as error:
            refund._ask(
                self.env._(
                    "The credit note of %(amount)s could not be made: %(error)s",
                    amount=refund._amount_text(),
                    error=error,
                ),
                self.env._("The web shop refunded money"),
            )
            return
        refund.write({"move_id": note.id, "state": "done", "reason": False})
        text = self.env._(
            "The shop refunded %(amount)s (%(goods)s). A credit note has been drafted: check and "
            "post it.",
            amount=refund._amount_text(),
            goods=self._goods_text(refund),
        )
        refund.order_id.message_post(body=text)
        if not is_exact:
            text = self.env._(
                "The shop refunded another amount than these goods cost; the difference is a line "
                "of its own. %s",
                text,
            )
        note.activity_schedule(
            "shop_connector.mail_activity_decision",
            summary=self.env._("Credit note to check"),
            note=text,
            user_id=(refund.shop_id.user_id or self.env.user).id,
        )

    def _reverse(self, refund, invoice):
        """Odoo's own reversal of the whole invoice, as a draft."""
        today = fields.Date.context_today(self)
        date = min(refund.paid_at.date(), today) if refund.paid_at else today
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "reason": refund.memo,
                    "date": max(date, invoice.date),
                    "journal_id": invoice.journal_id.id,
                }
            )
        )
        wizard.reverse_moves()
        return wizard.new_move_ids

    def _fit(self, refund, note):
        """Leave on the draft what was refunded, to the cent; False when a difference remained."""
        currency = note.currency_id
        if not currency.compare_amounts(note.amount_total, refund.amount):
            return True
        lines = note.invoice_line_ids
        left = {ref: quantity for ref, (quantity, _sold) in refund.lines.items()}
        drop = lines.browse()
        for line in lines.filtered(lambda each: each.display_type == "product"):
            sold = line.sale_line_ids
            ref = sold[:1].shop_line_ref
            if left.get(ref):
                line.quantity = min(line.quantity, left[ref])
                left[ref] -= line.quantity
            elif not (refund.shipping_amount and sold.filtered("is_delivery")):
                drop |= line
        drop.unlink()
        lines = lines.exists().filtered(lambda each: each.display_type == "product")
        difference = currency.round(refund.amount - note.amount_total)
        is_exact = abs(difference) <= currency.rounding * (len(lines) + 1)
        if not currency.is_zero(difference) and not is_exact:
            self._add_difference(note, lines, difference)
            difference = currency.round(refund.amount - note.amount_total)
        if not currency.is_zero(difference):
            self._add_rounding(note, difference)
        return is_exact

    def _add_difference(self, note, lines, difference):
        """The merchant gave back more or less than the price: with the tax of the goods."""
        tax = lines.tax_ids[:1]
        share = 1.0 if not tax or tax.price_include else 1 + tax.amount / 100
        note.write(
            {
                "invoice_line_ids": [
                    fields.Command.create(
                        {
                            "name": self.env._("Difference to the refund in the web shop"),
                            "product_id": self.env.ref("shop_connector.product_discount").id,
                            "quantity": 1.0,
                            "price_unit": difference / share,
                            "tax_ids": [fields.Command.set(tax.ids)],
                        }
                    )
                ]
            }
        )

    def _add_rounding(self, note, difference):
        note.write(
            {
                "invoice_line_ids": [
                    fields.Command.create(
                        {
                            "name": self.env._("Rounding of the web shop"),
                            "product_id": self.env.ref("shop_connector.product_rounding").id,
                            "quantity": 1.0,
                            "price_unit": difference,
                            "tax_ids": [fields.Command.clear()],
                        }
                    )
                ]
            }
        )
