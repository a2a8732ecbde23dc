from collections import Counter

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .assignment_world import AssignmentCase


@tagged("post_install", "-at_install")
class TestMoveClients(AssignmentCase):
    def setUp(self):
        super().setUp()
        self.clients = self.env["res.partner"].create(
            [{"name": f"Client {number}", "user_id": self.anna.id} for number in range(4)]
        )
        self.order = self._order(user_id=self.anna.id, partner_id=self.clients[0].id)
        self.task = self.order.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.anna.id, summary="Call"
        )
        self.lead = self.env["crm.lead"].create(
            {"name": "Fair", "user_id": self.anna.id, "partner_id": self.clients[1].id}
        )
        self.boss = self._seller("boss")
        self.boss.group_ids += self.env.ref("retail_crm.group_retail_crm_supervisor")

    def _wizard(self, **values):
        values = {"user_id": self.anna.id, "target_user_id": self.berta.id, **values}
        return self.env["retail.move.clients"].with_user(self.boss).create(values)

    def test_080_bulk_move_of_clients_with_preview(self):
        wizard = self._wizard()
        wizard.action_preview()
        by_client = wizard.line_ids.grouped("partner_id")
        first = by_client[self.clients[0].with_user(self.boss)]
        self.assertEqual((first.order_count, first.activity_count), (1, 1))
        self.assertEqual(len(wizard.line_ids), 4)
        self.assertEqual(self.clients.user_id, self.anna)  # nothing has happened yet
        wizard.action_move()
        for records in (self.clients, self.order, self.lead, self.task):
            self.assertEqual(records.user_id, self.berta)
        self.assertEqual(
            self.order.assignment_note,
            f"{self.boss.name} moved the clients of {self.anna.name} to {self.berta.name}.",
        )

    def test_080_closed_orders_stay_in_the_history_of_who_made_them(self):
        self.order._action_cancel()
        wizard = self._wizard(with_activities=False)
        wizard.action_preview()
        wizard.action_move()
        self.assertEqual(self.order.user_id, self.anna)

    def test_080_a_team_shares_them_and_each_client_stays_in_one_hand(self):
        wizard = self._wizard(method="team", team_id=self.team.id, target_user_id=False)
        wizard.action_preview()
        self.assertEqual(
            Counter(line.user_id.login for line in wizard.line_ids), {"berta": 2, "carla": 2}
        )
        chosen = wizard.line_ids.filtered(lambda line: line.partner_id == self.clients[0])
        chosen.user_id = self.carla
        wizard.action_move()
        for records in (self.clients[0], self.order, self.task):
            self.assertEqual(records.user_id, self.carla)
        lead_goes_to = wizard.line_ids.filtered(lambda line: line.partner_id == self.clients[1])
        self.assertEqual(self.lead.user_id, lead_goes_to.user_id)
        self.assertEqual(self.clients[1].user_id, lead_goes_to.user_id)

    def test_080_a_client_taken_off_the_preview_stays(self):
        wizard = self._wizard()
        wizard.action_preview()
        kept = wizard.line_ids.filtered(lambda line: line.partner_id == self.clients[3])
        wizard.line_ids = [Command.delete(kept.id)]
        wizard.action_move()
        self.assertEqual(self.clients[3].user_id, self.anna)
        self.assertEqual(self.clients[:3].user_id, self.berta)

    def test_080_somebody_who_was_archived_can_be_cleared(self):
        self.anna.active = False
        wizard = self._wizard()
        wizard.action_preview()
        wizard.action_move()
        self.assertEqual(self.order.user_id, self.berta)

    def test_nothing_to_move_is_said(self):
        with self.assertRaisesRegex(UserError, "has no clients"):
            self._wizard(user_id=self.carla.id).action_preview()
        with self.assertRaisesRegex(UserError, "somebody else than"):
            self._wizard(target_user_id=self.anna.id).action_preview()

    def test_an_operator_moves_nobodys_clients(self):
        with self.assertRaises(AccessError):
            self.env["retail.move.clients"].with_user(self.berta).create(
                {"user_id": self.anna.id, "target_user_id": self.berta.id}
            )
