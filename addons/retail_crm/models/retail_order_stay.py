from odoo import api, fields, models

from ..services import clock

#: stays whose working time is computed in one go
BATCH = 500


class RetailOrderStay(models.Model):
    """An order was in a stage from then to then, and who had it at the end.

    Odoo's tracking tells the moments but neither the working hours nor the norm and the
    responsible of that time, and its table is the largest of all: reports read this one.
    """

    _name = "retail.order.stay"
    _description = "Time in a Stage"
    _order = "entered_at desc, id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade")
    stage_id = fields.Many2one("retail.order.stage", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    channel_id = fields.Many2one("sales.channel", ondelete="set null")
    user_id = fields.Many2one("res.users", "Responsible", ondelete="set null")
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="set null")
    mover_id = fields.Many2one("res.users", "Moved by", ondelete="set null")
    entered_at = fields.Datetime(required=True, index=True)
    left_at = fields.Datetime()
    work_hours = fields.Float(
        "Working Hours",
        help="Hours of working time in the stage, by the calendar of the channel; known two "
        "minutes after the order has left it.",
    )
    norm_hours = fields.Float("Norm (Hours)", help="The norm when the order came in.")
    is_counted = fields.Boolean()

    _open_uniq = models.UniqueIndex("(order_id) WHERE left_at IS NULL")
    _uncounted_idx = models.Index("(id) WHERE left_at IS NOT NULL AND is_counted IS NOT TRUE")

    @api.model
    def _begin(self, orders, norms):
        """End the running stays of these orders and begin those in the stages they are in now.

        ``norms`` gives the norm in hours by order.
        """
        now = fields.Datetime.now()
        self.search([("order_id", "in", orders.ids), ("left_at", "=", False)]).left_at = now
        self.flush_model(["left_at"])  # the index wants the old ones ended first
        return self.create(
            [
                {
                    "order_id": order.id,
                    "stage_id": order.stage_id.id,
                    "company_id": order.company_id.id,
                    "channel_id": order.channel_id.id,
                    "user_id": order.user_id.id,
                    "team_id": order.team_id.id,
                    "mover_id": self.env.uid,
                    "entered_at": now,
                    "norm_hours": norms[order],
                }
                for order in orders
                if order.stage_id
            ]
        )

    @api.model
    def _follow_people(self, orders):
        """Book the running stays of these orders on whoever has them now.

        Rules deal an order after it has come in, and people hand it on: the time is that of who
        brings the stage to its end.
        """
        running = self.search([("order_id", "in", orders.ids), ("left_at", "=", False)])
        alike = running.grouped(lambda stay: (stay.order_id.user_id, stay.order_id.team_id))
        for (user, team), stays in alike.items():
            moved = stays.filtered(lambda stay, to=(user, team): (stay.user_id, stay.team_id) != to)
            moved.write({"user_id": user.id, "team_id": team.id})

    @api.model
    def _count_hours(self):
        """Working hours of the next stays that have ended; how many that were."""
        domain = [("left_at", "!=", False), ("is_counted", "!=", True)]
        stays = self.search(domain, limit=BATCH, order="id").try_lock_for_update()
        for stay in stays:
            calendar = stay.order_id._get_work_calendar()
            minutes = clock.working_minutes(calendar, stay.entered_at, stay.left_at)
            stay.write({"work_hours": minutes / 60, "is_counted": True})
        return len(stays)
