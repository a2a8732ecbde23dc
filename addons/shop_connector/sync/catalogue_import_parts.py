import re
from dataclasses import replace

from odoo import models

from .catalogue_compare import same_prints
from .catalogue_match import default_language, folded, pick


class ShopSyncImportParts(models.AbstractModel):
    """Categories, manufacturers, attributes and values of a shop, found here by name or made."""

    _name = "shop.sync.import.parts"
    _description = "Importing What Products Are Made of"

    def _remember(self, shop, kind, record, external_id, ours, held):
        """Link a part, unless record or id are linked otherwise already."""
        Binding = self.env["shop.binding"]
        if Binding._by_record(shop, kind, record.ids):
            return
        row = (record.id, external_id, same_prints(ours, held) or None)
        Binding._remember(shop, kind, record._name, [row])

    def _linked(self, shop, kind, model, external_id):
        link = self.env["shop.binding"]._by_external(shop, kind, [external_id]).get(external_id)
        return self.env[model].browse(link.res_id).exists() if link else self.env[model]

    def _texts(self, records, field, texts, mappings):
        """Write a translated name in every mapped language that has one."""
        for code, lang in mappings.languages().items():
            if texts.get(code):
                records.with_context(lang=lang)[field] = texts[code].strip()

    # === CATEGORIES ===

    def _categories(self, shop, held, tree, mappings):
        """The categories here in which the product stands, the main one first."""
        by_id = {each.external_id: each for each in tree}
        found = self.env["product.category"]
        for external_id in held.product.categories:
            found |= self._category(shop, by_id, external_id, mappings)
        return found

    def _category(self, shop, by_id, external_id, mappings):
        """A category here, with its parents; empty when it is none of ours."""
        category = self.env["product.category"]
        lineage = []
        current = by_id.get(external_id)
        while current:
            lineage.insert(0, current)
            current = by_id.get(current.category.parent)
        for each in lineage:
            category = self._one_category(shop, each, category, mappings)
        return category

    def _one_category(self, shop, held, parent, mappings):
        found = self._linked(shop, "category", "product.category", held.external_id)
        if found:
            return found
        code, lang = default_language(shop)
        name = pick(held.category.name, code) or f"#{held.external_id}"
        Category = self.env["product.category"].with_context(lang=lang)
        brothers = Category.search([("parent_id", "=", parent.id)])
        same = brothers.filtered(
            lambda each: folded(name) in (folded(each.shop_name), folded(each.name))
        )[:1]
        if not same:
            same = Category.create({"name": name, "parent_id": parent.id, "shop_name": name})
            self._texts(same, "shop_name", held.category.name, mappings)
        external = {parent.id: held.category.parent} if parent else {}
        documents = self.env["shop.sync.documents"]
        ours = documents._categories(shop, same, mappings.languages(), external)
        self._remember(shop, "category", same, held.external_id, ours[same.id], held.category)
        return same.with_context(lang=self.env.lang)

    # === MANUFACTURERS ===

    def _manufacturer(self, shop, held):
        external_id, name = held.product.manufacturer, (held.manufacturer_name or "").strip()
        Partner = self.env["res.partner"]
        if not external_id or not name:
            return Partner
        found = self._linked(shop, "manufacturer", "res.partner", external_id)
        if found:
            return found
        partner = Partner.search(
            [
                ("name", "=ilike", re.sub(r"([\\_%])", r"\\\1", name)),
                ("is_company", "=", True),
                ("parent_id", "=", False),
                ("company_id", "in", [False, shop.company_id.id]),
            ],
            order="id",
            limit=1,
        )
        if not partner:
            partner = Partner.create({"name": name, "is_company": True})
        ours = self.env["shop.sync.documents"]._manufacturers(partner)[partner.id]
        self._remember(shop, "manufacturer", partner, external_id, ours, replace(ours, name=name))
        return partner

    # === ATTRIBUTES ===

    def _values(self, shop, held, mappings):
        """``{variant id: its attribute values here}``."""
        complete = self._is_complete(held)
        cache = {}
        rows = {}
        for each in held.variants:
            records = self.env["product.attribute.value"]
            for value in each.values:
                if value.value not in cache:
                    attribute = self._attribute(shop, value, mappings, complete)
                    cache[value.value] = self._value(shop, value, attribute, mappings)
                records |= cache[value.value]
            rows[each.external_id] = records
        return rows

    def _is_complete(self, held):
        """Whether every combination of the used values is a variant of the shop."""
        used = {}
        for each in held.variants:
            for value in each.values:
                used.setdefault(value.attribute, set()).add(value.value)
        count = 1
        for values in used.values():
            count *= len(values)
        return count == len(held.variants)

    def _attribute(self, shop, value, mappings, complete):
        found = self._linked(shop, "attribute", "product.attribute", value.attribute)
        if found:
            return found
        code, lang = default_language(shop)
        name = pick(value.attribute_name, code) or f"#{value.attribute}"
        Attribute = self.env["product.attribute"].with_context(lang=lang)
        attribute = Attribute.search([("create_variant", "!=", "no_variant")]).filtered(
            lambda each: folded(each.name) == folded(name)
        )[:1]
        if not attribute:
            attribute = Attribute.create(
                {
                    "name": name,
                    # not every combination exists: variants are made one by one
                    "create_variant": "always" if complete else "dynamic",
                    "display_type": "color" if value.color else "radio",
                }
            )
            self._texts(attribute, "name", value.attribute_name, mappings)
        ours = self.env["shop.sync.documents"]._attributes(attribute, mappings.languages())
        held = replace(ours[attribute.id], name=value.attribute_name)
        self._remember(shop, "attribute", attribute, value.attribute, ours[attribute.id], held)
        return attribute

    def _value(self, shop, value, attribute, mappings):
        found = self._linked(shop, "attribute_value", "product.attribute.value", value.value)
        if found:
            return found
        code, lang = default_language(shop)
        name = pick(value.value_name, code) or f"#{value.value}"
        record = attribute.value_ids.with_context(lang=lang).filtered(
            lambda each: folded(each.name) == folded(name)
        )[:1]
        if not record:
            record = attribute.value_ids.with_context(lang=lang).create(
                {"name": name, "attribute_id": attribute.id, "html_color": value.color}
            )
            self._texts(record, "name", value.value_name, mappings)
        documents = self.env["shop.sync.documents"]
        external = {attribute.id: value.attribute}
        ours = documents._attribute_values(record, mappings.languages(), external)[record.id]
        held = replace(ours, name=value.value_name, color=value.color)
        self._remember(shop, "attribute_value", record, value.value, ours, held)
        return record.with_context(lang=self.env.lang)
