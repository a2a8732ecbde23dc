"""Several orders in one document."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_causals import CausalCase


@tagged("post_install", "-at_install")
class TestDeliverTogether(CausalCase):
    def _order(self, quantity, **values):
        order = self._sell(quantity, **values)
        order.action_confirm()
        order.picking_ids.action_assign()
        return order

    def test_two_orders_travel_on_one_document_and_keep_their_quantities(self):
        first, second = self._order(2), self._order(3)
        removed = second.picking_ids
        action = (first | second).picking_ids.action_deliver_together()
        picking = self.env["stock.picking"].browse(action["res_id"])
        self.assertEqual(picking, first.picking_ids)
        self.assertEqual(picking.origin, f"{first.name}, {second.name}")
        self.assertFalse(removed.exists())
        self.assertEqual(second.picking_ids, picking)
        self.assertEqual(sum(picking.move_ids.mapped("product_uom_qty")), 5)
        self.assertEqual(picking.state, "assigned")
        self._validate(picking)
        self.assertTrue(picking.document_number)
        for order, quantity in ((first, 2), (second, 3)):
            self.assertEqual(order.order_line.qty_delivered, quantity)
            self.assertEqual(order.order_line.qty_to_invoice, quantity)
            self.assertEqual(order.delivery_status, "full")

    def test_a_part_is_left_for_a_backorder_of_both(self):
        first, second = self._order(2), self._order(3)
        (first | second).picking_ids.action_deliver_together()
        rest = self._validate(first.picking_ids, 1)
        self.assertEqual(first.order_line.qty_delivered, 1)
        self.assertEqual(second.order_line.qty_delivered, 1)
        self._validate(rest)
        self.assertEqual(first.order_line.qty_delivered, 2)
        self.assertEqual(second.order_line.qty_delivered, 3)

    def test_what_differs_is_refused_with_its_name(self):
        other = self.env["res.partner"].create({"name": "Hotel"})
        first, second = self._order(2), self._order(3, partner_id=other.id)
        with self.assertRaisesRegex(UserError, "Hotel"):
            (first | second).picking_ids.action_deliver_together()
        third = self._order(1)
        service = self.env["product.product"].create({"name": "Carriage", "type": "service"})
        third.picking_ids.carrier_id = self.env["delivery.carrier"].create(
            {"name": "Courier", "product_id": service.id, "delivery_type": "fixed"}
        )
        with self.assertRaisesRegex(UserError, "Courier"):
            (first | third).picking_ids.action_deliver_together()
        self.assertTrue(second.picking_ids.exists())

    def test_other_causals_and_places_are_refused(self):
        first, second = self._order(2), self._order(3)
        second.picking_ids.causal_id = self._causal("gift")
        with self.assertRaisesRegex(UserError, "Gift"):
            (first | second).picking_ids.action_deliver_together()
        third = self._order(1, warehouse_id=self.internal.id)
        with self.assertRaises(UserError):
            (first | third).picking_ids.action_deliver_together()

    def test_only_ready_deliveries_and_more_than_one(self):
        first = self._order(2)
        with self.assertRaisesRegex(UserError, "at least two"):
            first.picking_ids.action_deliver_together()
        late = self._order(100)
        late.picking_ids.do_unreserve()
        with self.assertRaisesRegex(UserError, late.picking_ids.name):
            (first | late).picking_ids.action_deliver_together()
        self._validate(first.picking_ids)
        second = self._order(1)
        with self.assertRaisesRegex(UserError, first.picking_ids.name):
            (first | second).picking_ids.action_deliver_together()

    def test_an_order_that_is_cancelled_leaves_the_common_delivery(self):
        first, second = self._order(2), self._order(3)
        (first | second).picking_ids.action_deliver_together()
        common = second.picking_ids
        first._action_cancel()
        self.assertEqual(first.state, "cancel")
        self.assertEqual(common.state, "assigned")
        self.assertEqual(common.move_ids.sale_line_id.order_id, second)
        self.assertEqual(common.origin, second.name)
        self.assertEqual(first.picking_ids.state, "cancel")
        self._validate(common)
        self.assertEqual(second.order_line.qty_delivered, 3)

    def test_an_order_that_goes_elsewhere_leaves_the_common_delivery(self):
        bar = self.env["res.partner"].create({"name": "Bar", "parent_id": self.customer.id})
        first, second = self._order(2), self._order(3)
        (first | second).picking_ids.action_deliver_together()
        common = first.picking_ids
        second.with_context(update_delivery_shipping_partner=True).partner_shipping_id = bar
        self.assertEqual(common.partner_id, self.customer)
        self.assertEqual(common.move_ids.sale_line_id.order_id, first)
        self.assertEqual(second.picking_ids.partner_id, bar)
        self.assertEqual(second.picking_ids.document_type_id, common.document_type_id)
        self.assertEqual(second.picking_ids.causal_id, common.causal_id)

    def test_an_order_without_common_delivery_is_cancelled_as_ever(self):
        order = self._order(2)
        picking = order.picking_ids
        order._action_cancel()
        self.assertEqual(picking.state, "cancel")
        self.assertEqual(order.picking_ids, picking)
