from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_money import CARD, MARIA, TRANSFER, MoneyCase


@tagged("post_install", "-at_install")
class TestEditedInTheShop(MoneyCase):
    def _edit(self, quantities):
        self.simulator.clock.advance(5)
        self.simulator.edit_order(self.order_id, quantities)
        self._sync()

    def _glass_line(self, order):
        return order.order_line.filtered(lambda line: line.product_id == self.glass)

    def test_an_edit_is_applied_while_nothing_has_left(self):
        order = self._buy()
        self.assertEqual(order.state, "sale")
        self._edit({0: 3})
        self.assertFalse(order.shop_conflict)
        self.assertFalse(order.shop_hold_reason)
        self.assertEqual(self._glass_line(order).product_uom_qty, 3)
        self.assertAlmostEqual(order.amount_total, order.shop_total, places=2)
        move = order.picking_ids.move_ids.filtered(lambda each: each.product_id == self.glass)
        self.assertEqual(sum(move.mapped("product_uom_qty")), 3)
        self._edit({0: 6, 1: 1})
        move = order.picking_ids.move_ids.filtered(lambda each: each.product_id == self.glass)
        self.assertEqual(sum(move.mapped("product_uom_qty")), 6)
        self.assertAlmostEqual(order.amount_total, order.shop_total, places=2)

    def test_an_edit_after_delivery_shows_both_versions(self):
        order = self._buy()
        self._deliver(order)
        self._sync()
        self._edit({0: 9})
        self.assertIn("4 here, 9 in the shop", order.shop_conflict)
        self.assertIn("9 in the shop", order.shop_hold_reason)
        self.assertEqual(self._glass_line(order).product_uom_qty, 4)
        self.assertTrue(order.activity_ids)
        order.action_keep_ours()
        self.assertFalse(order.shop_conflict)
        self.assertFalse(order.shop_hold_reason)
        self.assertFalse(order.activity_ids)
        self._sync()
        self.assertFalse(order.shop_conflict)

    def test_a_decision_on_money_outlives_the_one_on_the_order(self):
        order = self._buy()
        self._deliver(order)
        self._sync()
        self._edit({0: 9})
        money = order.activity_schedule(
            "shop_connector.mail_activity_decision", summary="Money of a web order"
        )
        self._edit({0: 8})
        self.assertEqual(len(order.activity_ids - money), 1)
        order.with_context(lang="it_IT").action_take_shop_version()
        self.assertEqual(order.activity_ids, money)

    def test_the_shops_version_can_be_taken(self):
        order = self._buy()
        self._deliver(order)
        self._sync()
        self._edit({0: 9})
        order.action_take_shop_version()
        self.assertEqual(self._glass_line(order).product_uom_qty, 9)
        self.assertAlmostEqual(order.amount_total, order.shop_total, places=2)
        self.assertFalse(order.shop_conflict)
        self.assertFalse(order.shop_hold_reason)

    def _choose_carrier(self):
        """The shop's staff let the order at hand leave with another carrier."""
        store = self.simulator.shop.store
        other = self.env["delivery.carrier"].create(
            {"name": "Other", "product_id": self.env.ref("shop_connector.product_shipping").id}
        )
        record = store.get("orders", self.order_id)
        row = next(
            each for each in store.all("carriers") if each.id != int(record.values["id_carrier"])
        )
        code = row.values["id_reference"]
        mapping = self.shop.carrier_mapping_ids
        mapping.filtered(lambda each: each.external_code == code).carrier_id = other
        self.simulator.clock.advance(5)
        store.set("orders", record, id_carrier=str(row.id))
        self.env["shop.job"]._mark_incoming(self.shop, "order", [str(self.order_id)])
        self._sync()
        return other

    def test_another_carrier_chosen_in_the_shop_is_taken(self):
        order = self._buy()
        other = self._choose_carrier()
        self.assertFalse(order.shop_conflict)
        self.assertEqual(order.carrier_id, other)
        self.assertEqual(order.picking_ids.carrier_id, other)
        self.assertAlmostEqual(order.amount_total, order.shop_total, places=2)

    def test_another_carrier_after_delivery_is_shown(self):
        order = self._buy()
        self._deliver(order)
        self._sync()
        before = order.carrier_id
        self._choose_carrier()
        self.assertIn("Other", order.shop_conflict)
        self.assertEqual(order.carrier_id, before)

    def test_a_note_written_here_is_not_lost(self):
        order = self._buy(payment=TRANSFER)
        order.order_line = [Command.create({"display_type": "line_note", "name": "Wrap it twice"})]
        self._edit({0: 9})
        self.assertIn("9 in the shop", order.shop_conflict)
        self.assertIn("Wrap it twice", order.order_line.mapped("name"))

    def test_work_done_here_is_not_overwritten(self):
        order = self._buy(payment=TRANSFER)
        self.assertEqual(order.state, "draft")
        self._glass_line(order).product_uom_qty = 5
        self._edit({1: 7})
        self.assertEqual(self._glass_line(order).product_uom_qty, 5)
        self.assertIn("5 here, 4 in the shop", order.shop_conflict)
        self.assertIn("2 here, 7 in the shop", order.shop_conflict)

    def test_what_differs_late_in_a_number_is_seen(self):
        order = self._buy(payment=TRANSFER)
        self._glass_line(order).write({"product_uom_qty": 1234567, "price_unit": 12345.67})
        self._edit({1: 7})
        self.assertIn("1,234,567 here, 4 in the shop", order.shop_conflict)
        self._glass_line(order).product_uom_qty = 4
        self._edit({1: 8})
        self.assertIn("12,345.67 here, ", order.shop_conflict)

    def test_the_same_edit_here_and_there_is_no_conflict(self):
        order = self._buy(payment=TRANSFER)
        self._glass_line(order).product_uom_qty = 5
        self._edit({0: 5})
        self.assertFalse(order.shop_conflict)
        self.assertFalse(order.shop_hold_reason)


