from odoo import api, models
from odoo.exceptions import UserError


class RetailOrderDesk(models.AbstractModel):
    _inherit = "retail.order.desk"

    @api.model
    def apply_code(self, order_id, code):
        """Take a coupon or promotion code for the order.

        Its only reward is put on the order at once; of several the answer's ``rewards`` are to be
        chosen from, see :meth:`take_reward`. Raises UserError for a code that does not count.
        """
        order = self._get_order_to_change(order_id)
        code = (code or "").strip()
        if not code:
            raise UserError(self.env._("Type the code of the coupon."))
        wizard = self.env["sale.loyalty.coupon.wizard"].create(
            {"order_id": order.id, "coupon_code": code}
        )
        wizard.action_apply()
        rewards = self.env["loyalty.reward"].union(*order._get_claimable_rewards().values())
        if len(rewards) == 1 and not rewards.multi_product:
            return self.take_reward(order.id, rewards.id)
        choices = [{"id": reward.id, "name": reward.description} for reward in rewards]
        return {**self._finish_change(order), "rewards": choices}

    @api.model
    def take_reward(self, order_id, reward_id):
        """Put a reward on the order that it has earned."""
        order = self._get_order_to_change(order_id)
        self.env["sale.loyalty.reward.wizard"].create(
            {"order_id": order.id, "selected_reward_id": reward_id}
        ).action_apply()
        return self._finish_change(order)

    def _is_reward(self, line):
        return super()._is_reward(line) or line.is_reward_line

    def _finish_change(self, order):
        if order.coupon_point_ids or order.applied_coupon_ids:
            order._update_programs_and_rewards()
        return super()._finish_change(order)
