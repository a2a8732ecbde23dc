"""The lines of an order at the desk."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestDeskLines(OrderDeskCase):
    def _found(self, text, **values):
        return self.desk.find_products(text, self.customer.id, self.phone_channel.id, **values)

    def _names(self, text):
        return [row["id"] for row in self._found(text)]

    # === PRODUCTS ===

    def test_022_first_letters_reference_and_barcode_find_products(self):
        self.assertEqual(self._names("baro")[0], self.barolo.id)
        self.assertEqual(self._names("BARO 2018"), self.barolo.ids)
        self.assertEqual(self._names("flut-06"), self.flutes.ids)
        self.assertEqual(self._names("4006381333931"), self.corkscrew.ids)
        self.assertEqual(self._names(""), [])
        self.assertEqual(self._names("nothing is called so"), [])

    def test_what_is_not_sold_is_not_found(self):
        self.barolo.sale_ok = False
        self.assertNotIn(self.barolo.id, self._names("barolo"))

    def test_023_price_and_free_stock_of_every_warehouse_are_shown_while_choosing(self):
        second = self.env["stock.warehouse"].create({"name": "Cellar", "code": "CEL"})
        self.env["stock.quant"]._update_available_quantity(self.barolo, second.lot_stock_id, 7)
        [row] = self._found("BARO-18")
        stock = {place["name"]: place["free"] for place in row["stock"]}
        self.assertEqual(stock, {self.warehouse.name: 25, "Cellar": 7})
        self.assertEqual((row["price"], row["free"]), (40.0, 25))

    def test_what_is_sold_already_is_not_free(self):
        self._bought((self.barolo, 20))
        [row] = self._found("BARO-18")
        self.assertEqual(row["free"], 5)

    def test_the_price_is_that_of_the_customer(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Wholesale",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 25.0})
                ],
            }
        )
        self.customer.property_product_pricelist = pricelist
        [row] = self._found("BARO-18")
        self.assertEqual(row["price"], 30.0)
        order = self._add(self.barolo, 2)
        self.assertEqual(order["amount"], 60.0)

    def test_the_last_price_paid_is_that_after_the_discount(self):
        order = self._bought((self.barolo, 1, 35.0))
        order.order_line.discount = 10
        [row] = self._found("BARO-18")
        self.assertEqual(row["last_price"], 31.5)
        self.assertIs(self._found("FLUT-06")[0]["last_price"], False)

    def test_eight_products_are_described_in_a_fixed_number_of_queries(self):
        for number in range(7):
            self._product(f"Barolo {number}", f"B{number}", 10.0, 5)
        self._found("barolo")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            self.assertEqual(len(self._found("barolo")), 8)

    # === LINES ===

    def test_066_the_draft_is_saved_with_its_first_line(self):
        order = self._add(self.barolo, 2)
        record = self._record(order)
        self.assertEqual(record.partner_id, self.customer)
        self.assertEqual(record.channel_id, self.phone_channel)
        self.assertEqual((record.state, record.user_id), ("draft", self.anna))
        self.assertEqual(order["line_id"], record.order_line.id)

    def test_024_the_total_follows_every_change(self):
        order = self._add(self.barolo, 2)
        order = self._add(self.flutes, 1, order)
        self.assertEqual(order["amount"], 92.5)
        order = self.desk.change_line(order["line_id"], {"product_uom_qty": 4})
        self.assertEqual(order["amount"], 130.0)
        order = self.desk.change_line(order["lines"][1]["id"], {"product_uom_qty": 0})
        self.assertEqual(len(order["lines"]), 1)

    def test_the_same_product_again_is_more_of_it(self):
        order = self._add(self.barolo, 2)
        order = self._add(self.barolo, 3, order)
        self.assertEqual([line["quantity"] for line in order["lines"]], [5])

    def test_022_what_is_scanned_is_one_more_of_it(self):
        place = (self.customer.id, self.phone_channel.id)
        order = self.desk.add_barcode("4006381333931", *place)
        self.assertEqual(self._record(order).channel_id, self.phone_channel)
        order = self.desk.add_barcode("4006381333931", *place, order["id"])
        [line] = order["lines"]
        self.assertEqual((line["product_id"], line["quantity"]), (self.corkscrew.id, 2))
        with self.assertRaisesRegex(UserError, "has the barcode 4006381333932"):
            self.desk.add_barcode("4006381333932", *place, order["id"])
        self.corkscrew.sale_ok = False
        with self.assertRaisesRegex(UserError, "No product that is sold"):
            self.desk.add_barcode("4006381333931", *place, order["id"])

    def test_024_quantities_have_the_decimals_of_the_database(self):
        self.env.ref("uom.decimal_product_uom").digits = 3
        self.assertEqual(self.desk.open_desk()["digits"]["quantity"], 3)
        order = self._add(self.barolo, 0.125)
        self.assertEqual((order["lines"][0]["quantity"], order["amount"]), (0.125, 5.0))
        with self.assertRaisesRegex(UserError, "0.0625 Units: .* at most 3 decimals"):
            self.desk.change_line(order["line_id"], {"product_uom_qty": 0.0625})
        with self.assertRaisesRegex(UserError, "at most 3 decimals"):
            self._add(self.flutes, 0.0001, order)
        self.assertEqual(self.desk.get_order(order["id"])["lines"][0]["quantity"], 0.125)
        self.env.ref("uom.decimal_product_uom").digits = 0
        with self.assertRaisesRegex(UserError, "at most 0 decimals"):
            self._add(self.flutes, 1.5, order)

    def test_025_taxes_are_those_of_the_product(self):
        self.barolo.taxes_id = self.env["account.tax"].create(
            {"name": "VAT 22", "amount": 22, "price_include_override": "tax_excluded"}
        )
        order = self._add(self.barolo, 1)
        self.assertAlmostEqual(order["amount_tax"], 8.8)
        self.assertAlmostEqual(order["amount"], 48.8)

    def test_026_a_line_takes_a_discount(self):
        order = self._add(self.barolo, 2)
        order = self.desk.change_line(order["line_id"], {"discount": 10})
        self.assertEqual(order["amount"], 72.0)

    def test_028_an_order_has_a_title_and_a_reference(self):
        order = self._add(self.barolo)
        values = {"title": "Wedding of the Bianchis", "client_order_ref": "PO 7"}
        order = self.desk.change_order(values, self.customer.id, order["id"])
        self.assertEqual((order["title"], order["client_order_ref"]), tuple(values.values()))

    def test_029_addresses_are_chosen(self):
        home = self.env["res.partner"].create(
            {"name": "Home", "parent_id": self.customer.id, "type": "delivery", "city": "Pisa"}
        )
        order = self._add(self.barolo)
        self.assertIn(home.id, [address["id"] for address in order["addresses"]])
        self.desk.change_order({"partner_shipping_id": home.id}, False, order["id"])
        self.assertEqual(self._record(order).partner_shipping_id, home)

    def test_only_what_the_screen_shows_is_changed(self):
        order = self._add(self.barolo)
        with self.assertRaisesRegex(UserError, "does not change state"):
            self.desk.change_order({"state": "sale"}, False, order["id"])
        with self.assertRaisesRegex(UserError, "does not change order_id"):
            self.desk.change_line(order["line_id"], {"order_id": 1})

    def test_a_confirmed_order_is_not_changed(self):
        order = self._add(self.barolo)
        self.desk.confirm(order["id"])
        with self.assertRaisesRegex(UserError, "begin a new order"):
            self._add(self.flutes, 1, order)

    def test_a_line_says_when_there_is_not_enough(self):
        order = self._add(self.corkscrew, 1)
        self.assertFalse(order["lines"][0]["is_short"])
        order = self._add(self.corkscrew, 1, order)
        self.assertTrue(order["lines"][0]["is_short"])

    # === SUBSTITUTES ===

    def test_a_substitute_takes_the_place_and_quantity_of_a_line(self):
        self.corkscrew.substitute_ids = self.flutes.product_tmpl_id
        order = self._add(self.corkscrew, 3)
        rows = self.desk.find_substitutes(order["line_id"])
        self.assertEqual([row["id"] for row in rows], self.flutes.ids)
        order = self.desk.replace_line(order["line_id"], self.flutes.id)
        self.assertEqual(
            [(line["product_id"], line["quantity"]) for line in order["lines"]],
            [(self.flutes.id, 3)],
        )
        self.assertEqual(order["amount"], 37.5)

    def test_without_named_substitutes_the_category_helps(self):
        category = self.env["product.category"].create({"name": "Reds"})
        other = self._product("Barbaresco", "BARB", 38.0, 0, categ_id=category.id)
        near = self._product("Barolo 2019", "BARO-19", 41.0, 3, categ_id=category.id)
        self.barolo.categ_id = category
        order = self._add(self.barolo)
        rows = self.desk.find_substitutes(order["line_id"])
        self.assertEqual([row["id"] for row in rows], [near.id, other.id], "what is there first")

    def test_a_product_without_any_substitute_is_a_sentence(self):
        self.barolo.categ_id = self.env["product.category"].create({"name": "Alone"})
        order = self._add(self.barolo)
        with self.assertRaisesRegex(UserError, "Nothing is known to stand in for .*Barolo"):
            self.desk.find_substitutes(order["line_id"])

    # === REPEAT ===

    def test_039_the_last_order_is_repeated_at_todays_prices(self):
        self._bought((self.barolo, 2, 30.0), (self.corkscrew, 3, 1.0))
        order = self.desk.repeat_last(self.customer.id, self.phone_channel.id)
        self.assertEqual(order["amount"], 2 * 40.0 + 3 * 9.0)
        short = {line["product_id"]: line["is_short"] for line in order["lines"]}
        self.assertEqual(short, {self.barolo.id: False, self.corkscrew.id: True})
        self.assertEqual(order["state"], "draft")

    def test_039_what_is_no_longer_sold_is_told(self):
        self._bought((self.barolo, 2), (self.flutes, 1))
        self.flutes.active = False
        order = self.desk.repeat_last(self.customer.id)
        self.assertEqual([line["product_id"] for line in order["lines"]], self.barolo.ids)
        self.assertEqual(len(order["notices"]), 1)
        self.assertIn("Six flutes is no longer sold", order["notices"][0])

    def test_039_shipping_and_cancelled_orders_are_not_repeated(self):
        last = self._bought((self.barolo, 1))
        last.set_delivery_line(self._carrier(), 8.0)
        self._bought((self.flutes, 1))._action_cancel()
        order = self.desk.repeat_last(self.customer.id)
        self.assertEqual([line["product_id"] for line in order["lines"]], self.barolo.ids)

    def test_039_nothing_to_repeat_is_a_sentence(self):
        with self.assertRaisesRegex(UserError, "has not ordered anything yet"):
            self.desk.repeat_last(self.customer.id)
        self.assertFalse(self.customer.sale_order_ids)
