from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models import shop_runner
from ..models.shop_bell import bell, take_marks
from .common import ShopCase


class UnreadCase(ShopCase):
    """One product, ten pieces of it, and orders that cannot be imported."""

    def setUp(self):
        super().setUp()
        self.template = self._product(stock=10)
        self.product = self.template.product_variant_ids
        self._sync()
        self.link = self.product.shop_link_ids

    @contextmanager
    def _refused(self):
        """What is read meanwhile cannot be stored."""
        importer = self.env.registry["shop.sync.order"]
        with patch.object(importer, "_create_orders", side_effect=UserError("Not today.")):
            yield

    def _buy_unread(self, units):
        """A customer buys, and his order cannot be imported; returns its exchange."""
        order_id = self.simulator.place_order([("GLASS", units)], payment="ps_checkout")
        with self._refused():
            self._sync()
        job = self._failed("order")
        self.assertEqual(job.key, str(order_id))
        return job

    def _jobs(self, kind, *states):
        return self.env["shop.job"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", kind), ("state", "in", states)]
        )

    def _another_shop(self):
        """A second shop on the same warehouse, which does not exchange anything by itself."""
        return self.shop.copy(
            {"name": "Second", "warehouse_ids": [Command.set(self.warehouse.ids)]}
        )

    def _taken(self, shop):
        units = self.env["shop.sync.stock.levels"]._get_unconfirmed(shop)
        return units.get(self.product.id, 0)


@tagged("post_install", "-at_install")
class TestUnreadGoods(UnreadCase):
    """What an order took that could not be imported is not offered again, whatever is tried."""

    def test_its_goods_are_taken_off_in_every_shop_also_while_it_waits_for_a_retry(self):
        other = self._another_shop()
        job = self._buy_unread(4)
        self.assertEqual((self._taken(self.shop), self._taken(other)), (4, 4))
        self.shop.action_pause()
        job.action_retry()
        self.assertEqual(job.state, "pending")
        self.assertEqual((self._taken(self.shop), self._taken(other)), (4, 4))
        self.shop.action_resume()
        self._sync()
        self.assertEqual(self._order(job.key).state, "sale")
        self.assertEqual(self._taken(other), 0)
        self.assertEqual(self.simulator.stock_of("GLASS"), 6)

    def test_failing_again_for_another_reason_does_not_lose_them(self):
        job = self._buy_unread(4)
        order = self.simulator.shop.store.one("orders", int(job.key))
        order.values["total_paid_tax_incl"] = "twelve"
        # a hint of the shop: an exchange of its own, beside the failure
        self.env["shop.job"]._mark_incoming(self.shop, "order", [job.key])
        self._sync()
        self.assertFalse(job.exists())
        self.assertIn("twelve", self._failed("order").error)
        self.assertEqual(self._taken(self.shop), 4)

    def test_a_retry_beside_a_waiting_exchange_does_not_lose_them(self):
        job = self._buy_unread(4)
        self.env["shop.job"]._mark_incoming(self.shop, "order", [job.key])
        job.action_retry()
        self.assertFalse(job.exists())
        waiting = self._jobs("order", "pending")
        self.assertEqual(len(waiting), 1)
        self.assertEqual(self._taken(self.shop), 4)
        self._sync()
        self.assertEqual(self._order(waiting.key).state, "sale")
        self.assertEqual(self._taken(self.shop), 0)

    def test_two_failures_of_one_record_are_tried_once(self):
        job = self._buy_unread(4)
        double = job.copy({"goods": False, "state": "failed"})
        (job | double).action_retry()
        self.assertFalse(job.exists())
        self.assertEqual(double.state, "pending")
        self.assertEqual(self._taken(self.shop), 4)


