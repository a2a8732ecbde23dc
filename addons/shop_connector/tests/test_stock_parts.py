from unittest.mock import patch

from odoo.tests import tagged

from ..sync import stock_export
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestStockParts(ShopCase):
    """Many levels go in parts, as long as other exchanges can wait."""

    def setUp(self):
        super().setUp()
        self.templates = [self._product(code, stock=9) for code in ("ONE", "TWO", "THREE", "FOUR")]
        self._sync()
        self.enterContext(patch.object(stock_export, "PART", 2))

    def _change(self):
        for number, template in enumerate(self.templates):
            self._stock(template.product_variant_ids, 20 + number)

    def _held(self):
        codes = [template.default_code for template in self.templates]
        return [self.simulator.stock_of(code) for code in codes]

    def _jobs(self):
        return self.env["shop.job"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", "stock")], order="id"
        )

    def test_every_part_arrives_and_is_counted_once(self):
        self._change()
        self.assertEqual(self._sync()["sent"], {"stock": 4})
        self.assertEqual(self._held(), [20, 21, 22, 23])

    def test_a_level_is_noted_with_the_calls_of_its_own_part(self):
        self._jobs().unlink()
        self._change()
        self._sync()
        said = self._jobs().mapped("answer")
        self.assertEqual([text.count("GET /api/stock_availables") for text in said], [1] * 4)
        self.assertEqual(len(set(said)), 3)
        self.assertTrue(all(job.duration > 0 for job in self._jobs()))

    def test_what_there_was_no_time_for_is_sent_by_the_next_batch(self):
        self._jobs().unlink()
        self._change()
        with patch.object(stock_export, "PUSH_SECONDS", -1), self._writes(4):
            figures = self._sync()
        self.assertEqual(figures["sent"], {"stock": 4})
        self.assertFalse(figures["failed"])
        self.assertEqual(self._held(), [20, 21, 22, 23])
        self.assertEqual(self._jobs().mapped("state"), ["done"] * 4)
        # waiting for its turn is no try: the next fault must not make them wait for an hour
        self.assertEqual(self._jobs().mapped("tries"), [1] * 4)
