"""Two people press "Take" at the same moment: two connections, one winner."""

import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged

LOGINS = ("racer_one", "racer_two")


@tagged("post_install", "-at_install")
class TestTakeRace(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            groups = "base.group_user,retail_crm.group_retail_crm_user"
            self.racers = [new_test_user(env, login, groups).id for login in LOGINS]
            customer = env["res.partner"].create({"name": "Race Customer"})
            order = env["sale.order"].create({"partner_id": customer.id, "user_id": False})
            self.order_id, self.customer_id = order.id, customer.id
        self.addCleanup(self._clean)

    def _clean(self):
        """The tests after this one find the database as it was."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            order = env["sale.order"].browse(self.order_id)
            order._action_cancel()
            order.unlink()
            users = env["res.users"].browse(self.racers)
            partners = users.partner_id | env["res.partner"].browse(self.customer_id)
            env["mail.message"].search([("author_id", "in", partners.ids)]).unlink()
            users.unlink()
            partners.unlink()

    def _take(self, cr, racer):
        env = api.Environment(cr, racer, {})
        return env["sale.order"].browse(self.order_id).action_take()

    def test_075_two_clicks_at_once_one_winner(self):
        outcome = {}

        def second():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, self.racers[1], {})
                try:
                    retrying(lambda: self._take(cr, self.racers[1]), env)
                except UserError as error:
                    outcome["sentence"] = str(error)

        with self.registry.cursor() as first:
            self._take(first, self.racers[0])
            rival = threading.Thread(target=second)
            rival.start()
            rival.join(timeout=1)
            self.assertTrue(rival.is_alive())  # waits for the first
            first.commit()
        rival.join(timeout=30)
        self.assertIn(LOGINS[0], outcome["sentence"])
        self.assertIn("in the meantime", outcome["sentence"])
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            order = env["sale.order"].browse(self.order_id)
            self.assertEqual(order.user_id.id, self.racers[0])
            self.assertEqual(len(order.assignment_log_ids), 1)
