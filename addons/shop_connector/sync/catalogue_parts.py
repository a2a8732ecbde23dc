from collections.abc import Mapping
from dataclasses import replace

from odoo import models

from ..shopapi.documents import Category, Entry, field_fingerprints
from ..shopapi.errors import DataError, NotFound
from .hiding import hiding_entries, note_hidden


class ShopSyncParts(models.AbstractModel):
    """What products are made of in a shop and must be there before them.

    Categories with their parents, manufacturers, attributes and their values: saved where they are
    new or changed, one call a level, and linked.
    """

    _name = "shop.sync.parts"
    _description = "Sending Categories, Manufacturers and Attributes to a Web Shop"

    def _send_parts(self, shop, adapter, templates, mappings, tally):
        """See to everything the templates need; ``{kind: {record id: id in the shop}}``.

        A part the shop refuses is missing from the result and reported as an error of the products
        using it: ``{"errors": {(kind, record id): error}}``.
        """
        parts = {"errors": {}}
        send = self.env["shop.sync.sender"]._sender(shop, adapter, tally)
        documents = self.env["shop.sync.documents"]
        languages = mappings.languages()
        categories = self.env["shop.sync.places"]._used_categories(shop, templates)
        parts["category"] = self._send_categories(shop, send, categories, languages, parts)
        self._hide_categories(shop, adapter, templates, parts)
        makers = templates.manufacturer_id if adapter.capabilities.manufacturers else []
        parts["manufacturer"] = send(
            "manufacturer", documents._manufacturers(makers) if makers else {}, parts["errors"]
        )
        values = self._used_values(templates)
        attributes = documents._attributes(values.attribute_id, languages)
        parts["attribute"] = send("attribute", attributes, parts["errors"])
        usable = values.filtered(lambda value: value.attribute_id.id in parts["attribute"])
        parts["attribute_value"] = send(
            "attribute_value",
            documents._attribute_values(usable, languages, parts["attribute"]),
            parts["errors"],
        )
        return parts

    def _used_values(self, templates):
        sold = templates.filtered(lambda template: template._is_sold_in_variants())
        variants = sold.product_variant_ids
        return variants.product_template_attribute_value_ids.product_attribute_value_id

    def _hide_categories(self, shop, adapter, templates, parts):
        """Categories of these products that the shop has and shall not show any more are hidden."""
        if shop._leads("categories") != "odoo":
            return
        every = (templates.categ_id | templates.shop_categ_ids)._lineage()
        unseen = every.filtered(lambda category: not category._is_shown_in(shop))
        links = self.env["shop.binding"]._by_record(shop, "category", unseen.ids)
        hidden = Category(name={}, active=False)
        entries = hiding_entries(links, hidden)
        if not entries:
            return
        shop._end_transaction()
        for outcome in adapter.save(entries):
            link = links[int(outcome.key)]
            if outcome.error:
                self.env["shop.sync.sender"]._report_on_link("category", link, outcome.error)
                parts["errors"]["category", link.res_id] = outcome.error
            else:
                note_hidden(link, hidden)

    def _send_categories(self, shop, send, categories, languages, parts):
        """Parents first, one level a call."""
        lineage = categories._lineage().filtered(lambda category: category._is_shown_in(shop))
        external = {}
        by_depth = lineage.grouped(lambda category: category.parent_path.count("/"))
        for _depth, level in sorted(by_depth.items(), key=lambda item: item[0]):
            docs = self.env["shop.sync.documents"]._categories(shop, level, languages, external)
            external |= send("category", docs, parts["errors"])
        return external


