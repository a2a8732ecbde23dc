from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open, mute_logger

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestEngine(ShopCase):
    def _jobs(self, kind, state="done"):
        return self.env["shop.job"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", kind), ("state", "=", state)]
        )

    # === WHAT WAS SAID ===

    def test_a_finished_exchange_tells_its_calls_and_how_long_they_took(self):
        self._product(stock=3)
        self._sync()
        job = self._jobs("stock")
        self.assertRegex(job.answer, r"(PATCH|PUT) /api/stock_availables.* → 200, \d+ bytes")
        self.assertNotIn("<quantity>", job.answer)
        self.assertGreater(job.duration, 0)

    def test_a_failed_exchange_keeps_what_was_sent_and_answered(self):
        self._product("BAD")
        refusal = b"<p>no room for it</p>"
        self.simulator.fail(400, method="POST", path="/api/products", body=refusal)
        self._sync()
        job = self._failed("product")
        self.assertIn("POST /api/products → 400", job.answer)
        self.assertIn("<reference>BAD</reference>", job.answer)
        self.assertIn("received: <p>no room for it</p>", job.answer)

    def test_the_key_is_in_no_answer(self):
        self._product("BAD", barcode="12AB")
        self.simulator.fail(500, path="/api/products", body=self.shop.api_key.encode())
        self._sync()
        self._sync()
        jobs = self.env["shop.job"].search([("shop_id", "=", self.shop.id)])
        said = "\n".join(filter(None, [*jobs.mapped("answer"), self.shop.last_answer]))
        self.assertIn("***", said)
        self.assertNotIn(self.shop.api_key, said)

    def test_a_shop_that_fails_as_a_whole_keeps_its_last_answer(self):
        self.simulator.fail(502, body=b"<h1>Bad gateway</h1>", times=None)
        self._sync()
        self.assertIn("→ 502", self.shop.last_answer)
        self.assertIn("Bad gateway", self.shop.last_answer)

    def test_a_very_long_answer_is_cut(self):
        self._product("BAD", barcode="12AB")
        self.simulator.fail(400, path="/api/products", body=b"x" * 300_000, times=None)
        self._sync()
        job = self._failed("product")
        self.assertIn("(300000 bytes)", job.answer)
        self.assertLess(len(job.answer), 17_000)

    def test_exchanges_are_found_by_the_name_of_their_record(self):
        template = self._product("GLASS", name="Very Tall Glass", stock=3)
        self._sync()
        order = self._place([("GLASS", 1)])
        Job = self.env["shop.job"]
        ours = [("shop_id", "=", self.shop.id)]
        found = Job.search([*ours, ("record_name", "ilike", "tall gla")])
        self.assertEqual(set(found.mapped("kind")), {"product", "stock"})
        self.assertEqual(
            Job.search([*ours, ("record_name", "=", order.name)]).kind,
            "order",
        )
        product = Job.search([*ours, ("kind", "=", "product"), ("key", "=", str(template.id))])
        self.assertIn("Very Tall Glass", product.record_name)

    # === PAUSE, PACE, LOG ===

    def test_a_paused_shop_exchanges_nothing_and_forgets_nothing(self):
        self._product(stock=3)
        self.shop.action_pause()
        self.simulator.clear_log()
        with self.enter_registry_test_mode():
            self.shop.cron_id.method_direct_trigger()
        with self.assertRaisesRegex(UserError, "is paused"):
            self._sync()
        self.assertFalse(self.simulator.log)
        self.shop.action_resume()
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 3)

    def test_a_pause_ends_the_work_under_way_after_the_present_batch(self):
        self._product("A")
        self._product("B")
        lanes = {"product": ("shop.sync.catalogue", 1)}
        serve = type(self.shop)._serve

        def pause_then_serve(shop, *arguments):
            serve(shop, *arguments)
            self.shop.is_paused = True

        with (
            patch.dict("odoo.addons.shop_connector.models.shop_runner.LANES", lanes),
            patch.object(type(self.shop), "_serve", pause_then_serve),
        ):
            figures = self._sync()
        self.assertEqual(figures["sent"]["product"], 1)
        self.assertEqual(len(self._jobs("product", "pending")), 1)

    def test_only_administrators_of_the_shops_pause(self):
        user = new_test_user(
            self.env, "pauser", "base.group_user,shop_connector.group_shop_connector_user"
        )
        with self.assertRaises(UserError):
            self.shop.with_user(user).action_pause()

    def test_the_pace_is_kept(self):
        self.shop.write({"calls_per_second": 2.5, "answer_timeout": 7})
        with self.shop._open_adapter() as adapter:
            self.assertEqual(adapter.settings.rate, 2.5)
            self.assertEqual(adapter.settings.read_timeout, 7.0)
        self.shop.calls_per_second = 0
        with self.shop._open_adapter() as adapter:
            self.assertIsNone(adapter.settings.rate)

    def test_the_log_is_kept_as_long_as_the_shop_says(self):
        self._product()
        self._sync()
        job = self._jobs("product")
        job.finished_at = fields.Datetime.now() - timedelta(days=8)
        self.env["shop.job"]._gc_finished()
        self.assertTrue(job.exists())
        self.shop.log_days = 7
        self.env["shop.job"]._gc_finished()
        self.assertFalse(job.exists())

    def test_settings_that_make_no_sense_are_refused(self):
        for values in ({"log_days": 0}, {"answer_timeout": 0}, {"calls_per_second": -1}):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
            ):
                self.shop.write(values)
                self.env.flush_all()

    # === KEY REFUSED, COPIED DATABASE ===

    def test_a_refused_key_stops_the_shop_with_one_activity_that_connecting_closes(self):
        self.shop.api_key = "WRONG"
        self._sync()
        self._sync()
        self.assertEqual(self.shop.state, "blocked")
        self.assertEqual(len(self.shop.activity_ids), 1)
        self.assertEqual(self.shop.activity_ids.user_id, self.shop.user_id)
        self.assertFalse(self.shop.cron_id.active)
        self.shop.api_key = self.simulator.api_key
        self.shop.action_connect()
        self.assertFalse(self.shop.activity_ids)
        self.assertTrue(self.shop.cron_id.active)

    def test_a_neutralized_copy_has_no_keys_and_rests(self):
        self.env.flush_all()
        with file_open("shop_connector/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.shop.api_key or self.shop.api_secret or self.shop.hint_secret)
        self.assertTrue(self.shop.is_paused)
        self.assertEqual(self.shop.state, "draft")
        self.assertFalse(self.shop.cron_id.active)

    # === MONITOR ===

    def test_the_figures_of_the_monitor(self):
        self._product(stock=9)
        self._product("BAD", barcode="12AB")
        self._sync()
        for _number in range(2):
            order = self._place([("GLASS", 1)], payment="ps_checkout")
        now = fields.Datetime.now()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = date_order + interval '4 s' WHERE shop_id = %s",
            (self.shop.id,),
        )
        self.env["sale.order"].search([("shop_id", "=", self.shop.id)], limit=1, order="id").write(
            {"date_order": now - timedelta(days=2)}
        )
        self.env["shop.job"]._mark_incoming(self.shop, "order", ["1", "2"])
        self.env.invalidate_all()
        self.assertEqual(self.shop.orders_today_count, 1)
        self.assertAlmostEqual(self.shop.order_delay, 4.0)
        self.assertEqual(self.shop.failed_count, 1)
        self.assertGreaterEqual(self.shop.pending_count, 2)
        self.assertTrue(self.shop.oldest_waiting_at)
        self.assertEqual(self._behind(self.shop.action_view_orders_today()), order)
        self.assertEqual(
            self._behind(self.shop.action_view_missing()),
            self.shop.mapping_ids.filtered("is_missing"),
        )

    def _behind(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    def test_each_figure_of_many_shops_is_one_query(self):
        shops = self.shop + self.shop.create(
            [
                {"name": f"Shop {number}", "base_url": "https://shop.example", "user_id": False}
                for number in range(5)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            shops.mapped("oldest_waiting_at")
            shops.mapped("order_delay")
            shops.mapped("orders_today_count")
