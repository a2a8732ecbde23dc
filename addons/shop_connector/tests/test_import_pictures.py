"""The first import: a picture that cannot come does not keep its product away."""

import base64
from contextlib import contextmanager

from odoo.tests import tagged

from ..shopapi.documents import Image
from .content_common import picture
from .test_first_import import HeldCase


@tagged("post_install", "-at_install")
class TestImportPictures(HeldCase):
    def _with_pictures(self, sku, *colours):
        (product,) = self._hold(self._document(sku))
        for number, colour in enumerate(colours):
            content = base64.b64decode(picture(colour))
            self._hold(
                Image(
                    product=product,
                    digest=colour,
                    media_type="image/png",
                    is_cover=not number,
                    content=content,
                )
            )
        return product

    @contextmanager
    def _answering(self, spoil):
        """The shop's pictures come out of this function, over real HTTP."""
        handle = self.simulator.handle

        def spoiling(request):
            answer = handle(request)
            is_picture = answer.mimetype.startswith("image/")
            if is_picture and "/images/products/" in request.path:
                answer.set_data(spoil(answer.get_data()))
            return answer

        self.simulator.handle = spoiling
        try:
            yield
        finally:
            self.simulator.handle = handle

    def _job(self, product):
        domain = [("shop_id", "=", self.shop.id), ("kind", "=", "import"), ("key", "=", product)]
        return self.env["shop.job"].search(domain)

    def _link(self, product):
        return self.env["shop.binding"]._by_external(self.shop, "product", [product])[product]

    def test_a_picture_larger_than_an_answer_may_be_is_left_out_and_told(self):
        product = self._with_pictures("BIG", "red")
        limit = self.adapter.settings.max_bytes
        with self._answering(lambda content: content + b"\0" * limit):
            self._import()
        self.assertFalse(self._template(product).image_1920)
        self.assertEqual(self._job(product).state, "done")
        self.assertIn("larger than", self._job(product).result)
        self.assertEqual(self._link(product).state, "error")
        self.assertIn("Picture 1", self._link(product).last_error)

    def test_a_picture_that_ends_early_harms_no_other_product(self):
        product, other = self._with_pictures("CUT", "red"), self._with_pictures("FINE", "blue")
        whole = base64.b64decode(picture("blue"))
        with self._answering(lambda content: content if content == whole else content[:60]):
            self._import()
        self.assertFalse(self._template(product).image_1920)
        self.assertIn("without some pictures", self._job(product).result)
        self.assertTrue(self._template(other).image_1920)
        self.assertEqual(self._link(other).state, "ok")

    def test_what_came_without_a_picture_takes_none_away_in_the_shop(self):
        product = self._with_pictures("KEEP", "red", "green")
        whole = base64.b64decode(picture("red"))
        with self._answering(lambda content: content if content == whole else b"no picture"):
            self._import()
        with self._writes(0):
            self.shop.action_compare_all()
            self._sync()
        self.assertEqual(len(self.simulator.product_by_sku("KEEP")["images"]), 2)
        self.assertTrue(self._template(product).image_1920)