class ShopSyncSender(models.AbstractModel):
    """Sends documents that differ from what was sent last, and remembers them."""

    _name = "shop.sync.sender"
    _description = "Sending Documents to a Web Shop"

    def _sender(self, shop, adapter, tally):
        """A function ``send(kind, {id: document}, errors) -> {id: id in the shop}``."""

        def send(kind, documents, errors):
            return self._send(shop, adapter, kind, documents, errors, tally)

        return send

    def _send(self, shop, adapter, kind, documents, errors, tally):
        """Save the documents that are new or changed, in one call; fills ``errors[kind, id]``."""
        if not documents:
            return {}
        links = self.env["shop.binding"]._by_record(shop, kind, documents)
        external = {res_id: link.external_id for res_id, link in links.items()}
        entries, prints = self._entries(shop, kind, documents, links)
        if not entries:
            return external
        new = {int(entry.key) for entry in entries if entry.external_id is None}
        shop._end_transaction()
        rows = []
        for outcome in adapter.save(entries):
            res_id = int(outcome.key)
            if outcome.error:
                errors[kind, res_id] = outcome.error
                if res_id in links:
                    self._report_on_link(kind, links[res_id], outcome.error)
                continue
            if outcome.adopted:
                new.discard(res_id)
            rows.append((res_id, self._link_id(kind, documents[res_id], outcome), prints[res_id]))
            tally.sent[kind] += 1
        rows = self._without_twins(shop, kind, rows, errors)
        self.env["shop.binding"]._remember(shop, kind, MODELS[kind], rows)
        if kind == "product":
            for link in self.env["shop.binding"]._by_record(shop, kind, new).values():
                link.pictures_due = True
        shop._end_transaction()
        return external | {res_id: link_id for res_id, link_id, _prints in rows}

    def _entries(self, shop, kind, documents, links):
        """``(entries of what is new or changed, {record id: fingerprints of what Odoo leads})``."""
        entries, prints = [], {}
        led_there = shop._kept_fields(kind)
        for res_id, document in documents.items():
            kept = led_there
            if getattr(document, "groups", ()):
                # who sees an exclusive product is never left to the shop
                kept = led_there - {"category", "categories"}
            prints[res_id] = {
                name: value
                for name, value in field_fingerprints(document).items()
                if name not in kept
            }
            entry = self._entry(kind, res_id, document, links, prints[res_id])
            if entry.external_id is None or entry.changed is None or entry.changed:
                entries.append(replace(entry, kept=kept))
            elif links[res_id].sent != prints[res_id]:
                # what the shop leads from now on: should we lead it again, it is said again
                links[res_id].sent = prints[res_id]
        return entries, prints

    def _report_on_link(self, kind, link, error):
        """What is gone from the shop loses its link, so that a retry makes it again."""
        if isinstance(error, NotFound) and kind != "product":
            link.unlink()
        else:
            link._report_error(error)
            if kind == "price":
                # the shop may hold a part of it: next time it is said as a whole
                link.sent = False

    def _without_twins(self, shop, kind, rows, errors):
        """Rows whose record in the shop is nobody else's here; the others become errors.

        Two manufacturers or attributes of one name are one in the shop: a person has to merge them.
        """
        Binding = self.env["shop.binding"]
        taken = Binding._by_external(shop, kind, [external for _id, external, _prints in rows])
        model = self.env[MODELS[kind]]
        owners = {external: model.browse(link.res_id).exists() for external, link in taken.items()}
        own = []
        for res_id, external, prints in rows:
            # of several in one call the first gets it
            record = owners.get(external)
            if record and record.id != res_id:
                errors[kind, res_id] = DataError(
                    self.env._(
                        "%(record)s and %(other)s are the same in the shop. Merge or rename one.",
                        record=model.browse(res_id).display_name,
                        other=record.display_name,
                    )
                )
            else:
                owners[external] = model.browse(res_id)
                own.append((res_id, external, prints))
        return own

    def _entry(self, kind, res_id, document, links, prints):
        """The entry of a document; ``changed`` tells what differs from what was sent last."""
        link = links.get(res_id)
        changed = None
        if link and link.sent:
            changed = frozenset(
                name
                for name, value in prints.items()
                if link.sent.get(name) != value
                # never said and nothing to say: what the shop has there stays
                and (name in link.sent or not _is_empty(getattr(document, name)))
            )
        external_id = link.external_id if link else None
        if kind == "variant" and external_id:
            # a link of the time before the product had variants has no second half
            external_id = external_id.partition("/")[2] or None
            changed = changed if external_id else None
        elif kind == "image" and external_id:
            external_id = external_id.partition("/")[2]
        return Entry(key=str(res_id), document=document, external_id=external_id, changed=changed)

    def _link_id(self, kind, document, outcome):
        if kind in ("variant", "image"):
            return f"{document.product}/{outcome.external_id}"
        return outcome.external_id


def _is_empty(value):
    """Whether a field of a document says nothing; a plain no says something."""
    if isinstance(value, Mapping):
        return not any(value.values())
    return not value and not isinstance(value, bool)


#: kind of link -> model of its records
MODELS = {
    "category": "product.category",
    "manufacturer": "res.partner",
    "attribute": "product.attribute",
    "attribute_value": "product.attribute.value",
    "product": "product.template",
    "variant": "product.product",
    "image": "ir.attachment",
    "price": "product.template",
}
