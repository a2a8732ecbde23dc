"""An address changed in the shop while a change of ours was on its way to it."""

from odoo.tests import tagged

from .test_order_edit import OrderEditCase


@tagged("post_install", "-at_install")
class TestOrderEditAddresses(OrderEditCase):
    def _move(self, street):
        """The customer has the shop send the goods somewhere else."""
        store = self.simulator.shop.store
        record = store.get("orders", self.external)
        address = store.one("addresses", record.values["id_address_delivery"])
        self.simulator.clock.advance(5)
        store.set("addresses", address, address1=street)
        store.set("orders", record, delivery_number=record.values["delivery_number"])
        self.env["shop.job"]._mark_incoming(self.shop, "order", [str(self.external)])

    def test_taken_when_our_change_was_taken_back(self):
        self.line.product_uom_qty = 5
        self.line.product_uom_qty = 2
        self._move("Via Nuova 9")
        with self._order_writes(0):
            self._sync()
        self.assertEqual(self.order.partner_shipping_id.street, "Via Nuova 9")
        self.assertEqual(self.order.picking_ids.partner_id, self.order.partner_shipping_id)
        self.assertFalse(self.order.shop_conflict)
        self.assertFalse(self.order.shop_hold_reason)
        with self._order_writes(0):
            self._sync()

    def test_shown_when_the_same_was_changed_here(self):
        before = self.order.partner_shipping_id
        self.line.product_uom_qty = 5
        self.simulator.edit_order(self.external, {0: 5})
        self._move("Via Nuova 9")
        with self._order_writes(0):
            self._sync()
        self.assertEqual(self.order.partner_shipping_id, before)
        self.assertIn("Via Nuova 9", self.order.shop_conflict)
        self.order.action_take_shop_version()
        self.assertEqual(self.order.partner_shipping_id.street, "Via Nuova 9")
        self.assertFalse(self.order.shop_hold_reason)
