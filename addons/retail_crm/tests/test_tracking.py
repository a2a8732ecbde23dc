"""Row 43: the customer sees the stage, on the portal and on a page without login."""

from odoo.tests import HttpCase, tagged

from .test_stages import StageCase


@tagged("post_install", "-at_install")
class TestTracking(StageCase, HttpCase):
    def _page(self, order):
        self.env.flush_all()
        return self.url_open(order._get_tracking_url().removeprefix(order.get_base_url()))

    def test_043_the_page_shows_the_public_stage_and_little_else(self):
        order = self._order(commitment_date="2026-06-01 10:00:00")
        self.stages["assembly"].public_name = "We are packing"
        order.action_confirm()
        page = self._page(order)
        self.assertEqual(page.status_code, 200)
        self.assertRegex(page.text, r'(?s)aria-current="step"[^>]*>\s*We are packing')
        self.assertIn(order.name, page.text)
        for secret in ("Maria Rossi", "Glass", "20.00", order.access_token or "-none-"):
            self.assertNotIn(secret, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_043_any_other_token_leads_nowhere(self):
        order = self._order()
        url = order._get_tracking_url()
        token = url.rsplit("/", 1)[1]
        self.env.flush_all()
        for wrong in (
            token[:-1],
            token.swapcase(),
            "x",
            str(order.id),
            order._portal_ensure_token(),
        ):
            self.assertEqual(self.url_open(f"/track/{wrong}").status_code, 404, wrong)

    def test_043_a_stage_without_public_name_shows_the_one_before(self):
        order = self._order()
        self.stages["assembly"].public_name = False
        order.action_confirm()
        self.assertEqual(order.public_stage_name, "Order received")

    def test_043_a_cancelled_order_says_so(self):
        order = self._order()
        order._action_cancel()
        self.assertIn("Cancelled", self._page(order).text)

    def test_043_a_merged_order_leads_to_where_its_goods_are(self):
        gone, kept, last = self._order(), self._order(), self._order()
        gone._get_tracking_url()
        kept._merge(gone)
        last._merge(kept)
        last.action_confirm()
        page = self._page(gone)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Cancelled", page.text)
        self.assertIn(last.name, page.text)
        self.assertEqual(page.history[0].headers["Cache-Control"], "no-store")
        last.action_cancel()
        self.assertIn("Cancelled", self._page(gone).text)

    def test_043_the_portal_shows_it_too(self):
        order = self._order()
        order.action_confirm()
        url = order.get_portal_url()
        self.env.flush_all()
        page = self.url_open(url)
        self.assertRegex(page.text, r"(?s)Progress:.*In preparation")

    def test_043_portal_users_cannot_read_the_key(self):
        self.assertNotIn(
            "tracking_token",
            self.env["sale.order"].with_user(self.env.ref("base.public_user")).fields_get(),
        )