@tagged("post_install", "-at_install")
class TestCancelling(MoneyCase):
    def _state_in_shop(self):
        code = str(self.simulator.order(self.order_id)["current_state"])
        rows = self.shop.order_state_mapping_ids
        return rows.filtered(lambda row: row.external_code == code).meaning

    def test_what_the_shop_cancels_is_cancelled_here_without_an_answer(self):
        order = self._buy()
        self._set_state(self.order_id, "cancelled")
        with self._writes(0):
            self._sync()
            self._sync()
        self.assertEqual(order.state, "cancel")

    def test_what_is_cancelled_here_is_cancelled_in_the_shop_without_a_mail(self):
        order = self._buy()
        order._action_cancel()
        self._sync()
        self.assertEqual(self._state_in_shop(), "cancelled")
        self.assertFalse(self.simulator.shop.mails)
        with self._writes(0):
            self._sync()
        self.assertEqual(order.state, "cancel")

    def test_what_the_shop_has_shipped_is_not_cancelled_there(self):
        order = self._buy()
        self._set_state(self.order_id, "shipped")
        self._sync()
        order._action_cancel()
        self._sync()
        self.assertEqual(self._state_in_shop(), "shipped")
        self.assertTrue(order.shop_hold_reason)


@tagged("post_install", "-at_install")
class TestMessages(MoneyCase):
    def _said(self, order):
        return order.message_ids.filtered(lambda each: each.author_id == order.partner_id)

    def test_a_customers_message_stands_in_the_chatter_once(self):
        order = self._buy()
        self.simulator.write_message(self.order_id, "Where is <b>it</b>?\nMaria")
        self.simulator.write_message(self.order_id, "On its way", employee=1)
        self._sync()
        self._sync()
        message = self._said(order)
        self.assertEqual(len(message), 1)
        self.assertIn("&lt;b&gt;it&lt;/b&gt;", message.body)
        self.assertNotIn("On its way", " ".join(order.message_ids.mapped("body")))

    def test_a_message_written_before_the_order_is_read_comes_with_it(self):
        self.order_id = self.simulator.place_order([("GLASS", 1)], customer=MARIA, payment=CARD)
        self.simulator.write_message(self.order_id, "Please ring twice")
        self._sync()
        self.assertIn("Please ring twice", self._said(self._order(self.order_id)).body)


