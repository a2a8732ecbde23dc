"""Rows 77, 85, 103: who telephones with a customer answers, and works on, their orders."""

from datetime import timedelta

from odoo import fields
from odoo.tests import Form, tagged

from .assignment_world import AssignmentCase
from .call_world import CallCase


@tagged("post_install", "-at_install")
class TestCallResponse(CallCase, AssignmentCase):
    def setUp(self):
        super().setUp()
        norms = self.env["retail.time.norm"].search([("kind", "=", "response")])
        norms.unlink()
        norms.create({"kind": "response", "hours": 0.5})
        self._rule("round_robin", takeover_minutes=30)
        self.order = self._arrive()
        self.assertEqual(self.order.user_id, self.anna)
        self._assert_untouched()

    def _assert_untouched(self, order=None):
        order = order or self.order
        self.assertTrue(order.takeover_at and order.first_response_deadline)
        self.assertFalse(order.first_response_at)

    def _assert_answered(self, order=None, stays=True):
        order = order or self.order
        self.assertTrue(order.first_response_at)
        self.assertEqual(bool(order.takeover_at), not stays)

    def _log(self, user=None, result="reached", **values):
        """As the window does it that the order opens."""
        order = self.order.with_user(user or self.anna)
        context = order.action_log_call()["context"] | {"default_result": result}
        Call = self.env["retail.call"].with_user(user or self.anna).with_context(**context)
        with Form(Call, view="retail_crm.retail_call_view_form_log") as window:
            for name, value in values.items():
                setattr(window, name, value)
        return window.record

    # === BY HAND ===

    def test_085_a_talk_noted_on_the_order_is_the_first_response(self):
        later = fields.Datetime.now() - timedelta(minutes=5)
        self._log(started_at=later)
        self._assert_answered()
        self.assertEqual(self.order.first_response_at, later)
        task = self.env.ref("retail_crm.mail_activity_response")
        self.assertNotIn(task, self.order.activity_ids.activity_type_id)

    def test_085_a_talk_settles_the_task_that_nobody_has_answered(self):
        self.order.first_response_deadline = fields.Datetime.now() - timedelta(minutes=1)
        self.env["sale.order"]._sweep_responses()
        task = self.env.ref("retail_crm.mail_activity_response")
        self.assertIn(task, self.order.activity_ids.activity_type_id)
        self._log()
        self.assertNotIn(task, self.order.activity_ids.activity_type_id)

    def test_077_a_call_in_vain_is_work_but_no_answer(self):
        self._log(result="not_reached")
        self.assertFalse(self.order.takeover_at or self.order.first_response_at)

    def test_077_a_call_in_vain_from_the_desk(self):
        Call = self.env["retail.call"].with_user(self.anna)
        Call._note_not_reached(self.customer, self.order.with_user(self.anna).browse())
        self.assertFalse(self.order.takeover_at or self.order.first_response_at)

    def test_077_a_colleague_s_call_answers_but_is_not_work_of_the_responsible(self):
        self._log(self.berta)
        self._assert_answered(stays=False)

    def test_085_said_afterwards_it_counts_too(self):
        call = self._log(result="not_reached")
        call.result = "reached"
        self._assert_answered()

    # === TELEPHONE SYSTEM ===

    def test_085_a_call_without_an_order_answers_all_that_wait(self):
        second = self._arrive(user_id=self.anna.id)
        moved = self._arrive()
        moved.stage_id = self.env.ref("retail_crm.order_stage_approval")
        stranger = self._arrive(partner_id=self.customer.copy({"phone": False}).id)
        self._tell("ringing", direction="out", number="0551234567", extension="101")
        self.assertFalse(self.order.takeover_at)
        self.assertFalse(self.order.first_response_at)
        self._tell("answered", direction="out", number="0551234567", extension="101")
        self._assert_answered()
        self.assertTrue(second.first_response_at)
        self.assertFalse(moved.first_response_at, "nobody waits for an answer any more")
        self._assert_untouched(stranger)

    def test_085_who_is_called_by_the_customer_has_answered(self):
        self._ring()
        self._assert_untouched()
        self._tell("answered", extension="101")
        self._assert_answered()

    def test_085_a_missed_call_of_the_customer_answers_nothing(self):
        self._ring()
        self._tell("missed", extension="101")
        self._assert_untouched()

    def test_085_a_talk_before_the_order_was_placed_does_not_answer_it(self):
        earlier = fields.Datetime.now() - timedelta(hours=1)
        self._ring(time=f"{earlier:%Y-%m-%dT%H:%M:%SZ}")
        self._tell("ended", duration=60, time=f"{earlier:%Y-%m-%dT%H:%M:%SZ}", extension="101")
        self._assert_untouched()

    def test_085_of_a_number_of_two_customers_the_person_says_which(self):
        self.customer.copy({"phone": self.customer.phone, "name": "Mario Rossi"})
        self._ring()
        self._tell("answered", extension="101")
        self._assert_untouched()
        self._calls().with_user(self.anna).choose_customer(self.customer.id)
        self._assert_answered()

    def test_105_a_rule_s_call_that_nobody_answers_is_nobody_s_work(self):
        call = self.env["retail.call"].create(
            {
                "pbx_id": self.pbx.id,
                "reference": "r",
                "direction": "out",
                "state": "requested",
                "number": "0551234567",
                "user_id": self.anna.id,
                "partner_id": self.customer.id,
                "order_id": self.order.id,
                "is_by_rule": True,
            }
        )
        self._tell("missed", direction="out", reference="r", number="0551234567")
        self.assertEqual(call.state, "missed")
        self._assert_untouched()
