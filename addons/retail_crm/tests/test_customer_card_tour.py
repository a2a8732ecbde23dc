from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestCustomerCardTour(DeskCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # made here, they do not keep the first page waiting for longer than a test waits
        for bundle in ("web.assets_web", "web.assets_tests"):
            cls.env["ir.qweb"]._get_asset_bundle(bundle, assets_params={}).js()
        cls.env["ir.qweb"]._get_asset_bundle("web.assets_web", assets_params={}).css()

    def test_139_the_card_and_the_timeline_on_the_screen(self):
        self.customer.contact_point_ids.create(
            {"partner_id": self.customer.id, "kind": "phone", "value": "348 111 2233"}
        )
        order = self._order(user_id=self.anna.id)
        order.action_confirm()
        start = datetime.now() - timedelta(hours=2)
        for number in range(40):
            message = order.message_post(body=f"letter {number}", message_type="comment")
            message.date = start + timedelta(minutes=number)
        self.start_tour(
            f"/odoo/res.partner/{self.customer.id}",
            "retail_crm_customer_card",
            login="anna",
            timeout=120,
        )