@tagged("post_install", "-at_install")
class TestCarts(MoneyCase):
    def setUp(self):
        super().setUp()
        self.shop.write({"read_carts": True, "cart_hours": 4})

    def _carts(self):
        self.shop.cart_read_at = False
        self._sync()
        return self.env["shop.cart"].search([("shop_id", "=", self.shop.id)])

    def _leave(self, hours, lines=(("GLASS", 3),), customer=MARIA):
        self.simulator.clock.advance(-3600 * hours)
        cart = self.simulator.leave_cart(list(lines), customer)
        self.simulator.clock.advance(3600 * hours)
        return cart

    def test_a_cart_is_listed_when_it_was_left_long_enough_ago(self):
        partner = self._buy().partner_id
        self._leave(5)
        self._leave(1, [("CORK", 1)])
        cart = self._carts()
        self.assertEqual(len(cart), 1)
        self.assertEqual(cart.partner_id, partner)
        self.assertEqual(cart.line_ids.product_id, self.glass)
        self.assertEqual(cart.line_ids.quantity, 3)
        self.assertAlmostEqual(cart.amount, 30.0)
        self.assertEqual(self.shop.cart_count, 1)
        self.assertEqual(self._carts(), cart)
        self.shop.cart_hours = 0
        self.assertEqual(len(self._carts()), 2)

    def test_a_visitor_unknown_here_is_told_by_name(self):
        self._leave(5, customer={"email": "new@shop.example", "firstname": "Ugo"})
        cart = self._carts()
        self.assertFalse(cart.partner_id)
        self.assertEqual(cart.email, "new@shop.example")
        self.assertIn("Ugo", cart.customer_name)

    def test_carts_of_visitors_without_a_name_are_passed_by_once(self):
        self.simulator.clock.advance(-3600 * 9)
        for _number in range(3):
            self.simulator.leave_nameless_cart([("GLASS", 1)])
        self.simulator.clock.advance(3600 * 9)
        self.assertFalse(self._carts())
        cursor = self.shop.cart_cursor
        self.assertTrue(cursor)
        self._leave(5)
        self.assertEqual(len(self._carts()), 1)
        self.assertGreater(self.shop.cart_cursor, cursor)

    def test_a_cart_that_is_ordered_after_all_is_marked(self):
        left = self._leave(5)
        cart = self._carts()
        order_id = self.simulator.order_cart(left)
        self._sync()
        self.assertEqual(cart.state, "ordered")
        self.assertEqual(cart.order_id, self._order(order_id))

    def test_an_old_cart_expires(self):
        self._leave(24 * 40)
        cart = self._carts()
        self.shop.sweep_at = False
        self._sync()
        self.assertEqual(cart.state, "expired")

    def test_without_the_right_carts_are_switched_off_and_orders_go_on(self):
        rights = {
            name: frozenset({"GET", "POST", "PATCH", "PUT"})
            for name in self.simulator.service.schema.names
            if name != "carts"
        }
        key = self.simulator.service.keys[self.simulator.api_key]
        self.simulator.service.keys[self.simulator.api_key] = type(key)(rights=rights)
        self._carts()
        self.assertFalse(self.shop.read_carts)
        self.assertEqual(self.shop.state, "connected")
        self.assertTrue(self.shop.activity_ids)
        self.assertEqual(self._buy().state, "sale")


@tagged("post_install", "-at_install")
class TestCustomerBase(MoneyCase):
    def test_a_common_base_takes_any_customer_with_the_e_mail(self):
        partner = self.env["res.partner"].create({"name": "M.", "email": MARIA["email"]})
        self.assertEqual(self._buy().partner_id, partner)

    def test_a_separate_base_knows_its_own_customers_only(self):
        stranger = self.env["res.partner"].create({"name": "M.", "email": MARIA["email"]})
        self.shop.customer_base = "separate"
        first = self._buy()
        self.assertNotEqual(first.partner_id, stranger)
        self.assertEqual(self._buy().partner_id, first.partner_id)

    def test_a_guest_of_a_separate_base_is_found_again(self):
        self.shop.customer_base = "separate"
        guest = MARIA | {"guest": True}
        self.assertEqual(self._buy(customer=guest).partner_id, self._buy(customer=guest).partner_id)

    def test_shops_with_one_base_share_their_customers(self):
        base = self.env["shop.customer.base"].create({"name": "Wholesale"})
        other = self.shop.copy({"name": "Other", "customer_base": "separate"})
        other.customer_base_id = base
        partner = self.env["res.partner"].create({"name": "M.", "email": MARIA["email"]})
        self.env["shop.binding"].create(
            {
                "shop_id": other.id,
                "kind": "customer",
                "external_id": "77",
                "res_model": "res.partner",
                "res_id": partner.id,
            }
        )
        self.shop.customer_base = "separate"
        self.assertNotEqual(self._buy().partner_id, partner)
        self.env["res.partner"].search(
            [("email_normalized", "=", MARIA["email"]), ("id", "!=", partner.id)]
        ).email = "elsewhere@example.com"
        self.shop.customer_base_id = base
        self.assertEqual(self._buy(customer=MARIA | {"guest": True}).partner_id, partner)

    def test_an_order_of_a_deleted_customer_gets_one_by_its_address(self):
        self.order_id = self.simulator.place_order([("GLASS", 1)], customer=MARIA, payment=CARD)
        store = self.simulator.shop.store
        order = store.one("orders", self.order_id)
        store.tables["customers"].pop(order.number("id_customer"))
        self._sync()
        self.assertEqual(self._order(self.order_id).partner_id.name, "Maria Rossi")


