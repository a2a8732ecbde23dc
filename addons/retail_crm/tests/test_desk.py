"""Finding people and orders at the desk, and the card of who is calling."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestDesk(OrderDeskCase):
    # === FINDER ===

    def test_a_customer_is_found_by_name_email_and_any_spelling_of_the_phone(self):
        for text in ("rossi", "Maria Ro", "maria.rossi@example.com", "123 4567", "0551234567"):
            found = self.desk.find(text)["customers"]
            self.assertIn(self.customer.id, [hit["id"] for hit in found], text)

    def test_an_order_is_found_by_its_number_and_by_the_reference_of_the_shop(self):
        order = self._order(user_id=self.anna.id, client_order_ref="XKBKNABJK")
        for text in (order.name, order.name[-4:], order.name.lower()):
            self.assertIn(order.id, [hit["id"] for hit in self.desk.find(text)["orders"]], text)
        order.client_order_ref = "WEB1907"
        self.assertEqual([hit["id"] for hit in self.desk.find("WEB1907")["orders"]], order.ids)

    def test_nothing_typed_finds_nothing_and_one_letter_is_no_error(self):
        self.assertEqual(self.desk.find("  "), {"customers": [], "orders": []})
        for text in ("m", "0", "+", "%", "'", "[", "\\"):
            self.desk.find(text)

    def test_a_hit_tells_how_many_orders_are_open(self):
        self._order(user_id=self.anna.id)
        [hit] = [
            one for one in self.desk.find("rossi")["customers"] if one["id"] == self.customer.id
        ]
        self.assertEqual(hit["open_count"], 1)

    def test_hits_are_described_in_a_fixed_number_of_queries(self):
        self.env["res.partner"].create([{"name": f"Zanella {number}"} for number in range(8)])
        self.desk.find("zanella")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(18):
            self.assertEqual(len(self.desk.find("zanella")["customers"]), 8)

    # === CARD ===

    def test_the_card_shows_open_and_earlier_orders(self):
        earlier, waiting = self._bought((self.flutes, 1)), self._order(user_id=self.anna.id)
        earlier.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        earlier.picking_ids.button_validate()
        earlier._enter_stage(self.env.ref("retail_crm.order_stage_done"))
        card = self.desk.get_customer(self.customer.id)
        self.assertEqual([order["id"] for order in card["open_orders"]], waiting.ids)
        self.assertEqual([order["id"] for order in card["past_orders"]], earlier.ids)
        self.assertEqual(card["open_orders"][0]["stage"], waiting.stage_id.name)

    def test_the_card_adds_up_what_was_bought(self):
        self._bought((self.flutes, 2))
        self._bought((self.barolo, 1))
        self._bought((self.barolo, 9))._action_cancel()
        self.env.flush_all()  # as at the end of the call that cancelled it
        card = self.desk.get_customer(self.customer.id)
        figures = card["figures"]
        self.assertEqual((figures["orders"], figures["cancelled"]), (2, 1))
        self.assertEqual((figures["revenue"], figures["average"]), (65.0, 32.5))
        self.assertIn(self.flutes.id, [one["id"] for one in card["favourites"]])

    def _overdue_invoice(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_user_id": self.anna.id,
                "invoice_date": fields.Date.today() - timedelta(days=60),
                "invoice_date_due": fields.Date.today() - timedelta(days=30),
                "invoice_line_ids": [(0, 0, {"name": "Wine", "price_unit": 70.0, "tax_ids": []})],
            }
        )
        invoice.action_post()
        return invoice

    def test_the_card_warns(self):
        self.customer.sale_warn_msg = "Pays in advance only"
        self._overdue_invoice()
        told = self.desk.get_customer(self.customer.id)["warnings"]
        self.assertEqual(told[0], "Pays in advance only")
        self.assertRegex(told[1], r"Overdue invoices: 1, .*70")

    def test_overdue_invoices_of_other_companies_are_not_added_up(self):
        invoice = self._overdue_invoice()
        there = self.env["res.company"].create({"name": "Neighbour"})
        self.anna.company_ids += there
        desk = self.desk.with_context(allowed_company_ids=[there.id, self.company.id])
        self.assertIn(invoice, desk.env["account.move"].search([]), "she may see it")
        self.assertEqual(desk.get_customer(self.customer.id)["warnings"], [])

    def test_the_card_lists_what_is_planned(self):
        order = self._order(user_id=self.anna.id)
        order.activity_schedule("mail.mail_activity_data_call", summary="Ask for the address")
        [task] = self.desk.get_customer(self.customer.id)["tasks"]
        self.assertEqual(task["name"], "Ask for the address")

    def test_contact_points_and_notes_are_plain_text(self):
        self.customer.comment = "<p>Likes <b>Nebbiolo</b></p>"
        card = self.desk.get_customer(self.customer.id)
        self.assertIn("+39 055 123 4567", [contact["value"] for contact in card["contacts"]])
        self.assertEqual(card["note"], "Likes *Nebbiolo*")

    # === OPENING ===

    def test_the_desk_opens_on_the_phone_channel_with_my_unfinished_orders(self):
        mine, hers = self._order(user_id=self.anna.id), self._order(user_id=self.berta.id)
        desk = self.desk.open_desk()
        self.assertEqual(desk["channel_id"], self.phone_channel.id)
        drafts = [order["id"] for order in desk["drafts"]]
        self.assertIn(mine.id, drafts)
        self.assertNotIn(hers.id, drafts)

    def test_the_desk_opens_on_the_channel_of_the_person(self):
        self.anna.order_channel_id = self.channel
        self.assertEqual(self.desk.open_desk()["channel_id"], self.channel.id)

    # === RIGHTS ===

    def test_the_desk_shows_no_more_than_the_user_may_see(self):
        hers = self._order(user_id=self.berta.id)
        self.assertFalse(self.desk.find(hers.name)["orders"])
        with self.assertRaises(AccessError):
            self.desk.get_order(hers.id)
        with self.assertRaises(AccessError):
            self.desk.confirm(hers.id)

    def test_a_customer_of_another_company_stays_hidden(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        self.customer.company_id = other
        with self.assertRaises(AccessError):
            self.desk.get_customer(self.customer.id)
