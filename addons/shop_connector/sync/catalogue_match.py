from collections import Counter, defaultdict

from odoo import models

from ..shopapi.documents import HeldProduct
from ..shopapi.paging import chunks

#: products recognised at a time
PAGE = 100


class ShopSyncMatch(models.AbstractModel):
    """Which product here is which product of the shop: by link, else by SKU, else by barcode."""

    _name = "shop.sync.match"
    _description = "Matching a Web Shop's Products"

    def _look(self, shop, adapter):
        """Recognise all products of the shop without comparing them, and keep what was found."""
        rows, unreadable = [], []
        shop._end_transaction()
        for page in chunks(adapter.read_products(), PAGE):
            helds = [held for held in page if isinstance(held, HeldProduct)]
            unreadable += [held.key for held in page if not isinstance(held, HeldProduct)]
            rows += self._match(shop, helds)
            # nothing stays open while the next page is fetched
            shop._end_transaction()
        self._settle(rows)
        self._store(shop, rows)
        # reading them again says on the exchange what is wrong with them
        self.env["shop.job"]._mark_incoming(shop, "import", unreadable)

    def _match(self, shop, helds):
        """Values of `shop.match` for a page of `HeldProduct`, each looked at on its own."""
        links = self.env["shop.binding"]._by_external(
            shop, "product", [held.external_id for held in helds]
        )
        by_sku = self._owners(shop, "default_code", {sku for h in helds for sku in skus_of(h)})
        by_barcode = self._owners(shop, "barcode", {code for h in helds for code in barcodes_of(h)})
        answers = []
        for held in helds:
            link = links.get(held.external_id)
            if link:
                found, templates = "link", {link.res_id}
            else:
                found, templates = "sku", self._owned(by_sku, skus_of(held))
                if not templates:
                    found, templates = "barcode", self._owned(by_barcode, barcodes_of(held))
            answers.append((found if templates else False, sorted(templates)))
        # what is read of one product of the page is read of all
        every = self.env["product.template"].browse(
            dict.fromkeys(each for _found, ids in answers for each in ids)
        )
        return [
            self._row(shop, held, found, every.browse(ids).with_prefetch(every.ids))
            for held, (found, ids) in zip(helds, answers, strict=True)
        ]

    def _owners(self, shop, field, values):
        """``{value: ids of the templates that have it}``, archived ones too."""
        owners = defaultdict(set)
        if values:
            products = (
                self.env["product.product"]
                .with_context(active_test=False)
                .search_fetch(
                    [
                        (field, "in", list(values)),
                        ("company_id", "in", [False, shop.company_id.id]),
                    ],
                    [field, "product_tmpl_id"],
                )
            )
            for product in products:
                owners[product[field]].add(product.product_tmpl_id.id)
        return owners

    def _owned(self, owners, values):
        return set().union(*(owners.get(value, set()) for value in values))

    def _row(self, shop, held, found, templates):
        """Values of `shop.match` for one product that these products here may be."""
        row = {
            "shop_id": shop.id,
            "external_id": held.external_id,
            "name": name_of(held, shop),
            "sku": held.product.sku or ", ".join(skus_of(held)[:5]),
            "barcode": held.product.barcode,
            "variant_count": len(held.variants),
            "found_by": found,
            "template_id": templates.id if len(templates) == 1 else False,
            "candidate_ids": templates.ids,
            "action": "link" if len(templates) == 1 else "leave",
            "needs_decision": len(templates) > 1,
            "problem": False,
        }
        if len(templates) > 1:
            names = templates.mapped("display_name")
            row["problem"] = self.env._(
                "Several products here carry its code: %(names)s.", names=", ".join(names[:5])
            )
        elif templates:
            row |= self._check_one(held, templates)
        elif not found:
            row["action"] = "create" if shop.missing_here == "create" else "leave"
        return row

    def _check_one(self, held, template):
        """What a person has to look at although only one product comes into question."""
        if not template.active:
            return self._doubt(self.env._("%(name)s is archived here.", name=template.display_name))
        if held.product.has_variants != template._is_sold_in_variants():
            if held.product.has_variants:
                text = self.env._(
                    "The shop sells it in variants, %(name)s has none.", name=template.display_name
                )
            else:
                text = self.env._(
                    "%(name)s is sold in variants, the shop's product has none.",
                    name=template.display_name,
                )
            return self._doubt(text)
        return {}

    def _doubt(self, problem):
        return {"action": "leave", "needs_decision": True, "problem": problem}

    def _settle(self, rows):
        """Mark the rows that are doubtful only together: one product here, or one code, twice."""
        by_template, by_sku = defaultdict(list), defaultdict(list)
        for row in rows:
            if row["template_id"]:
                by_template[row["template_id"]].append(row)
            if row["sku"] and not row["variant_count"]:
                by_sku[row["sku"]].append(row)
        for template_id, same in by_template.items():
            if len(same) > 1:
                name = self.env["product.template"].browse(template_id).display_name
                for row in same:
                    if row["found_by"] != "link":
                        row |= self._doubt(
                            self.env._(
                                "%(count)s products of the shop could be %(name)s.",
                                count=len(same),
                                name=name,
                            )
                        )
        for sku, same in by_sku.items():
            if len(same) > 1:
                for row in same:
                    if row["found_by"] != "link":
                        row |= self._doubt(
                            self.env._(
                                "%(count)s products of the shop carry the SKU %(sku)s.",
                                count=len(same),
                                sku=sku,
                            )
                        )

    def _store(self, shop, rows):
        """Keep the rows for a person to look at; what a person chose before stays."""
        Match = self.env["shop.match"].with_context(active_test=False)
        known = {match.external_id: match for match in Match.search([("shop_id", "=", shop.id)])}
        open_rows = [row for row in rows if row["found_by"] != "link"]
        new = []
        for row in open_rows:
            match = known.pop(row["external_id"], None)
            if match and match.found_by == "person":
                continue
            if match:
                match.unlink()
            new.append(row | {"candidate_ids": [(6, 0, row["candidate_ids"])]})
        Match.union(*known.values()).unlink()
        Match.create(new)

    # === VARIANTS ===

    def _pair_variants(self, shop, held, template):
        """``{the shop's variant id: product}`` by SKU, else by barcode, else by their values.

        What two variants of one side have in common tells neither from the other.
        """
        code, lang = default_language(shop)
        products = template.with_context(active_test=False, lang=lang).product_variant_ids
        links = self.env["shop.binding"]._by_external(
            shop,
            "attribute_value",
            {value.value for each in held.variants for value in each.values},
        )
        pairs, taken = {}, set()
        for ours, theirs in _variant_keys(links, code):
            mine = products.grouped(ours)
            counts = Counter(theirs(each) for each in held.variants)
            for each in held.variants:
                key = theirs(each)
                product = mine.get(key, products.browse())
                if not key or counts[key] > 1 or len(product) != 1:
                    continue
                if each.external_id not in pairs and product.id not in taken:
                    pairs[each.external_id] = product
                    taken.add(product.id)
        return pairs


