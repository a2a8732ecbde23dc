"""Void documents: the number stays, what the document did is undone, all of it or nothing."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .documents import DocumentCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestDocumentVoid(DocumentCase):
    def _deliver(self, quantity, **values):
        order = self._sell(quantity, **values)
        order.action_confirm()
        self._validate(order.picking_ids)
        return order, order.picking_ids

    def _void(self, document, **values):
        action = document.action_open_void()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        return wizard.create({"reason": "Wrong address", **values}).action_make_void()

    def test_a_void_delivery_keeps_its_number_and_brings_the_goods_back(self):
        self._stock(self.laptop, 5, self.main)
        order, delivery = self._deliver(2)
        self._void(delivery)
        self.assertEqual(
            (delivery.document_number, delivery.voided, delivery.void_reason),
            ("DN/2026/00001", True, "Wrong address"),
        )
        self.assertEqual(delivery.void_user_id, self.env.user)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self._assert_figures(self.laptop, self.main, on_hand=5, committed=0)
        back = order.picking_ids - delivery
        self.assertEqual((back.state, back.undoes_id), ("done", delivery))
        self.assertFalse(back.document_number or back.document_type_id)
        self.assertEqual(delivery.series_id.void_count, 1)

    def test_the_same_transfer_is_planned_again_with_the_next_number(self):
        self._stock(self.laptop, 5, self.main)
        order, delivery = self._deliver(2)
        action = self._void(delivery, plan_again=True)
        again = self.env["stock.picking"].browse(action["res_id"])
        self.assertFalse(again.document_number)
        self.assertEqual(again.document_type_id, delivery.document_type_id)
        self._assert_figures(self.laptop, self.main, on_hand=5, committed_customer=2)
        self._validate(again)
        self.assertEqual(again.document_number, "DN/2026/00002")
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_a_void_receipt_takes_the_goods_out_again(self):
        order = self._buy(3)
        order.button_confirm()
        receipt = order.picking_ids
        self._validate(receipt)
        self._void(receipt)
        self.assertEqual(order.order_line.qty_received, 0)
        self._assert_figures(self.laptop, self.main, on_hand=0, ordered=0)

    def test_a_receipt_whose_goods_are_gone_cannot_become_void(self):
        order = self._buy(3)
        order.button_confirm()
        receipt = order.picking_ids
        self._validate(receipt)
        self._deliver(2)
        with self.assertRaisesRegex(UserError, "Laptop: wanted 3 .*available 1"):
            self._void(receipt)
        self.assertFalse(receipt.voided)

    def test_serial_numbers_come_back_with_the_goods(self):
        phone = self._product("Phone", tracking="serial")
        serials = self.env["stock.lot"].create(
            [{"name": f"SN{number}", "product_id": phone.id} for number in range(3)]
        )
        place = self.main.lot_stock_id
        for serial in serials:
            self.env["stock.quant"]._update_available_quantity(phone, place, 1, lot_id=serial)
        order = self._sell(2, phone)
        order.action_confirm()
        delivery = order.picking_ids
        delivery.action_assign()
        delivery.move_ids.picked = True
        delivery.button_validate()
        self._void(delivery)
        found = self.env["stock.quant"].search(
            [("product_id", "=", phone.id), ("location_id", "=", place.id), ("quantity", "=", 1)]
        )
        self.assertEqual(found.lot_id, serials)

    def test_a_delivery_in_two_steps_goes_back_to_the_place_it_left_from(self):
        self.main.delivery_steps = "pick_ship"
        self._stock(self.laptop, 5, self.main)
        order = self._sell(2)
        order.action_confirm()
        pick = order.picking_ids
        self._validate(pick)
        ship = order.picking_ids - pick
        self._validate(ship)
        self._void(ship)
        self._assert_figures(self.laptop, self.main, on_hand=5, committed=0)
        output = self.env["stock.quant"]._get_available_quantity(
            self.laptop, self.main.wh_output_stock_loc_id
        )
        self.assertEqual(output, 2)

    def test_an_internal_document_is_undone(self):
        self._stock(self.laptop, 5, self.main)
        transfer = self._transfer(2, self.main, self.internal)
        self._validate(transfer)
        self._void(transfer)
        self._assert_figures(self.laptop, self.main, on_hand=5)
        self._assert_figures(self.laptop, self.internal, on_hand=0)

    # === REFUSED ===

    def test_once_is_enough(self):
        self._stock(self.laptop, 5, self.main)
        order, delivery = self._deliver(2)
        self._void(delivery)
        with self.assertRaisesRegex(UserError, "DN/2026/00001 is void since"):
            delivery.make_void("Once more")
        back = order.picking_ids - delivery
        with self.assertRaisesRegex(UserError, "took back DN/2026/00001"):
            back.make_void("No")
        with self.assertRaisesRegex(UserError, "is void: its goods are back"):
            self._return(delivery, 1)

    def test_without_number_or_reason_nothing_is_void(self):
        self._stock(self.laptop, 5, self.main)
        order = self._sell(2)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "no number yet"):
            order.picking_ids.make_void("No")
        self._validate(order.picking_ids)
        with self.assertRaisesRegex(UserError, "Say why"):
            order.picking_ids.make_void("  ")

    def test_a_returned_delivery_cannot_become_void(self):
        self._stock(self.laptop, 5, self.main)
        _order, delivery = self._deliver(2)
        back = self._return(delivery, 1)
        with self.assertRaisesRegex(UserError, "was returned with"):
            delivery.make_void("No")
        back.action_cancel()
        delivery.make_void("Now it can")

    def test_an_invoiced_delivery_needs_a_credit_note_first(self):
        self.laptop.invoice_policy = "delivery"
        self._stock(self.laptop, 5, self.main)
        order, delivery = self._deliver(2)
        invoice = self._invoice(order)
        with self.assertRaisesRegex(UserError, "Make a credit note first"):
            delivery.make_void("No")
        invoice._reverse_moves(cancel=True)
        delivery.make_void("Now it can")
        self.assertTrue(delivery.voided)

    def _invoice(self, order):
        self.env["account.journal"].create(
            {
                "name": "Sales",
                "code": "SAL",
                "type": "sale",
                "company_id": self.company.id,
                "default_account_id": self._account("400000", "income").id,
            }
        )
        self.customer.property_account_receivable_id = self._account(
            "120000", "asset_receivable", reconcile=True
        )
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def _account(self, code, kind, **values):
        return self.env["account.account"].create(
            {
                "name": kind,
                "code": code,
                "account_type": kind,
                "company_ids": self.company.ids,
                **values,
            }
        )

    # === ORDERS ===

    def test_a_void_order_is_cancelled_and_stays_so(self):
        order = self._sell(2)
        order.action_confirm()
        order.action_lock()
        self._void(order)
        self.assertEqual((order.state, order.voided), ("cancel", True))
        self.assertEqual(order.picking_ids.state, "cancel")
        self.assertEqual(order.document_number, "SO/2026/00001")
        with self.assertRaisesRegex(UserError, "Duplicate it"):
            order.action_draft()
        self.assertFalse(order.copy().voided)

    def test_an_order_with_goods_on_the_way_cannot_become_void(self):
        self._stock(self.laptop, 5, self.main)
        order, delivery = self._deliver(2)
        with self.assertRaisesRegex(UserError, "DN/2026/00001"):
            order.make_void("No")
        delivery.make_void("Not wanted")
        order.make_void("Not wanted")
        self.assertTrue(order.voided)

    def test_a_void_purchase_order(self):
        order = self._buy(2)
        order.button_confirm()
        order.button_lock()
        self._void(order)
        self.assertEqual((order.state, order.voided), ("cancel", True))
        with self.assertRaisesRegex(UserError, "Duplicate it"):
            order.button_draft()

    def test_a_received_purchase_order_cannot_become_void(self):
        order = self._buy(2)
        order.button_confirm()
        self._validate(order.picking_ids, 1)
        with self.assertRaisesRegex(UserError, "GR/2026/00001"):
            order.make_void("No")

    # === RIGHTS ===

    def test_only_administrators_make_documents_void(self):
        self._stock(self.laptop, 5, self.main)
        order, delivery = self._deliver(2)
        for document, user, manager in (
            (delivery, "stock.group_stock_user", "stock.group_stock_manager"),
            (order, "sales_team.group_sale_salesman_all_leads", "sales_team.group_sale_manager"),
        ):
            ordinary, boss = (
                new_test_user(
                    self.env,
                    f"{document._table}_{number}",
                    f"base.group_user,{group}",
                    company_id=self.company.id,
                    company_ids=[(6, 0, self.company.ids)],
                )
                for number, group in enumerate((user, manager))
            )
            self.assertFalse(document.with_user(ordinary).can_make_void)
            with self.assertRaises(AccessError):
                document.with_user(ordinary).make_void("No")
            self.assertTrue(document.with_user(boss).can_make_void)
            document.with_user(boss).make_void("Yes")
            self.assertTrue(document.voided)
