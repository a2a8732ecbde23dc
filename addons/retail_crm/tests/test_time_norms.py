"""Group E of the capabilities: how long things may take, and who hears when they take longer."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import working_week
from .test_stages import StageCase

FRIDAY = datetime(2026, 5, 22, 16)  # an hour before closing time
MONDAY = datetime(2026, 5, 25, 8)


class NormCase(StageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = working_week(cls.env)
        cls.stages["new"].time_norm = 2
        cls.stages["approval"].time_norm = 4
        # the other orders of the database are not part of the story
        cls.env["sale.order"].search([]).write({"stage_deadline": False})

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(FRIDAY))

    def _at(self, day, hour, minute=0):
        self.clock.move_to(datetime(2026, 5, day, hour, minute))

    def _sweep(self):
        with self.enter_registry_test_mode():
            self.env.ref("retail_crm.cron_mark_overdue").method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTimeNorms(NormCase):
    # === WORKING TIME ===

    def test_082_a_norm_runs_in_working_hours(self):
        self.assertEqual(self._order().stage_deadline, MONDAY.replace(hour=9))

    def test_082_a_holiday_stops_the_clock(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Whit Monday",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime(2026, 5, 25),
                "date_to": datetime(2026, 5, 25, 23, 59, 59),
            }
        )
        self.assertEqual(self._order().stage_deadline, datetime(2026, 5, 26, 9))

    def test_082_a_channel_has_its_own_norm(self):
        self.env["retail.time.norm"].create(
            {
                "stage_id": self.stages["new"].id,
                "channel_id": self.channel.id,
                "hours": 0.5,
            }
        )
        order = self._order(channel_id=self.channel.id)
        self.assertEqual(order.stage_deadline, datetime(2026, 5, 22, 16, 30))

    def test_082_the_hours_of_the_channel_come_before_the_companys(self):
        self.channel.calendar_id = working_week(self.env, "Round the clock")
        self.channel.calendar_id.attendance_ids.write({"day_period": "afternoon"})
        evening = self.channel.calendar_id.attendance_ids.filtered(lambda one: one.hour_to == 17)
        evening.hour_to = 22
        order = self._order(channel_id=self.channel.id)
        self.assertEqual(order.stage_deadline, datetime(2026, 5, 22, 18))

    def test_082_moving_on_starts_the_next_clock(self):
        self._stock(10)
        order = self._order()
        order.stage_id = self.stages["approval"]
        self.assertEqual(order.stage_deadline, MONDAY.replace(hour=11))
        order.stage_id = self.stages["delivery"]
        self.assertFalse(order.stage_deadline)

    # === SWEEP ===

    def test_082_an_overdue_order_is_marked_and_somebody_has_a_task_once(self):
        order = self._order(user_id=self.anna.id)
        self._at(25, 8, 59)
        self._sweep()
        self.assertFalse(order.overdue_since)
        self._at(25, 9, 2)
        self._sweep()
        self._sweep()
        self.assertTrue(order.is_overdue)
        self.assertEqual(order.overdue_since, datetime(2026, 5, 25, 9, 2))
        self.assertEqual(order.activity_ids.user_id, self.anna)
        self.assertEqual(order.activity_ids.summary, "Too long in New")
        self.assertEqual(len(order.activity_ids), 1)

    def test_082_moving_on_settles_the_task(self):
        order = self._order(user_id=self.anna.id)
        self._at(25, 10)
        self._sweep()
        order.stage_id = self.stages["approval"]
        self.assertFalse(order.activity_ids)
        self.assertFalse(order.overdue_since)

    def test_082_the_sweep_reads_an_index(self):
        self.env.flush_all()
        # in a table so small that the planner would sort
        for way in ("seqscan", "bitmapscan", "sort"):
            self.env.cr.execute(f"SET LOCAL enable_{way} = off")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM sale_order WHERE stage_deadline <= now() "
            "AND overdue_since IS NULL ORDER BY stage_deadline, id LIMIT 200"
        )
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        # with few orders the index of all deadlines costs the same
        self.assertRegex(plan, "overdue_sweep_idx|stage_deadline_idx")

    def test_087_overdue_orders_are_found_and_counted(self):
        late = self._order(user_id=self.anna.id)
        pool = self._order(user_id=False, team_id=self.online.id)
        theirs = self._order(user_id=self.berta.id)
        self._at(25, 10)
        found = self.env["sale.order"].search([("is_overdue", "=", True)])
        self.assertEqual(found & (late | pool | theirs), late | pool | theirs)
        self.assertNotIn(late, self.env["sale.order"].search([("is_overdue", "=", False)]))
        self.assertEqual(self.env["sale.order"].with_user(self.anna).get_overdue_count(), 2)

    def test_041_what_nobody_moves_any_more_goes_on(self):
        self._stock(10)
        order = self._order()
        order.stage_id = self.stages["delivery"]
        self.stages["delivery"].pass_after_days = 30
        self.clock.move_to(datetime(2026, 6, 20, 12))
        self._sweep()
        self.assertEqual(order.stage_id, self.stages["delivery"])
        self.clock.move_to(datetime(2026, 6, 22, 12))
        self._sweep()
        self.assertEqual(order.stage_id, self.stages["done"])
        self.assertFalse(order.delivered_at)  # nobody said so

    def test_orders_of_another_company_go_on_where_this_one_has_nowhere_to(self):
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        self.env.user.company_ids |= neighbour
        sent = self.stages["delivery"]
        (self.env["retail.order.stage"].search([]) - sent).filtered(
            lambda stage: stage.category in ("delivery", "done")
        ).company_id = neighbour
        sent.pass_after_days = 1
        stuck = self._order() | self._order()
        other = self._order(company_id=neighbour.id, user_id=False)
        orders = stuck | other
        orders.action_confirm()
        orders._note_stage(sent)
        self.clock.move_to(datetime(2026, 6, 20, 12))
        with patch("odoo.addons.retail_crm.models.sale_order_sweep.BATCH", 2):
            self._sweep()
        self.assertEqual(stuck.stage_id, sent)
        self.assertEqual(other.stage_category, "done")

    # === FIRST RESPONSE ===

    def _respond_within(self, hours):
        self.env["retail.time.norm"].search([("kind", "=", "response")]).unlink()
        self.env["retail.time.norm"].create({"kind": "response", "hours": hours})

    def test_085_nobody_called_back(self):
        self._respond_within(0.5)
        order = self._order(user_id=self.anna.id)
        self.assertEqual(order.first_response_deadline, datetime(2026, 5, 22, 16, 30))
        self._at(22, 16, 31)
        self._sweep()
        self.assertTrue(order.response_overdue_since)
        self.assertIn("Nobody has answered", order.activity_ids.summary)

    def test_085_taking_the_order_on_or_writing_is_a_response(self):
        self._respond_within(0.5)
        taken = self._order(user_id=self.anna.id)
        self._at(22, 16, 10)
        taken.with_user(self.anna).stage_id = self.stages["approval"]
        self.assertEqual(taken.first_response_at, datetime(2026, 5, 22, 16, 10))
        written = self._order(user_id=self.anna.id)
        written.with_user(self.anna).message_post(body="A colleague knows", message_type="comment")
        self.assertFalse(written.first_response_at)
        written.with_user(self.anna).message_post(
            body="We have it", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertTrue(written.first_response_at)

    def test_085_who_enters_the_order_has_responded(self):
        self._respond_within(0.5)
        order = self._order(self.anna)
        self.assertEqual(order.first_response_at, FRIDAY)
        self.assertFalse(order.first_response_deadline)

    # === PAYMENT ===

    def test_086_an_order_unpaid_too_long_is_a_call(self):
        self.env["retail.time.norm"].create(
            {"kind": "payment", "channel_id": self.channel.id, "hours": 8}
        )
        order = self._order(channel_id=self.channel.id)
        paid = self._order(channel_id=self.channel.id)
        paid.payment_status = "paid"
        self.assertEqual(order.payment_deadline, MONDAY.replace(hour=16))
        self._at(25, 16, 1)
        self._sweep()
        calls = self.env.ref("mail.mail_activity_data_call")
        self.assertIn(calls, order.activity_ids.activity_type_id)
        self.assertNotIn(calls, paid.activity_ids.activity_type_id)

    def test_086_no_clock_runs_for_imported_history(self):
        self._respond_within(0.5)
        self.env["retail.time.norm"].create(
            {"kind": "payment", "channel_id": self.channel.id, "hours": 8}
        )
        weekend, history = (
            self._order(channel_id=self.channel.id, date_order=FRIDAY - timedelta(days=days))
            for days in (2, 700)
        )
        self.assertTrue(weekend.payment_deadline and weekend.first_response_deadline)
        self.assertFalse(history.payment_deadline or history.first_response_deadline)

    # === STATISTICS ===

    def test_081_time_in_each_stage(self):
        order = self._order()
        self._at(25, 10)
        order.stage_id = self.stages["approval"]
        self.env.flush_all()
        self._sweep()
        stay = self.env["retail.order.stay"].search([("order_id", "=", order.id)], order="id")
        self.assertEqual(stay.mapped("stage_id"), self.stages["new"] | self.stages["approval"])
        self.assertEqual(stay[0].work_hours, 3.0)
        self.assertEqual(stay[0].norm_hours, 2.0)
        self.assertFalse(stay[1].left_at)
