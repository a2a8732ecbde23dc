from collections import defaultdict
from dataclasses import replace
from datetime import UTC
from decimal import Decimal

from odoo import fields, models
from odoo.fields import Domain

from ..shopapi.documents import PriceRules
from ..shopapi.pricing import Grid, Span, begun, rules, spans, variant_rules

ONE = Decimal(1)


class ShopSyncPriceDocuments(models.AbstractModel):
    """What price lists say beside the ordinary price, as rules for a shop; reads only.

    Odoo's own price engine is asked for every list, quantity and span of time in which a price can
    differ, for all products at once that need the same questions.
    """

    _name = "shop.sync.price.documents"
    _description = "Price Rules for a Web Shop"

    def _price_rules(self, shop, templates, external, mappings, codes=None):
        """``{template id: PriceRules}``; ``external``: ``{template id: id in the shop}``.

        ``codes``: ``{product id: id of the variant in the shop}``; None = what is linked.
        """
        lists = self._lists(shop)
        now = fields.Datetime.now()
        found = {template.id: PriceRules(product=external[template.id]) for template in templates}
        questions = self._questions(lists, templates, now, shop._has_price_rules())
        for (quantities, periods), group in questions.items():
            if len(lists) == 1 and len(quantities) == 1 and not periods:
                continue  # the ordinary price is all there is
            times = spans(_aware(periods), _utc(now))
            # each span with the moment at which Odoo is asked, in Odoo's own notation
            moments = {span: span.moment(_utc(now)).replace(tzinfo=None) for span in times}
            axes = (quantities, moments)
            for template_id, made in self._rules_of(
                shop, lists, group, axes, mappings, codes
            ).items():
                if not shop._has_price_rules():
                    made = begun(made, _utc(now))
                found[template_id] = replace(found[template_id], rules=made)
        return found

    def _lists(self, shop):
        """The price lists that count; a group on the shop's own list pays what everybody pays."""
        lists = shop._price_lists()
        own = lists[None]
        return {code: each for code, each in lists.items() if code is None or each != own}

    # === WHAT HAS TO BE ASKED ===

    def _questions(self, lists, templates, now, by_quantity=True):
        """``{(quantities, periods): templates}``: in what the prices of products can differ."""
        items = self._special_items(lists, templates, now)
        questions = defaultdict(templates.browse)
        for template in templates:
            own = items.filtered(lambda item, template=template: _is_for(item, template))
            least = own.mapped("min_quantity") if by_quantity else ()
            quantities = {Decimal(repr(quantity)) for quantity in least if quantity > 1}
            periods = frozenset(
                (item.date_start, item.date_end) for item in own if item.date_start or item.date_end
            )
            questions[(ONE, *sorted(quantities)), periods] |= template
        return questions

    def _special_items(self, lists, templates, now):
        """The rules of the lists that hold from some quantity, or for some time."""
        sources = self.env["product.pricelist"].union(*lists.values())._with_bases()
        special = (
            Domain("min_quantity", ">", 1)
            | Domain("date_start", ">", now)
            | Domain("date_end", "!=", False)
        )
        return self.env["product.pricelist.item"].search(
            Domain("pricelist_id", "in", sources.ids)
            & special
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", now))
            & (
                Domain("product_tmpl_id", "=", False)
                | Domain("product_tmpl_id", "in", templates.ids)
            )
        )

    # === ANSWERS ===

    def _rules_of(self, shop, lists, templates, axes, mappings, codes):
        """``{template id: rules}`` of products that need the same questions."""
        single = templates.filtered(lambda template: not template._is_sold_in_variants())
        many = templates - single
        taxes = {
            template.id: self.env["shop.sync.documents"]._tax(shop, template, mappings)[1]
            for template in templates
        }
        grids = self._grids(lists, single, axes, {each.id: taxes[each.id] for each in single})
        found = {template_id: rules(grid) for template_id, grid in grids.items()}
        variants = many.product_variant_ids
        by_variant = {each.id: taxes[each.product_tmpl_id.id] for each in variants}
        grids = self._grids(lists, variants, axes, by_variant)
        own = self.env["shop.sync.documents"]._prices(shop, many)
        if codes is None:
            links = self.env["shop.binding"]._by_record(shop, "variant", variants.ids)
            codes = {key: link.external_id.partition("/")[2] for key, link in links.items()}
        for template in many:
            document_price = self._price(own[template.id], taxes[template.id])
            known = [each for each in template.product_variant_ids if codes.get(each.id)]
            by_code = {codes[each.id]: grids[each.id] for each in known}
            found[template.id] = variant_rules(
                by_code, document_price, in_percent=shop._has_price_rules()
            )
        return found

    def _grids(self, lists, records, axes, taxes):
        """``{record id: Grid}`` of templates or variants; ``taxes``: ``{record id: tax}``."""
        quantities, moments = axes
        times = list(moments)
        ordinary = self._ask(lists[None], records, ONE, taxes, shop_ordinary=True)
        usual, prices = {}, {}
        for code, pricelist in lists.items():
            for quantity in quantities:
                usual[code, quantity] = (
                    ordinary
                    if code is None and quantity == ONE
                    else self._ask(pricelist, records, quantity, taxes, shop_ordinary=True)
                )
                for span in times:
                    prices[code, quantity, span] = (
                        usual[code, quantity]
                        if times == [Span()]
                        else self._ask(pricelist, records, quantity, taxes, date=moments[span])
                    )
        return {
            record.id: Grid(
                ordinary=ordinary[record.id],
                audiences=list(lists),
                quantities=quantities,
                spans=times,
                prices={key: each[record.id] for key, each in prices.items()},
                usual={key: each[record.id] for key, each in usual.items()},
            )
            for record in records
        }

    def _ask(self, pricelist, records, quantity, taxes, **options):
        """``{record id: Price}`` of one unit for so many."""
        amounts = self.env["shop.sync.documents"]._list_prices(
            pricelist, records, float(quantity), **options
        )
        return {key: self._price(amount, taxes[key]) for key, amount in amounts.items()}

    def _price(self, amount, tax):
        return self.env["shop.sync.documents"]._price(amount, tax)


def _is_for(item, template):
    """Whether a price rule is about a product, or one of its variants."""
    if item.applied_on == "2_product_category":
        return (template.categ_id.parent_path or "").startswith(item.categ_id.parent_path or "-")
    own = item.product_tmpl_id or item.product_id.product_tmpl_id
    return not own or own == template


def _utc(moment):
    return moment.replace(tzinfo=UTC) if moment else None


def _aware(periods):
    return [(_utc(start), _utc(end)) for start, end in periods]
