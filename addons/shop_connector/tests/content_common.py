"""What the tests of a product's content share."""

import base64
from io import BytesIO

from PIL import Image

from .common import ShopCase


def picture(colour):
    """A small picture of one colour, as Odoo stores it."""
    stream = BytesIO()
    Image.new("RGB", (60, 80), colour).save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


class ContentCase(ShopCase):
    def _in_shop(self, sku="GLASS"):
        return self.simulator.product_by_sku(sku)

    def _language(self, iso):
        rows = self.shop.language_mapping_ids
        return int(rows.filtered(lambda row: row.iso_code == iso).external_code)

    def _edit(self, field, text, iso="it", sku="GLASS"):
        """As a marketer does in the shop's back office, some time later."""
        self.simulator.clock.advance(300)
        self.simulator.edit_texts(sku, field, {self._language(iso): text})