@tagged("post_install", "-at_install")
class TestWaitingOrders(UnreadCase):
    """Orders that are known come before stock also when they have to wait for a moment."""

    def _put_off(self, seconds):
        """An order that could not be stored because another transaction was quicker."""
        order_id = self.simulator.place_order([("GLASS", 4)], payment="ps_checkout")
        importer = self.env.registry["shop.sync.order"]
        pause = timedelta(seconds=seconds)
        with (
            patch.object(importer, "_create_orders", side_effect=SerializationFailure),
            patch.object(shop_runner, "QUICK_PAUSE", pause),
        ):
            self._sync()
        job = self._jobs("order", "pending")
        self.assertEqual(job.key, str(order_id))
        return job

    def test_a_level_never_confirmed_does_not_overwrite_what_the_shop_sold(self):
        self.link.stock_confirmed_at = False
        self.env["shop.job"]._mark("stock", self.product.ids, self.shop)
        order = self._put_off(60)
        self.assertEqual(self.simulator.stock_of("GLASS"), 6)
        level = self._jobs("stock", "pending")
        self.assertGreaterEqual(level.due_at, order.due_at - timedelta(seconds=2))
        self.assertGreater(level.due_at, fields.Datetime.now() + timedelta(seconds=30))
        (order | level).due_at = "2020-01-01"
        self._sync()
        self.assertEqual(self._order(order.key).state, "sale")
        self.assertEqual(self.simulator.stock_of("GLASS"), 6)
        self.assertTrue(self.link.stock_confirmed_at)

    def test_a_level_that_moved_waits_for_the_order_and_is_not_asked_for_all_the_time(self):
        self._stock(self.product, 12)
        self._put_off(60)
        self.assertEqual(self.simulator.stock_of("GLASS"), 6)
        level = self._jobs("stock", "pending")
        self.assertGreater(level.due_at, fields.Datetime.now() + timedelta(seconds=30))

    def test_other_levels_go_on(self):
        other = self._product("OTHER", stock=3)
        self._sync()
        self._stock(other.product_variant_ids, 5)
        self._put_off(60)
        self.assertEqual(self.simulator.stock_of("OTHER"), 5)

    def test_an_order_is_seen_again_until_its_exchange_is_there(self):
        self.simulator.place_order([("GLASS", 4)], payment="ps_checkout")
        tally = shop_runner.Tally()
        Job = self.env.registry["shop.job"]
        with self.shop._open_adapter() as adapter:
            with (
                patch.object(Job, "_mark_incoming", side_effect=SerializationFailure),
                self.assertRaises(SerializationFailure),
            ):
                self.shop._poll_orders(adapter, tally)
            self.assertTrue(self.shop._poll_orders(adapter, tally))
            self.assertFalse(self.shop._poll_orders(adapter, tally))
        self.assertEqual(len(self._jobs("order", "pending")), 1)

    def test_goods_that_move_before_the_comparison_are_no_difference(self):
        self.shop.drift_checked_at = "2020-01-01"
        runner = self.env.registry["shop.shop"]
        poll, looks = runner._poll_orders, []

        def moving(shop, adapter, tally):
            looks.append(None)
            if len(looks) == 2:
                # the shop has been read, the levels have not been computed
                self._stock(self.product, 7)
            return poll(shop, adapter, tally)

        self.patch(runner, "_poll_orders", moving)
        self._sync()
        self.assertEqual(len(looks), 2)
        self.assertGreater(str(self.shop.drift_checked_at), "2020-01-01 00:00:00")
        self.assertEqual(self.shop.drift_count, 0)
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 7)


@tagged("post_install", "-at_install")
class TestWaking(UnreadCase):
    """Nothing that is due waits for the next minute."""

    def _rung(self):
        """The delays with which the bell is rung once this transaction is committed."""
        with patch.object(bell, "ring") as ring:
            self.env.cr.postcommit.run()
        return [call.args[1] for call in ring.call_args_list]

    def _pending(self):
        self.env["shop.job"]._mark("stock", self.product.ids, self.shop)
        self.env["shop.job"]._flush_marks()
        return self._jobs("stock", "pending")

    def test_what_is_put_back_for_seconds_rings_then(self):
        job = self._pending()
        self.env.cr.postcommit.clear()
        job._release(pause=timedelta(seconds=2))
        self.assertEqual(self._rung(), [2.0])
        job._release(pause=timedelta(minutes=5))
        self.assertEqual(self._rung(), [])

    def test_the_button_leaves_the_rest_to_the_scheduled_action(self):
        self.env.cr.postcommit.clear()
        self._sync()
        self.assertEqual(self._rung(), [0.0])

    def test_timers_do_not_take_after_the_thread_that_starts_them(self):
        with patch("threading.Timer.start", autospec=True) as start:
            bell.ring("nowhere", 5.0)
            bell.ring("nowhere")
        bell._states.pop("nowhere")
        later, now = (call.args[0] for call in start.call_args_list)
        self.assertEqual((later.interval, later.daemon), (5.0, True))
        self.assertEqual((now.interval, now.daemon), (bell.PAUSE, False))

    def test_what_is_due_already_is_left_alone(self):
        job = self._pending()
        self.env["shop.job"]._mark("stock", self.product.ids, self.shop)
        self.env["shop.job"]._write_marks()
        self.assertFalse(take_marks(self.env.cr))
        job.due_at = fields.Datetime.now() + timedelta(hours=1)
        self.env.flush_all()
        self.env["shop.job"]._mark("stock", self.product.ids, self.shop)
        self.env["shop.job"]._write_marks()
        self.assertTrue(take_marks(self.env.cr))
        self.env.invalidate_all()
        self.assertLess(job.due_at, fields.Datetime.now() + timedelta(minutes=1))
