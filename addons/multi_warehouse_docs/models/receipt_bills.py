"""Vendor bills made from goods receipts, with the vendor's own quantities and prices."""

from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare
from odoo.tools.misc import formatLang

from .delivery_invoices import lock_pickings


class ReceiptBill:
    """The bill (or refund) of the chosen lines of a ``receipt.billing`` wizard."""

    def __init__(self, wizard, lines):
        self.env = wizard.env
        self.wizard = wizard
        self.lines = lines

    @staticmethod
    def get_price(move, vendor, currency):
        """Return the agreed price for one product unit after discount, in the currency.

        None when the order is in another currency. Goods outside orders have the price of the
        vendor's price list, else their cost.
        """
        line = move.purchase_line_id
        product = move.product_id.with_company(move.company_id)
        if line:
            if line.currency_id != currency:
                return None
            price = line.price_unit * (1 - line.discount / 100)
            return line.product_uom_id._compute_price(price, product.uom_id)
        seller = product._select_seller(
            vendor, abs(move.quantity), move.date.date(), product.uom_id
        )
        price, priced_in = product.standard_price, move.company_id.currency_id
        if seller:
            price = seller.product_uom_id._compute_price(seller.price_discounted, product.uom_id)
            priced_in = seller.currency_id
        return priced_in._convert(price, currency, move.company_id, move.date.date(), round=False)

    def make(self):
        """Create the draft bill; note on it what differs from orders and receipts.

        Raises UserError if another bill took of these goods since they were compared.
        """
        self._check_still_open()
        total = sum(self.lines.mapped("amount"))
        is_refund = self.wizard.currency_id.compare_amounts(total, 0) < 0
        values = self._prepare_head(is_refund)
        commands = []
        for picking, lines in self.lines.grouped(lambda line: line.move_id.picking_id).items():
            commands.append(
                {
                    "display_type": "line_section",
                    "name": picking._get_invoice_section_name(self.wizard.partner_id.lang),
                    "delivery_note_id": picking.id,
                }
            )
            commands += [self._prepare_line(line, is_refund) for line in lines]
        values["invoice_line_ids"] = [
            Command.create({**line, "sequence": sequence})
            for sequence, line in enumerate(commands, 1)
        ]
        company = self.wizard.company_id
        bill = self.env["account.move"].with_company(company).create(values)
        self._note_differences(bill)
        return bill

    def _check_still_open(self):
        """Refuse to bill from a comparison that another bill has overtaken."""
        pickings = self.lines.move_id.picking_id
        lock_pickings(pickings)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        still = pickings._get_open_moves("purchase")
        for line in self.lines:
            open_now = still.get(line.move_id, 0.0)
            if float_compare(open_now, line.open_quantity, precision_digits=digits):
                raise UserError(
                    self.env._(
                        "Some of these receipts were billed or changed meanwhile. Open the "
                        "comparison again."
                    )
                )

    def _prepare_head(self, is_refund):
        wizard = self.wizard
        orders = self.lines.move_id.purchase_line_id.order_id
        values = orders[0].with_company(wizard.company_id)._prepare_invoice() if orders else {}
        values.update(
            {
                "move_type": "in_refund" if is_refund else "in_invoice",
                "company_id": wizard.company_id.id,
                "currency_id": wizard.currency_id.id,
                "ref": wizard.bill_number,
                "invoice_date": wizard.bill_date,
                "invoice_origin": ", ".join(orders.mapped("name")),
            }
        )
        values.setdefault("partner_id", wizard.partner_id.id)
        document_type = (
            wizard.document_type_id
            or self.lines.move_id.picking_id.document_type_id.invoice_type_id[:1]
        )
        if document_type:
            chosen = document_type._get_invoice_values()
            if orders.payment_term_id:
                chosen.pop("invoice_payment_term_id", None)  # agreed on the order
            values.update(chosen)
        return values

    def _prepare_line(self, line, is_refund):
        move = line.move_id
        ordered = move.purchase_line_id
        if ordered:
            values = ordered._prepare_account_move_line()
            values.pop("balance", None)  # of the whole order line
            values.pop("sequence", None)
        else:
            product = move.product_id.with_company(move.company_id)
            taxes = product.supplier_taxes_id._filter_taxes_by_company(move.company_id)
            position = self.env["account.fiscal.position"].with_company(move.company_id)
            position = position._get_fiscal_position(self.wizard.partner_id)
            values = {
                "display_type": "product",
                "name": product.display_name,
                "product_id": product.id,
                "tax_ids": [Command.set(position.map_tax(taxes).ids)],
            }
        sign = -1 if is_refund else 1
        values.update(self._get_amounts(line, ordered))
        values["quantity"] *= sign
        linked = self._get_linked_quantity(line)
        if linked:
            values["stock_move_link_ids"] = [
                Command.create({"move_id": move.id, "quantity": linked})
            ]
        return values

    def _get_amounts(self, line, ordered):
        """Return quantity, unit, price and discount: those of the order as far as they hold."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        unit = line.product_id.uom_id
        same_price = not float_compare(line.price_unit, line.order_price, precision_digits=6)
        if ordered and same_price:
            quantity = unit._compute_quantity(
                line.quantity, ordered.product_uom_id, rounding_method="HALF-UP"
            )
            back = ordered.product_uom_id._compute_quantity(quantity, unit, round=False)
            if not float_compare(back, line.quantity, precision_digits=digits):
                return {"quantity": quantity}
        return {
            "quantity": line.quantity,
            "product_uom_id": unit.id,
            "price_unit": line.price_unit,
            "discount": 0.0,
        }

    def _get_linked_quantity(self, line):
        """Return how much of the receipt the bill covers: no more than came, if billed more."""
        if line.quantity * line.open_quantity <= 0:
            return 0.0
        if line.quantity > 0:
            return min(line.quantity, line.open_quantity)
        return max(line.quantity, line.open_quantity)

    def _note_differences(self, bill):
        different = self.lines.filtered(
            lambda line: (
                float_compare(line.quantity_difference, 0, precision_digits=6)
                or float_compare(line.price_unit, line.order_price, precision_digits=6)
            )
        )
        if not different:
            return
        items = Markup("").join(
            Markup("<li>%s</li>")
            % self.env._(
                "%(receipt)s, %(product)s: %(open)s received and not billed at %(agreed)s, "
                "%(quantity)s billed at %(price)s",
                receipt=line.document_name,
                product=line.product_id.display_name,
                open=formatLang(self.env, line.open_quantity, dp="Product Unit"),
                agreed=formatLang(self.env, line.order_price, currency_obj=line.currency_id),
                quantity=formatLang(self.env, line.quantity, dp="Product Unit"),
                price=formatLang(self.env, line.price_unit, currency_obj=line.currency_id),
            )
            for line in different
        )
        bill.message_post(
            body=Markup("<p>%s</p><ul>%s</ul>")
            % (self.env._("The vendor's bill differs from orders and receipts:"), items)
        )
