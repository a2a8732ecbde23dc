import re

from werkzeug.wrappers import Response

from odoo.tests import tagged

from .common import ShopCase

SCRIPT = '<script>alert("x")</script>'


@tagged("post_install", "-at_install")
class TestBadOrders(ShopCase):
    """Whatever stands in one order: one sentence on its exchange, and the others come in."""

    def setUp(self):
        super().setUp()
        self._product(stock=50000, price=10.0)
        self._sync()
        self.store = self.simulator.shop.store

    def _good(self):
        return self.simulator.place_order([("GLASS", 1)], payment="ps_checkout")

    def _bad(self, resource, **values):
        """An order between two good ones, with these values in the shop's table."""
        order_id = self._good()
        record = (
            self.store.one("orders", order_id)
            if resource == "orders"
            else self.store.find(resource, id_order=order_id)[0]
        )
        record.values.update(values)
        return order_id

    def _assert_only_it_fails(self, bad):
        good = [self._good(), self._good()]
        self._sync()
        for order_id in good:
            self.assertEqual(self._order(order_id).state, "sale")
        failed = self._failed("order")
        self.assertEqual(failed.mapped("key"), [str(bad)])
        self.assertTrue(failed.error)
        self.assertNotIn("Traceback", failed.error)
        self.assertLess(len(failed.error), 600)
        return failed

    def test_a_total_that_is_no_number(self):
        failed = self._assert_only_it_fails(self._bad("orders", total_paid_tax_incl="twelve"))
        self.assertIn("twelve", failed.error)

    def test_a_price_that_is_not_finite(self):
        self._assert_only_it_fails(self._bad("order_details", unit_price_tax_incl="NaN"))

    def test_a_quantity_that_is_absurd(self):
        self._assert_only_it_fails(self._bad("order_details", product_quantity="1e999999"))

    def test_a_date_that_does_not_exist(self):
        failed = self._assert_only_it_fails(self._bad("orders", date_add="2026-13-45 99:99:99"))
        self.assertIn("2026-13-45", failed.error)

    def test_an_order_in_no_currency_is_held(self):
        order_id = self._bad("orders", id_currency="")
        good = self._good()
        self._sync()
        self.assertEqual(self._order(good).state, "sale")
        self.assertTrue(self._order(order_id).shop_hold_reason)

    def test_an_answer_with_an_entity_bomb(self):
        bad = self._good()
        bomb = (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
            b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><prestashop><orders>&b;</orders></prestashop>'
        )
        self._poison(bad, bomb)
        failed = self._assert_only_it_fails(bad)
        self.assertIn("document type", failed.error)

    def test_an_answer_that_is_a_page_for_people(self):
        bad = self._good()
        self._poison(bad, b"<html><body>We are back soon</body></html>")
        self._assert_only_it_fails(bad)

    def test_an_answer_in_no_known_encoding(self):
        bad = self._good()
        self._poison(
            bad, b'<?xml version="1.0" encoding="UTF-8"?><prestashop>\xff\xfe</prestashop>'
        )
        self._assert_only_it_fails(bad)

    def _poison(self, order_id, body):
        """Every call that reads the rows of this order is answered with that body."""
        handle = self.simulator.handle

        def answer(request):
            asked = re.findall(r"\d+", request.args.get("filter[id_order]", ""))
            if request.path == "/api/order_details" and str(order_id) in asked:
                return Response(body, status=200, mimetype="text/xml")
            return handle(request)

        self.simulator.handle = answer

    def test_markup_and_scripts_stay_text(self):
        order_id = self._good()
        order = self.store.one("orders", order_id)
        address = self.store.one("addresses", order.values["id_address_delivery"])
        address.values["address1"] = SCRIPT
        address.values["other"] = SCRIPT
        order.values.update({"gift": "1", "gift_message": SCRIPT})
        self.store.find("order_details", id_order=order_id)[0].values["product_name"] = SCRIPT
        self._sync()
        found = self._order(order_id)
        self.assertEqual(found.partner_shipping_id.street, SCRIPT)
        bodies = " ".join(found.message_ids.mapped("body"))
        self.assertNotIn("<script", bodies)
        self.assertIn(SCRIPT, found.customer_note)
        self.assertIn("&lt;script", bodies)

    def test_the_same_code_twice_is_two_lines(self):
        order_id = self.simulator.place_order([("GLASS", 1), ("GLASS", 2)], payment="ps_checkout")
        self._sync()
        order = self._order(order_id)
        goods = order.order_line.filtered("shop_line_ref")
        self.assertEqual(sorted(goods.mapped("product_uom_qty")), [1, 2])
        self.assertAlmostEqual(order.amount_total, order.shop_total, places=2)

    def test_an_order_of_two_thousand_lines(self):
        order_id = self.simulator.place_order([("GLASS", 1)] * 2000, payment="ps_checkout")
        self._sync()
        order = self._order(order_id)
        self.assertEqual(len(order.order_line.filtered("shop_line_ref")), 2000)
        self.assertAlmostEqual(order.amount_total, order.shop_total, places=2)
        self.assertFalse(order.shop_hold_reason)
