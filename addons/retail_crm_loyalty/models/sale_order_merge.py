from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _check_merge(self, others):
        """A reward belongs to the order that earned it: it does not move with the lines."""
        result = super()._check_merge(others)
        rewarded = others.filtered(
            lambda order: order.applied_coupon_ids or order.order_line.filtered("is_reward_line")
        )
        if rewarded:
            raise UserError(
                self.env._(
                    "%(orders)s: take the coupons and rewards off first, then merge, and give "
                    "them again to %(order)s.",
                    orders=", ".join(rewarded.mapped("name")),
                    order=self.name,
                )
            )
        return result

    def _merge(self, others):
        """What the order has earned with all the lines together."""
        result = super()._merge(others)
        if self.coupon_point_ids or self.applied_coupon_ids:
            self._update_programs_and_rewards()
        return result
