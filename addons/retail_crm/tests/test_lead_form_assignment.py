"""Rows 78 and 189: inquiries of a form are dealt by an assignment rule."""

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .assignment_world import NOON, AssignmentCase
from .test_lead_form import LeadFormCase


@tagged("post_install", "-at_install")
class TestLeadFormAssignment(AssignmentCase, LeadFormCase):
    def _ask(self, count=1, **values):
        """Inquiries of so many strangers; returns the leads made of them, in order."""
        before = self._leads()
        for number in range(count):
            data = {"email": f"a{len(before) + number}@example.test", **values}
            self.assertEqual(self._post(data).status_code, 201)
        return self._leads() - before

    def _use(self, method, **values):
        self.form.assignment_rule_id = self._rule(method, **values)

    def test_189_inquiries_go_in_turn_to_the_people_of_the_rule(self):
        self._use("round_robin")
        self.form.team_id = self.counter
        leads = self._ask(4)
        self.assertEqual(
            [lead.user_id for lead in leads], [self.anna, self.berta, self.carla, self.anna]
        )
        self.assertEqual(leads.team_id, self.team)
        self.assertIn("It was the turn of", leads[0].assignment_note)
        self.assertEqual(leads[0].with_user(self.anna).assignment_note, leads[0].assignment_note)

    def test_189_orders_and_inquiries_of_a_rule_share_the_turns(self):
        self._use("round_robin")
        self.assertEqual(self._ask().user_id, self.anna)
        self.assertEqual(self._arrive().user_id, self.berta)
        self.assertEqual(self._ask().user_id, self.carla)

    def test_189_the_quotation_of_an_inquiry_is_no_second_turn(self):
        self._use("round_robin")
        self.form.makes_quotation = True
        lead = self._ask(lines=[{"sku": self.glass.default_code, "qty": 2}])
        self.assertEqual((lead.user_id, lead.order_ids.user_id), (self.anna, self.anna))

    def test_189_the_least_loaded_is_the_one_with_fewest_inquiries_and_orders(self):
        self._use("least_loaded")
        self._arrive(2, user_id=self.anna.id)
        leads = self._ask(4)
        self.assertEqual(self._shares(leads), {"berta": 2, "carla": 2})
        self.assertIn("open orders and inquiries (0)", leads[0].assignment_note)
        leads.filtered(lambda lead: lead.user_id == self.carla).action_set_lost()
        self.assertEqual(self._ask().user_id, self.carla)

    def test_078_shares_and_limits_of_people_are_kept(self):
        self._use("weighted")
        self._member(self.anna, order_weight=2)
        self._member(self.carla, order_capacity=1)
        self._arrive(1, user_id=self.carla.id)
        self.assertEqual(self._shares(self._ask(6)), {"anna": 4, "berta": 2})

    def test_078_only_who_is_there_gets_inquiries(self):
        self._use("round_robin", presence="online")
        self._presence(self.berta)
        self._presence(self.carla, "away")
        self.assertEqual(self._shares(self._ask(2)), {"berta": 2})

    def test_078_working_hours_are_respected(self):
        self._use("round_robin", presence="shift")
        self._shift(self.anna, hour_from=18.0)
        self._shift(self.berta, hour_from=18.0)
        with freeze_time(NOON):
            self.env.cr._now = fields.Datetime.to_datetime(NOON)
            self.assertEqual(self._shares(self._ask(2)), {"carla": 2})

    def test_189_when_nobody_is_there(self):
        self._use("round_robin", presence="online")
        lead = self._ask()
        self.assertEqual((lead.user_id.ids, lead.team_id), ([], self.team))
        self.assertIn("waits in the pool", lead.assignment_note)
        self.form.responsible_id = self.berta
        self.assertEqual(self._ask().user_id, self.berta)
        self.form.assignment_rule_id.fallback_user_id = self.carla
        self.assertEqual(self._ask().user_id, self.carla)

    def test_189_a_pool_is_a_pool(self):
        self._use("pool")
        self.form.responsible_id = self.berta
        lead = self._ask()
        self.assertEqual((lead.user_id.ids, lead.team_id), ([], self.team))

    def test_189_a_customer_keeps_to_the_person_who_knows_him(self):
        self._use("customer_manager")
        self.customer.email = "maria@example.test"
        self._arrive(user_id=self.carla.id)
        self.assertEqual(self._ask(email="maria@example.test").user_id, self.carla)
        self.customer.user_id = self.berta
        lead = self._ask(email="maria@example.test", message="Again")
        self.assertEqual(lead.user_id, self.berta)
        self.assertFalse(lead.assignment_note)
        self.assertFalse(self._ask(email="stranger@example.test").user_id)

    def test_189_a_rule_that_was_switched_off_is_not_used(self):
        self._use("round_robin")
        self.form.responsible_id = self.berta
        self.form.assignment_rule_id.active = False
        self.assertEqual(self._ask().user_id, self.berta)

    def test_189_the_history_is_for_those_who_lead_the_team(self):
        self._use("round_robin")
        line = self._ask().assignment_log_ids
        self.assertEqual((line.kind, line.rule_id), ("round_robin", self.form.assignment_rule_id))
        Log = self.env["retail.assignment.log"]
        for user in (self.anna, self._seller("dora")):
            user.group_ids += self.env.ref("retail_crm.group_retail_crm_senior")
        dora = self.env["res.users"].search([("login", "=", "dora")])
        self.assertIn(line, Log.with_user(self.anna).search([]))
        self.assertNotIn(line, Log.with_user(dora).search([]))

    def test_a_rule_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(UserError):
            self._use("round_robin", company_id=other.id)
