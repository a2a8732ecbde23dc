import base64

from PIL import Image

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.image import ImageProcess

from ..shopapi.documents import field_fingerprints
from ..shopapi.errors import DataError


class ShopSyncImportPictures(models.AbstractModel):
    """Pictures of a shop's products come with them; one that cannot is told, the product comes."""

    _name = "shop.sync.import.pictures"
    _description = "Importing Pictures of a Web Shop's Products"

    def _read(self, adapter, held):
        """``({image id: content}, [sentences])`` of the pictures of a product in the shop.

        The sentences tell which pictures are left out and why: too large, or none at all.
        """
        pictures, left_out = {}, []
        for number, image in enumerate(held.images, 1):
            try:
                content = adapter.read_image(held.external_id, image)
                self._check(content)
            except (DataError, UserError) as error:
                left_out.append(
                    self.env._("Picture %(number)s: %(reason)s", number=number, reason=error)
                )
            else:
                pictures[image] = content
        return pictures, left_out

    def _check(self, content):
        """Raises UserError for what Odoo could not store or make smaller.

        Found out here, where no transaction is open and nothing else would be lost with it.
        """
        try:
            picture = ImageProcess(content).image
            if picture:
                picture.load()
        # what Pillow raises for pictures that end early, or would fill the memory
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise UserError(self.env._("It cannot be read: %s", error)) from error

    def _report(self, shop, held, left_out):
        """Say on the product's link what did not come with it; returns the result to note."""
        if not left_out:
            return self.env._("Imported from the shop")
        text = self.env._(
            "Imported from the shop without some pictures. Make them smaller in the shop, or add "
            "them here:\n%s",
            "\n".join(left_out),
        )
        links = self.env["shop.binding"]._by_external(shop, "product", [held.external_id])
        links[held.external_id]._report_error(text)
        return text

    def _set(self, held, template, pictures, pairs):
        """The first picture is the cover, the others follow in their order.

        A variant shows the first of its own here too; ``pairs``: ``{variant id: product}``. Returns
        ``{image id: record that holds it}``.
        """
        images = [image for image in held.images if image in pictures]
        if not images:
            return {}
        shown = {}
        for each in held.variants:
            if product := pairs.get(each.external_id):
                for image in each.images:
                    shown[image] = shown.get(image, product.browse()) | product
                own = next((image for image in each.images if image in images[1:]), None)
                if own:
                    product.image_variant_1920 = base64.b64encode(pictures[own])
        template.image_1920 = base64.b64encode(pictures[images[0]])
        more = self.env["shop.image"].create(
            [
                {
                    "product_tmpl_id": template.id,
                    "sequence": number,
                    "image_1920": base64.b64encode(pictures[image]),
                    "product_variant_ids": [
                        Command.set(shown[image].ids if image in shown else [])
                    ],
                }
                for number, image in enumerate(images[1:], 1)
            ]
        )
        records = [template, *more]
        return dict(zip(images, records, strict=True))

    def _link(self, shop, held, template, used):
        """Remember which picture here is which of the shop: none is sent back."""
        # pictures of products are public; the attachments holding them have no record rule of ours
        Attachment = self.env["ir.attachment"].sudo()
        images = self.env["shop.sync.images"]
        documents, _owners = images._documents(shop, template, {template.id: held.external_id})
        rows = []
        for image, record in used.items():
            attachment = Attachment.search(
                [
                    ("res_model", "=", record._name),
                    ("res_field", "=", "image_1920"),
                    ("res_id", "=", record.id),
                ],
                limit=1,
            )
            # the same picture twice in the shop is one here
            if attachment.id in documents:
                sent = field_fingerprints(documents[attachment.id])
                rows.append((attachment.id, f"{held.external_id}/{image}", sent))
        self.env["shop.binding"]._remember(shop, "image", "ir.attachment", rows)
