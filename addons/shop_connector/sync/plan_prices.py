from odoo import models

from ..shopapi.documents import field_fingerprints
from .plan_context import SHOWN

#: products whose prices are asked for at a time
PAGE = 100
#: rules of one product that are told one by one
MOST_RULES = 8


class ShopSyncPlanPrices(models.AbstractModel):
    """The part of a dry run about prices for customer groups, for quantities, for a time."""

    _name = "shop.sync.plan.prices"
    _description = "Dry Run of Price Rules"

    def _lines(self, shop, context):
        """Lines of the products whose price rules would be written to the shop."""
        if not shop._sends_price_rules():
            return []
        if error := self.env["shop.sync.prices"]._currency_error(shop):
            return [_line("skip") | {"record_name": shop.name, "problem": str(error)}]
        lines = []
        templates = context.templates
        for start in range(0, len(templates), PAGE):
            lines += self._page(shop, templates[start : start + PAGE], context)
        return lines

    def _page(self, shop, templates, context):
        links = self.env["shop.binding"]._by_record(shop, "product", templates.ids)
        sent = self.env["shop.binding"]._by_record(shop, "price", templates.ids)
        external = {
            template.id: links[template.id].external_id if template.id in links else "new"
            for template in templates
        }
        documents = self.env["shop.sync.price.documents"]._price_rules(
            shop, templates, external, context.mappings, self._codes(templates, context)
        )
        names = {row.external_code: row.name for row in context.mappings.rows("customer_group")}
        lines = []
        for template in templates:
            document, link = documents[template.id], sent.get(template.id)
            if not document.rules and not link:
                continue
            if link and link.sent == field_fingerprints(document):
                continue
            lines.append(
                _line("update" if link else "create")
                | {
                    "res_model": template._name,
                    "res_id": template.id,
                    "record_name": template.display_name,
                    "external_id": links[template.id].external_id if link else False,
                    "field": self.env._("Prices of groups, quantities and promotions"),
                    "after": self._describe(document.rules, names, context),
                }
            )
        return lines

    def _codes(self, templates, context):
        """Ids of the variants in the shop; those it does not have yet go by ours."""
        codes = {product.id: f"new {product.id}" for product in templates.product_variant_ids}
        for external, product in context.variants.items():
            if product.id in codes:
                codes[product.id] = external.partition("/")[2]
        return codes

    def _describe(self, rules, names, context):
        """The rules in words, a few of them."""
        if not rules:
            return self.env._("none any more")
        told = [self._one(rule, names, context) for rule in rules[:MOST_RULES]]
        if len(rules) > MOST_RULES:
            told.append(self.env._("%(count)s more", count=len(rules) - MOST_RULES))
        return "; ".join(told)[:SHOWN]

    def _one(self, rule, names, context):
        parts = [names.get(rule.group, rule.group) if rule.group else self.env._("everybody")]
        if rule.min_quantity > 1:
            parts.append(
                self.env._("from %(count)s pieces", count=f"{rule.min_quantity.normalize():f}")
            )
        if rule.starts_at:
            parts.append(self.env._("from %(date)s", date=rule.starts_at.date()))
        if rule.ends_at:
            parts.append(self.env._("until %(date)s", date=rule.ends_at.date()))
        value = context.money(rule.price) if rule.price else f"-{rule.percent:f} %"
        return f"{', '.join(parts)}: {value}"


def _line(action):
    return {"direction": "out", "kind": "price", "action": action}
