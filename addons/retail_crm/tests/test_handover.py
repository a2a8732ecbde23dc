import re
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .assignment_world import NOON, AssignmentCase

MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestHandover(AssignmentCase):
    """What happens to an order after a rule gave it to somebody."""

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(NOON))

    def _later(self, minutes):
        self.clock.tick(minutes * MINUTE)
        self.env["sale.order"]._pass_on_due()

    # === TIMES ===

    def _stays(self, order):
        stays = self.env["retail.order.stay"].search([("order_id", "=", order.id)], order="id")
        return [(stay.stage_id.category, stay.user_id, stay.team_id) for stay in stays]

    def test_081_the_time_in_a_stage_is_of_who_got_the_order(self):
        self._rule("round_robin")
        order = self._arrive()
        self.assertEqual(self._stays(order), [("new", self.anna, self.team)])
        order.with_user(self.anna).user_id = self.berta  # by hand
        self.assertEqual(self._stays(order), [("new", self.berta, order.team_id)])
        approval = self.env.ref("retail_crm.order_stage_approval")
        order.with_user(self.berta).write({"stage_id": approval.id, "user_id": self.carla.id})
        self.assertEqual(
            [row[:2] for row in self._stays(order)],
            [("new", self.berta), ("approval", self.carla)],
        )

    def test_081_the_time_in_the_pool_is_of_who_took_the_order(self):
        self._rule("pool")
        order = self._arrive()
        self.assertEqual(self._stays(order), [("new", self.anna.browse(), self.team)])
        order.with_user(self.berta).action_take()
        self.assertEqual(self._stays(order), [("new", self.berta, self.team)])

    # === STUCK ORDERS ===

    def test_077_no_stuck_orders(self):
        self._rule("round_robin", takeover_minutes=30)
        order = self._arrive()
        self.assertEqual(order.user_id, self.anna)
        self._later(29)
        self.assertEqual(order.user_id, self.anna)
        self._later(2)
        self.assertEqual((order.user_id, order.assignment_hops), (self.berta, 1))
        self.assertIn(
            f"{self.anna.name} had not touched it for 30 working minutes.", order.assignment_note
        )

    def test_077_capped_at_the_hops_of_the_rule(self):
        rule = self._rule("round_robin", takeover_minutes=30, max_hops=2)
        self.team.user_id = self.berta
        order = self._arrive()
        people = [order.user_id.login]
        for _hop in range(4):
            self._later(31)
            people.append(order.user_id.login)
        self.assertEqual(people, ["anna", "berta", "carla", "carla", "carla"])
        self.assertEqual(order.assignment_hops, rule.max_hops)
        self.assertEqual(order.activity_ids.user_id, self.berta)
        self.assertEqual(len(order.activity_ids.filtered("summary")), 1)
        self.assertIn("somebody has to decide", order.assignment_note)

    def test_077_when_everybody_had_it_the_pool_gets_it(self):
        self._rule("round_robin", takeover_minutes=30)
        order = self._arrive()
        for _hop in range(3):
            self._later(31)
        self.assertFalse(order.user_id)
        self.assertEqual(order.team_id, self.team)

    def test_077_only_working_minutes_count(self):
        self._rule("round_robin", takeover_minutes=30)
        self.clock.move_to(NOON.replace(hour=23))
        order = self._arrive()
        self._later(240)
        self.assertEqual(order.user_id, self.anna)

    def test_077_work_on_the_order_keeps_it(self):
        self._rule("round_robin", takeover_minutes=30)
        works = [
            lambda order: order.write({"client_order_ref": "called"}),
            lambda order: order.message_post(body="Called, comes back tomorrow"),
        ]
        for work in works:
            order = self._arrive()
            person = order.user_id
            work(order.with_user(person))
            self._later(60)
            self.assertEqual(order.user_id, person)

    def test_077_what_others_do_is_not_work_of_the_responsible(self):
        self._rule("round_robin", takeover_minutes=30)
        order = self._arrive()
        order.client_order_ref = "by the system"
        self._later(31)
        self.assertEqual(order.user_id, self.berta)

    def test_077_a_finished_order_stays(self):
        self._rule("round_robin", takeover_minutes=30)
        order = self._arrive()
        order._action_cancel()
        self._later(31)
        self.assertEqual((order.user_id, order.takeover_at), (self.anna, False))

    def test_077_what_a_person_decided_stays(self):
        self._rule("round_robin", takeover_minutes=30)
        order = self._arrive()
        order.with_user(self.anna).user_id = self.carla
        self._later(60)
        self.assertEqual(order.user_id, self.carla)
        self.assertEqual(order.assignment_note, f"{self.anna.name} gave it to {self.carla.name}.")

    # === THE POOL ===

    def test_030_responsible_is_a_person_or_a_team(self):
        self._rule("pool")
        order = self._arrive()
        self.assertEqual((order.user_id, order.team_id), (self.env["res.users"], self.team))
        self.assertTrue(order.may_take)
        order.with_user(self.carla).action_take()
        self.assertEqual(order.user_id, self.carla)
        self.assertEqual(order.assignment_note, f"{self.carla.name} took it from the pool.")

    def test_075_nobody_gets_it_and_the_second_hears_who_was_faster(self):
        self._rule("pool")
        order = self._arrive()
        order.with_user(self.carla).action_take()
        faster = re.escape(f"{self.carla.name} has taken {order.name} in the meantime.")
        with self.assertRaisesRegex(UserError, faster):
            order.with_user(self.env.ref("base.user_admin")).action_take()
        with self.assertRaisesRegex(UserError, "already yours"):
            order.with_user(self.carla).action_take()

    def test_075_what_one_may_not_change_one_cannot_take(self):
        self.berta.group_ids += self.env.ref("retail_crm.group_own_clients")
        for person in (self.anna.id, False):
            order = self._arrive(user_id=person, team_id=self.counter.id)
            with self.assertRaises(AccessError):
                order.with_user(self.berta).action_take()
