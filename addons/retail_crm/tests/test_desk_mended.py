"""What went wrong at the order desk once: units, currencies, channels, discounts, companies."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestDeskMended(OrderDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    def _found(self, product, order=None):
        [row] = self.desk.find_products(
            product.default_code, self.customer.id, self.phone_channel.id, order and order["id"]
        )
        return row

    def _in_dozens(self, product, dozens=1):
        """An order of the customer with one line, in dozens."""
        order = self._record(self._add(product, 1))
        order.order_line.write({"product_uom_id": self.dozen.id, "product_uom_qty": dozens})
        return order

    # === UNITS AND CURRENCIES ===

    def test_023_the_last_price_is_that_of_one_piece(self):
        order = self._in_dozens(self.barolo)
        order.order_line.write({"price_unit": 360.0, "discount": 10})
        order.action_confirm()
        self.assertEqual(self._found(self.barolo)["last_price"], 27.0)

    def test_023_the_last_price_is_in_the_currency_of_the_order(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "DSK",
                "symbol": "D",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 4.0})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": foreign.id}
        )
        before = self._bought((self.barolo, 1, 120.0), pricelist_id=pricelist.id)
        self.assertEqual(before.currency_id, foreign)
        row = self._found(self.barolo)
        self.assertEqual(row["currency_id"], self.company.currency_id.id)
        self.assertAlmostEqual(row["last_price"], 30.0)

    def test_024_pieces_are_not_added_to_dozens(self):
        order = self._in_dozens(self.barolo)
        answer = self.desk.add_line(self.barolo.id, 2, self.customer.id, False, order.id)
        lines = [(line["quantity"], line["unit"]) for line in answer["lines"]]
        self.assertEqual(lines, [(1, self.dozen.name), (2, self.barolo.uom_id.name)])

    def test_a_substitute_for_a_dozen_is_twelve_pieces(self):
        order = self._in_dozens(self.barolo, 2)
        answer = self.desk.replace_line(order.order_line.id, self.flutes.id)
        [line] = answer["lines"]
        self.assertEqual((line["product_id"], line["quantity"]), (self.flutes.id, 24))

    # === THE ORDER AS A WHOLE ===

    def test_012_another_channel_brings_its_prices(self):
        self.channel.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Online",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50.0})
                ],
            }
        )
        order = self._add(self.barolo, 2)
        values = {"channel_id": self.channel.id}
        answer = self.desk.change_order(values, self.customer.id, order["id"])
        self.assertEqual((answer["pricelist"], answer["amount"]), ("Online", 40.0))
        self.assertEqual(answer["channel_id"], self.channel.id)

    def test_031_a_remark_does_not_ask_the_carrier_again(self):
        order = self._add(self.barolo, 1)
        carrier = self._carrier()
        order = self.desk.choose_shipping(order["id"], carrier.id)
        Desk = type(self.desk)
        with patch.object(Desk, "_refresh_shipping", autospec=True) as refreshed:
            self.desk.change_order({"delivery_wish": "after six"}, False, order["id"])
            self.desk.change_order({"title": "Wedding"}, False, order["id"])
            self.assertFalse(refreshed.called)
            home = {"partner_shipping_id": self.customer.id}
            self.desk.change_order(home, False, order["id"])
            self.assertTrue(refreshed.called)

    def test_026_an_amount_off_leaves_the_discounts_of_the_lines(self):
        self.company.sale_discount_product_id = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "sale_ok": False, "taxes_id": []}
        )
        order = self._add(self.barolo, 2)
        order = self.desk.change_line(order["line_id"], {"discount": 10})
        order = self.desk.discount_order(order["id"], amount=2.0)
        self.assertEqual(order["amount"], 70.0)
        self.assertEqual(self._record(order).order_line[0].discount, 10)
        order = self.desk.discount_order(order["id"])
        self.assertEqual(order["amount"], 80.0)

    def test_039_the_last_order_of_another_company_is_not_repeated(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        self.anna.company_ids += other
        here = self._bought((self.flutes, 1))
        there = self._bought((self.corkscrew, 1))
        there.picking_ids.unlink()
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE id = %s", (other.id, there.id)
        )
        self.env.invalidate_all()
        desk = self.desk.with_context(allowed_company_ids=[self.company.id, other.id])
        again = desk.repeat_last(self.customer.id)
        products = [line["product_id"] for line in again["lines"]]
        self.assertEqual(products, here.order_line.product_id.ids)

    # === MERGING ===

    def test_067_drafts_of_web_shops_are_left_alone(self):
        web = self._order(user_id=self.anna.id)
        order = self._add(self.barolo, 1)
        self.assertIn(web.id, [other["id"] for other in order["other_drafts"]])
        web.shop_id = self.env["shop.shop"].create(
            {"name": "Cellar", "system": "prestashop", "base_url": "http://127.0.0.1:9"}
        )
        self.assertEqual(self.desk.get_order(order["id"])["other_drafts"], [])

    def test_067_what_was_paid_moves_with_the_lines_and_nobody_hears_of_a_cancellation(self):
        rule = self.env["base.automation"].create(
            {
                "name": "Sorry",
                "retail_event": "order_cancelled",
                "task_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            }
        )
        first, second = self._order(), self._order()
        provider = self.env["payment.provider"].create({"name": "Till", "code": "none"})
        method = self.env["payment.method"].search([], limit=1)
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "DESK-1",
                "amount": 20.0,
                "currency_id": second.currency_id.id,
                "partner_id": self.customer.id,
                "sale_order_ids": [Command.set(second.ids)],
            }
        )
        (first | second).action_merge()
        self.assertEqual(first.transaction_ids, payment)
        self.assertEqual(second.state, "cancel")
        self.assertFalse(self.env["retail.trigger.run"].search([("rule_id", "=", rule.id)]))
