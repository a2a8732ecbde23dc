from odoo import models

from ..shopapi.documents import Entry, field_fingerprints
from ..shopapi.errors import DataError, NotFound


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
        parts["category"] = self._send_categories(send, templates.categ_id, languages, parts)
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

    def _send_categories(self, send, categories, languages, parts):
        """Parents first, one level a call."""
        lineage = categories.browse(
            {
                int(number)
                for c in categories
                for number in (c.parent_path or "").split("/")
                if number
            }
        )
        external = {}
        by_depth = lineage.grouped(lambda category: category.parent_path.count("/"))
        for _depth, level in sorted(by_depth.items(), key=lambda item: item[0]):
            docs = self.env["shop.sync.documents"]._categories(level, languages, external)
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
        entries, prints = [], {}
        for res_id, document in documents.items():
            prints[res_id] = field_fingerprints(document)
            before = links[res_id].sent if res_id in links else None
            if before != prints[res_id]:
                entries.append(self._entry(kind, res_id, document, links, prints[res_id]))
        if not entries:
            return external
        shop._end_transaction()
        rows = []
        for outcome in adapter.save(entries):
            res_id = int(outcome.key)
            if outcome.error:
                errors[kind, res_id] = outcome.error
                if res_id in links:
                    self._report_on_link(kind, links[res_id], outcome.error)
                continue
            rows.append((res_id, self._link_id(kind, documents[res_id], outcome), prints[res_id]))
            tally.sent[kind] += 1
        rows = self._without_twins(shop, kind, rows, errors)
        self.env["shop.binding"]._remember(shop, kind, MODELS[kind], rows)
        shop._end_transaction()
        return external | {res_id: link_id for res_id, link_id, _prints in rows}

    def _report_on_link(self, kind, link, error):
        """What is gone from the shop loses its link, so that a retry makes it again."""
        if isinstance(error, NotFound) and kind != "product":
            link.unlink()
        else:
            link._report_error(error)

    def _without_twins(self, shop, kind, rows, errors):
        """Rows whose record in the shop is nobody else's here; the others become errors.

        Two manufacturers or attributes of one name are one in the shop: a person has to merge them.
        """
        Binding = self.env["shop.binding"]
        taken = Binding._by_external(shop, kind, [external for _id, external, _prints in rows])
        own = []
        for res_id, external, prints in rows:
            other = taken.get(external)
            record = other and self.env[other.res_model].browse(other.res_id).exists()
            if record and record.id != res_id:
                errors[kind, res_id] = DataError(
                    self.env._(
                        "%(record)s and %(other)s are the same in the shop. Merge or rename one.",
                        record=self.env[other.res_model].browse(res_id).display_name,
                        other=record.display_name,
                    )
                )
            else:
                own.append((res_id, external, prints))
        return own

    def _entry(self, kind, res_id, document, links, prints):
        link = links.get(res_id)
        changed = None
        if link and link.sent:
            changed = frozenset(
                name for name, value in prints.items() if link.sent.get(name) != value
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
