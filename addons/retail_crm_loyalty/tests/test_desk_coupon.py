from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.retail_crm.tests.desk_common import OrderDeskCase

from .programs import make_program


@tagged("post_install", "-at_install")
class TestDeskCoupon(OrderDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        make_program(cls.env, "Ten Percent", "WINE10", [10])

    def test_038_a_code_changes_the_total(self):
        order = self._add(self.barolo, 2)
        order = self.desk.apply_code(order["id"], " WINE10 ")
        self.assertEqual(order["amount"], 72.0)
        self.assertEqual([line["is_goods"] for line in order["lines"]], [True, False])

    def test_038_the_reward_follows_the_lines(self):
        order = self.desk.apply_code(self._add(self.barolo, 2)["id"], "WINE10")
        order = self._add(self.barolo, 1, order)
        self.assertEqual(order["amount"], 108.0)

    def test_038_one_of_several_rewards_is_chosen(self):
        make_program(self.env, "Choice", "CHOICE", [5, 20])
        answer = self.desk.apply_code(self._add(self.barolo, 2)["id"], "CHOICE")
        self.assertEqual(answer["amount"], 80.0)
        twenty = max(answer["rewards"], key=lambda reward: reward["id"])
        order = self.desk.take_reward(answer["id"], twenty["id"])
        self.assertEqual(order["amount"], 64.0)

    def test_038_a_wrong_code_is_a_sentence(self):
        order = self._add(self.barolo, 2)
        with self.assertRaisesRegex(ValidationError, r"code is invalid \(NOPE\)"):
            self.desk.apply_code(order["id"], "NOPE")
        with self.assertRaisesRegex(UserError, "Type the code"):
            self.desk.apply_code(order["id"], " ")
        self.desk.apply_code(order["id"], "WINE10")
        with self.assertRaisesRegex(ValidationError, "already applied"):
            self.desk.apply_code(order["id"], "WINE10")

    def test_a_reward_is_not_repeated_with_the_last_order(self):
        order = self.desk.apply_code(self._add(self.barolo, 2)["id"], "WINE10")
        self.desk.confirm(order["id"])
        again = self.desk.repeat_last(self.customer.id)
        self.assertEqual([line["product_id"] for line in again["lines"]], self.barolo.ids)
        self.assertEqual(again["amount"], 80.0)
