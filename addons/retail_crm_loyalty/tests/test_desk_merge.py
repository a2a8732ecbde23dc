"""Row 67 with coupons: what becomes of rewards when quotations are merged."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.retail_crm.tests.desk_common import OrderDeskCase

from .programs import make_program


@tagged("post_install", "-at_install")
class TestDeskMerge(OrderDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        make_program(cls.env, "Ten Percent", "WINE10", [10])

    def _two(self):
        """Two drafts of the customer: two bottles for 80, a corkscrew for 9."""
        return self._add(self.barolo, 2), self._add(self.corkscrew, 1)

    def test_067_a_draft_with_a_reward_is_not_merged_into_another(self):
        plain, rewarded = self._two()
        self.desk.apply_code(rewarded["id"], "WINE10")
        message = f"{rewarded['name']}: take the coupons and rewards off first.*{plain['name']}"
        with self.assertRaisesRegex(UserError, message):
            self.desk.merge_drafts(plain["id"])
        with self.assertRaisesRegex(UserError, message):
            (self._record(plain) | self._record(rewarded)).action_merge()
        self.assertEqual(self._record(rewarded).state, "draft")
        self._record(rewarded).order_line.filtered("is_reward_line").unlink()
        merged = self.desk.merge_drafts(plain["id"])
        self.assertEqual(merged["amount"], 89.0)
        self.assertEqual(self.desk.apply_code(plain["id"], "WINE10")["amount"], 80.1)

    def test_067_the_reward_of_the_order_that_stays_follows_its_new_lines(self):
        rewarded, plain = self._two()
        self.desk.apply_code(rewarded["id"], "WINE10")
        (self._record(rewarded) | self._record(plain)).action_merge()
        self.assertAlmostEqual(self._record(rewarded).amount_total, 80.1)
