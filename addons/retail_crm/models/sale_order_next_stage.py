"""One step on by one button: for the phone, the list and programs."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .retail_order_stage import PROGRESS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    next_stage_id = fields.Many2one("retail.order.stage", compute="_compute_next_stage_id")
    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="The goods were promised for an earlier time and have not all left.",
    )

    @api.depends("allowed_stage_ids", "stage_id")
    @api.depends_context("uid")
    def _compute_next_stage_id(self):
        for order in self:
            order.next_stage_id = order.allowed_stage_ids.filtered(order._is_further)[:1]

    def _is_further(self, stage):
        """Whether that stage comes after the one of the order, and is not its cancellation."""
        self.ensure_one()
        if stage.category not in PROGRESS:
            return False
        here = self.stage_id
        if here.category not in PROGRESS:
            return stage.category == PROGRESS[0]
        far = (PROGRESS.index(stage.category), stage.sequence, stage.id)
        return far > (PROGRESS.index(here.category), here.sequence, here.id)

    def action_next_stage(self):
        """Move each order one stage on; UserError where there is nowhere to go."""
        for order in self:
            if not order.next_stage_id:
                raise UserError(
                    self.env._(
                        "%(order)s is in %(stage)s: from there you cannot move it on.",
                        order=order.name,
                        stage=order.stage_id.name,
                    )
                )
            order._enter_stage(order.next_stage_id)
        return True

    @api.depends("due_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for order in self:
            order.is_late = bool(order.due_at and order.due_at < now)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("due_at", "<", fields.Datetime.now())]
