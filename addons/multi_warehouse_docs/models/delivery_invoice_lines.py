"""The lines of an invoice made from delivery notes: prices, units, taxes, totals."""

from odoo.fields import Command
from odoo.tools import float_compare
from odoo.tools.misc import format_date


class DeliveryInvoiceLines:
    """Values of invoice lines, signed like an invoice; see ``DeliveryInvoices``."""

    env = None

    def _prepare_goods_line(self, draft, source, moves):
        quantity = sum(quantity for _move, quantity in moves)
        if source._name == "sale.order.line":
            line = source.with_context(lang=draft.partner.lang)
            values = line._prepare_invoice_line(
                **self._get_unit_values(source, quantity), is_downpayment=False
            )
        else:
            values = self._prepare_orderless_line(draft, source, quantity)
        values.pop("sequence", None)
        values["stock_move_link_ids"] = [
            Command.create({"move_id": move.id, "quantity": part}) for move, part in moves
        ]
        return values

    def _get_unit_values(self, order_line, quantity):
        """Return quantity, unit and price: in the unit of the order where that is exact."""
        own = order_line.product_id.uom_id
        ordered = order_line.product_uom_id
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        converted = own._compute_quantity(quantity, ordered, rounding_method="HALF-UP")
        back = ordered._compute_quantity(converted, own, round=False)
        if not float_compare(back, quantity, precision_digits=digits):
            return {"quantity": converted}
        return {
            "quantity": quantity,
            "product_uom_id": own.id,
            "price_unit": ordered._compute_price(order_line.price_unit, own),
        }

    def _prepare_orderless_line(self, draft, move, quantity):
        product = move.product_id.with_context(lang=draft.partner.lang)
        product = product.with_company(draft.company)
        values = {
            "display_type": "product",
            "name": product.get_product_multiline_description_sale(),
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": quantity,
        }
        links = move.origin_returned_move_id.sudo().invoice_link_ids
        invoiced = links.filtered(lambda link: link.side == "sale").invoice_line_id[:1]
        if invoiced and invoiced.currency_id == draft.currency:
            price = invoiced.product_uom_id._compute_price(invoiced.price_unit, product.uom_id)
            taxes = invoiced.tax_ids
            values["discount"] = invoiced.discount
        else:
            taxes = product.taxes_id._filter_taxes_by_company(draft.company)
            price = draft.partner.property_product_pricelist._get_product_price(
                product,
                quantity,
                currency=draft.currency,
                uom=product.uom_id,
                date=move.picking_id._get_document_date(),
            )
            price = product._get_tax_included_unit_price_from_price(
                price, taxes, fiscal_position=draft.fiscal_position
            )
            taxes = draft.fiscal_position.map_tax(taxes)
        return {**values, "price_unit": price, "tax_ids": [Command.set(taxes.ids)]}

    def _prepare_service_lines(self, orders, language):
        """Return what the orders hold besides goods and is not invoiced yet, under one heading."""
        values = []
        for order in orders:
            lines = order._get_invoiceable_lines(final=True).filtered(
                lambda line: (
                    not line.display_type
                    and not line.is_downpayment
                    and line.product_id.type != "combo"
                    and line.qty_delivered_method != "stock_move"
                )
            )
            if lines:
                values.append(self._prepare_order_section(order, language))
                values += [
                    self._prepare_order_line(line, language, quantity=line.qty_to_invoice)
                    for line in lines
                ]
        return values

    def _prepare_order_section(self, order, language):
        here = order.with_context(lang=language or order.env.lang)
        return {
            "display_type": "line_section",
            "name": here.env._(
                "Order %(number)s of %(date)s",
                number=order.document_number or order.name,
                date=format_date(here.env, order.date_order, lang_code=language),
            ),
        }

    def _prepare_order_line(self, line, language, **optional):
        values = line.with_context(lang=language)._prepare_invoice_line(**optional)
        values.pop("sequence", None)
        return values

    def _get_totals(self, draft, lines):
        """Return Odoo's totals of the lines, to the cent as the invoice will have them."""
        taxes = self.env["account.tax"].with_company(draft.company)
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                {},
                product_id=self.env["product.product"].browse(values["product_id"]),
                tax_ids=taxes.browse(values["tax_ids"][0][2]),
                quantity=values["quantity"],
                price_unit=values["price_unit"],
                discount=values.get("discount", 0.0),
                extra_tax_data=values.get("extra_tax_data"),
                currency_id=draft.currency,
                partner_id=draft.partner,
            )
            for values in lines
            if values["display_type"] == "product"
        ]
        taxes._add_tax_details_in_base_lines(base_lines, draft.company)
        taxes._round_base_lines_tax_details(base_lines, draft.company)
        return taxes._get_tax_totals_summary(base_lines, draft.currency, draft.company)
