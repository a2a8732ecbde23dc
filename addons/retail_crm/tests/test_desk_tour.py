"""The order desk in a browser, used by keyboard."""

from odoo.tests import HttpCase, tagged

from .desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestDeskTour(OrderDeskCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ours = cls.barolo | cls.flutes | cls.corkscrew
        cls.env["product.product"].search([("id", "not in", ours.ids)]).sale_ok = False
        cls._carrier("Desk Courier").sequence = -1
        # made here, they do not keep the first page waiting for longer than a test waits
        qweb = cls.env["ir.qweb"]
        for bundle in ("web.assets_web", "web.assets_tests"):
            qweb._get_asset_bundle(bundle).js()
        qweb._get_asset_bundle("web.assets_web").css()

    def _tour(self, name, path="/odoo/order-desk"):
        self.start_tour(path, name, login="anna", timeout=120)

    def test_034_an_order_of_three_lines_takes_less_than_a_minute(self):
        self._tour("retail_crm_desk_order")
        order = self.customer.sale_order_ids
        self.assertEqual(order.state, "sale")
        goods = order.order_line.filtered(lambda line: not line.is_delivery)
        self.assertEqual(
            [(line.product_id, line.product_uom_qty, line.discount) for line in goods],
            [(self.barolo, 2, 10), (self.flutes, 6, 10), (self.corkscrew, 1, 10)],
        )
        self.assertEqual(order.carrier_id.name, "Desk Courier")
        self.assertEqual(order.channel_id, self.phone_channel)

    def test_late_answers_stay_with_the_order_they_are_about(self):
        wine, glasses, opener = (
            self._record(self._add(product, quantity))
            for product, quantity in ((self.barolo, 1), (self.flutes, 2), (self.corkscrew, 3))
        )
        self._tour("retail_crm_desk_late_answers")
        self.assertEqual(wine.order_line.product_uom_qty, 3)
        self.assertFalse(glasses.order_line, "a typed 0 removes, an emptied box does not")
        self.assertEqual((opener.state, opener.amount_total), ("draft", 27.0))
        self.assertFalse((wine | glasses | opener).carrier_id)

    def test_018_a_new_inquiry_is_one_key_away_from_any_screen(self):
        self._tour("retail_crm_inquiry", "/odoo/current-orders")

    # === WHEREVER THE CURSOR IS ===

    def test_022_a_scanner_writes_into_any_box(self):
        self.env.ref("uom.decimal_product_uom").digits = 3
        self._tour("retail_crm_desk_scan")
        [line] = self.customer.sale_order_ids.order_line
        self.assertEqual((line.product_id, line.product_uom_qty), (self.corkscrew, 0.125))

    def test_019_whose_inquiry_it_is_is_asked(self):
        phone = self.customer.phone
        twin = self.env["res.partner"].create(
            {"name": "Mario Rossi", "phone": phone, "city": "Prato"}
        )
        lead = self.env["crm.lead"].create(
            {"name": "Wine", "contact_name": "Rossi", "phone": phone, "user_id": self.anna.id}
        )
        self._tour("retail_crm_desk_lead_choice", f"/odoo/action-crm.crm_lead_all_leads/{lead.id}")
        self.assertEqual(lead.partner_id, twin)
        self.assertEqual(lead.order_ids.state, "draft")

    def test_024_what_is_half_typed_stays_with_the_caller(self):
        giulia = self.env["res.partner"].create({"name": "Giulia Verdi"})
        self._tour("retail_crm_desk_half_typed")
        [line] = self.customer.sale_order_ids.order_line
        self.assertEqual((line.product_id, line.product_uom_qty), (self.barolo, 3))
        order = giulia.sale_order_ids
        self.assertEqual((order.state, order.order_line.product_uom_qty), ("sale", 1))
