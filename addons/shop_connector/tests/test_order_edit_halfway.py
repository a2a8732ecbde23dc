"""An edit of an order that dies between two of its writes is brought to its end by the next try."""

from odoo.fields import Command
from odoo.tests import tagged

from .test_order_edit import OrderEditCase


@tagged("post_install", "-at_install")
class TestOrderEditHalfway(OrderEditCase):
    def _die_before(self, path):
        """Send the edit; the connection breaks at the first write to ``path``."""
        self.simulator.fail(method="PATCH", path=path, drop=True, times=None)
        self._sync()
        self.simulator.faults.clear()
        link = self.env["shop.binding"]._by_record(self.shop, "order", self.order.ids)
        self.assertIn("editing", link[self.order.id].sent)

    def _try_again(self):
        self.env["shop.job"].search([("kind", "=", "order_edit")]).due_at = "2020-01-01"
        self._sync()

    def test_lines_written_totals_not(self):
        self.line.write({"product_uom_qty": 4, "price_unit": 8.0})
        self._die_before("/orders")
        self.assertEqual(self._theirs()["rows"][0]["product_quantity"], "4")
        self._try_again()
        self.assertFalse(self.order.shop_conflict)
        self._assert_in_step()
        link = self.env["shop.binding"]._by_record(self.shop, "order", self.order.ids)
        self.assertNotIn("editing", link[self.order.id].sent)

    def test_a_line_added_before_it_died_is_not_added_again(self):
        self.order.order_line = [
            Command.create({"product_id": self.cup.id, "product_uom_qty": 3, "price_unit": 4.0})
        ]
        self._die_before("/orders")
        self.assertEqual(len(self._theirs()["rows"]), 2)
        self._try_again()
        self.assertEqual(len(self._theirs()["rows"]), 2)
        self.assertFalse(self.order.shop_conflict)
        self._assert_in_step()

    def test_changed_again_here_before_the_next_try(self):
        self.line.product_uom_qty = 4
        self._die_before("/orders")
        self.line.product_uom_qty = 3
        self._try_again()
        self.assertEqual(self._theirs()["rows"][0]["product_quantity"], "3")
        self.assertFalse(self.order.shop_conflict)
        self._assert_in_step()

    def test_changed_in_the_shop_after_it_died_is_a_conflict(self):
        self.line.product_uom_qty = 4
        self._die_before("/orders")
        store = self.simulator.shop.store
        row = store.find("order_details", id_order=self.external)[0]
        store.set("order_details", row, product_quantity=9)
        self._try_again()
        self.assertIn("4 here, 9 in the shop", self.order.shop_conflict)
        self.assertEqual(self._theirs()["rows"][0]["product_quantity"], "9")
