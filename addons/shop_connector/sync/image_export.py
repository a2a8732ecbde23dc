from dataclasses import replace
from functools import partial

from odoo import models
from odoo.tools.image import image_process

from ..shopapi.documents import Image, field_fingerprints

#: what every shop system shows; anything else is sent as JPEG
PLAIN_TYPES = ("image/jpeg", "image/png", "image/gif")


def _sent_type(mimetype):
    return mimetype if mimetype in PLAIN_TYPES else "image/jpeg"


class ShopSyncImages(models.AbstractModel):
    """Pictures of products: sent when their content is new, removed when they are removed.

    A picture is the attachment that holds the field; its checksum tells whether it changed, so the
    content of unchanged pictures is never read.
    """

    _name = "shop.sync.images"
    _description = "Sending Pictures to a Web Shop"

    def _send(self, shop, adapter, templates, external, errors, tally):
        """Bring the pictures of these products into step."""
        sold = templates.filtered(lambda t: t.id in external and t.id not in errors)
        if not sold:
            return
        variants = self.env["shop.binding"]._by_record(
            shop, "variant", sold.product_variant_ids.ids
        )
        documents, owners, same = {}, {}, {}
        for attachment, template, variant in self._find_attachments(sold):
            link = variants.get(variant.id) if variant else None
            shown = (link.external_id.partition("/")[2],) if link else ()
            # the same picture on several variants is one picture in the shop
            first = same.setdefault((template.id, attachment.checksum), attachment.id)
            if first in documents:
                merged = tuple(sorted({*documents[first].variants, *shown}))
                documents[first] = replace(documents[first], variants=merged)
                continue
            documents[first] = self._document(
                attachment, external[template.id], shown, is_cover=not variant
            )
            owners[first] = template.id
        self._delete_removed(shop, adapter, [external[t.id] for t in sold], documents)
        failed = {}
        for attachment_id, document in self._changed(shop, documents).items():
            # one by one: the content of many pictures does not have to be in memory together
            self.env["shop.sync.sender"]._send(
                shop, adapter, "image", {attachment_id: document()}, failed, tally
            )
        for (_kind, attachment_id), error in failed.items():
            errors[owners[attachment_id]] = error

    def _document(self, attachment, product, variants, is_cover):
        """A picture as it is told to the shop, without its content."""
        return Image(
            product=product,
            digest=attachment.checksum,
            media_type=_sent_type(attachment.mimetype),
            variants=variants,
            is_cover=is_cover,
        )

    def _changed(self, shop, documents):
        """``{attachment id: function giving its document with content}`` of what has to be sent."""
        links = self.env["shop.binding"]._by_record(shop, "image", documents)
        changed = {}
        for attachment_id, document in documents.items():
            sent = (links[attachment_id].sent or {}) if attachment_id in links else {}
            prints = field_fingerprints(document)
            if sent == prints:
                continue
            if sent.get("digest") == prints["digest"]:
                changed[attachment_id] = partial(replace, document)
            else:
                changed[attachment_id] = partial(self._with_content, attachment_id, document)
        return changed

    def _find_attachments(self, templates):
        """(attachment, template, variant or None), the cover of each product first."""
        # pictures of products are public; the attachments holding them have no record rule of ours
        Attachment = self.env["ir.attachment"].sudo()
        products = {
            p.id: p
            for p in templates.product_variant_ids
            if p.product_tmpl_id._is_sold_in_variants()
        }
        covers = Attachment.search(
            [
                ("res_model", "=", "product.template"),
                ("res_field", "=", "image_1920"),
                ("res_id", "in", templates.ids),
            ],
            order="id",
        )
        others = Attachment.search(
            [
                ("res_model", "=", "product.product"),
                ("res_field", "=", "image_variant_1920"),
                ("res_id", "in", list(products)),
            ],
            order="id",
        )
        by_id = {template.id: template for template in templates}
        found = [(attachment, by_id[attachment.res_id], None) for attachment in covers]
        for attachment in others:
            variant = products[attachment.res_id]
            found.append((attachment, variant.product_tmpl_id, variant))
        return found

    def _with_content(self, attachment_id, document):
        attachment = self.env["ir.attachment"].sudo().browse(attachment_id)
        content = attachment.raw
        if attachment.mimetype not in PLAIN_TYPES:
            content = image_process(content, output_format="JPEG")
        return replace(document, content=content)

    def _delete_removed(self, shop, adapter, products, documents):
        links = self.env["shop.binding"].search(
            [("shop_id", "=", shop.id), ("kind", "=", "image")]
            + ["|"] * (len(products) - 1)
            + [("external_id", "=like", f"{product}/%") for product in products]
        )
        gone = links.filtered(lambda link: link.res_id not in documents)
        if not gone:
            return
        pairs = [tuple(link.external_id.split("/", 1)) for link in gone]
        shop._end_transaction()
        outcomes = adapter.delete_images(pairs)
        for link, outcome in zip(gone, outcomes, strict=True):
            if outcome.error:
                link._report_error(outcome.error)
            else:
                link.unlink()
        shop._end_transaction()
