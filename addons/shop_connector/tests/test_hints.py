import json
import time

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..shopapi.hints import sign
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestHints(ShopCase, HttpCase):
    """A shop calls Odoo over HTTP."""

    def setUp(self):
        super().setUp()
        self.path = f"/shop_connector/hint/{self.shop.id}"

    def _call(self, content, *, secret=None, at=None, path=None):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        stamp = int(time.time() if at is None else at)
        return self.url_open(
            path or self.path,
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-Shop-Timestamp": str(stamp),
                "X-Shop-Signature": sign(body, secret or self.shop.hint_secret, stamp),
            },
        )

    def _marked(self, kind):
        jobs = self.env["shop.job"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", kind), ("state", "=", "pending")]
        )
        return set(jobs.mapped("key"))

    def test_a_hint_marks_the_order_and_it_is_read(self):
        self._product(stock=5)
        self._sync()
        number = self.simulator.place_order([("GLASS", 2)], payment="ps_checkout")
        self.simulator.clear_log()
        started = time.monotonic()
        answer = self._call({"kind": "order", "id": str(number)})
        self.assertLess(time.monotonic() - started, 1.0)
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(self._marked("order"), {str(number)})
        self.assertFalse(self.simulator.log, "The shop waited for us while we asked it")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.shop.cron_id.id)])
        self.assertTrue(triggers)
        self._sync()
        self.assertEqual(self._order(number).state, "sale")

    def test_the_same_call_again_is_ignored(self):
        now = time.time()
        first = self._call({"kind": "order", "id": "17"}, at=now)
        self.env["shop.job"].search([("kind", "=", "order")]).unlink()
        again = self._call({"kind": "order", "id": "17"}, at=now)
        self.assertEqual((first.status_code, again.status_code), (202, 200))
        self.assertFalse(self._marked("order"))

    def test_many_calls_about_one_order_are_one_exchange(self):
        now = time.time()
        for number in range(4):
            self._call({"kind": "order", "id": "17"}, at=now - number)
        self.assertEqual(self._marked("order"), {"17"})
        self.assertEqual(len(self.env["shop.hint"].search([("shop_id", "=", self.shop.id)])), 4)
        self.assertTrue(self.shop.hint_at)

    def test_forged_calls_are_refused(self):
        hint = {"kind": "order", "id": "17"}
        self.assertEqual(self._call(hint, secret="guessed").status_code, 401)
        self.assertEqual(self._call(hint, at=time.time() - 3600).status_code, 401)
        plain = self.url_open(self.path, data=json.dumps(hint).encode())
        self.assertEqual(plain.status_code, 401)
        self.assertFalse(self._marked("order"))

    def test_a_call_that_says_nothing_known_is_refused(self):
        for content in (b"<xml/>", {"kind": "party", "id": "1"}, {"kind": "order"}, [[1]]):
            self.assertEqual(self._call(content).status_code, 400)

    def test_a_call_that_is_too_big_is_refused(self):
        self.assertEqual(self._call(b"[" + b" " * 1_100_000 + b"]").status_code, 413)

    def test_a_form_that_is_too_big_is_refused(self):
        answer = self.url_open(
            self.path,
            data=b"a=" + b"b" * 1_100_000,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        self.assertEqual(answer.status_code, 413)

    def test_only_posting_is_possible(self):
        self.assertEqual(self.url_open(self.path).status_code, 405)

    def test_unknown_and_unconnected_shops_have_no_address(self):
        hint = {"kind": "order", "id": "17"}
        self.assertEqual(self._call(hint, path="/shop_connector/hint/999999").status_code, 404)
        self.shop.action_disconnect()
        self.assertEqual(self._call(hint).status_code, 404)

    def test_a_paused_or_stopped_shop_notes_what_changes(self):
        self.shop.action_pause()
        self.assertEqual(self._call({"kind": "order", "id": "17"}).status_code, 202)
        self.shop.state = "blocked"
        self.assertEqual(self._call({"kind": "order", "id": "18"}).status_code, 202)
        self.assertEqual(self._marked("order"), {"17", "18"})

    def test_products_and_stock_are_compared_again(self):
        template = self._product(stock=5)
        self._sync()
        (link,) = template.shop_link_ids
        self._call({"kind": "product", "id": link.external_id})
        self._call([{"kind": "stock", "id": link.external_id}, {"kind": "stock", "id": "x%"}])
        self.env["shop.job"]._flush_marks()
        self.assertEqual(self._marked("product"), {str(template.id)})
        self.assertEqual(self._marked("stock"), {str(template.product_variant_id.id)})

    def test_stock_changed_in_the_shop_is_put_right(self):
        self._product(stock=5)
        self._sync()
        product = self.simulator.product_by_sku("GLASS")
        self.simulator.place_order([("GLASS", 2)], payment="ps_checkout")
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 3)
        self._call({"kind": "stock", "id": str(product["id"])})
        with self._writes(0):
            self._sync()

    def test_nobody_but_system_administrators_reads_the_secret(self):
        manager = new_test_user(
            self.env, "manager", "base.group_user,shop_connector.group_shop_connector_manager"
        )
        with self.assertRaises(AccessError):
            self.shop.with_user(manager).read(["hint_secret"])
        with self.assertRaises(AccessError):
            self.shop.with_user(manager).action_new_hint_secret()
        self.assertNotIn("hint_secret", self.shop.with_user(manager).fields_get())

    def test_each_shop_has_a_secret_of_its_own(self):
        other = self.shop.copy({"name": "Other"})
        self.assertTrue(other.hint_secret)
        self.assertNotEqual(other.hint_secret, self.shop.hint_secret)
        before = self.shop.hint_secret
        self.shop.action_new_hint_secret()
        self.assertNotEqual(before, self.shop.hint_secret)

    def test_calls_of_last_month_are_forgotten(self):
        self._call({"kind": "order", "id": "17"})
        self.env.cr.execute("UPDATE shop_hint SET create_date = now() - interval '8 days'")
        self.env.invalidate_all()
        self.env["shop.hint"]._gc_old()
        self.assertFalse(self.env["shop.hint"].search([]))