@tagged("post_install", "-at_install")
class TestDailyCheck(MoneyCase):
    def test_an_order_that_slipped_through_is_found_and_reported(self):
        self._buy()
        self.assertFalse(self.shop.sweep_repaired)
        self.simulator.clock.advance(-3 * 86400)
        lost = self.simulator.place_order([("GLASS", 1)], customer=MARIA, payment=CARD)
        self.simulator.clock.advance(3 * 86400)
        self._sync()
        links = self.env["shop.binding"]._by_external(self.shop, "order", [str(lost)])
        self.assertFalse(links)
        self.shop.sweep_at = fields.Datetime.now() - timedelta(days=1)
        self._sync()
        self.assertEqual(self._order(lost).state, "sale")
        self.assertEqual(self.shop.sweep_repaired, 1)
        reference = self._order(lost).client_order_ref
        self.assertIn(reference, " ".join(self.shop.message_ids.mapped("body")))
        self.shop.sweep_at = fields.Datetime.now() - timedelta(days=1)
        self._sync()
        self.assertEqual(self.shop.sweep_repaired, 1)

    def test_an_order_of_two_thousand_lines_is_read(self):
        self.simulator.checkouts.is_available = lambda *_args: True
        lines = [("GLASS" if index % 2 else "CORK", 1) for index in range(2000)]
        order = self._buy(lines, payment=TRANSFER)
        self.assertEqual(len(order.order_line.filtered("shop_line_ref")), 2000)
        self.assertFalse(order.shop_hold_reason)
        self.assertAlmostEqual(order.amount_total, order.shop_total, places=2)

    def test_an_absurd_date_fails_with_a_sentence_and_stops_no_other(self):
        bad = self.simulator.place_order([("GLASS", 1)], customer=MARIA, payment=CARD)
        store = self.simulator.shop.store
        store.one("orders", bad).values["invoice_date"] = "0001-01-01 00:00:00"
        store.find("order_payments", order_reference=store.one("orders", bad).values["reference"])[
            0
        ].values["date_add"] = "2026-13-45 99:00:00"
        self.assertEqual(self._buy().state, "sale")
        self.assertIn("not a time", self._failed("order").error)


@tagged("post_install", "-at_install")
class TestMoneyRights(MoneyCase):
    def _user(self, login, groups, **values):
        return new_test_user(self.env, login, f"base.group_user,{groups}", **values)

    def test_a_seller_cancels_and_decides_without_rights_on_the_shop(self):
        seller = self._user("seller2", "sales_team.group_sale_salesman_all_leads")
        order = self._buy(payment=TRANSFER)
        self.simulator.add_payment(self.order_id, "1.00")
        self._sync()
        self.assertTrue(order.with_user(seller).shop_payment_ids)
        with self.assertRaises(AccessError):
            order.with_user(seller).shop_payment_ids.action_retry()
        order.with_user(seller)._action_cancel()
        self._sync()
        self.assertEqual(self.simulator.order(self.order_id)["current_state"], "6")

    def test_an_accountant_posts_the_invoice_and_the_payment_is_booked(self):
        accountant = self._user("accountant", "account.group_account_invoice")
        order = self._buy()
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.with_user(accountant).action_post()
        self.assertEqual(self._rows(order).state, "done")

    def test_another_company_sees_no_money_carts_or_bases(self):
        self.shop.read_carts = True
        self.simulator.clock.advance(-3600 * 9)
        self.simulator.leave_cart([("GLASS", 1)], MARIA)
        self.simulator.clock.advance(3600 * 9)
        self._buy()
        self.env["shop.customer.base"].create({"name": "Ours"})
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._user(
            "stranger2",
            "shop_connector.group_shop_connector_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("shop.payment", "shop.cart", "shop.cart.line", "shop.customer.base"):
            self.assertTrue(self.env[model].search([]), model)
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
