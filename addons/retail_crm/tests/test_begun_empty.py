"""Rows 12, 71, 86: orders that a person begins without lines are judged when they are whole."""

from odoo.fields import Command
from odoo.tests import tagged

from .assignment_world import AssignmentCase
from .desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestBegunEmpty(OrderDeskCase, AssignmentCase):
    def setUp(self):
        super().setUp()
        self.phone_channel.notified_ids = self.berta

    def _large_to_carla(self, **values):
        self._member(self.anna, order_weight=0)
        self._member(self.berta, order_weight=0)
        return self._rule(is_for_typed=True, domain="[('amount_total', '>', 100)]", **values)

    def _told(self, order):
        told = self.env["mail.message"].search(
            [
                ("model", "=", "sale.order"),
                ("res_id", "=", order.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        return told.filtered(lambda one: self.berta.partner_id in one.notified_partner_ids)

    # === WHOSE ===

    def test_071_a_phone_order_goes_by_its_whole_amount(self):
        rule = self._large_to_carla()
        order = self._record(shown := self._add(self.barolo, 1))
        self._add(self.flutes, 10, shown)
        self.assertEqual(order.user_id, self.anna, "who enters it keeps it meanwhile")
        answer = self.desk.confirm(order.id)
        self.assertEqual((order.user_id, order.assignment_rule_id), (self.carla, rule))
        self.assertEqual((order.state, answer["state"]), ("sale", "sale"))
        self.assertEqual(answer["notices"], [f"{order.name} is with {self.carla.name} now."])
        self.assertFalse(answer["can_invoice"] or answer["margin"])

    def test_071_a_small_one_stays(self):
        self._large_to_carla()
        shown = self._add(self.barolo, 1)
        answer = self.desk.confirm(shown["id"])
        self.assertEqual(self._record(shown).user_id, self.anna)
        self.assertNotIn("notices", answer)
        self.assertFalse(self._record(shown).assignment_deferred)

    def test_071_a_quotation_goes_when_it_is_sent(self):
        self._large_to_carla()
        order = self._record(self._add(self.barolo, 5))
        order.with_user(self.anna).action_quotation_sent()
        self.assertEqual(order.user_id, self.carla)
        posted = self._record(self._add(self.barolo, 5))
        posted.with_user(self.anna).with_context(mark_so_as_sent=True).message_post(body="Look")
        self.assertEqual((posted.state, posted.user_id), ("sent", self.carla))

    def test_071_moved_by_stage_it_is_confirmed_before_it_goes(self):
        self._large_to_carla()
        assembly = self.env["retail.order.stage"].search([("category", "=", "assembly")], limit=1)
        order = self._record(self._add(self.barolo, 5))
        answer = self.desk.enter_stage(order.id, assembly.id)
        self.assertEqual(
            (order.state, order.stage_id, order.user_id), ("sale", assembly, self.carla)
        )
        self.assertEqual(answer["notices"], [f"{order.name} is with {self.carla.name} now."])
        self.assertEqual(self.desk.get_order(order.id)["notices"], answer["notices"])
        dragged = self._record(self._add(self.barolo, 5))
        [row] = dragged.with_user(self.anna).web_save(
            {"stage_id": assembly.id}, {"stage_id": {"fields": {"display_name": {}}}}
        )
        self.assertEqual((dragged.state, dragged.user_id), ("sale", self.carla))
        self.assertEqual(row["stage_id"]["display_name"], assembly.display_name)

    def test_071_the_customer_may_confirm(self):
        self._large_to_carla()
        order = self._record(self._add(self.barolo, 5))
        order.with_user(self.env.ref("base.public_user")).sudo().action_confirm()
        self.assertEqual(order.user_id, self.carla)

    def test_071_what_a_person_gave_away_stays_there(self):
        self._large_to_carla()
        order = self._record(self._add(self.barolo, 5))
        order.with_user(self.anna).user_id = self.berta
        order.action_confirm()
        self.assertEqual(order.user_id, self.berta)

    def test_071_with_its_lines_it_is_dealt_out_at_once(self):
        self._large_to_carla()
        line = {"product_id": self.barolo.id, "product_uom_qty": 5}
        order = self._order(self.anna, order_line=[Command.create(line)])
        self.assertEqual(order.user_id, self.carla)

    # === WHO IS TOLD ===

    def test_012_the_people_of_the_channel_hear_the_total(self):
        order = self._record(shown := self._add(self.barolo, 1))
        self._add(self.flutes, 2, shown)
        self.assertFalse(self._told(order))
        self.desk.confirm(order.id)
        self.assertIn("65.00", self._told(order).body)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(len(self._told(order)), 1)

    def test_012_they_hear_it_also_when_a_rule_takes_the_order_away(self):
        self._large_to_carla()
        order = self._record(self._add(self.barolo, 5))
        self.desk.confirm(order.id)
        self.assertIn("200.00", self._told(order).body)

    # === PAYMENT ===

    def test_086_a_phone_order_has_the_norm_of_its_channel(self):
        self.env["retail.time.norm"].create(
            {"kind": "payment", "channel_id": self.phone_channel.id, "hours": 8}
        )
        order = self._record(self._add(self.barolo, 1))
        self.assertFalse(order.payment_deadline)
        self.desk.confirm(order.id)
        self.assertTrue(order.payment_deadline)
        started = order.payment_deadline
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.payment_deadline, started)
