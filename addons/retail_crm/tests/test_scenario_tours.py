"""The three scenarios of everyday work, shipped as tours, in a browser beside a simulated shop."""

import json

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.shop_connector.tests.common import ShopCase

MARIA = {"email": "maria.rossi@example.com", "firstname": "Maria", "lastname": "Rossi"}
SITE = "https://cantina.example.com"


@tagged("post_install", "-at_install")
class TestScenarioTours(ShopCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["product.product"].search([]).sale_ok = False
        cls.anna = new_test_user(
            cls.env, "anna", "base.group_user,retail_crm.group_retail_crm_user"
        )
        cls.env["sales.channel"].create({"name": "Phone", "channel_type": "phone", "sequence": 1})
        cls.shop.user_id = cls.anna
        cls.shop.channel_id.write({"name": "Cantina Online", "pricelist_id": cls.pricelist.id})
        # made here, they do not keep the first page waiting for longer than a test waits
        qweb = cls.env["ir.qweb"]
        for bundle in ("web.assets_web", "web.assets_tests"):
            qweb._get_asset_bundle(bundle).js()
        qweb._get_asset_bundle("web.assets_web").css()

    def setUp(self):
        super().setUp()
        for sku, price in (("BARO-18", 40.0), ("CAVA", 9.0)):
            self._product(sku, price, 25)
        self._sync()

    def _tour(self, name, path="/odoo/order-desk"):
        self.start_tour(path, f"retail_crm_scenario_{name}", login="anna", timeout=120)

    def _customer(self):
        return self.env["res.partner"].create(
            {
                "name": "Maria Rossi",
                "phone": "+39 02 555 0143",
                "email": MARIA["email"],
                "street": "Via Garibaldi 21",
                "zip": "20121",
                "city": "Milano",
                "country_id": self.italy.id,
                "state_id": self.env.ref("base.state_it_mi").id,
                "lang": "it_IT",
            }
        )

    def test_scenario_a_deal_from_a_web_order(self):
        order = self._place([("BARO-18", 2)], customer=MARIA, payment="ps_wirepayment")
        self.assertEqual((order.shop_id, order.state), (self.shop, "draft"))
        self.assertEqual(order.user_id, self.anna)
        order.client_order_ref = "WEB-1907"
        self._tour("web_order")
        goods = order.order_line.filtered(lambda line: not line.is_delivery)
        self.assertEqual(goods.product_uom_qty, 1)
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual((order.stage_category, order.stage_id.name), ("done", "Delivered"))

    def test_scenario_a_phone_order_without_a_shop(self):
        self._tour("phone_order")
        order = self.env["sale.order"].search([], order="id desc", limit=1)
        customer = order.partner_id
        self.assertEqual((customer.name, customer.phone), ("Chiara Bianchi", "0577998877"))
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 120.0))
        self.assertFalse(order.shop_id | order.channel_id.shop_ids)
        self.assertEqual(order.delivery_wish, "after six")
        self.assertEqual(order.picking_ids.delivery_wish, "after six")

    def test_scenario_a_phone_order_with_a_shop(self):
        customer = self._customer()
        self._tour("shop_phone_order")
        order = customer.sale_order_ids
        self.assertEqual(order.channel_id, self.shop.channel_id)
        self.assertTrue(order.shop_placing)
        self._sync()
        self.assertEqual(order.shop_id, self.shop, order.shop_notice)
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)
        in_shop = self.simulator.order(int(link[order.id].external_id))
        self.assertAlmostEqual(float(in_shop["total_paid_tax_incl"]), order.amount_total, 2)

    def test_scenario_a_lead_from_a_web_form(self):
        form = self._open_form()
        answer = self.url_open(
            f"/retail_crm/form/{form.token}",
            data={
                "name": "Luca Neri",
                "email": "luca.neri@example.com",
                "message": "Corkscrews as gifts for our guests?",
            },
            headers={"Origin": SITE, "Accept": "application/json"},
        )
        self.assertEqual(answer.status_code, 201, answer.text)
        self.assertEqual(json.loads(answer.text)["status"], "created")
        [lead] = self.env["crm.lead"].search([("lead_form_id", "=", form.id)])
        self.assertEqual((lead.email_from, lead.user_id), ("luca.neri@example.com", self.anna))
        self.assertIn("gifts", lead.description)
        self._tour("lead", "/odoo/action-crm.crm_lead_action_pipeline")
        self.assertEqual(lead.partner_id.email, "luca.neri@example.com")
        self.assertEqual((lead.order_ids.state, lead.order_ids.amount_untaxed), ("sale", 9.0))

    def _open_form(self):
        channel = self.env["sales.channel"].create(
            {"name": "Contact Form", "channel_type": "form", "responsible_id": self.anna.id}
        )
        return self.env["retail.lead.form"].create(
            {"name": "Contact", "channel_id": channel.id, "allowed_origins": SITE}
        )
