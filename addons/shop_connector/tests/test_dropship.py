from odoo.fields import Command
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestDropship(ShopCase):
    """What a vendor sends straight to the customer has left, too."""

    def setUp(self):
        super().setUp()
        self._product("GLASS", stock=50)
        self._product("CHAIR", stock=50)
        self._sync()
        self.shop.invoice_rule = "delivered"
        self.shop.publish_documents = "all"

    def _buy(self, *skus):
        """A paid order; ``CHAIR`` comes from a vendor, who has no order for it yet."""
        order = self._place([(sku, 1) for sku in skus], payment="ps_checkout")
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)
        self.external = int(link[order.id].external_id)
        moves = order.picking_ids.move_ids.filtered(lambda m: m.product_id.default_code == "CHAIR")
        emptied = moves.picking_id.filtered(lambda picking: picking.move_ids == moves)
        moves._action_cancel()
        moves.unlink()
        emptied.unlink()
        return order

    def _send_from_vendor(self, order, tracking):
        """The transfer that a purchase makes with Odoo's dropshipping: vendor to customer."""
        line = order.order_line.filtered(lambda each: each.product_id.default_code == "CHAIR")
        vendors = self.env.ref("stock.stock_location_suppliers")
        customers = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                # its own type comes with another app; it is not one of deliveries either
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": vendors.id,
                "location_dest_id": customers.id,
                "carrier_tracking_ref": tracking,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom_qty": 1,
                            "quantity": 1,
                            "picked": True,
                            "sale_line_id": line.id,
                            "location_id": vendors.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
        )
        if "document_type_id" in picking:
            # goods that never are in a warehouse of ours have no document of ours
            picking.document_type_id = False
        picking._action_done()
        self.assertEqual((picking.sale_id, line.qty_delivered), (order, 1))
        return picking

    def _deliver(self, order):
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()

    def test_it_is_told_to_the_shop_and_invoiced(self):
        order = self._buy("CHAIR")
        self._send_from_vendor(order, "V-1")
        self._sync()
        self.assertEqual(
            (self._parcels_of(self.external), self._meaning_of(self.external)), (["V-1"], "shipped")
        )
        self.assertEqual(order.invoice_ids.state, "posted")

    def test_its_paper_is_not_shown_to_the_customer(self):
        order = self._buy("CHAIR")
        picking = self._send_from_vendor(order, "V-1")
        self._sync()
        jobs = self.env["shop.job"].search([("kind", "=", "delivery_note")])
        self.assertNotIn(str(picking.id), jobs.mapped("key"))

    def test_what_the_vendor_has_not_sent_is_waited_for(self):
        order = self._buy("GLASS", "CHAIR")
        self._deliver(order)
        self.assertEqual(order.delivery_status, "full")
        self._sync()
        self.assertEqual(self._meaning_of(self.external), "processing")
        self.assertFalse(order.invoice_ids)
        self._send_from_vendor(order, "V-1")
        self._sync()
        self.assertEqual(self._meaning_of(self.external), "shipped")
        self.assertEqual(order.invoice_ids.state, "posted")
