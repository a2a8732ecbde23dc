from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ShopCase

MARIA = {"email": "Maria.Rossi@Example.com", "firstname": "Maria", "lastname": "Rossi"}
BUSINESS = {
    "email": "acquisti@enoteca.example",
    "firstname": "Paolo",
    "lastname": "Neri",
    "company": "Enoteca Neri srl",
    "vat_number": "IT00743110157",
}
CARD, TRANSFER, CASH = "ps_checkout", "ps_wirepayment", "ps_cashondelivery"


@tagged("post_install", "-at_install")
class TestOrders(ShopCase):
    def setUp(self):
        super().setUp()
        self.glass = self._product(stock=50, price=10.0).product_variant_ids
        self.wine = self._product_with_formats(stock=50).product_variant_ids
        self._sync()

    def _buy(self, lines=(("GLASS", 2),), customer=MARIA, payment=CARD, **options):
        return self._place(list(lines), customer=customer, payment=payment, **options)

    def _assert_to_the_cent(self, order):
        self.assertFalse(order.shop_hold_reason)
        self.assertAlmostEqual(order.amount_total, order.shop_total, places=2)
        self.assertTrue(order.shop_total)

    # === WHAT AN ORDER CARRIES ===

    def test_a_paid_order_becomes_a_confirmed_sales_order(self):
        order = self._buy([("GLASS", 2), ("WINE-1", 1)])
        self._assert_to_the_cent(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.shop_id, self.shop)
        self.assertEqual(order.channel_id, self.shop.channel_id)
        self.assertEqual(order.pricelist_id, self.pricelist)
        self.assertEqual(order.warehouse_id, self.warehouse)
        goods = order.order_line.filtered("shop_line_ref")
        self.assertEqual(goods.product_id, self.glass | self.wine[1])
        self.assertEqual(goods.mapped("tax_ids"), self.vat22 | self.vat10)
        self.assertTrue(order.client_order_ref)
        self.assertEqual(order.picking_ids.state, "assigned")

    def test_the_order_keeps_the_moment_the_customer_placed_it(self):
        self.simulator.clock.advance(-3600 * 5)
        try:
            order = self._buy()
        finally:
            self.simulator.clock.advance(3600 * 5)
        age = fields.Datetime.now() - order.date_order
        self.assertAlmostEqual(age.total_seconds(), 3600 * 5, delta=300)

    def test_an_unpaid_order_waits_and_is_confirmed_when_paid(self):
        order_id = self.simulator.place_order([("GLASS", 1)], customer=MARIA, payment=TRANSFER)
        self._sync()
        order = self._order(order_id)
        self.assertEqual(order.state, "draft")
        self._set_state(order_id, "paid")
        self._sync()
        self.assertEqual(order.state, "sale")

    def test_a_payment_methods_own_rule_wins(self):
        row = self.shop.payment_mapping_ids.filtered(lambda r: r.external_code == TRANSFER)
        row.confirm_rule = "always"
        self.assertEqual(self._buy(payment=TRANSFER).state, "sale")
        row.confirm_rule = "never"
        self.assertEqual(self._buy(payment=TRANSFER, state=2).state, "draft")

    def test_discounts_of_every_kind_reach_the_shops_total(self):
        lines = [("GLASS", 3), ("WINE-0", 2), ("WINE-1", 1)]
        discount = self.env.ref("shop_connector.product_discount")
        for voucher in ("WINE10", "GRAZIE5", "PORTOFRANCO"):
            with self.subTest(voucher=voucher):
                order = self._buy(lines, voucher=voucher)
                self._assert_to_the_cent(order)
                self.assertIn(discount, order.order_line.product_id)

    def test_shipping_wrapping_and_message(self):
        order = self._buy(gift=True, gift_message="Auguri", note="Ring twice")
        self._assert_to_the_cent(order)
        self.assertTrue(order.order_line.filtered("is_delivery"))
        wrapping = self.env.ref("shop_connector.product_wrapping")
        line = order.order_line.filtered(lambda each: each.product_id == wrapping)
        self.assertEqual(line.name, wrapping.with_context(lang="it_IT").display_name)
        self.assertIn("Auguri", order.customer_note)
        self.assertEqual(order.shop_payment, "Carta di credito")

    def test_prices_with_tax_included_give_the_same_total(self):
        (self.vat22 | self.vat10).price_include_override = "tax_included"
        self._assert_to_the_cent(self._buy([("GLASS", 3), ("WINE-0", 2)], voucher="WINE10"))

    def test_many_odd_prices_stay_exact_to_the_cent(self):
        for number, price in enumerate((9.991, 0.333, 14.745, 3.335, 19.995)):
            self._product(f"ODD{number}", price=price, stock=100)
        self._sync()
        order = self._buy([(f"ODD{number}", 7) for number in range(5)], voucher="WINE10")
        self._assert_to_the_cent(order)

    def test_the_invoice_carries_the_sales_channel(self):
        order = self._buy()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        invoice = order._create_invoices()
        self.assertEqual(invoice.channel_id, self.shop.channel_id)
        self.assertAlmostEqual(invoice.amount_total, order.shop_total, places=2)

    # === CUSTOMERS ===

    def test_the_first_purchase_makes_the_customer_later_ones_attach(self):
        first = self._buy()
        second = self._buy(customer=MARIA | {"email": "maria.rossi@example.com"})
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertEqual(first.partner_id.name, "Maria Rossi")
        self.assertFalse(first.partner_id.is_company)
        self.assertEqual(first.partner_id.lang, "it_IT")
        self.assertEqual(first.partner_id.country_id, self.italy)

    def test_a_company_with_vat_number_is_a_company(self):
        partner = self._buy(customer=BUSINESS).partner_id
        self.assertTrue(partner.is_company)
        self.assertEqual(partner.name, "Enoteca Neri srl")
        self.assertEqual(partner.vat, "IT00743110157")

    def test_a_companys_delivery_address_is_found_again(self):
        delivery = {"firstname": "Ugo", "lastname": "Bianchi", "address1": "Via Nuova 9"}
        first = self._buy(customer=BUSINESS, delivery=delivery)
        second = self._buy(customer=BUSINESS, delivery=delivery)
        self.assertEqual(first.partner_shipping_id, second.partner_shipping_id)
        self.assertEqual(first.partner_shipping_id.street, "Via Nuova 9")

    def test_a_tax_code_is_kept(self):
        partner = self._buy(customer=MARIA | {"dni": "RSSMRA80A41H501U"}).partner_id
        self.assertIn("RSSMRA80A41H501U", partner.comment)

    def test_a_guest_attaches_by_e_mail(self):
        partner = self.env["res.partner"].create(
            {"name": "Maria R.", "email": "maria.rossi@example.com", "street": "Via Sua 1"}
        )
        order = self._buy(customer=MARIA | {"guest": True})
        self.assertEqual(order.partner_id, partner)
        self.assertEqual(partner.name, "Maria R.")
        self.assertEqual(partner.street, "Via Sua 1")
        self.assertEqual(order.partner_invoice_id.parent_id, partner)

    def test_billing_and_delivery_stay_apart_and_are_found_again(self):
        delivery = {"firstname": "Ugo", "lastname": "Bianchi", "address1": "Via Nuova 9"}
        first = self._buy(delivery=delivery)
        self.assertEqual(first.partner_invoice_id, first.partner_id)
        self.assertEqual(first.partner_shipping_id.name, "Ugo Bianchi")
        self.assertEqual(first.partner_shipping_id.street, "Via Nuova 9")
        self.assertEqual(first.partner_shipping_id.parent_id, first.partner_id)
        second = self._buy(delivery=delivery)
        self.assertEqual(second.partner_shipping_id, first.partner_shipping_id)
        third = self._buy(delivery=delivery | {"address1": "Via Altra 3"})
        self.assertNotEqual(third.partner_shipping_id, first.partner_shipping_id)
        self.assertEqual(first.partner_shipping_id.street, "Via Nuova 9")

    def test_an_address_edited_here_is_not_taken_for_the_shops(self):
        first = self._buy()
        first.partner_id.street = "Via Corretta 2"
        second = self._buy()
        self.assertEqual(second.partner_id, first.partner_id)
        self.assertNotEqual(second.partner_invoice_id, first.partner_id)
        self.assertEqual(first.partner_id.street, "Via Corretta 2")

    # === EXACTLY ONCE ===

    def test_reading_everything_again_writes_nothing(self):
        orders = self._buy() | self._buy([("WINE-0", 1)])
        stamps = {order: order.write_date for order in orders}
        self.shop.order_cursor = False
        before = self.env["sale.order"].search_count([])
        self.assertFalse(self._sync()["received"])
        self.env["shop.job"]._mark_incoming(
            self.shop,
            "order",
            self.env["shop.binding"].search([("kind", "=", "order")]).mapped("external_id"),
        )
        figures = self._sync()
        self.assertFalse(figures["received"])
        self.assertEqual(figures["skipped"], {"order": 2})
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        self.assertEqual({order: order.write_date for order in orders}, stamps)

    def test_orders_before_the_shops_date_are_not_read(self):
        self.shop.orders_since = "2100-01-01 00:00:00"
        self.simulator.place_order([("GLASS", 1)], customer=MARIA)
        figures = self._sync()
        self.assertFalse(figures["received"])
        self.assertFalse(self.shop.order_count)

    def test_orders_arrive_in_one_go_and_the_bad_one_alone_fails(self):
        for _number in range(4):
            self.simulator.place_order([("GLASS", 1)], customer=MARIA, payment=CARD)
        bad = self.simulator.place_order([("WINE-0", 1)], customer=MARIA, payment=CARD)
        order_line = self.env.registry["sale.order.line"]
        create = order_line.create

        def refuse(lines, vals_list):
            if any(vals.get("product_id") == self.wine[0].id for vals in vals_list):
                raise ValueError("Broken for the test")
            return create(lines, vals_list)

        self.patch(order_line, "create", refuse)
        figures = self._sync()
        self.assertEqual(figures["received"], {"order": 4})
        self.assertEqual(figures["failed"], {"order": 1})
        self.assertEqual(self._failed("order").key, str(bad))
        self.assertIn("Broken for the test", self._failed("order").error)
        self.patch(order_line, "create", create)
        self._failed("order").action_retry()
        self._sync()
        self.assertEqual(self._order(bad).state, "sale")
        self.assertFalse(self._failed("order"))

    def test_free_goods_with_a_voucher_on_the_shipping_stop_no_other_order(self):
        self._product("FREE", price=0.0, stock=5)
        self._sync()
        self.simulator.place_order([("FREE", 1)], customer=MARIA, payment=CARD, voucher="GRAZIE5")
        good = self.simulator.place_order([("GLASS", 1)], customer=MARIA, payment=CARD)
        self._sync()
        self.assertEqual(self._order(good).state, "sale")

    # === OPEN QUESTIONS ===

    def test_a_status_that_is_new_in_the_shop_asks_a_person(self):
        self.shop.order_state_mapping_ids.filtered(lambda row: row.meaning == "paid").unlink()
        order = self._buy()
        self.assertEqual(order.state, "draft")
        self.assertIn("is new", order.shop_hold_reason)

    def test_a_price_list_in_another_currency_is_refused(self):
        row = self.shop.currency_mapping_ids.filtered(lambda each: each.iso_code == "HUF")
        with self.assertRaisesRegex(ValidationError, "HUF"):
            row.pricelist_id = self.pricelist
        dollar = self.env["product.pricelist"].create(
            {"name": "Dollar", "currency_id": self.env.ref("base.USD").id}
        )
        with self.assertRaisesRegex(ValidationError, "EUR"):
            self.shop.pricelist_id = dollar

    def test_an_unknown_product_holds_the_order_with_the_right_total(self):
        stray = self._product("STRAY", stock=5)
        self._sync()
        stray.default_code = "RENAMED"
        self.env["shop.binding"]._by_record(self.shop, "variant", stray.product_variant_ids.ids)[
            stray.product_variant_ids.id
        ].unlink()
        order = self._buy([("STRAY", 1), ("GLASS", 1)])
        self.assertEqual(order.state, "draft")
        self.assertIn("STRAY", order.shop_hold_reason)
        self.assertAlmostEqual(order.amount_total, order.shop_total, places=2)
        self.assertEqual(order.activity_ids.user_id, self.shop.user_id)
        own_task = order.activity_schedule("mail.mail_activity_data_todo", summary="Call back")
        order.action_release_hold()
        self.assertEqual(order.activity_ids, own_task)
        with self.assertRaisesRegex(UserError, "choose the product that was sold on the line"):
            order.action_confirm()
        unknown = self.env.ref("shop_connector.product_unknown")
        line = order.order_line.filtered(lambda each: each.product_id == unknown)
        line.product_id = stray.product_variant_ids
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_product_is_found_by_its_sku_when_the_link_is_lost(self):
        self.env["shop.binding"].search([("kind", "=", "variant")]).unlink()
        order = self._buy([("GLASS", 1)])
        self.assertEqual(order.order_line.filtered("shop_line_ref").product_id, self.glass)
        self.assertEqual(order.state, "sale")

    def test_a_tax_unknown_here_holds_the_order(self):
        self.shop.tax_mapping_ids.filtered(lambda r: r.tax_id == self.vat22).tax_id = False
        self.vat22.type_tax_use = "none"
        order = self._buy()
        self.assertEqual(order.state, "draft")
        self.assertIn("22 %", order.shop_hold_reason)

    def test_a_currency_without_price_list_holds_the_order(self):
        order = self._buy(currency="HUF")
        self.assertEqual(order.state, "draft")
        self.assertIn("HUF", order.shop_hold_reason)

    def test_an_order_in_another_currency_uses_its_price_list(self):
        forint = self.env.ref("base.HUF")
        forint.active = True
        huf = self.env["product.pricelist"].create(
            {"name": "Forint", "currency_id": forint.id, "company_id": self.company.id}
        )
        self.shop.action_connect()
        order = self._buy(currency="HUF")
        self.assertEqual(order.pricelist_id, huf)
        self.assertEqual(order.currency_id, forint)
        self._assert_to_the_cent(order)

    # === AFTERWARDS ===

    def test_delivering_tells_the_shop_once(self):
        order = self._buy()
        picking = order.picking_ids
        picking.move_ids.picked = True
        picking.carrier_tracking_ref = "1Z-42"
        picking.button_validate()
        figures = self._sync()
        self.assertEqual(figures["sent"]["shipment"], 1)
        external = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)[order.id]
        held = self.simulator.order(int(external.external_id))
        self.assertEqual(held["tracking"], "1Z-42")
        self.assertEqual(
            self.shop.order_state_mapping_ids.filtered(
                lambda r: r.external_code == str(held["current_state"])
            ).meaning,
            "shipped",
        )
        with self._writes(0):
            self._sync()
            self._sync()
        self.assertEqual(order.shop_state, str(held["current_state"]))

    def test_the_invoice_is_made_when_all_goods_have_left(self):
        self.shop.invoice_rule = "delivered"
        order = self._buy([("GLASS", 4)])
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self._sync()
        self.assertFalse(order.invoice_ids)
        rest = picking.backorder_ids
        rest.move_ids.picked = True
        rest.button_validate()
        self._sync()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertAlmostEqual(order.invoice_ids.amount_total, order.shop_total, places=2)

    def test_a_partial_delivery_sends_tracking_but_not_yet_shipped(self):
        order = self._buy([("GLASS", 4)])
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.carrier_tracking_ref = "PART-1"
        picking.with_context(skip_backorder=True).button_validate()
        self._sync()
        external = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)[order.id]
        held = self.simulator.order(int(external.external_id))
        self.assertEqual(held["tracking"], "PART-1")
        self.assertEqual(str(held["current_state"]), "3")  # in preparation

    def test_a_cancellation_after_delivery_asks_a_person(self):
        order_id = self.simulator.place_order([("GLASS", 1)], customer=MARIA, payment=CARD)
        self._sync()
        order = self._order(order_id)
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        self._sync()
        self._set_state(order_id, "cancelled")
        self._sync()
        self.assertEqual(order.state, "sale")
        self.assertIn("cancelled", order.shop_hold_reason)
        self.assertTrue(order.activity_ids)

    def test_an_order_cancelled_before_we_saw_it_stays_cancelled(self):
        order_id = self.simulator.place_order([("GLASS", 1)], customer=MARIA, payment=CARD)
        self._set_state(order_id, "cancelled")
        self._sync()
        self.assertEqual(self._order(order_id).state, "cancel")
