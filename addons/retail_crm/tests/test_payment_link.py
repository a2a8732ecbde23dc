"""Row 36: who gets the link pays and follows the order, without any login, over real HTTP."""

from urllib.parse import urlsplit

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestPaymentLink(OrderDeskCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.payment.method"].create(
            {"name": "Online", "code": "none", "payment_type": "inbound"}
        )
        cls.provider = cls.env["payment.provider"].create({"name": "Online", "code": "none"})
        bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.provider.write({"state": "test", "journal_id": bank.id})

    def setUp(self):
        super().setUp()
        answer = self._add(self.barolo, 2)
        self.desk.confirm(answer["id"])
        self.order = self._record(answer)

    def _get(self, url):
        """The page behind a link, for somebody who never logged in."""
        self.env.flush_all()
        parts = urlsplit(url)
        self.authenticate(None, None)
        return self.url_open(f"{parts.path}?{parts.query}")

    def _pay(self):
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "reference": f"pay {self.order.name}",
                "amount": self.order.amount_total,
                "currency_id": self.order.currency_id.id,
                "partner_id": self.customer.id,
                "sale_order_ids": [Command.link(self.order.id)],
            }
        )
        payment._set_done()
        payment._post_process()

    def test_036_the_link_opens_without_a_login(self):
        link = self.desk.get_payment_link(self.order.id)["link"]
        page = self._get(link)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("/web/login?redirect", page.url)
        self.assertIn(self.order.name, page.text)
        self.assertIn("80.00", page.text)
        # with any other key it opens for nobody
        key = self.order.access_token
        page = self._get(link.replace(key, key[::-1]))
        self.assertNotIn("80.00", page.text)

    def test_036_the_tracking_page_opens_without_a_login(self):
        page = self._get(self.order._get_tracking_url())
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.order.name, page.text)

    def test_036_a_payment_is_seen_on_the_order_and_on_the_desk(self):
        self.assertEqual(self.desk.get_payment_link(self.order.id)["amount"], 80.0)
        self.assertEqual(self.order.payment_status, "unpaid")
        self._pay()
        self.assertEqual(self.order.payment_status, "paid")
        shown = self.desk.get_order(self.order.id)
        self.assertEqual(shown["amount_open"], 0.0)
        [brief] = self.desk.get_customer(self.customer.id)["open_orders"]
        self.assertTrue(brief["is_paid"])
