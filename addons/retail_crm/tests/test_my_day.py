"""Row 98: calls due, overdue orders and the tasks of today in one list, by time."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DeskCase

NOON = datetime(2026, 5, 20, 10)  # 12:00 in Rome


@tagged("post_install", "-at_install")
class TestMyDay(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna.tz = "Europe/Rome"

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(NOON))

    def _task(self, record=None, kind="todo", days=0, user=None, **values):
        return (record or self._order(user_id=self.anna.id)).activity_schedule(
            f"mail.mail_activity_data_{kind}",
            date_deadline=(NOON + timedelta(days=days)).date(),
            user_id=(user or self.anna).id,
            **values,
        )

    def _late_order(self, user=None, minutes=60, **values):
        order = self._order(user_id=(user or self.anna).id, **values)
        order.stage_deadline = NOON - timedelta(minutes=minutes)
        return order

    def _rows(self, user=None, domain=()):
        self.env.flush_all()
        return self.env["retail.my.day"].with_user(user or self.anna).search(list(domain))

    def test_098_one_list_by_time(self):
        later = self._task(summary="Later", remind_at=NOON + timedelta(hours=2))
        call = self._task(kind="call", summary="Ring", remind_at=NOON + timedelta(hours=1))
        late = self._late_order()
        yesterday = self._task(summary="Yesterday", days=-1)
        self._task(summary="Tomorrow", days=1)
        self._task(summary="Of Berta", user=self.berta)
        self._task(summary="Settled").action_feedback()
        rows = self._rows()
        self.assertEqual(rows.mapped("kind"), ["task", "order", "call", "task"])
        self.assertEqual(rows.activity_id, yesterday + call + later)
        self.assertEqual(rows[1].order_id, late)
        hours = rows.with_context(tz="Europe/Rome").mapped("hour")
        self.assertEqual([hour and hour.split(":")[0] for hour in hours], [False, "11", "1", "2"])

    def test_098_an_overdue_order_and_its_task_are_one_row(self):
        order = self._late_order()
        order._remind("retail_crm.mail_activity_overdue", "Too long")
        rows = self._rows(domain=[("order_id", "=", order.id)])
        self.assertEqual(rows.mapped("kind"), ["order"])

    def test_098_today_is_where_the_person_is(self):
        self.anna.tz = "Pacific/Auckland"
        task = self._task(days=1)
        with freeze_time(NOON + timedelta(hours=3)):  # 1:00 of the next day over there
            self.assertEqual(self._rows().activity_id, task)
        self.anna.tz = "Europe/Rome"
        with freeze_time(NOON + timedelta(hours=3)):
            self.assertFalse(self._rows().activity_id)

    def test_098_open_and_done(self):
        task, order = self._task(), self._late_order()
        rows = self._rows()
        actions = [row.action_open() for row in rows]
        self.assertEqual({action["res_id"] for action in actions}, {task.res_id, order.id})
        rows.filtered("activity_id").action_done()
        self.assertFalse(task.active)
        self.assertEqual(self._rows().order_id, order)

    def test_098_everyone_sees_their_own_and_supervisors_what_is_about_orders(self):
        self._task()
        self._late_order()
        self._task(record=self.customer, summary="Private")
        supervisor = self._seller("sofia")
        supervisor.group_ids += self.env.ref("retail_crm.group_retail_crm_supervisor")
        self.assertFalse(self._rows(self.berta))
        seen = self._rows(supervisor)
        self.assertEqual(sorted(seen.mapped("kind")), ["order", "task"])
        self.assertNotIn("Private", seen.mapped("name"))
        supervisor.group_ids += self.env.ref("retail_crm.group_own_clients")
        self.assertFalse(self._rows(supervisor))
        rows = self._rows()
        with self.assertRaises(AccessError):
            rows.with_user(self.berta).mapped("name")

    def test_098_seniors_see_their_teams(self):
        senior = self._seller("sandra")
        senior.group_ids += self.env.ref("retail_crm.group_retail_crm_senior")
        self.online.crm_team_member_ids = [Command.create({"user_id": senior.id})]
        mine = self._late_order(team_id=self.online.id)
        self._late_order(team_id=self.counter.id)
        self.assertEqual(self._rows(senior).order_id, mine)
