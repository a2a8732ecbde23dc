from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DeskCase

NOON = datetime(2026, 5, 20, 12)


@tagged("post_install", "-at_install")
class TestCustomerCard(DeskCase):
    def _confirmed(self, days, quantity=2, **values):
        order = self._order(user_id=self.anna.id, **values)
        order.order_line.product_uom_qty = quantity
        order.action_confirm()
        order.date_order = NOON + timedelta(days=days)
        return order

    def _card(self, user=None):
        self.env.flush_all()
        return self.customer.with_user(user or self.anna).get_customer_card()

    # === 139: FIGURES ===

    def test_139_totals_average_last_order_and_favourites(self):
        cork = self.env["product.product"].create({"name": "Cork", "list_price": 1})
        orders = [self._confirmed(day, quantity) for day, quantity in ((0, 2), (10, 4), (30, 3))]
        orders[0].order_line.copy({"order_id": orders[0].id, "product_id": cork.id})
        cancelled = self._order(user_id=self.anna.id)
        cancelled._action_cancel()
        self._order(user_id=self.anna.id)
        card = self._card()
        figures = card["figures"]
        total = sum(order.amount_untaxed for order in orders)
        self.assertEqual((figures["orders"], figures["quotations"]), (3, 1))
        self.assertEqual((figures["cancelled"], figures["cancel_rate"]), (1, 0.25))
        self.assertAlmostEqual(figures["revenue"], total)
        self.assertAlmostEqual(figures["average"], round(total / 3, 2))
        self.assertEqual(figures["first_at"], NOON)
        self.assertEqual(figures["last_at"], NOON + timedelta(days=30))
        self.assertEqual(figures["gap_days"], 15)
        self.assertEqual(figures["next_at"], NOON + timedelta(days=45))
        self.assertEqual(
            [(one["name"], one["orders"], one["quantity"]) for one in card["favourites"]],
            [("Glass", 3, 9), ("Cork", 1, 2)],
        )
        self.assertEqual(len(card["orders"]), 5)

    def test_139_people_and_addresses_count_for_the_customer(self):
        place = self.env["res.partner"].create({"name": "Cellar", "parent_id": self.customer.id})
        self._confirmed(0, partner_id=place.id)
        place.active = False
        self.assertEqual(self._card()["figures"]["orders"], 1)
        self.assertEqual(
            place.with_user(self.anna).get_customer_card()["figures"], self._card()["figures"]
        )

    def test_139_other_currencies_are_converted(self):
        currency = self.env["res.currency"].create(
            {"name": "XTS", "symbol": "x", "rate_ids": [(0, 0, {"rate": 4.0})]}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        order = self._confirmed(0, pricelist_id=pricelist.id)
        self.assertAlmostEqual(self._card()["figures"]["revenue"], order.amount_untaxed / 4)

    def test_139_a_stranger_has_no_figures(self):
        figures = self._card()["figures"]
        self.assertEqual((figures["orders"], figures["average"]), (0, 0))
        self.assertFalse(figures["next_at"])

    def test_139_a_constant_number_of_queries(self):
        for day in range(6):
            self._confirmed(day)
        self._card()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            self._card()

    # === 147: FROM THE CARD ===

    def test_147_everything_is_one_click_away(self):
        order = self._confirmed(0)
        customer = self.customer
        for action in (
            customer.action_view_deliveries(),
            customer.action_view_payments(),
            customer.action_view_sales_report(),
        ):
            self.assertEqual(action["type"], "ir.actions.act_window")
            found = self.env[action["res_model"]].search(action["domain"])
            if action["res_model"] == "stock.picking":
                self.assertEqual(found, order.picking_ids)
            if action["res_model"] == "sale.report":
                self.assertEqual(found.order_reference, order)

    def test_147_the_form_of_the_customer_opens(self):
        view = (
            self.env["res.partner"]
            .with_user(self.anna)
            .get_view(self.env.ref("base.view_partner_form").id, "form")
        )
        for name in ("portrait", "timeline", "action_view_sales_report"):
            self.assertIn(f'name="{name}"', view["arch"])


@tagged("post_install", "-at_install")
class TestTimeline(DeskCase):
    def _post(self, record, text, day, kind="comment", **values):
        message = record.message_post(body=text, message_type=kind, **values)
        message.date = NOON + timedelta(days=day)
        return message

    def _texts(self, **options):
        self.env.flush_all()
        page = self.customer.with_user(self.anna).get_timeline(**options)
        return [entry["text"] for entry in page["entries"]], page["cursor"]

    # === 113, 99: ONE TIMELINE ===

    def test_113_everything_in_one_list(self):
        order = self._order(self.anna)
        lead = self.env["crm.lead"].create(
            {"name": "Asks", "partner_id": self.customer.id, "user_id": self.anna.id}
        )
        place = self.env["res.partner"].create({"name": "Cellar", "parent_id": self.customer.id})
        self._post(self.customer, "to the customer", 1)
        self._post(order, "about the order", 3, kind="email", email_from="maria@example.com")
        self._post(lead, "about the lead", 2)
        self._post(place, "about the address", 5)
        self._post(order, "short", 4, kind="sms")
        order.action_confirm()
        self._post(order.picking_ids, "is on its way", 6)
        texts, cursor = self._texts()
        self.assertEqual(
            [text for text in texts if text],
            [
                "is on its way",
                "about the address",
                "short",
                "about the order",
                "about the lead",
                "to the customer",
            ],
        )
        self.assertFalse(cursor)
        entries = self.customer.with_user(self.anna).get_timeline()["entries"]
        kinds = {entry["text"]: entry["kind"] for entry in entries}
        self.assertEqual(kinds["short"], "sms")
        self.assertEqual(kinds["about the order"], "mail_in")
        self.assertIn(order.name, [entry["document"] for entry in entries][3])

    def test_113_page_by_page(self):
        for day in range(7):
            self._post(self.customer, f"day {day}", day // 2)
        seen, cursor = [], False
        for _page in range(4):
            texts, cursor = self._texts(before=cursor, limit=2)
            seen += texts
        self.assertEqual(seen, [f"day {day}" for day in reversed(range(7))])
        self.assertFalse(cursor)

    def test_113_what_odoo_noted_is_asked_for(self):
        self._order(self.anna)
        self.assertNotEqual(self._texts(everything=True)[0], self._texts()[0])

    def test_113_nobody_reads_of_documents_they_may_not_see(self):
        hidden = self._order(user_id=self.berta.id)
        self._post(hidden, "secret", 1)
        self.assertNotIn("secret", self._texts()[0])

    def test_113_not_for_visitors(self):
        visitor = self.env["res.users"].create(
            {
                "name": "Visitor",
                "login": "visitor",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        with self.assertRaises(AccessError):
            visitor.partner_id.with_user(visitor).get_timeline()
