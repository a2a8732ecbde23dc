"""Rows 123 and 179: customers are asked how it was, and somebody hears of it when it was bad."""

import re
from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from .trigger_common import TriggerCase
from .trigger_mail import outbox

NOON = datetime(2026, 5, 20, 12)
DAY = timedelta(days=1)
LINK = re.compile(r'href="[^"]*(/rate/\w+/)(\d)"')


@tagged("post_install", "-at_install")
class TestRatingLink(TriggerCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recipe = cls.env.ref("retail_crm.rule_order_rating")

    def setUp(self):
        super().setUp()
        self._at(NOON)
        self.recipe.active = True
        call = self.env.ref("mail.mail_activity_data_call").id
        self.low = self._rule("low_rating", send_by=False, task_type_id=call, event_rating=2)

    def _delivered(self):
        """An order that has just entered Done."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(self.glass, warehouse.lot_stock_id, 2)
        order = self._order(user_id=self.anna.id)
        order.action_confirm()
        order._enter_stage(self.env.ref("retail_crm.order_stage_done"))
        return order

    def _asked(self):
        """``{figure: path of the link}`` in the one e-mail that leaves a day later."""
        self._at(NOON + DAY + timedelta(minutes=1))
        with outbox(self.env) as sent:
            self._work()
        [mail] = sent
        self.assertIn("maria@example.com", mail["To"])
        html = mail.get_body(("html",)).get_content()
        return {int(figure): path + figure for path, figure in LINK.findall(html)}

    def _answer(self, path, figure, feedback=""):
        """What a browser does: open the link of the e-mail, choose, press the button."""
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        token = re.search(r'name="csrf_token"\s+value="([^"]+)"', page.text)[1]
        said = {"rate": figure, "feedback": feedback, "csrf_token": token}
        answer = self.url_open(path.rsplit("/", 1)[0] + "/submit_feedback", data=said)
        self.assertEqual(answer.status_code, 200, answer.text)
        self._work()

    def test_123_a_bad_answer_becomes_a_task(self):
        order = self._delivered()
        links = self._asked()
        self.assertEqual(links.keys(), {1, 3, 5})
        self._answer(links[1], 1, "The glass was broken")
        rating = order.rating_ids
        self.assertEqual((rating.rating, rating.consumed), (1, True))
        self.assertEqual(
            (rating.partner_id, rating.rated_partner_id.name), (self.customer, self.anna.name)
        )
        self._assert_run(self.low, "done")
        self.assertIn(self.anna, order.activity_ids.user_id)
        self.assertIn("The glass was broken", " ".join(order.message_ids.mapped("body")))

    def test_123_opening_the_link_says_nothing_yet(self):
        order = self._delivered()
        self.url_open(self._asked()[1])
        self.assertFalse(order.rating_ids.consumed)
        self.assertFalse(self._runs(self.low))

    def test_179_a_good_answer_is_noted(self):
        order = self._delivered()
        self._answer(self._asked()[5], 5)
        self.assertEqual(order.rating_ids.rating, 5)
        self.assertFalse(self._runs(self.low))

    def test_151_who_does_not_want_to_be_asked_is_not(self):
        self.customer._set_consent("email", "survey", False)
        self._delivered()
        self._at(NOON + DAY + timedelta(minutes=1))
        with outbox(self.env) as sent:
            self._work()
        self.assertFalse(sent)
        self._assert_run(self.recipe, "skipped", "wants no messages")

    def test_179_who_has_answered_is_not_asked_again(self):
        order = self._delivered()
        order.rating_apply(4, token=order._rating_get_access_token())
        self._at(NOON + DAY + timedelta(minutes=1))
        with outbox(self.env) as sent:
            self._work()
        self.assertFalse(sent)
        self._assert_run(self.recipe, "skipped", "Not any more if")
