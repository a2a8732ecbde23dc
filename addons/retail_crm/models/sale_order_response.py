"""A new order must be called back: within how long, and when somebody did."""

from odoo import api, fields, models

from ..services import clock

#: messages by which a person reaches the customer
ANSWERS = ("comment", "email_outgoing", "sms")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    first_response_deadline = fields.Datetime(
        readonly=True,
        copy=False,
        help="Until when the customer of this new order is to hear from us, in the working hours "
        "of the channel.",
    )
    first_response_at = fields.Datetime(
        "First Response",
        readonly=True,
        copy=False,
        help="When somebody called, wrote, or took the order on.",
    )
    response_overdue_since = fields.Datetime(
        readonly=True, copy=False, help="When it was noticed that nobody had responded in time."
    )

    _response_sweep_idx = models.Index(
        "(first_response_deadline) WHERE first_response_deadline IS NOT NULL "
        "AND first_response_at IS NULL AND response_overdue_since IS NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if orders._is_by_person():
            # who enters the order has the customer before him or on the line
            orders.filtered(lambda order: not order.shop_id)._note_response()
        orders._get_current()._expect_response()
        return orders

    @api.model
    def _is_by_person(self):
        return not self.env.su and self.env.user._is_internal()

    def _expect_response(self):
        """Start the clock of the first response for new orders nobody has answered yet."""
        now = fields.Datetime.now()
        waiting = self.filtered(lambda o: o.stage_category == "new" and not o.first_response_at)
        for (channel, company), orders in waiting.grouped(
            lambda order: (order.channel_id, order.company_id)
        ).items():
            hours = self.env["retail.time.norm"]._get_hours("response", company, channel)
            if hours:
                orders.first_response_deadline = clock.add_working_hours(
                    orders[:1]._get_work_calendar(), now, hours
                )

    def _note_response(self, moment=None):
        """Somebody has responded to the customers of these orders, the first time counts.

        ``moment`` (naive UTC): when, if it was not just now.
        """
        now = fields.Datetime.now()
        self.filtered(lambda order: not order.first_response_at).write(
            {"first_response_at": min(moment or now, now)}
        )

    def _start_clocks(self):
        """A person who takes the order on has seen to it; one that goes on by itself needs none."""
        result = super()._start_clocks()
        moved = self.filtered(
            lambda order: order.first_response_deadline and order.stage_category != "new"
        )
        if moved and self._is_by_person():
            moved._note_response()
        else:
            moved.filtered(lambda order: not order.first_response_at).write(
                {"first_response_deadline": False}
            )
        return result

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self.first_response_deadline and not self.first_response_at:
            author = message.author_id.user_ids[:1]
            reaches_customer = message.message_type in ANSWERS and not message.subtype_id.internal
            if reaches_customer and author and author._is_internal():
                self._note_response()
        return result
