import time
from typing import NamedTuple

from odoo import models

from ..shopapi.documents import HeldProduct
from ..shopapi.errors import ShopError
from ..shopapi.paging import chunks
from .catalogue_compare import differences
from .catalogue_match import folded, name_of, pick
from .plan_context import PlanContext

#: products compared at a time
PAGE = 50
SEQUENCE = {"problem": 1, "create": 10, "link": 20, "update": 30, "skip": 90}


class Ours(NamedTuple):
    """What stands here of a page of the shop's products, by the id of the product here."""

    templates: dict
    #: ids in the shop of what they are made of, see ``_external_parts``
    external: dict
    #: as they would be sent; those that would be hidden are missing
    documents: dict


class ShopSyncPlan(models.AbstractModel):
    """A dry run: both sides are read and compared as the exchange does it, nothing is written.

    Only the lines of the plan, and the list of products found in the shop, are kept.
    """

    _name = "shop.sync.plan"
    _description = "Dry Run of a Web Shop's Exchange"

    def _run(self, shop, adapter, deadline=None):
        """Look at everything and replace the shop's plan. Raises ShopError."""
        context = PlanContext(shop)
        shop._end_transaction()
        context.tree = adapter.read_categories()
        rows, lines_of = self._look_at_products(shop, adapter, context, deadline)
        self.env["shop.sync.match"]._settle(rows)
        lines = self._product_lines(shop, rows, lines_of)
        lines += self._offer_lines(shop, rows, context)
        lines += self._part_lines(context)
        lines += self.env["shop.sync.plan.prices"]._lines(shop, context)
        shop._end_transaction()
        lines += self.env["shop.sync.plan.flow"]._lines(shop, adapter, rows, context)
        self.env["shop.sync.match"]._store(shop, rows)
        for line in lines:
            first = "problem" if line.get("problem") else line["action"]
            line["sequence"] = SEQUENCE[first]
        self.env["shop.plan.line"]._replace(shop, lines)

    # === WHAT THE SHOP HOLDS ===

    def _look_at_products(self, shop, adapter, context, deadline):
        """(rows of `shop.match`, ``{id in the shop: lines}``) of all its products."""
        rows, lines_of = [], {}
        for page in chunks(adapter.read_products(), PAGE):
            helds = [held for held in page if isinstance(held, HeldProduct)]
            for outcome in page:
                if not isinstance(outcome, HeldProduct):
                    lines_of[outcome.key] = [self._unreadable(outcome)]
            found = self.env["shop.sync.match"]._match(shop, helds)
            for row in found:
                self._recall_choice(row, context)
            ours = self._build(shop, found, context)
            for row, held in zip(found, helds, strict=True):
                lines_of[held.external_id] = self._lines_of(shop, held, row, ours, context)
            rows += found
            # nothing stays open while the next page is fetched
            shop._end_transaction()
            if deadline is not None and time.monotonic() > deadline:
                raise ShopError(
                    self.env._(
                        "The shop is too large to be looked at while you wait: it took more than "
                        "a minute to read %(count)s products. Start the exchange; each product is "
                        "compared in the same way when its turn comes.",
                        count=len(rows),
                    )
                )
        return rows, lines_of

    def _unreadable(self, outcome):
        return {
            "direction": "in",
            "kind": "product",
            "action": "skip",
            "external_id": outcome.key,
            "record_name": f"#{outcome.key}",
            "problem": str(outcome.error),
        }

    def _recall_choice(self, row, context):
        """What a person chose for this product the last time stays."""
        match = context.chosen.get(row["external_id"])
        if match and row["found_by"] != "link":
            row |= {
                "found_by": "person",
                "template_id": match.template_id.id,
                "action": match.action,
                "needs_decision": False,
                "problem": False,
            }

    def _build(self, shop, rows, context):
        """Our side of a page of rows, all at once: `Ours`."""
        ids = dict.fromkeys(row["template_id"] for row in rows if row["action"] == "link")
        templates = self.env["product.template"].browse(ids)
        external = self.env["shop.sync.import"]._external_parts(shop, templates)
        shown = templates.filtered(lambda each: each._is_sold_in(shop) or shop not in each.shop_ids)
        documents = self.env["shop.sync.documents"]._products(
            shop, shown, context.mappings, external
        )
        # of one recordset: what is read of one is read of all
        return Ours({each.id: each for each in templates}, external, documents)

    def _lines_of(self, shop, held, row, ours, context):
        """The lines of one product of the shop, as long as nothing speaks against its match."""
        line = {
            "direction": "in",
            "kind": "product",
            "external_id": held.external_id,
            "record_name": name_of(held, shop),
        }
        if row["action"] == "create":
            context.imported[held.external_id] = held
            return [line | {"action": "create", "after": self._describe(held, context)}]
        if row["action"] == "leave":
            return [line | {"action": "skip", "problem": row["problem"]}]
        template = ours.templates[row["template_id"]]
        context.matched[held.external_id] = template
        line |= self._about(template)
        changes = self._changes(shop, held, template, line, ours, context)
        if row["found_by"] != "link":
            changes.insert(0, line | {"action": "link", "after": name_of(held, shop)})
        return changes or [line | {"direction": "out", "action": "skip"}]

    def _describe(self, held, context):
        """One line about a product that would be made here."""
        parts = [held.product.sku or "", context.money(held.product.price)]
        if held.variants:
            parts.append(self.env._("%(count)s variants", count=len(held.variants)))
        return ", ".join(filter(None, parts))

    # === WHAT WOULD CHANGE IN THE SHOP ===

    def _changes(self, shop, held, template, line, ours, context):
        """Lines of the fields that would be written to the shop's product and its variants."""
        out = line | {"direction": "out", "action": "update"}
        mine = ours.documents.get(template.id)
        if mine is None:
            return [out | context.change("active", held.product.active, False)]
        if isinstance(mine, ShopError):
            return [out | {"problem": str(mine)}]
        precision = self.env["shop.sync.import.prices"]._precision()
        kept = shop._kept_fields("product")
        lines = [
            out | context.change(field, there, here)
            for field, there, here in differences(mine, held.product, precision)
            if field not in kept
        ]
        context.templates |= template
        if held.variants and template._is_sold_in_variants():
            return lines + self._variant_changes(shop, held, template, out, ours.external, context)
        context.variants[f"{held.external_id}/"] = template.product_variant_ids[:1]
        return lines

    def _variant_changes(self, shop, held, template, out, external, context):
        """Lines of the fields that would be written to the shop's variants, and of new ones."""
        pairs = self.env["shop.sync.match"]._pair_variants(shop, held, template)
        variants = self.env["shop.sync.documents"]._variants(
            shop,
            {template: held.external_id},
            context.mappings,
            external["attribute_value"],
            context.difference,
        )
        precision = self.env["shop.sync.import.prices"]._precision()
        kept = shop._kept_fields("variant")
        lines = []
        for each in held.variants:
            product = pairs.get(each.external_id)
            line = out | {
                "kind": "variant",
                "external_id": f"{held.external_id}/{each.external_id}",
            }
            if not product or product.id not in variants:
                label = ", ".join(pick(value.value_name, context.code) for value in each.values)
                problem = self.env._("The shop's variant is not known here.")
                line |= {"action": "skip", "res_id": False, "problem": problem}
                lines.append(line | {"record_name": f"{out['record_name']} ({label})"})
                continue
            context.variants[line["external_id"]] = product
            lines += [
                line | self._about(product) | context.change(field, theirs, mine)
                for field, theirs, mine in differences(
                    variants[product.id], each.variant, precision
                )
                if field not in kept
            ]
        new = template.product_variant_ids.filtered(lambda p: p not in pairs.values())
        line = out | {"kind": "variant", "action": "create", "external_id": False}
        lines += [line | self._about(each) | {"after": each.default_code} for each in new]
        return lines

    def _about(self, record):
        return {
            "res_model": record._name,
            "res_id": record.id,
            "record_name": record.display_name,
        }

    def _product_lines(self, shop, rows, lines_of):
        """The lines of all products; a match that turned out doubtful is a line of its own."""
        doubtful = {row["external_id"]: row for row in rows if row["needs_decision"]}
        lines = []
        for external_id, found in lines_of.items():
            row = doubtful.get(external_id)
            if not row:
                lines += found
                continue
            lines.append(
                {
                    "direction": "in",
                    "kind": "product",
                    "action": "skip",
                    "external_id": external_id,
                    "record_name": row["name"],
                    "problem": row["problem"],
                }
            )
        return lines

    def _offer_lines(self, shop, rows, context):
        """Products of ours that would be made in the shop."""
        known = {row["template_id"] for row in rows if row["action"] == "link"}
        sold = self.env["product.template"].search([("shop_ids", "in", shop.ids)])
        linked = self.env["shop.binding"]._by_record(shop, "product", sold.ids)
        wanted = sold.filtered(lambda t: t.id not in known and t._is_sold_in(shop))
        doubtful = {
            template_id
            for row in rows
            if row["needs_decision"]
            for template_id in row["candidate_ids"]
        }
        wanted |= shop._missing_products().filtered(
            lambda t: t.id not in known and t.id not in doubtful
        )
        context.templates |= wanted
        lines = []
        for start in range(0, len(wanted), PAGE):
            some = wanted[start : start + PAGE]
            external = self.env["shop.sync.import"]._external_parts(shop, some)
            built = self.env["shop.sync.documents"]._products(
                shop, some, context.mappings, external
            )
            lines += [
                self._offer(each, built[each.id], each.id in linked, context) for each in some
            ]
        return lines

    def _offer(self, template, ours, is_linked, context):
        line = {"direction": "out", "kind": "product", "action": "create"} | self._about(template)
        if isinstance(ours, ShopError):
            return line | {"problem": str(ours)}
        if is_linked:
            line["problem"] = self.env._(
                "Its page was deleted in the shop; sending fails once, then it is made again."
            )
        about = [template.default_code, context.money(ours.price)]
        return line | {"after": ", ".join(filter(None, about))}

    # === WHAT PRODUCTS ARE MADE OF ===

    def _part_lines(self, context):
        """Categories, manufacturers and attributes that would be made, here and there."""
        lines = []
        known = {folded(name) for name in context.names_here("category")}
        for held in context.wanted_categories():
            name = pick(held.category.name, context.code)
            if folded(name) not in known:
                lines.append(_part("in", "category", name, held.external_id))
        for kind, names in context.wanted_names().items():
            known = {folded(name) for name in context.names_here(kind)}
            lines += [
                _part("in", kind, name, None) for name in sorted(names) if folded(name) not in known
            ]
        there = {folded(pick(held.category.name, context.code)) for held in context.tree}
        for category in context.categories_to_send():
            if folded(category.shop_name or category.name) not in there:
                lines.append(
                    _part("out", "category", category.display_name, None)
                    | {"res_model": "product.category", "res_id": category.id}
                )
        return lines


def _part(direction, kind, name, external_id):
    return {
        "direction": direction,
        "kind": kind,
        "action": "create",
        "record_name": name,
        "external_id": external_id,
    }
