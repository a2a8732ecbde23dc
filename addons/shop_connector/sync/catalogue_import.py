from dataclasses import replace
from decimal import Decimal

import psycopg2

from odoo import models
from odoo.fields import Command
from odoo.tools import html2plaintext

from ..shopapi.documents import HeldProduct, field_fingerprints
from ..shopapi.errors import DataError
from ..shopapi.registry import adapter_class
from .catalogue_compare import same_prints
from .catalogue_match import default_language, pick
from .faults import in_words
from .mappings import Mappings


class ShopSyncImport(models.AbstractModel):
    """The first import: products of a shop are made here, or linked with those that are here.

    What the shop holds is remembered as sent where it equals ours, so that the exchange that
    follows writes only what differs.
    """

    _name = "shop.sync.import"
    _description = "Importing a Web Shop's Products"

    def _process(self, shop, adapter, jobs, tally):
        """Import the products of these jobs (the key is the shop's id); each ends by itself."""
        by_key = {job.key: job for job in jobs}
        shop._end_transaction()
        found = list(adapter.read_products(list(by_key)))
        helds = [held for held in found if isinstance(held, HeldProduct)]
        tree = adapter.read_categories()
        Pictures = self.env["shop.sync.import.pictures"]
        pictures = {held.external_id: Pictures._read(adapter, held) for held in helds}
        errors = {each.key: each.error for each in found if not isinstance(each, HeldProduct)}
        matches = self._matches(shop, by_key)
        for held in helds:
            match = matches.get(held.external_id)
            contents, left_out = pictures[held.external_id]
            try:
                with self.env.cr.savepoint():
                    created = self._import_one(shop, adapter, held, match, tree, contents)
            except psycopg2.OperationalError:
                # another transaction was quicker: all of them are repeated
                raise
            except Exception as error:  # a bad product, or a fault of ours, stops no good one
                errors[held.external_id] = in_words(self.env, error, f"product {held.external_id}")
            else:
                # a product that was here already keeps its own pictures
                result = Pictures._report(shop, held, left_out if created else [])
                by_key[held.external_id]._done(result)
                matches.pop(held.external_id, None)
                tally.received["product"] += 1
                if match:
                    match.unlink()
        self._finish(by_key, {held.external_id for held in helds}, errors, matches, tally)

    def _matches(self, shop, keys):
        found = self.env["shop.match"].search(
            [("shop_id", "=", shop.id), ("external_id", "in", list(keys))]
        )
        return {match.external_id: match for match in found}

    def _finish(self, by_key, seen, errors, matches, tally):
        for key, error in errors.items():
            by_key[key]._fail(error)
            tally.failed["import"] += 1
        for key in by_key.keys() - seen - errors.keys():
            by_key[key]._done(self.env._("No longer in the shop"))
            if key in matches:
                matches[key].unlink()

    # === ONE PRODUCT ===

    def _import_one(self, shop, adapter, held, match, tree, pictures):
        """Make or link one product; returns the product that was made, None when it was linked."""
        mappings = Mappings(shop)
        used, made, created = {}, {}, None
        parts = self._import_parts(shop, held, tree, mappings)
        link = self.env["shop.binding"]._by_external(shop, "product", [held.external_id])
        if link:
            template = self.env["product.template"].browse(link[held.external_id].res_id)
        elif match and match.action == "link":
            template = match.template_id
        else:
            template = created = self._create_template(shop, held, mappings, parts)
            made = self._create_variants(shop, held, template, parts["values"])
            self.env["shop.sync.import.prices"]._set(shop, held, template, parts["values"], made)
            used = self.env["shop.sync.import.pictures"]._set(held, template, pictures, made)
        if not template.exists():
            raise DataError(self.env._("The product it was to be linked with is deleted."))
        if held.product.active or (match and match.action == "link"):
            template.shop_ids = [Command.link(shop.id)]
        # variants stand in the order of their codes, which were written just now
        template.env.flush_all()
        template.invalidate_recordset(["product_variant_ids"])
        pairs = made or self.env["shop.sync.match"]._pair_variants(shop, held, template)
        self._link(shop, adapter, held, template, mappings, pairs)
        # what was here already has a stock of its own, whatever was chosen
        if created and match:
            self._set_opening_stock(shop, held, template, match, pairs)
        if used:
            self.env["shop.sync.import.pictures"]._link(shop, held, template, used)
        return created

    def _create_template(self, shop, held, mappings, parts):
        document = held.product
        code, lang = default_language(shop)
        tax = self._tax(shop, document, mappings)
        prices = self.env["shop.sync.import.prices"]
        values = {
            "name": pick(document.name, code) or document.sku or f"#{held.external_id}",
            "type": "service" if document.is_virtual else "consu",
            "is_storable": not document.is_virtual,
            "taxes_id": [Command.set(tax.ids)],
            "list_price": float(prices._amount(shop, document.price, tax)),
            "company_id": False,
            "categ_id": parts["categories"][:1].id,
            "shop_categ_ids": [Command.set(parts["categories"][1:].ids)],
            "manufacturer_id": parts["manufacturer"].id,
        }
        if not held.variants:
            values["default_code"] = document.sku
            values["barcode"] = document.barcode
            values["weight"] = self._weight(document.weight)
        if not values["categ_id"]:
            del values["categ_id"]
        values["attribute_line_ids"] = self._attribute_lines(parts["values"])
        template = self.env["product.template"].with_context(lang=lang).create(values)
        self._write_texts(template, document, mappings)
        return template.with_context(lang=self.env.lang)

    def _write_texts(self, template, document, mappings):
        """The texts of every mapped language; a language without a text keeps the default's."""
        for code, lang in mappings.languages().items():
            values = {
                "name": document.name.get(code, "").strip(),
                "description_sale": html2plaintext(document.short_description.get(code, "")),
                "shop_description": document.description.get(code, ""),
                "shop_meta_title": document.meta_title.get(code, "").strip(),
                "shop_meta_description": document.meta_description.get(code, "").strip(),
            }
            values = {name: text for name, text in values.items() if text}
            if values:
                template.with_context(lang=lang).write(values)

    def _tax(self, shop, document, mappings):
        """The tax that stands for the product's tax group here. Raises DataError."""
        tax = mappings.record("tax", document.tax)
        if not tax:
            row = mappings.row("tax", document.tax)
            raise DataError(
                self.env._(
                    "The shop's tax “%(tax)s” has no counterpart here. Choose one on the shop, "
                    "page Mappings, Taxes, and retry.",
                    tax=row.name if row else document.tax,
                )
            )
        return tax

    def _weight(self, kilograms):
        factor = self.env["shop.sync.documents"]._kilogram_factor()
        return float(kilograms / factor)

    # === VARIANTS ===

    def _attribute_lines(self, rows):
        """One line for each attribute; ``rows``: ``{variant id: product.attribute.value}``."""
        values = self.env["product.attribute.value"].union(*rows.values())
        return [
            Command.create({"attribute_id": attribute.id, "value_ids": [Command.set(own.ids)]})
            for attribute, own in values.grouped("attribute_id").items()
        ]

    def _create_variants(self, shop, held, template, values):
        """Exactly the shop's variants: missing ones are made, those it does not have archived.

        ``values``: ``{variant id in the shop: its values here}``. Returns ``{variant id: product}``
        of all its variants.
        """
        if not held.variants:
            return {}
        options = template.attribute_line_ids.product_template_value_ids
        by_value = {o.product_attribute_value_id: o for o in options}
        pairs, kept = {}, self.env["product.product"]
        for each in held.variants:
            combination = options.browse([by_value[value].id for value in values[each.external_id]])
            product = template._get_variant_for_combination(combination)
            if not product:
                product = template._create_product_variant(combination)
            if not product or product in kept:
                raise DataError(
                    self.env._(
                        "Two variants of this product have the same values in the shop, or values "
                        "that cannot go together here."
                    )
                )
            kept |= product
            pairs[each.external_id] = product
            product.write(
                {
                    "default_code": each.variant.sku,
                    "barcode": each.variant.barcode,
                    "weight": self._weight(self._kilograms(shop, held, each)),
                }
            )
        (template.product_variant_ids - kept).action_archive()
        return pairs

    def _kilograms(self, shop, held, each):
        if adapter_class(shop.system).capabilities.variant_difference:
            return held.product.weight + each.variant.weight
        return each.variant.weight

    def _set_opening_stock(self, shop, held, template, match, pairs):
        """A product made here begins with what the shop shows: or the shop would be sold out."""
        warehouse = shop.warehouse_ids[:1]
        if not shop.opening_stock or not warehouse or not template.is_storable:
            return
        if not held.variants:
            pairs = {"": template.product_variant_ids[:1]}
        for variant, quantity in (match.stock or {}).items():
            if variant in pairs and Decimal(quantity) > 0:
                self.env["stock.quant"].with_context(inventory_mode=True).create(
                    {
                        "product_id": pairs[variant].id,
                        "location_id": warehouse.lot_stock_id.id,
                        "inventory_quantity": float(quantity),
                    }
                ).action_apply_inventory()

    # === PARTS ===

    def _import_parts(self, shop, held, tree, mappings):
        """What the product is made of, made or found here and linked."""
        Parts = self.env["shop.sync.import.parts"]
        return {
            "categories": Parts._categories(shop, held, tree, mappings),
            "manufacturer": Parts._manufacturer(shop, held),
            "values": Parts._values(shop, held, mappings),
        }

    # === LINKS ===

    def _link(self, shop, adapter, held, template, mappings, pairs):
        """Link product and variants, and remember as sent what the shop holds already."""
        Binding = self.env["shop.binding"]
        self._link_variants(shop, held, template, pairs)
        documents = self.env["shop.sync.documents"]
        external = self._external_parts(shop, template)
        built = documents._products(shop, template, mappings, external)[template.id]
        sent = self._sent(built, held.product)
        if sent and not template._is_sold_in(shop):
            # hidden on both sides
            hidden = field_fingerprints(replace(held.product, active=False))
            sent = sent | {"active": hidden["active"]}
        row = (template.id, held.external_id, sent)
        Binding._remember(shop, "product", "product.template", [row])
        Binding._by_record(shop, "product", template.ids)[template.id].stamp = held.stamp
        if not held.variants:
            return
        ours = documents._variants(
            shop,
            {template: held.external_id},
            mappings,
            external["attribute_value"],
            adapter.capabilities.variant_difference,
        )
        rows = [
            (pairs[each.external_id].id, f"{held.external_id}/{each.external_id}", prints)
            for each in held.variants
            if each.external_id in pairs
            and (prints := self._sent(ours.get(pairs[each.external_id].id), each.variant))
        ]
        Binding._remember(shop, "variant", "product.product", rows)

    def _link_variants(self, shop, held, template, pairs):
        """Link the variants; ``pairs``: ``{the shop's variant id: product}``.

        Whether a product is sold in variants may depend on these links, so they come first.
        """
        rows = [
            (product.id, f"{held.external_id}/{variant}", None)
            for variant, product in pairs.items()
        ]
        if not held.variants:
            rows = [
                (each.id, f"{held.external_id}/", None) for each in template.product_variant_ids[:1]
            ]
        self.env["shop.binding"]._remember(shop, "variant", "product.product", rows)
        self.env["product.product"].invalidate_model(["shop_link_ids"])

    def _sent(self, ours, held):
        """What of our document the shop holds; None when there is no document of ours."""
        if ours is None or isinstance(ours, Exception):
            return None
        return same_prints(ours, held, self.env["shop.sync.import.prices"]._precision()) or None

    def _external_parts(self, shop, template):
        """``{kind: {record id: id in the shop}}`` of what the product is made of."""
        Binding = self.env["shop.binding"]
        values = template.with_context(active_test=False).attribute_line_ids.value_ids
        records = {
            "category": self.env["shop.sync.places"]._used_categories(shop, template),
            "manufacturer": template.manufacturer_id,
            "attribute": values.attribute_id,
            "attribute_value": values,
        }
        return {
            kind: {
                res_id: link.external_id
                for res_id, link in Binding._by_record(shop, kind, found.ids).items()
            }
            for kind, found in records.items()
        } | {"errors": {}}
