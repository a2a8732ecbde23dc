from decimal import Decimal

from odoo import models
from odoo.tools import plaintext2html

from ..shopapi.documents import (
    Attribute,
    AttributeValue,
    Category,
    Manufacturer,
    Price,
    Product,
    Variant,
)
from ..shopapi.errors import DataError

#: pricelist rules are matched product by product within one call: small calls are much quicker
PRICE_CHUNK = 100
SIX_DIGITS = Decimal("0.000001")
POUND = Decimal("0.45359237")


class ShopSyncDocuments(models.AbstractModel):
    """Odoo's catalogue records as documents for a shop; set-based reads, no HTTP, no writes."""

    _name = "shop.sync.documents"
    _description = "Catalogue Documents for a Web Shop"

    # === PARTS ===

    def _texts(self, records, field, languages, convert=None):
        """``{record id: {the shop's language: text}}``; a missing text is an empty one."""
        texts = {record.id: {} for record in records}
        for code, lang in languages.items():
            for record in records.with_context(lang=lang):
                text = record[field] or ""
                texts[record.id][code] = str(convert(text) if convert and text else text)
        return texts

    def _categories(self, shop, categories, languages, external):
        """Category documents; ``external``: ``{category id: id in the shop}`` of the parents."""
        names = self._texts(categories, "shop_name", languages)
        return {
            category.id: Category(
                name={code: text or category.name for code, text in names[category.id].items()},
                parent=external.get(category.parent_id._shown_in(shop).id),
            )
            for category in categories
        }

    def _manufacturers(self, partners):
        return {partner.id: Manufacturer(name=partner.name or "") for partner in partners}

    def _attributes(self, attributes, languages):
        names = self._texts(attributes, "name", languages)
        return {attribute.id: Attribute(name=names[attribute.id]) for attribute in attributes}

    def _attribute_values(self, values, languages, external):
        names = self._texts(values, "name", languages)
        return {
            value.id: AttributeValue(
                attribute=external[value.attribute_id.id],
                name=names[value.id],
                color=value.html_color or None,
            )
            for value in values
        }

    # === PRODUCTS ===

    def _products(self, shop, templates, mappings, parts):
        """``{template id: Product or DataError}``.

        ``parts``: ids in the shop by kind, ``{"category": {id: external id}, ...}``.
        """
        languages = mappings.languages()
        texts = self._product_texts(templates, languages)
        # a slice of variants is read on its own: read all of them before
        templates.product_variant_ids.fetch(["barcode", "weight"])
        places = self.env["shop.sync.places"]._places(shop, templates, parts["category"])
        prices = self._prices(shop, templates)
        kilogram = self._kilogram_factor()
        documents = {}
        if shop.pricelist_id.currency_id != shop.currency_id:
            return {template.id: self._currency_error(shop) for template in templates}
        for template in templates:
            code, tax = self._tax(shop, template, mappings)
            if not code:
                documents[template.id] = self._tax_error(shop, template)
                continue
            if isinstance(place := places[template.id], DataError):
                documents[template.id] = place
                continue
            documents[template.id] = Product(
                **self._own_figures(template, kilogram),
                **{field: found[template.id] for field, found in texts.items()},
                price=self._price(prices[template.id], tax),
                tax=code,
                manufacturer=parts["manufacturer"].get(template.manufacturer_id.id),
                category=next(iter(place.categories), None),
                categories=place.categories,
                groups=place.groups,
                active=True,
                is_virtual=template.type == "service",
            )
        return documents

    def _own_figures(self, template, kilogram):
        """The fields of Product that depend on whether customers choose a variant."""
        many, first = template._is_sold_in_variants(), template.product_variant_ids[:1]
        return {
            "has_variants": many,
            "sku": (template.default_code or None) if not many else None,
            "barcode": (first.barcode or None) if not many else None,
            # variants are told by what they weigh more than the first
            "weight": self._weight((first if many else template).weight, kilogram),
        }

    def _product_texts(self, templates, languages):
        """``{field of Product: {template id: {the shop's language: text}}}``."""
        return {
            "name": self._texts(templates, "name", languages),
            "short_description": self._texts(
                templates, "description_sale", languages, plaintext2html
            ),
            "description": self._texts(templates, "shop_description", languages),
            "meta_title": self._texts(templates, "shop_meta_title", languages),
            "meta_description": self._texts(templates, "shop_meta_description", languages),
            "slug": self._texts(templates, "shop_slug", languages),
        }

    def _variants(self, shop, products, mappings, values, difference):
        """``{product id: Variant}`` of templates sold in variants.

        ``products``: ``{template: id in the shop}``; ``values``: ``{value id: id in the shop}``.
        """
        if not products:
            return {}
        templates = next(iter(products)).union(*products)
        # a price list is asked for all of them at once: each question costs it some queries
        prices = self._prices(shop, templates.product_variant_ids)
        bases = self._prices(shop, templates) if difference else {}
        kilogram = self._kilogram_factor()
        documents = {}
        for template, external in products.items():
            variants = template.product_variant_ids
            _code, tax = self._tax(shop, template, mappings)
            first = variants[:1].weight if difference else 0.0
            for variant in variants:
                amount = prices[variant.id] - bases.get(template.id, 0)
                documents[variant.id] = Variant(
                    product=external,
                    values=self._value_codes(variant, values),
                    sku=variant.default_code or None,
                    barcode=variant.barcode or None,
                    price=self._price(amount, tax),
                    weight=self._weight(variant.weight - first, kilogram),
                    is_default=variant == variants[:1],
                )
        return documents

    def _value_codes(self, variant, values):
        own = variant.product_template_attribute_value_ids.product_attribute_value_id
        return tuple(values[value.id] for value in own if value.id in values)

    # === FIGURES ===

    def _prices(self, shop, records):
        """``{id: price}`` of one unit from the shop's price list.

        Where the shop takes promotions with their dates, they are no part of the ordinary price.
        """
        ordinary = shop._sends_price_rules()
        return self._list_prices(shop.pricelist_id, records, 1.0, shop_ordinary=ordinary)

    def _list_prices(self, pricelist, records, quantity, **options):
        """``{id: price}`` of one unit for so many, in small calls."""
        prices = {}
        for start in range(0, len(records), PRICE_CHUNK):
            chunk = records[start : start + PRICE_CHUNK]
            prices |= pricelist._get_products_price(chunk, quantity, **options)
        return {key: Decimal(repr(price)) for key, price in prices.items()}

    def _price(self, amount, tax):
        factor = 1 + Decimal(str(tax.amount)) / 100
        if tax.price_include:
            return Price(
                net=(amount / factor).quantize(SIX_DIGITS), gross=amount.quantize(SIX_DIGITS)
            )
        return Price(net=amount.quantize(SIX_DIGITS), gross=(amount * factor).quantize(SIX_DIGITS))

    def _tax(self, shop, template, mappings):
        taxes = template.taxes_id.filtered(lambda tax: tax.company_id == shop.company_id)
        return mappings.product_tax(taxes)

    def _currency_error(self, shop):
        return DataError(
            self.env._(
                "%(shop)s sells in %(currency)s and has no price list in that currency. Choose one "
                "on the shop.",
                shop=shop.name,
                currency=shop.currency_id.name,
            )
        )

    def _tax_error(self, shop, template):
        taxes = template.taxes_id.filtered(lambda tax: tax.company_id == shop.company_id)
        if taxes:
            return DataError(
                self.env._(
                    "The tax %(tax)s has no counterpart in %(shop)s. Map it on the shop, page "
                    "Mappings, Taxes.",
                    tax=", ".join(taxes.mapped("name")),
                    shop=shop.name,
                )
            )
        return DataError(
            self.env._("The product has no sales tax. Enter one that is mapped on %s.", shop.name)
        )

    def _kilogram_factor(self):
        unit = self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter()
        return POUND if unit == self.env.ref("uom.product_uom_lb") else Decimal(1)

    def _weight(self, weight, factor):
        return (Decimal(repr(weight)) * factor).quantize(SIX_DIGITS)
