from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import tagged

from ..models import shop_runner
from ..models.shop_bell import OTHERS_WERE_QUICKER, WAKE, Bell, bell, take_marks
from .common import ShopCase

RUNNER_MARKS = "odoo.addons.shop_connector.models.shop_job_mark"


@tagged("post_install", "-at_install")
class TestJobs(ShopCase):
    def _pending(self):
        self.env["shop.job"]._flush_marks()
        return self.env["shop.job"].search(
            [("shop_id", "=", self.shop.id), ("state", "=", "pending")]
        )

    def test_many_changes_of_one_product_are_one_exchange(self):
        template = self._product()
        for price in range(1, 6):
            template.list_price = price
        self.assertEqual(len(self._pending()), 1)

    def test_what_shops_do_not_see_marks_nothing(self):
        template = self._product()
        self._sync()
        template.standard_price = 3.0
        template.description = "Internal note"
        self.assertFalse(self._pending())

    def test_everything_means_everything_beside_a_single_mark(self):
        first, second = self._product("A"), self._product("B")
        self._sync()
        self.env["shop.job"]._mark("product", first.ids, self.shop)
        self.env["shop.job"]._mark_shops("product", self.shop)
        self.assertEqual(set(self._pending().mapped("key")), {str(first.id), str(second.id)})

    def test_a_product_not_sold_in_a_shop_marks_nothing(self):
        self.env["product.template"].create(
            {"name": "Internal", "list_price": 1.0}
        ).list_price = 2.0
        self.assertFalse(self._pending())

    def test_marking_costs_one_query_a_transaction(self):
        template = self._product()
        self._sync()
        self.env.flush_all()
        template.name = "New"
        template.list_price = 99.0
        self.env.flush_all()
        with self.assertQueryCount(1, flush=False):
            self.env["shop.job"]._write_marks()
        self.assertEqual(len(self._pending()), 1)

    def test_what_was_noted_waits_for_whoever_looks_first(self):
        template = self._product()
        self._sync()
        template.name = "New"
        self.env["shop.job"]._mark("stock", template.product_variant_id.ids, self.shop)
        self.env.flush_all()
        self.env.cr.precommit.run()
        waiting = [("shop_id", "=", self.shop.id), ("state", "=", "pending")]
        self.assertFalse(self.env["shop.job"].search(waiting))
        self.assertTrue(take_marks(self.env.cr))
        self.assertFalse(take_marks(self.env.cr))
        self.assertEqual(
            set(self.env["shop.job"].search(waiting).mapped("kind")), {"product", "stock"}
        )

    def test_whoever_was_quicker_is_no_fault(self):
        for fault in (errors.SerializationFailure, errors.DeadlockDetected):
            self.assertTrue(issubclass(fault, OTHERS_WERE_QUICKER))
        template = self._product()
        self._sync()
        template.name = "New"
        with patch(f"{RUNNER_MARKS}.take_marks", side_effect=errors.SerializationFailure):
            self.env["shop.job"]._flush_marks()
        self.assertEqual(len(self._pending()), 1)

    def test_the_bell_rings_one_at_a_time(self):
        rung_meanwhile = iter((errors.LockNotAvailable, True, False))

        def work(own, database):
            meanwhile = next(rung_meanwhile)
            if meanwhile is errors.LockNotAvailable:
                raise meanwhile
            if meanwhile:
                own.ring(database)
                own.ring(database)
            return False

        own = Bell()
        with patch("threading.Timer") as timer, patch.object(Bell, "_is_due", work):
            own.ring("here")
            own.ring("here")
            self.assertEqual(timer.call_count, 1)
            own._notify("here")
            self.assertEqual(timer.call_count, 2, "tried again: a row was locked")
            own._notify("here")
            self.assertEqual(timer.call_count, 3, "rung while it was busy")
            own._notify("here")
            self.assertEqual(timer.call_count, 3)

    def test_what_nobody_made_an_exchange_of_counts_as_waiting(self):
        template = self._product()
        self._sync()
        self.assertFalse(self.shop.oldest_waiting_at)
        template.name = "New"
        self.env.flush_all()
        self.env["shop.job"]._write_marks()
        self.shop.invalidate_recordset(["oldest_waiting_at"])
        self.assertTrue(self.shop.oldest_waiting_at)

    def test_the_runner_is_woken_by_a_change(self):
        template = self._product()
        self._sync()
        self.env["shop.job"]._flush_marks()
        self.env.cr.postcommit.clear()
        of_shop = [("cron_id", "=", self.shop.cron_id.id)]
        self.env["ir.cron.trigger"].search(of_shop).unlink()
        template.name = "New"
        self.env["shop.job"]._flush_marks()
        # the bell rings on a connection of its own, which would see nothing of this transaction
        with patch.object(bell, "ring") as ring:
            self.env.cr.postcommit.run()
        ring.assert_called_once_with(self.env.cr.dbname, 0.0)
        self.env.flush_all()
        for _twice in range(2):
            self.env.cr.execute(WAKE)
            self.env.invalidate_all()
            self.assertEqual(self.env["ir.cron.trigger"].search_count(of_shop), 1)

    def test_the_scheduled_action_does_the_work(self):
        self._product(stock=3)
        self.env["shop.job"]._flush_marks()
        with self.enter_registry_test_mode():
            self.shop.cron_id.method_direct_trigger()
        self.assertEqual(self.simulator.stock_of("GLASS"), 3)

    def test_what_a_dead_runner_left_is_taken_again(self):
        template = self._product()
        self._pending()
        taken = self.env["shop.job"]._take(self.shop, "product", 10)
        self.assertEqual(taken.state, "running")
        self._sync()
        self.assertTrue(template.shop_link_ids)

    def test_a_fault_of_ours_fails_the_exchange_and_not_the_runner(self):
        self._product(stock=3)
        processor = self.env.registry["shop.sync.catalogue"]
        with (
            patch.object(processor, "_process", side_effect=KeyError("oops")),
            self.assertLogs("odoo.addons.shop_connector.models.shop_runner", "ERROR"),
        ):
            figures = self._sync()
        self.assertEqual(figures["failed"], {"product": 1})
        self.assertIn("oops", self._failed("product").error)
        self._failed("product").action_retry()
        self.assertFalse(self._sync()["failed"])

    def test_a_shop_that_slows_us_down_is_obeyed(self):
        self._product()
        self.simulator.fail(429, headers={"Retry-After": "120"}, path="/api/products", times=None)
        self._sync()
        job = self._pending().filtered(lambda j: j.kind == "product")
        wait = (job.due_at - self.env.cr.now()).total_seconds()
        self.assertGreater(wait, 60)
        self.simulator.faults.clear()
        self.assertFalse(self._sync()["sent"])
        self.assertEqual(self.shop.state, "connected")
        self.assertFalse(self.shop.unreachable_since)
        job.due_at = "2020-01-01"
        self.assertFalse(self._sync()["sent"])
        self.shop.paused_until = False
        self.assertTrue(self._sync()["sent"])

    def test_pauses_grow_with_every_try(self):
        self._product()
        self.simulator.fail(500, path="/api/products", times=None)
        waits = []
        for _try in range(3):
            self._sync()
            job = self._pending().filtered(lambda j: j.kind == "product")
            waits.append((job.due_at - self.env.cr.now()).total_seconds())
            job.due_at = "2020-01-01"
        self.simulator.faults.clear()
        self.assertEqual(waits, sorted(waits))
        self.assertGreater(waits[2], waits[0])

    def test_a_slice_ends_in_time_and_the_rest_follows(self):
        for number in range(3):
            self._product(f"P{number}")
        self.env["shop.job"]._flush_marks()
        with patch.dict(shop_runner.LANES, {"product": ("shop.sync.catalogue", 1)}):
            tally = shop_runner.Tally()
            self.shop._work(tally, 0.0)
            self.assertFalse(tally.sent)
            self.assertEqual(self.shop._due_count(), 3)
            self._sync()
        self.assertEqual(self.shop._due_count(), 0)
        self.assertEqual(self.simulator.holdings()["products"], 3)

    def test_the_button_says_what_was_done(self):
        self._product()
        message = self.shop.action_sync_now_notify()["params"]
        self.assertIn("1 Product", message["message"])
        self.assertEqual(message["type"], "success")

    def test_old_entries_of_the_log_go_failures_stay(self):
        self._product()
        self._product("BAD", barcode="12AB")
        self._sync()
        jobs = self.env["shop.job"].search([("shop_id", "=", self.shop.id)])
        jobs.finished_at = "2020-01-01"
        self.env["shop.job"]._gc_finished()
        self.assertEqual(jobs.exists().mapped("state"), ["failed"])
