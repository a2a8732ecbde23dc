from decimal import Decimal

from odoo import models
from odoo.fields import Command

from ..shopapi.money import spread_discount

#: kind of charge -> product of its line
CHARGE_PRODUCTS = {
    "shipping": "shop_connector.product_shipping",
    "wrapping": "shop_connector.product_wrapping",
    "discount": "shop_connector.product_discount",
    "fee": "shop_connector.product_fee",
}


class ShopSyncOrderLines(models.AbstractModel):
    """The lines of a sales order from a web order: every amount of the shop ends in a line."""

    _name = "shop.sync.order.lines"
    _description = "Lines of a Web Order"

    def _find_products(self, shop, orders):
        """``{line's key: product}``: by shop link, else by SKU if it is unique here."""
        lines = [line for order in orders for line in order.lines]
        links = self.env["shop.binding"]._by_external(
            shop, "variant", {variant_key(line) for line in lines if line.product}
        )
        products = (
            self.env["product.product"].browse(link.res_id for link in links.values()).exists()
        )
        by_id = {product.id: product for product in products}
        found = {key: by_id[link.res_id] for key, link in links.items() if link.res_id in by_id}
        skus = {line.sku for line in lines if line.sku and variant_key(line) not in found}
        by_sku = self._find_by_sku(shop, skus)
        for line in lines:
            product = by_sku.get(line.sku)
            if product:
                found.setdefault(variant_key(line), product)
        return found

    def _find_by_sku(self, shop, skus):
        if not skus:
            return {}
        products = self.env["product.product"].search(
            [("default_code", "in", list(skus)), ("company_id", "in", [False, shop.company_id.id])]
        )
        return {
            sku: same for sku, same in products.grouped("default_code").items() if len(same) == 1
        }

    def _prepare_lines(self, order, products, mappings, problems):
        """The commands for ``order_line``; ``problems`` gets what a person has to look at."""
        values = [self._prepare_line(line, products, mappings, problems) for line in order.lines]
        for charge in order.charges:
            values += self._prepare_charge(order, charge, mappings, problems)
        return [Command.create(vals) for vals in values]

    def _prepare_line(self, line, products, mappings, problems):
        product = products.get(variant_key(line))
        texts = {}  # Odoo describes its products itself, in the customer's language
        if not product:
            product = self.env.ref("shop_connector.product_unknown")
            texts = {"name": line.name}
            problems.append(
                self.env._(
                    "The shop sold “%(name)s” (SKU %(sku)s), which is not linked to a product "
                    "here. Choose the product on its line.",
                    name=line.name,
                    sku=line.sku or "–",
                )
            )
        tax = self._tax(line.tax, line.tax_rate, mappings, problems)
        return {
            "product_id": product.id,
            **texts,
            "product_uom_qty": float(line.quantity),
            "product_uom_id": product.uom_id.id,
            "discount": 0.0,
            "shop_line_ref": line.external_id,
            **self._prepare_amount(tax, line.unit_net, line.unit_gross),
        }

    def _prepare_charge(self, order, charge, mappings, problems):
        """One line, or one a tax rate for a discount on goods of several rates."""
        if not charge.net and not charge.gross:
            return []
        if charge.tax_rate is not None:
            parts = {charge.tax_rate: (charge.net, charge.gross)}
        else:
            parts = spread_discount(charge.net, charge.gross, _gross_by_rate(order))
        product = self._charge_product(charge, mappings)
        # a name of the shop's own ("Five euro off") is told, a repeated one is not
        told = charge.kind != "wrapping" and charge.name != product.name
        texts = {"name": charge.name} if told else {}
        return [
            {
                "product_id": product.id,
                **texts,
                "product_uom_qty": 1.0,
                "product_uom_id": product.uom_id.id,
                "discount": 0.0,
                "is_delivery": charge.kind == "shipping",
                **self._prepare_amount(self._tax(None, rate, mappings, problems), net, gross),
            }
            for rate, (net, gross) in parts.items()
        ]

    def _charge_product(self, charge, mappings):
        if charge.kind == "shipping" and charge.code:
            carrier = mappings.record("carrier", charge.code)
            if carrier and carrier.product_id:
                return carrier.product_id
        return self.env.ref(CHARGE_PRODUCTS[charge.kind])

    def _prepare_amount(self, tax, net, gross):
        """Unit price in the tax's own way: with tax where the tax is included in prices."""
        included = bool(tax) and tax.price_include
        return {
            "price_unit": float(gross if included else net),
            "tax_ids": [Command.set(tax.ids if tax else [])],
        }

    def _tax(self, code, rate, mappings, problems):
        tax = mappings.tax_for(code, rate)
        if tax is None:
            shown = f"{rate.normalize():f} %" if rate is not None else code or "?"
            problem = self.env._(
                "The shop charged a tax of %s that has no counterpart here. Map it on the shop, "
                "page Mappings, Taxes, and correct the line.",
                shown,
            )
            if problem not in problems:
                problems.append(problem)
        return tax


def variant_key(line):
    if not line.product:
        return f"sku {line.sku or line.external_id}"
    return f"{line.product or ''}/{line.variant or ''}"


def _gross_by_rate(order):
    """Gross of the goods by tax rate, the measure for spreading a discount."""
    sums = {}
    for line in order.lines:
        rate = line.tax_rate if line.tax_rate is not None else Decimal(0)
        sums[rate] = sums.get(rate, Decimal(0)) + line.total_gross
    return sums