def _variant_keys(links, code):
    """``(key of a product here, key of a variant of the shop)``, the surest first.

    ``links``: those of the shop's attribute values by their id there, ``code``: its language.
    """

    def values(product):
        return product.product_template_attribute_value_ids.product_attribute_value_id

    def linked(each):
        ids = [links[value.value].res_id for value in each.values if value.value in links]
        return frozenset(ids) if len(ids) == len(each.values) else None

    def name(value):
        return folded(pick(value.value_name, code))

    def full_name(value):
        # waist 30, length 32 is not waist 32, length 30
        return folded(pick(value.attribute_name, code)), name(value)

    return (
        (lambda product: product.default_code, lambda each: each.variant.sku),
        (lambda product: product.barcode, lambda each: each.variant.barcode),
        (lambda product: frozenset(values(product).ids), linked),
        (
            lambda product: frozenset(
                (folded(value.attribute_id.name), folded(value.name)) for value in values(product)
            ),
            lambda each: frozenset(map(full_name, each.values)),
        ),
        # attributes may be called otherwise here
        (
            lambda product: frozenset(folded(value.name) for value in values(product)),
            lambda each: frozenset(map(name, each.values)),
        ),
    )


def skus_of(held):
    """All SKUs of a product of the shop; its own counts only when it has no variants."""
    own = [held.product.sku] if not held.variants else []
    return [sku for sku in (*own, *(each.variant.sku for each in held.variants)) if sku]


def barcodes_of(held):
    """All barcodes, in the same way."""
    own = [held.product.barcode] if not held.variants else []
    return [code for code in (*own, *(each.variant.barcode for each in held.variants)) if code]


def name_of(held, shop):
    """What to call a product of the shop on the screen."""
    name = pick(held.product.name, default_language(shop)[0])
    return name or held.product.sku or f"#{held.external_id}"


def default_language(shop):
    """(the shop's code of its default language, Odoo's language for it)."""
    rows = shop.language_mapping_ids
    row = rows.filtered("is_default")[:1] or rows.filtered("lang_id")[:1]
    return row.external_code, row.lang_id.code or shop.env.lang or "en_US"


def pick(texts, code):
    """A text in that language of the shop, else in any."""
    return (texts.get(code) or next((text for text in texts.values() if text), "")).strip()


def folded(text):
    """A name without what does not count when two names are compared."""
    return " ".join((text or "").casefold().split())
