"""The order desk in a browser, used by keyboard alone."""

from odoo.tests import HttpCase, tagged

from .desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestDeskTour(OrderDeskCase, HttpCase):
    def setUp(self):
        super().setUp()
        self._carrier("Desk Courier").sequence = -1
        self.env["product.product"].search(
            [("id", "not in", (self.barolo | self.flutes | self.opener).ids)]
        ).sale_ok = False

    def _tour(self, name, path="/odoo/order-desk", **options):
        self.start_tour(path, name, login="anna", timeout=120, **options)

    def test_034_an_order_of_three_lines_takes_less_than_a_minute(self):
        self._tour("retail_crm_desk_order")
        order = self.customer.sale_order_ids
        self.assertEqual(order.state, "sale")
        goods = order.order_line.filtered(lambda line: not line.is_delivery)
        self.assertEqual(
            [(line.product_id, line.product_uom_qty, line.discount) for line in goods],
            [(self.barolo, 2, 10), (self.flutes, 6, 10), (self.opener, 1, 10)],
        )
        self.assertEqual(order.carrier_id.name, "Desk Courier")
        self.assertEqual(order.channel_id, self.phone_channel)
