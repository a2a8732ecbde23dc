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
    """Pictures of products: sent when their content is new, removed when they are removed, and in
    the order of the product: its own picture, its other pictures, those of single variants.

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
        links = self.env["shop.binding"]._by_record(shop, "product", sold.ids)
        led = shop._leads("images") == "odoo"
        if not led:
            # a product that is new there gets its pictures once; then they are the shop's
            sold = sold.filtered(lambda template: links[template.id].pictures_due)
        documents, owners = self._documents(shop, sold, external)
        if led:
            self._delete_removed(shop, adapter, [external[t.id] for t in sold], documents)
        orders = self.env["shop.sync.image.order"]
        moved = orders._moved(shop, documents)
        failed = {}
        self._send_changed(shop, adapter, documents, failed, tally)
        if led:
            orders._arrange(shop, adapter, documents, moved, failed, tally)
        for (_kind, attachment_id), error in failed.items():
            errors[owners[attachment_id]] = error
        for template in sold.filtered(lambda t: t.id not in errors and links[t.id].pictures_due):
            links[template.id].pictures_due = False

    def _documents(self, shop, templates, external):
        """``({attachment id: Image}, {attachment id: template id})``, in the order to be shown.

        The same picture on several variants is one picture in the shop.
        """
        variant_links = self.env["shop.binding"]._by_record(
            shop, "variant", templates.product_variant_ids.ids
        )
        documents, owners, same, counts = {}, {}, {}, {}
        for attachment, template, variants in self._find_attachments(templates):
            shown = {
                variant_links[variant.id].external_id.partition("/")[2]
                for variant in variants
                if variant.id in variant_links
            } - {""}
            first = same.setdefault((template.id, attachment.checksum), attachment.id)
            if first in documents:
                merged = tuple(sorted({*documents[first].variants, *shown}))
                documents[first] = replace(documents[first], variants=merged)
                continue
            position = counts[template.id] = counts.get(template.id, -1) + 1
            documents[first] = self._document(
                attachment, external[template.id], tuple(sorted(shown)), position
            )
            owners[first] = template.id
        return documents, owners

    def _document(self, attachment, product, variants, position):
        """A picture as it is told to the shop, without its content."""
        return Image(
            product=product,
            digest=attachment.checksum,
            media_type=_sent_type(attachment.mimetype),
            variants=variants,
            is_cover=not position,
            position=position,
        )

    def _send_changed(self, shop, adapter, documents, failed, tally):
        """Send what is new or changed in anything but its place."""
        links = self.env["shop.binding"]._by_record(shop, "image", documents)
        for attachment_id, document in documents.items():
            sent = (links[attachment_id].sent or {}) if attachment_id in links else {}
            prints = field_fingerprints(document)
            if sent and all(
                sent.get(name) == prints[name] for name in prints.keys() - {"position"}
            ):
                continue
            with_content = partial(self._with_content, attachment_id, document)
            load = partial(replace, document)
            if sent.get("digest") != prints["digest"]:
                load = with_content
            # one by one: the content of many pictures does not have to be in memory together
            self.env["shop.sync.sender"]._send(
                shop, adapter, "image", {attachment_id: load()}, failed, tally
            )

    def _find_attachments(self, templates):
        """(attachment, template, variants it shows), the cover of each product first."""
        # pictures of products are public; the attachments holding them have no record rule of ours
        Attachment = self.env["ir.attachment"].sudo()

        def found(model, field, ids):
            return Attachment.search(
                [("res_model", "=", model), ("res_field", "=", field), ("res_id", "in", ids)]
            ).grouped("res_id")

        covers = found("product.template", "image_1920", templates.ids)
        more = found("shop.image", "image_1920", templates.shop_image_ids.ids)
        sold_in_variants = templates.filtered(lambda template: template._is_sold_in_variants())
        variants = sold_in_variants.product_variant_ids
        own = found("product.product", "image_variant_1920", variants.ids)
        nothing = self.env["product.product"]
        for template in templates:
            if template.id in covers:
                yield covers[template.id], template, nothing
            for image in template.shop_image_ids.sorted(lambda each: (each.sequence, each.id)):
                if image.id in more:
                    yield more[image.id], template, image.product_variant_ids & variants
            for variant in template.product_variant_ids & variants:
                if variant.id in own:
                    yield own[variant.id], template, variant

    def _with_content(self, attachment_id, document):
        attachment = self.env["ir.attachment"].sudo().browse(attachment_id)
        content = attachment.raw
        if attachment.mimetype not in PLAIN_TYPES:
            content = image_process(content, output_format="JPEG")
        return replace(document, content=content)

    def _delete_removed(self, shop, adapter, products, documents):
        if not products:
            return
        links = self._links_of(shop, products)
        self._delete(shop, adapter, links.filtered(lambda link: link.res_id not in documents))

    def _links_of(self, shop, products):
        """The links of all pictures that these products (ids in the shop) have there."""
        return self.env["shop.binding"].search(
            [("shop_id", "=", shop.id), ("kind", "=", "image")]
            + ["|"] * (len(products) - 1)
            + [("external_id", "=like", f"{product}/%") for product in products]
        )

    def _delete(self, shop, adapter, links):
        """Take pictures out of the shop; what it refuses is told on the link."""
        if not links:
            return
        pairs = [tuple(link.external_id.split("/", 1)) for link in links]
        shop._end_transaction()
        outcomes = adapter.delete_images(pairs)
        for link, outcome in zip(links, outcomes, strict=True):
            if outcome.error:
                link._report_error(outcome.error)
            else:
                link.unlink()
        shop._end_transaction()
