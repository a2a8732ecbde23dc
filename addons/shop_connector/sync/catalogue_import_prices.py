from decimal import Decimal

from odoo import models

from ..shopapi.documents import Price
from ..shopapi.registry import adapter_class
from .price_extras import split_prices


class ShopSyncImportPrices(models.AbstractModel):
    """Prices of a shop's products as list prices, surcharges of values and rules of a list here."""

    _name = "shop.sync.import.prices"
    _description = "Importing Prices of a Web Shop's Products"

    def _amount(self, shop, price, tax):
        """A price of the shop as the list price here: with tax or without, in our currency."""
        amount = price.gross if tax.price_include else price.net
        ours = shop.company_id.currency_id
        if shop.currency_id and shop.currency_id != ours:
            amount = Decimal(
                repr(
                    shop.currency_id._convert(
                        float(amount), ours, shop.company_id, shop.create_date, round=False
                    )
                )
            )
        return amount

    def _set(self, shop, held, template, values, pairs):
        """Surcharges of values; where these, or the price list, give another price, a fixed one.

        ``values``: ``{variant id in the shop: its values here}``, ``pairs``: ``{variant id:
        product}`` of all of them.
        """
        tax = template.taxes_id[:1]
        above = {
            each.external_id: (
                tuple(values[each.external_id].ids),
                self._amount(shop, self._extra(shop, held, each), tax),
            )
            for each in held.variants
        }
        extras, missed = split_prices(above)
        for option in template.attribute_line_ids.product_template_value_ids:
            option.price_extra = float(extras.get(option.product_attribute_value_id.id, 0))
        pricelist = shop.pricelist_id
        if not pricelist or pricelist.currency_id != shop.currency_id:
            return
        if not held.variants:
            self._fix_price(pricelist, template, self._own(held.product.price, tax))
            return
        for each in held.variants:
            wanted = self._own(held.product.price, tax) + self._own(
                self._extra(shop, held, each), tax
            )
            if each.external_id in missed or self._is_off(
                pricelist, pairs[each.external_id], wanted
            ):
                self._fix_price(pricelist, pairs[each.external_id], wanted)

    def _extra(self, shop, held, each):
        """What a variant costs more than its product, however the system tells it."""
        if adapter_class(shop.system).capabilities.variant_difference:
            return each.variant.price
        price, base = each.variant.price, held.product.price
        return Price(net=price.net - base.net, gross=price.gross - base.gross)

    def _own(self, price, tax):
        return price.gross if tax.price_include else price.net

    def _is_off(self, pricelist, record, wanted):
        price = pricelist._get_product_price(record, 1.0)
        return abs(Decimal(repr(price)) - wanted) > self._precision()

    def _precision(self):
        """Half of the last decimal of a price: what rounding it may change."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return Decimal(5).scaleb(-digits - 1)

    def _fix_price(self, pricelist, record, wanted):
        if not self._is_off(pricelist, record, wanted):
            return
        is_variant = record._name == "product.product"
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": pricelist.id,
                "applied_on": "0_product_variant" if is_variant else "1_product",
                "product_tmpl_id": record.product_tmpl_id.id if is_variant else record.id,
                "product_id": record.id if is_variant else False,
                "compute_price": "fixed",
                "fixed_price": float(wanted),
            }
        )
