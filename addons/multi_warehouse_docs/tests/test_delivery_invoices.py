"""Invoices and credit notes made from delivery notes, and which notes they stand for."""

from datetime import date
from unittest.mock import patch

from lxml import html

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..models.delivery_invoices import DeliveryInvoices
from .invoices import InvoiceCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestDeliveryInvoices(InvoiceCase):
    def _invoice(self, pickings, **options):
        return DeliveryInvoices(pickings, date(2026, 11, 30), **options).make()

    def test_an_invoice_has_one_section_per_delivery_note(self):
        order = self._order(5)
        first = self._deliver(order, 2)
        second = self._deliver(order)
        invoice = self._invoice(first | second)
        texts = [
            (line.display_type, line.name.split(" of ")[0], line.quantity)
            for line in invoice.invoice_line_ids.sorted("sequence")
        ]
        self.assertEqual(
            texts,
            [
                ("line_section", "Delivery Note DN/2026/00001", 0),
                ("product", "Wine", 2),
                ("line_section", "Delivery Note DN/2026/00002", 0),
                ("product", "Wine", 3),
            ],
        )
        self.assertEqual(invoice.invoice_date, date(2026, 11, 30))
        self.assertEqual(invoice.amount_total, 61)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(invoice.delivery_note_ids, first | second)
        self.assertEqual(first.invoice_ids, invoice)
        self.assertEqual((first | second).mapped("invoice_state"), ["invoiced", "invoiced"])

    def _keep(self, quantity, invoicing):
        """The done transfer of goods that the customer keeps of five he had on approval."""
        self._stock(self.wine, 5, self.main)
        types = self.env["document.type"]
        sent = self._transfer(
            5,
            self.main,
            self.internal,
            self.wine,
            picking_type_id=self.main.out_type_id.id,
            partner_id=self.customer.id,
            document_type_id=types.search(
                [("code", "=", "DA"), ("company_id", "=", self.company.id)]
            ).id,
        )
        self._validate(sent)
        rows = self.env["stock.goods.out"].search([("picking_id", "=", sent.id)])
        order = self.env["sale.order"].browse(rows.action_sell()["res_id"])
        order.order_line.write({"product_uom_qty": quantity, "tax_ids": self.tax.ids})
        self.env.ref("multi_warehouse_docs.causal_sale_third_party").invoicing = invoicing
        order.action_confirm()
        self._validate(order.picking_ids)
        return sent, order.picking_ids

    def test_goods_kept_by_the_customer_are_invoiced_like_a_delivery(self):
        sent, kept = self._keep(3, "deferred")
        self.assertFalse(kept.document_type_id)
        self.assertEqual(kept.invoice_state, "to_invoice")
        waiting = [("invoice_state", "=", "to_invoice"), ("company_id", "=", self.company.id)]
        self.assertEqual(self.env["stock.picking"].search(waiting), kept)
        invoice = self._invoice(kept)
        section = invoice.invoice_line_ids.filtered("delivery_note_id")
        self.assertIn(f"Kept of Delivery on Approval {sent.document_number}", section.name)
        self.assertEqual(invoice.amount_untaxed, 30)
        self.assertEqual(kept.invoice_state, "invoiced")
        self.assertFalse(self.env["stock.picking"].search(waiting))

    def test_goods_kept_are_invoiced_at_once_where_the_causal_says_so(self):
        delivery = self._type("delivery")
        delivery.invoice_type_id = self.env["document.type"].search(
            [("kind", "=", "customer_invoice"), ("company_id", "=", self.company.id)]
        )[1]
        _sent, kept = self._keep(3, "deferred")
        self.assertEqual(self._invoice(kept).document_type_id, delivery.invoice_type_id)
        delivery.post_invoices = True
        _sent, kept = self._keep(3, "immediate")
        self.assertEqual(kept.invoice_ids.state, "posted")
        self.assertEqual(kept.invoice_ids.amount_untaxed, 30)
        self.assertEqual(kept.sale_id.invoice_status, "invoiced")

    def test_a_note_without_number_stays_of_its_day(self):
        self._type("delivery").series_ids = False
        self.company.partner_id.tz = "Europe/Rome"
        with freeze_time("2026-11-22 23:30:00"):  # the day after in the cellar
            delivery = self._deliver(self._order(5)).with_context(tz="Europe/Rome")
        self.assertFalse(delivery.document_number)
        with freeze_time("2026-12-30 10:00:00"):
            self.assertEqual(delivery._get_document_date(), date(2026, 11, 23))
            invoice = self._invoice(delivery)
        self.assertIn("11/23/2026", invoice.invoice_line_ids[0].name)

    def test_the_fiscal_position_is_that_of_the_company_of_the_order(self):
        abroad = self.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": self.company.id}
        )
        self.customer.property_account_position_id = abroad
        order = self._order(5)
        order.fiscal_position_id = False
        delivery = self._deliver(order)
        other = self.env["res.company"].create({"name": "Other Cellar"})
        there = delivery.with_context(allowed_company_ids=(other | self.company).ids)
        self.assertEqual(self._invoice(there).fiscal_position_id, abroad)

    def test_two_orders_in_one_delivery_are_one_invoice(self):
        orders = self._order(2) | self._order(3)
        pickings = orders.picking_ids
        pickings[1].move_ids.picking_id = pickings[0]
        pickings[0].move_ids.move_line_ids.picking_id = pickings[0]
        self._validate(pickings[0])
        invoice = self._invoice(pickings[0])
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.amount_untaxed, 50)
        self.assertEqual(orders.mapped("invoice_status"), ["invoiced", "invoiced"])
        self.assertEqual(set(invoice.invoice_origin.split(", ")), set(orders.mapped("name")))

    def test_returns_reduce_the_invoice_or_become_a_credit_note(self):
        order = self._order(5)
        delivery = self._deliver(order)
        back = self._bring_back(delivery, 2)
        invoice = self._invoice(delivery | back)
        self.assertEqual(invoice.move_type, "out_invoice")
        self.assertEqual(invoice.amount_untaxed, 30)
        self.assertEqual(self._links(invoice), [("CR/2026/00001", -2), ("DN/2026/00001", 5)])
        invoice.action_post()
        again = self._bring_back(delivery, 1)
        self.assertEqual(again.invoice_state, "to_invoice")
        credit = self._invoice(again)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(credit.amount_untaxed, 10)
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(self._links(credit), [("CR/2026/00002", -1)])
        self.assertEqual(order.order_line.qty_invoiced, 2)
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_a_cancelled_invoice_sets_its_notes_free(self):
        order = self._order(5)
        delivery = self._deliver(order)
        invoice = self._invoice(delivery)
        self.assertTrue(delivery._is_invoiced())
        invoice.button_cancel()
        self.assertEqual(delivery.invoice_state, "to_invoice")
        self.assertFalse(delivery._is_invoiced())
        self.assertFalse(invoice.delivery_note_ids)
        other = self._invoice(delivery)
        self.assertEqual(self._links(other), [("DN/2026/00001", 5)])
        invoice.button_draft()
        self.assertFalse(self._links(invoice), "the goods are on the other invoice")
        other.unlink()
        self.assertEqual(delivery.invoice_state, "to_invoice")

    def test_a_credited_invoice_sets_its_own_notes_free(self):
        order = self._order(5)
        first = self._deliver(order, 2)
        second = self._deliver(order)
        invoice = self._invoice(first)
        self._invoice(second).action_post()
        invoice.action_post()
        invoice._reverse_moves([{"invoice_date": date(2026, 11, 30)}], cancel=True)
        self.assertEqual(first.invoice_state, "to_invoice")
        self.assertEqual(second.invoice_state, "invoiced")
        self.assertFalse(first._is_invoiced())

    def test_an_invoice_of_the_order_knows_its_delivery_notes(self):
        order = self._order(5)
        first = self._deliver(order, 2)
        invoice = order._create_invoices()
        self.assertEqual(self._links(invoice), [("DN/2026/00001", 2)])
        self.assertEqual(first.invoice_state, "invoiced")
        second = self._deliver(order)
        self.assertEqual(second.invoice_state, "to_invoice")
        line = invoice.invoice_line_ids
        line.quantity = 4
        self.assertEqual(self._links(invoice), [("DN/2026/00001", 2), ("DN/2026/00002", 2)])
        line.quantity = 1
        self.assertEqual(self._links(invoice), [("DN/2026/00001", 1)])

    def test_goods_invoiced_before_they_leave_are_not_invoiced_again(self):
        self.wine.invoice_policy = "order"
        order = self._order(5)
        invoice = order._create_invoices()
        self.assertFalse(invoice.delivery_note_ids)
        delivery = self._deliver(order, 3)
        self.assertEqual(delivery.invoice_state, "invoiced")
        self.assertEqual(invoice.delivery_note_ids, delivery)

    def test_services_are_taken_once(self):
        service = self.env["product.product"].create(
            {"name": "Engraving", "type": "service", "invoice_policy": "order"}
        )
        order = self._order(5)
        order.order_line = [
            Command.create({"product_id": service.id, "price_unit": 7, "tax_ids": False})
        ]
        first = self._invoice(self._deliver(order, 2))
        self.assertEqual(first.amount_untaxed, 27)
        second = self._invoice(self._deliver(order))
        self.assertEqual(second.amount_untaxed, 30)

    def test_goods_outside_orders_have_the_price_of_the_list(self):
        self._stock(self.wine, 5, self.main)
        picking = self._loose_delivery(5)
        invoice = self._invoice(picking)
        self.assertEqual(invoice.partner_id, self.customer)
        self.assertEqual(invoice.amount_untaxed, 50)
        self.assertEqual(invoice.amount_tax, 11)
        self.assertEqual(picking.invoice_state, "invoiced")
        invoice.action_post()
        invoice._reverse_moves([{"invoice_date": date(2026, 11, 30)}], cancel=True)
        self.assertEqual(picking.invoice_state, "to_invoice")

    def test_goods_outside_orders_come_back_at_the_price_they_were_invoiced_at(self):
        self._stock(self.wine, 5, self.main)
        picking = self._loose_delivery(5)
        self._invoice(picking).action_post()
        self.wine.lst_price = 99
        credit = self._invoice(self._bring_back(picking, 2))
        self.assertEqual((credit.move_type, credit.amount_untaxed), ("out_refund", 20))

    def _loose_delivery(self, quantity):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.main.out_type_id.id,
                "partner_id": self.customer.id,
                "location_id": self.main.lot_stock_id.id,
                "location_dest_id": self.customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": quantity,
                            "location_id": self.main.lot_stock_id.id,
                            "location_dest_id": self.customers.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        self._validate(picking)
        return picking

    def test_gifts_are_never_invoiced(self):
        order = self._order(5)
        self._use_causal(order, "gift")
        delivery = self._deliver(order)
        self.assertEqual(delivery.invoice_state, "no")
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertNotEqual(order.invoice_status, "to invoice")
        self.assertFalse(self._invoice(delivery))
        back = self._bring_back(delivery, 2)
        self.assertEqual(back.invoice_state, "no")
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertFalse(back.search([("id", "=", back.id), ("invoice_state", "!=", "no")]))

    def test_immediate_invoices_are_made_with_the_delivery(self):
        order = self._order(5)
        kind = self._use_causal(order, "sale_now")
        delivery = self._deliver(order, 2)
        invoice = delivery.invoice_ids
        self.assertEqual(invoice.state, "draft")
        self.assertEqual(invoice.amount_untaxed, 20)
        self.assertIn(delivery.document_number, invoice.invoice_line_ids[0].name)
        self.assertEqual(invoice.document_type_id, self._type("customer_invoice"))
        kind.post_invoices = True
        self.assertEqual(self._deliver(order).invoice_ids.state, "posted")

    def test_an_invoice_that_cannot_be_made_does_not_stop_the_goods(self):
        order = self._order(5)
        self._use_causal(order, "sale_now").invoice_type_id = self._type("customer_invoice")
        journals = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)]
        )
        journals.active = False
        delivery = self._deliver(order)
        self.assertEqual(delivery.state, "done")
        self.assertTrue(delivery.document_number)
        self.assertEqual(delivery.invoice_state, "to_invoice")
        self.assertIn("could not be invoiced", delivery.activity_ids.note)

    def test_each_document_is_told_of_its_own_invoice_only(self):
        orders = self._order(5) | self._order(5)
        for order in orders:
            self._use_causal(order, "sale_now").post_invoices = True
        bad, good = pickings = orders.picking_ids.sorted("id")
        pickings.action_assign()
        pickings.move_ids.picked = True
        moves = type(self.env["account.move"])
        post = moves.action_post

        def fail(self):
            if self.delivery_note_ids == bad:
                raise UserError("Nobody to pay.")
            return post(self)

        with patch.object(moves, "action_post", fail):
            pickings.button_validate()
        self.assertEqual(pickings.mapped("state"), ["done", "done"])
        self.assertEqual(bad.invoice_ids.state, "draft")
        self.assertIn("could not be posted: Nobody to pay.", bad.activity_ids.note)
        self.assertEqual(good.invoice_ids.state, "posted")
        self.assertFalse(good.activity_ids)

    def test_transfers_that_are_no_documents_are_not_looked_at(self):
        delivery = self._deliver(self._order(5))
        self.main.out_type_id.document_type_id = False
        step = self._deliver(self._order(5))
        found = self.env.execute_query(delivery._get_goods_sql())
        self.assertIn(delivery.id, [row[0] for row in found])
        self.assertNotIn(step.id, [row[0] for row in found])

    def test_to_invoice_is_found_like_it_is_shown(self):
        orders = [self._order(5) for _number in range(4)]
        self._use_causal(orders[0], "gift")
        pickings = self.env["stock.picking"].union(*(self._deliver(one) for one in orders))
        self._invoice(pickings[1])
        orders[2]._create_invoices().invoice_line_ids.quantity = 3
        back = self._bring_back(pickings[1], 1)
        everything = pickings | back
        for state in ("no", "to_invoice", "invoiced"):
            found = everything.search([("id", "in", everything.ids), ("invoice_state", "=", state)])
            shown = everything.filtered(lambda one, state=state: one.invoice_state == state)
            self.assertEqual(set(found), set(shown), state)
            self.assertTrue(found, state)

    def test_terms_of_the_order_part_the_invoices(self):
        now = self.env.ref("account.account_payment_term_immediate")
        orders = self._order(1) | self._order(1)
        orders[1].payment_term_id = now
        pickings = self.env["stock.picking"].union(*(self._deliver(one) for one in orders))
        invoices = self._invoice(pickings)
        self.assertEqual(len(invoices), 2)
        self.assertEqual(invoices.invoice_payment_term_id, now | orders[0].payment_term_id)

    def test_discount_and_other_units_to_the_cent(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order(1, price=100, product_uom_id=dozen.id, discount=5)
        self._stock(self.wine, 12, self.main)
        invoice = self._invoice(self._deliver(order, 5))
        line = invoice.invoice_line_ids.filtered(lambda one: one.display_type == "product")
        self.assertEqual((line.quantity, line.product_uom_id), (5, self.wine.uom_id))
        self.assertEqual(invoice.amount_untaxed, 39.58)
        rest = self._invoice(self._deliver(order))
        self.assertEqual(rest.amount_untaxed, 55.42)

    def test_the_heading_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.customer.lang = "it_IT"
        order = self._order(1)
        delivery = self._deliver(order)
        delivery.document_type_id.with_context(lang="it_IT").name = "DDT vendita"
        invoice = self._invoice(delivery)
        self.assertIn("DDT vendita DN/2026/00001", invoice.invoice_line_ids[0].name)
        self.assertIn("22/11/2026", invoice.invoice_line_ids[0].name)

    def test_the_printed_invoice_has_each_heading_once(self):
        order = self._order(5)
        pickings = self._deliver(order, 2) | self._deliver(order)
        invoice = self._invoice(pickings)
        invoice.action_post()
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", invoice.ids, {"report_type": "pdf"}
        )
        rows = html.fromstring(page).xpath("//tr[contains(@class, 'o_line_section')]")
        self.assertEqual(len(rows), 2)
        for row, picking in zip(rows, pickings, strict=True):
            self.assertIn(picking._get_invoice_section_name(), row.text_content())

    def test_a_delivery_note_on_an_invoice_is_not_made_void(self):
        order = self._order(5)
        delivery = self._deliver(order)
        invoice = self._invoice(delivery)
        with self.assertRaisesRegex(UserError, "credit note"):
            delivery.make_void("wrong customer")
        invoice.button_cancel()
        delivery.make_void("wrong customer")
        self.assertEqual(delivery.invoice_state, "no")

    def test_what_was_invoiced_in_advance_waits_for_other_goods(self):
        self.wine.invoice_policy = "order"
        order = self._order(5)
        invoice = order._create_invoices()
        delivery = self._deliver(order)
        self.assertEqual(invoice.delivery_note_ids, delivery)
        delivery.make_void("wrong driver")
        self.assertFalse(invoice.delivery_note_ids)

    def test_goods_replaced_free_of_charge_change_nothing_to_invoice(self):
        order = self._order(5)
        delivery = self._deliver(order)
        self._invoice(delivery)
        back = self._return(delivery, 2)
        back.causal_id = self.env.ref("multi_warehouse_docs.causal_free_return")
        self._validate(back)
        self.assertEqual(back.invoice_state, "no")
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertEqual(delivery.invoice_state, "invoiced")
