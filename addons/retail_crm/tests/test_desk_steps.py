"""What is done with an order at the desk: shipping, discount, confirm, invoice, send."""

from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models import retail_order_desk_steps
from .desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestDeskSteps(OrderDeskCase):
    # === SHIPPING ===

    def test_027_each_shipping_method_has_its_price(self):
        courier = self._carrier()
        far = self._carrier("Islands", country_ids=self.env.ref("base.nz").ids)
        self.customer.country_id = self.env.ref("base.it")
        order = self._add(self.barolo)
        methods = {row["id"]: row["price"] for row in self.desk.find_shipping_methods(order["id"])}
        self.assertEqual(methods.get(courier.id), 8.0)
        self.assertNotIn(far.id, methods)
        order = self.desk.choose_shipping(order["id"], courier.id)
        self.assertEqual((order["carrier"], order["amount"]), ("Courier", 48.0))

    def test_027_the_price_of_shipping_follows_the_lines(self):
        courier = self._carrier(free_over=True, amount=100.0)
        order = self._add(self.barolo, 1)
        order = self.desk.choose_shipping(order["id"], courier.id)
        order = self._add(self.barolo, 2, order)
        self.assertEqual(order["amount"], 120.0, "free over 100")
        order = self.desk.change_line(order["line_id"], {"product_uom_qty": 1})
        self.assertEqual(order["amount"], 48.0)

    def test_a_carrier_that_is_asked_over_the_network_waits_until_chosen(self):
        courier = self._carrier()
        order = self._add(self.barolo)
        Carrier = type(courier)
        with (
            # no carrier is asked over the network here: let a fixed price stand for one
            patch.object(retail_order_desk_steps, "LOCAL_RATES", ()),
            patch.object(Carrier, "rate_shipment", autospec=True) as asked,
        ):
            rows = self.desk.find_shipping_methods(order["id"])
        self.assertFalse(asked.called)
        [row] = [one for one in rows if one["id"] == courier.id]
        self.assertIs(row["price"], False)
        self.assertFalse(row["problem"])
        order = self.desk.choose_shipping(order["id"], courier.id)
        self.assertEqual(order["amount"], 48.0, "asked when it was chosen")

    def test_027_what_keeps_a_method_from_the_order_is_told_before_it_is_chosen(self):
        rule = self._carrier("By Weight", delivery_type="base_on_rule")
        order = self._add(self.barolo)
        [row] = [
            one for one in self.desk.find_shipping_methods(order["id"]) if one["id"] == rule.id
        ]
        self.assertIs(row["price"], False)
        self.assertTrue(row["problem"], "no rule matches")
        with self.assertRaises(UserError):
            self.desk.choose_shipping(order["id"], rule.id)

    # === DISCOUNT ===

    def test_026_the_order_takes_a_percentage(self):
        order = self._add(self.barolo, 2)
        order = self._add(self.flutes, 2, order)
        self.assertEqual(self.desk.discount_order(order["id"], 10)["amount"], 94.5)
        self.assertEqual(self.desk.discount_order(order["id"], 0)["amount"], 105.0)

    def test_026_the_order_takes_an_amount_that_replaces_the_one_before(self):
        self.company.sale_discount_product_id = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "sale_ok": False, "taxes_id": []}
        )
        order = self._add(self.barolo, 2)
        self.assertEqual(self.desk.discount_order(order["id"], 0, 5)["amount"], 75.0)
        self.assertEqual(self.desk.discount_order(order["id"], 0, 7)["amount"], 73.0)
        with self.assertRaisesRegex(UserError, "more than the order"):
            self.desk.discount_order(order["id"], 0, 900)
        for wrong in ((-1, 0), (101, 0), (0, -3)):
            with self.assertRaisesRegex(UserError, "between 0 and 100"):
                self.desk.discount_order(order["id"], *wrong)

    # === PROMISED ===

    def test_031_wish_and_time_window_are_on_the_order_and_its_delivery(self):
        order = self._add(self.barolo)
        self.desk.change_order(
            {
                "commitment_from": "2026-12-01 15:00:00",
                "commitment_date": "2026-12-01 17:00:00",
                "delivery_wish": "Ring at the neighbour's",
            },
            self.customer.id,
            order["id"],
        )
        self.desk.confirm(order["id"])
        delivery = self._record(order).picking_ids
        self.assertEqual(delivery.commitment_from, datetime(2026, 12, 1, 15))
        self.assertEqual(delivery.commitment_date, datetime(2026, 12, 1, 17))
        self.assertEqual(delivery.delivery_wish, "Ring at the neighbour's")

    def test_031_a_window_does_not_end_before_it_begins(self):
        order = self._add(self.barolo)
        for until in (False, "2026-12-01 14:00:00"):
            with self.assertRaisesRegex(ValidationError, "ends before it begins"):
                self.desk.change_order(
                    {"commitment_from": "2026-12-01 15:00:00", "commitment_date": until},
                    False,
                    order["id"],
                )

    # === CONFIRM ===

    def test_missing_goods_are_told_before_the_order_is_confirmed(self):
        order = self._add(self.corkscrew, 3)
        answer = self.desk.confirm(order["id"])
        self.assertEqual(answer["state"], "draft")
        self.assertRegex(answer["question"][0], "Corkscrew: 3 wanted, 1 free")
        self.assertEqual(self.desk.confirm(order["id"], True)["state"], "sale")

    def test_an_order_with_all_goods_is_confirmed_at_once(self):
        order = self._add(self.barolo, 25)
        answer = self.desk.confirm(order["id"])
        self.assertNotIn("question", answer)
        self.assertEqual((answer["state"], answer["is_editable"]), ("sale", False))

    # === DOCUMENTS ===

    def test_a_seller_makes_the_invoice_and_who_may_post_posts_it(self):
        self.barolo.invoice_policy = "order"
        order = self._add(self.barolo)
        with self.assertRaisesRegex(UserError, "confirm the order first"):
            self.desk.invoice(order["id"])
        self.desk.confirm(order["id"])
        answer = self.desk.invoice(order["id"])
        self.assertEqual([move["state"] for move in answer["invoices"]], ["draft"])
        second = self._add(self.barolo)
        self.desk.confirm(second["id"])
        posted = self.env["retail.order.desk"].invoice(second["id"])
        self.assertEqual([move["state"] for move in posted["invoices"]], ["posted"])

    def test_the_order_is_printed_until_there_is_an_invoice(self):
        self.barolo.invoice_policy = "order"
        order = self._add(self.barolo)
        action = self.desk.print_document(order["id"])
        self.assertEqual(action["report_name"], "sale.report_saleorder")
        self.desk.confirm(order["id"])
        self.env["retail.order.desk"].invoice(order["id"])
        action = self.env["retail.order.desk"].print_document(order["id"])
        self.assertIn("invoice", action["report_name"])

    def test_036_the_customer_gets_a_link_to_pay_and_to_follow_the_order(self):
        order = self._add(self.barolo, 2)
        self.desk.confirm(order["id"])
        payment = self.desk.get_payment_link(order["id"])
        record = self._record(order)
        self.assertEqual(payment["amount"], 80.0)
        self.assertIn(f"/my/orders/{record.id}?access_token={record.access_token}", payment["link"])
        action = self.desk.send_sms(order["id"], True)
        self.assertIn(payment["link"], action["context"]["default_body"])
        composer = (
            self.env["sms.composer"]
            .with_user(self.anna)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(composer.recipient_single_number_itf, "+39 055 123 4567")
        action = self.desk.send_mail(order["id"])
        self.assertEqual(action["res_model"], "mail.compose.message")

    def test_036_nobody_to_send_to_is_a_sentence(self):
        order = self._add(self.barolo)
        self.customer.write({"phone": False, "email": False})
        with self.assertRaisesRegex(UserError, "No e-mail of Maria Rossi"):
            self.desk.send_mail(order["id"])
        with self.assertRaisesRegex(UserError, "No phone number of Maria Rossi"):
            self.desk.send_sms(order["id"])

    def test_of_calls_in_vain_only_the_next_is_planned(self):
        order = self._add(self.barolo)
        for number in (1, 2):
            told = self.desk.set_not_reached(self.customer.id, order["id"])
            self.assertIn(f"attempt {number}", told)
        [task] = self._record(order).activity_ids
        self.assertEqual((task.user_id, task.summary), (self.anna, told))

    def test_not_reached_without_an_order_is_on_the_customer(self):
        self.desk.set_not_reached(self.customer.id)
        self.assertIn("attempt 1", self.customer.activity_ids.summary)

    # === TOGETHER ===

    def test_067_two_drafts_of_a_customer_become_one(self):
        first, second = self._add(self.barolo, 1), self._add(self.flutes, 2)
        kept, gone = self._record(first), self._record(second)
        gone.set_delivery_line(self._carrier(), 8.0)
        gone.activity_schedule("mail.mail_activity_data_call", summary="Ask")
        order = self.desk.get_order(first["id"])
        self.assertEqual([one["id"] for one in order["other_drafts"]], gone.ids)
        order = self.desk.merge_drafts(first["id"])
        self.assertEqual(order["amount"], 65.0)
        self.assertEqual(gone.state, "cancel")
        self.assertFalse(gone.order_line)
        self.assertEqual(kept.activity_ids.summary, "Ask")
        self.assertIn(kept.name, " ".join(gone.message_ids.mapped("body")))
        self.assertIn(gone.name, " ".join(kept.message_ids.mapped("body")))

    def test_067_only_quotations_of_the_same_customer_are_merged(self):
        first = self._order()
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        with self.assertRaisesRegex(UserError, "same Customer"):
            (first | self._order(partner_id=other.id)).action_merge()
        confirmed = self._order()
        confirmed.action_confirm()
        with self.assertRaisesRegex(UserError, "no quotation any more"):
            (first | confirmed).action_merge()
        with self.assertRaisesRegex(UserError, "at least two"):
            first.action_merge()
        self.assertEqual(len(first.order_line), 1)

    def test_067_quotations_of_a_web_shop_are_not_cancelled_there(self):
        shop = self.env["shop.shop"].create(
            {"name": "Cellar", "system": "prestashop", "base_url": "http://127.0.0.1:9"}
        )
        mine, *web = (self._order() for _number in range(3))
        for order in web:
            order.shop_id = shop
        both = web[0] | web[1]
        with self.assertRaisesRegex(UserError, f"{web[1].name} came from a web shop"):
            both.action_merge()
        self.assertEqual(both.mapped("state"), ["draft", "draft"])
        action = (mine | web[1]).action_merge()
        self.assertEqual(action["res_id"], web[1].id, "the newer one, but the shop's")
        self.assertEqual((mine.state, web[1].state), ("cancel", "draft"))
        self.assertEqual(len(web[1].order_line), 2)

    def test_067_an_order_is_split(self):
        order = self._add(self.barolo, 1)
        order = self._add(self.flutes, 2, order)
        answer = self.desk.split_order(order["id"], [order["line_id"]])
        new = self.env["sale.order"].browse(answer["split_id"])
        self.assertEqual(new.order_line.product_id, self.flutes)
        self.assertEqual((answer["amount"], new.amount_total), (40.0, 25.0))
        self.assertEqual(new.partner_id, self.customer)
        with self.assertRaisesRegex(UserError, "not all"):
            self.desk.split_order(order["id"], [line["id"] for line in answer["lines"]])
