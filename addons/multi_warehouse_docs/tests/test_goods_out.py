"""Goods of ours at third parties: sent, listed, returned, sold there, reminded of."""

from datetime import date

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import convert_file

from .test_causals import CausalCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestGoodsOut(CausalCase):
    def _send(self, quantity=5, code="DA", **values):
        """Goods sent to the customer with a document of that type."""
        picking = self._out(quantity, document_type_id=self._type_of(code).id, **values)
        self._validate(picking)
        return picking

    def _rows(self, partner=None):
        self.env.invalidate_all()
        return self.env["stock.goods.out"].search(
            [("partner_id", "=", (partner or self.customer).id)]
        )

    def _assert_out(self, *expected, partner=None):
        """Assert what is still out of each document, and that it adds up to the stock there."""
        partner = partner or self.customer
        rows = self._rows(partner)
        self.assertEqual(
            {(row.picking_id.id, row.quantity_out) for row in rows},
            {(picking.id, quantity) for picking, quantity in expected},
        )
        place = partner._find_third_party_location(self.company)
        quants = self.env["stock.quant"].search([("location_id", "=", place.id)])
        self.assertEqual(sum(rows.mapped("quantity_out")), sum(quants.mapped("quantity")))

    # === THERE ===

    def test_goods_on_approval_stay_ours_at_the_place_of_the_customer(self):
        self.assertFalse(self.customer._find_third_party_location(self.company))
        picking = self._send()
        place = self.customer._find_third_party_location(self.company)
        self.assertEqual(picking.location_dest_id, place)
        self.assertEqual(picking.move_ids.location_dest_id, place)
        self.assertEqual(place.usage, "internal")
        self.assertFalse(place.warehouse_id)
        self.assertEqual(place.location_id, self.company.third_party_location_id)
        self.assertEqual(picking.document_number, "DN/2026/00001")
        self.assertEqual(picking.move_ids.causal_id, self._causal("viewing"))
        self._assert_figures(self.laptop, self.main, on_hand=15, committed=0)
        self._assert_out((picking, 5))
        row = self._rows()
        self.assertEqual((row.date, row.due_date), (date(2026, 11, 22), date(2027, 11, 22)))
        self.assertEqual(row.document_number, "DN/2026/00001")

    def test_all_addresses_of_a_customer_share_one_place(self):
        branch = self.env["res.partner"].create({"name": "Bar", "parent_id": self.customer.id})
        first, second = self._send(2), self._send(3, partner_id=branch.id)
        self.assertEqual(first.location_dest_id, second.location_dest_id)
        self._assert_out((first, 2), (second, 3))

    def test_every_company_has_its_own_places(self):
        other = self.env["res.company"].create({"name": "Other Cellar"})
        here = self.customer._get_third_party_location(self.company)
        there = self.customer._get_third_party_location(other)
        self.assertNotEqual(here, there)
        self.assertEqual(there.company_id, other)
        self.assertEqual(self.customer._get_third_party_location(other), there)

    def test_a_warehouse_user_may_send_the_first_goods(self):
        user = new_test_user(
            self.env,
            "packer",
            "stock.group_stock_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        picking = self._out(2).with_user(user)
        picking.document_type_id = self._type_of("DA")
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._rows().with_user(user).quantity_out, 2)

    def test_no_partner_no_place(self):
        picking = self._out(2, document_type_id=self._type_of("DA").id, partner_id=False)
        with self.assertRaisesRegex(UserError, "enter the contact"):
            picking.action_confirm()
        picking.partner_id = self.customer
        self.assertEqual(
            picking.location_dest_id, self.customer._find_third_party_location(self.company)
        )
        self.assertEqual(picking.causal_id, self._causal("viewing"))

    def test_another_partner_another_place_and_back_to_a_sale(self):
        picking = self._out(2, document_type_id=self._type_of("DA").id)
        other = self.env["res.partner"].create({"name": "Hotel"})
        picking.partner_id = other
        self.assertEqual(picking.location_dest_id.third_party_partner_id, other)
        self.assertEqual(picking.move_ids.location_dest_id, picking.location_dest_id)
        picking.document_type_id = self._type("delivery")
        self.assertEqual(picking.causal_id, self._causal("sale"))
        self.assertEqual(picking.location_dest_id, self.customers)
        self.assertEqual(picking.move_ids.location_dest_id, self.customers)

    def test_what_an_order_delivers_does_not_go_on_approval(self):
        order = self._sell(2)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, order.name):
            order.picking_ids.document_type_id = self._type_of("DA")

    def test_a_customer_with_goods_of_ours_cannot_be_deleted(self):
        self._send(1)
        place = self.customer._find_third_party_location(self.company)
        self.assertEqual(place.third_party_partner_id, self.customer)
        place.active = False if not place.quant_ids else place.active
        again = self.customer._get_third_party_location(self.company)
        self.assertEqual(again, place)

    # === BACK ===

    def test_goods_come_back_with_a_document_of_their_own(self):
        picking = self._send()
        back = self._return(picking, 2)
        self.assertEqual(back.document_type_id, self._type_of("AR"))
        self.assertEqual(back.causal_id, self._causal("viewing_return"))
        self._validate(back)
        self.assertEqual(back.document_number, "CR/2026/00001")
        self._assert_out((picking, 3))
        self._assert_figures(self.laptop, self.main, on_hand=17)
        self.assertEqual(self._rows().quantity_settled, 2)

    def test_a_return_entered_by_hand_comes_from_the_partner_and_settles_the_oldest(self):
        first, second = self._send(2), self._send(4)
        operation = self.main.in_type_id
        back = self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "partner_id": self.customer.id,
                "document_type_id": self._type_of("AR").id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.laptop.id,
                            "product_uom_qty": 3,
                            "location_id": operation.default_location_src_id.id
                            or self.suppliers.id,
                            "location_dest_id": operation.default_location_dest_id.id,
                        },
                    )
                ],
            }
        )
        place = self.customer._find_third_party_location(self.company)
        self.assertEqual(back.location_id, place)
        self.assertEqual(back.move_ids.location_id, place)
        self._validate(back)
        self._assert_out((second, 3))
        self.assertEqual(first.state, "done")

    def test_no_more_comes_back_than_went(self):
        picking = self._send(5)
        self._return(picking, 2)
        with self.assertRaisesRegex(UserError, "4 .* cannot be returned.*moved 5.*3 of them"):
            self._return(picking, 4)
        back = self._return(picking, 3)
        with self.assertRaisesRegex(UserError, "9 .* cannot come back.*only 5"):
            back.move_ids.quantity = 9
            back.move_ids.picked = True
            back.with_context(skip_backorder=True).button_validate()
        self.assertNotEqual(back.state, "done")

    def test_no_more_comes_back_from_a_customer_than_was_delivered(self):
        order = self._sell(2)
        order.action_confirm()
        self._validate(order.picking_ids)
        with self.assertRaisesRegex(UserError, "3 .* cannot be returned"):
            self._return(order.picking_ids, 3)

    def test_no_more_leaves_the_partner_than_is_there(self):
        self._send(2)
        place = self.customer._find_third_party_location(self.company)
        move = {
            "product_id": self.laptop.id,
            "product_uom_qty": 3,
            "location_id": place.id,
            "location_dest_id": self.main.lot_stock_id.id,
        }
        back = self.env["stock.picking"].create(
            {
                "picking_type_id": self.main.int_type_id.id,
                "partner_id": self.customer.id,
                "location_id": place.id,
                "location_dest_id": self.main.lot_stock_id.id,
                "move_ids": [(0, 0, move)],
            }
        )
        self.assertEqual(back.causal_id, self._causal("viewing_return"))
        with self.assertRaisesRegex(UserError, "has 2 .* so 3 cannot leave"):
            self._validate(back)

    def test_the_list_prepares_the_return(self):
        picking = self._send(5)
        self._validate(self._return(picking, 1))
        action = self._rows().action_return()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.product_return_moves.quantity, 4)
        second = self._send(3)
        action = self._rows().action_return()
        returns = self.env["stock.picking"].search(action["domain"])
        self.assertEqual(returns.return_id, picking | second)
        for one in returns:
            self._validate(one)
        self._assert_out()

    # === SOLD THERE ===

    def test_the_customer_keeps_some_and_pays_for_it(self):
        first, second = self._send(2), self._send(4)
        row = self._rows().filtered(lambda one: one.picking_id == second)
        order = self.env["sale.order"].browse(row.action_sell()["res_id"])
        order.order_line.product_uom_qty = 3
        order.warehouse_id = self.main
        order.action_confirm()
        delivery = order.picking_ids
        place = self.customer._find_third_party_location(self.company)
        self.assertEqual(delivery.location_id, place)
        self.assertEqual(delivery.location_dest_id, self.customers)
        self.assertEqual(delivery.causal_id, self._causal("sale_third_party"))
        self.assertFalse(delivery.document_type_id)  # nothing travels
        self._validate(delivery)
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(order.invoice_status, "to invoice")
        self._assert_out((first, 2), (second, 1))
        self._assert_figures(self.laptop, self.main, on_hand=14, committed=0)

    def test_it_is_sold_from_there_in_a_warehouse_with_steps_too(self):
        picking = self._send(2)
        self.main.delivery_steps = "pick_ship"
        order = self.env["sale.order"].browse(self._rows().action_sell()["res_id"])
        order.action_confirm()
        self.assertEqual(len(order.picking_ids), 1)
        self._validate(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(len(order.picking_ids), 1)
        self._assert_out()
        self.assertEqual(picking.state, "done")

    # === OTHERS ===

    def test_goods_for_processing_go_to_a_vendor(self):
        picking = self._send(3, "DW", partner_id=self.vendor.id)
        self.assertEqual(picking.move_ids.causal_id, self._causal("work"))
        self._assert_out((picking, 3), partner=self.vendor)
        self.assertFalse(self._rows(self.vendor).due_date)
        back = self._return(picking, 3)
        self.assertEqual(back.document_type_id, self._type_of("WR"))
        self._validate(back)
        self._assert_out(partner=self.vendor)

    def test_goods_of_others_with_us_keep_their_owner(self):
        owner = self.env["res.partner"].create({"name": "Owner"})
        wine = self._product("Wine")
        quants = self.env["stock.quant"]
        quants._update_available_quantity(wine, self.main.lot_stock_id, 5, owner_id=owner)
        move = self._transfer(2, self.main, self.internal, product=wine)
        self._validate(move)
        self._validate(self._out(2, wine, document_type_id=self._type_of("DA").id))
        place = self.customer._find_third_party_location(self.company)
        for location, quantity in (
            (self.main.lot_stock_id, 1),
            (self.internal.lot_stock_id, 2),
            (place, 2),
        ):
            found = quants.search(
                [("product_id", "=", wine.id), ("location_id", "=", location.id)]
            ).filtered("quantity")
            self.assertEqual(found.owner_id, owner)
            self.assertEqual(found.quantity, quantity)

    def test_void_brings_the_goods_back(self):
        picking = self._send(2)
        picking._make_void("Wrong customer")
        self._assert_out()
        self._assert_figures(self.laptop, self.main, on_hand=20)

    # === REMINDERS ===

    def _remind(self):
        with self.enter_registry_test_mode():
            self.env.ref("multi_warehouse_docs.cron_goods_out").method_direct_trigger()
        self.env.invalidate_all()

    def test_who_is_responsible_is_reminded_once(self):
        self._causal("viewing").return_days = 10
        picking = self._send(5)
        second = self._send(1)
        self._remind()
        self.assertFalse(picking.activity_ids)
        with freeze_time("2026-12-03 10:00:00"):
            self._validate(self._return(second, 1))
            overdue = self.env["stock.goods.out"].search([("due_date", "<", date(2026, 12, 3))])
            self.assertEqual(overdue.picking_id, picking)
            self._remind()
            self._remind()
            self.assertEqual(len(picking.activity_ids), 1)
            self.assertEqual(picking.activity_ids.user_id, picking.user_id)
            self.assertIn("5", picking.activity_ids.note)
            self.assertFalse(second.activity_ids)
            self._validate(self._return(picking, 4))
            self.assertTrue(picking.activity_ids)
            self._validate(self._return(picking, 1))
            self.assertFalse(picking.activity_ids)

    # === CONTACTS ===

    def _merge(self, partners, into):
        self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, into)

    def test_merged_contacts_keep_one_place(self):
        twin = self.env["res.partner"].create({"name": "Restaurant"})
        picking = self._send(2)
        twin._get_third_party_location(self.company)
        self._merge(self.customer | twin, twin)
        place = twin._find_third_party_location(self.company)
        self.assertEqual(place, picking.location_dest_id)
        self._assert_out((picking, 2), partner=twin)

    def test_contacts_who_both_have_goods_are_not_merged(self):
        twin = self.env["res.partner"].create({"name": "Restaurant"})
        self._send(2)
        self._send(1, partner_id=twin.id)
        with self.assertRaisesRegex(UserError, "Have those of one of them returned first"):
            self._merge(self.customer | twin, twin)

    def test_the_place_follows_the_name(self):
        place = self.customer._get_third_party_location(self.company)
        self.customer.name = "Grand Restaurant"
        self.assertEqual(place.name, "Grand Restaurant")

    # === DEMO ===

    def test_the_demo_data_load(self):
        env = self.env(user=SUPERUSER_ID, context={})
        file = "demo/stock_goods_out_demo.xml"
        convert_file(env, "multi_warehouse_docs", file, {}, mode="init", noupdate=True)
        overdue = env.ref("multi_warehouse_docs.demo_delivery_overdue")
        recent = env.ref("multi_warehouse_docs.demo_delivery_viewing")
        for picking, quantity in ((overdue, 2), (recent, 1)):
            self.assertEqual(picking.state, "done")
            self.assertTrue(picking.document_number)
            rows = env["stock.goods.out"].search([("picking_id", "=", picking.id)])
            self.assertEqual(rows.quantity_out, quantity)
        rows = env["stock.goods.out"].search(
            [
                ("due_date", "<", date(2026, 11, 22)),
                ("picking_id", "in", (overdue | recent).ids),
            ]
        )
        self.assertEqual(rows.picking_id, overdue)
