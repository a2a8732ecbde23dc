from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import DeskCase

NOON = datetime(2026, 5, 20, 12)
DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestCurrentOrders(DeskCase):
    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(NOON))

    def _found(self, orders, *filters, user=None):
        """Those of ``orders`` that all the named filters of the list leave, in the list's order."""
        user = user or self.anna
        Order = self.env["sale.order"].with_user(user)
        action = self.env.ref("retail_crm.sale_order_current_action")
        search = etree.fromstring(Order.get_view(action.search_view_id.id, "search")["arch"])
        domain = [("id", "in", orders.ids)]
        for name in filters:
            [node] = search.xpath(f"//filter[@name='{name}']")
            domain += safe_eval(node.get("domain"), {"uid": user.id})
        list_view = self.env.ref("retail_crm.sale_order_view_list_current")
        order_by = etree.fromstring(list_view.arch).get("default_order")
        return Order.search(domain, order=order_by).with_env(self.env)

    def _deliver(self, order):
        for move in order.picking_ids.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        order.picking_ids.button_validate()

    # === DUE ===

    def test_an_order_is_due_after_the_lead_time_of_its_goods(self):
        self.assertEqual(self._order(lead=3).due_at, NOON + 3 * DAY)

    def test_a_promised_date_comes_first(self):
        order = self._order(lead=3, commitment_date=NOON + DAY)
        self.assertEqual(order.due_at, NOON + DAY)
        order.commitment_date = False
        self.assertEqual(order.due_at, NOON + 3 * DAY)

    def test_one_delivery_waits_for_the_slowest_line(self):
        order = self._order(lead=3)
        order.order_line.copy({"order_id": order.id, "customer_lead": 8})
        order.picking_policy = "direct"
        self.assertEqual(order.due_at, NOON + 3 * DAY)
        order.picking_policy = "one"
        self.assertEqual(order.due_at, NOON + 8 * DAY)

    def test_a_delivered_or_cancelled_order_is_no_longer_due(self):
        delivered, cancelled = self._order(), self._order()
        delivered.action_confirm()
        self.assertEqual(delivered.due_at, NOON)
        self._deliver(delivered)
        cancelled._action_cancel()
        self.assertFalse(delivered.due_at)
        self.assertFalse(cancelled.due_at)

    # === THE LIST ===

    def test_late_orders_come_first(self):
        hers = {"user_id": self.anna.id}
        later = self._order(lead=5, **hers)
        late = self._order(date_order=NOON - 2 * DAY, **hers)
        today, done = self._order(**hers), self._order(**hers)
        done.action_confirm()
        self._deliver(done)
        orders = later | late | today | done
        self.assertEqual([*self._found(orders)], [late, today, later, done])
        self.assertEqual(self._found(orders, "late"), late)
        self.assertEqual(self._found(orders, "due_today"), today)

    def test_the_desk_shows_mine_and_what_nobody_has_taken(self):
        mine = self._order(user_id=self.anna.id, team_id=self.counter.id)
        hers = self._order(user_id=self.berta.id, team_id=self.online.id)
        pool, elsewhere, lost = (
            self._order(user_id=False, team_id=team.id)
            for team in (self.online, self.counter, self.env["crm.team"])
        )
        lost.team_id = False
        orders = mine | hers | pool | elsewhere | lost
        self.assertEqual(self._found(orders, "mine_and_pool"), mine | pool | lost)
        self.assertEqual(self._found(orders, "mine"), mine)
        self.assertEqual(self._found(orders, "pool"), pool | elsewhere | lost)

    def test_the_leader_of_a_team_sees_its_pool(self):
        pool = self._order(user_id=False, team_id=self.counter.id)
        self.assertFalse(self._found(pool, "mine_and_pool", user=self.berta))
        self.counter.user_id = self.berta
        self.assertEqual(self._found(pool, "mine_and_pool", user=self.berta), pool)

    def test_040_an_order_is_open_until_its_stage_ends_it(self):
        order = self._order(user_id=self.anna.id)
        cancelled = self._order(user_id=self.anna.id)
        cancelled._action_cancel()
        self.assertFalse(self._found(cancelled, "open"))
        self.assertEqual(self._found(order, "open"), order)
        order.action_confirm()
        self.assertEqual(self._found(order, "open", "to_deliver"), order)
        self._deliver(order)
        self.assertEqual(self._found(order, "open", "to_invoice"), order)
        order._create_invoices().action_post()
        self.assertFalse(self._found(order, "open", "to_invoice"))
        order.action_mark_delivered()
        self.assertFalse(self._found(order, "open"))

    def test_040_overdue_orders_come_before_late_ones(self):
        hers = {"user_id": self.anna.id}
        late = self._order(date_order=NOON - 2 * DAY, **hers)
        overdue = self._order(lead=5, **hers)
        overdue.overdue_since = NOON
        self.assertEqual([*self._found(late | overdue)], [overdue, late])

    def test_084_a_promise_is_at_risk_before_it_is_broken(self):
        soon, later, sent = (self._order(lead=days, user_id=self.anna.id) for days in (1, 9, 0))
        sent.action_confirm()
        self._deliver(sent)
        self.assertEqual(self._found(soon | later | sent, "promise_at_risk"), soon)

    def test_the_list_opens_with_filters_that_exist(self):
        action = self.env.ref("retail_crm.sale_order_current_action")
        orders = self._order(user_id=self.anna.id)
        for key in safe_eval(action.context):
            self.assertEqual(self._found(orders, key.removeprefix("search_default_")), orders)

    # === RIGHTS ===

    def test_a_user_of_the_desk_takes_an_order_from_the_pool(self):
        pool = self._order(user_id=False, team_id=self.online.id)
        pool.with_user(self.anna).user_id = self.anna
        self.assertEqual(pool.user_id, self.anna)
        with self.assertRaises(AccessError):
            pool.with_user(self.berta).user_id = self.berta

    def test_only_an_administrator_of_the_desk_changes_channels(self):
        with self.assertRaises(AccessError):
            self.channel.with_user(self.anna).team_id = self.counter
        self.berta.group_ids += self.env.ref("retail_crm.group_retail_crm_manager")
        self.channel.with_user(self.berta).team_id = self.counter
        self.assertEqual(self.channel.team_id, self.counter)
