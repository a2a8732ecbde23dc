"""How long orders may stay where they are, in working time."""

from odoo import api, fields, models

from ..services import clock
from .retail_order_stage import ENDED


class SaleOrder(models.Model):
    _inherit = "sale.order"

    stage_deadline = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the time norm of the stage is over, in the working hours of the channel.",
    )
    overdue_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When it was noticed that the order stays longer in its stage than the norm allows.",
    )
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_overdue")

    _stage_deadline_idx = models.Index("(stage_deadline) WHERE stage_deadline IS NOT NULL")
    # the sweep every two minutes reads nothing else
    _overdue_sweep_idx = models.Index(
        "(stage_deadline) WHERE stage_deadline IS NOT NULL AND overdue_since IS NULL"
    )

    @api.depends("stage_deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for order in self:
            order.is_overdue = bool(order.stage_deadline and order.stage_deadline <= now)

    def _search_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("stage_deadline", "<=", fields.Datetime.now())]

    def _get_work_calendar(self):
        """Whose working hours count: the channel's, else the company's."""
        self.ensure_one()
        # working hours are nobody's secret, the channel's and the company's settings may be
        order = self.sudo()
        return order.channel_id.calendar_id or order.company_id.resource_calendar_id

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals or "team_id" in vals:
            # the record of the times is nobody's to write
            self.env["retail.order.stay"].sudo()._follow_people(self.sudo())
        return result

    def _start_clocks(self):
        """These orders have just come into their stage: from now on its norm runs."""
        now = fields.Datetime.now()
        norms = {}
        alike = self.grouped(lambda order: (order.stage_id, order.channel_id, order.company_id))
        for (stage, channel, company), orders in alike.items():
            hours = self.env["retail.time.norm"]._get_hours("stage", company, channel, stage)
            deadline = False
            if hours and stage.category not in ENDED:
                calendar = orders[:1]._get_work_calendar()
                deadline = clock.add_working_hours(calendar, now, hours)
            # the clocks are the system's: who moves an order may give it away in one go
            orders.sudo().write(
                {
                    "date_last_stage_update": now,
                    "stage_deadline": deadline,
                    "overdue_since": False,
                }
            )
            norms.update(dict.fromkeys(orders, hours))
        # the record of the times is nobody's to write
        self.env["retail.order.stay"].sudo()._begin(self, norms)
