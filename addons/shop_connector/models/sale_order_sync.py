"""What a person or Odoo does with a web order and its shop has to hear of."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: how far a status is; an order is never set back by us
PROGRESS = ("waiting", "paid", "processing", "partial", "shipped", "delivered")


class SaleOrder(models.Model):
    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    shop_wanted_status = fields.Char(
        "Status the Shop Shall Have",
        readonly=True,
        copy=False,
        help="Meaning of the status that waits to be set in the shop.",
    )
    shop_notice = fields.Text(
        "Note about the Web Shop",
        readonly=True,
        copy=False,
        help="Why something about this order did not reach its shop.",
    )
    delivered_at = fields.Datetime(
        "Received by the Customer",
        readonly=True,
        copy=False,
        tracking=True,
        help="When the goods were reported as received.",
    )
    can_mark_delivered = fields.Boolean(compute="_compute_can_mark_delivered")

    @api.depends("state", "delivery_status", "delivered_at")
    def _compute_can_mark_delivered(self):
        for order in self:
            order.can_mark_delivered = (
                order.state == "sale" and order.delivery_status == "full" and not order.delivered_at
            )

    # === STATUS ===

    def _send_shop_status(self, meaning):
        """Let the shops of these orders set the first status with that meaning.

        The last wish counts. Orders without a shop are left out; an order that is further already
        is not set back.
        """
        orders = self.filtered("shop_id")
        orders.shop_wanted_status = meaning
        for shop, of_shop in orders.grouped("shop_id").items():
            self.env["shop.job"]._mark("status", of_shop.ids, shop)

    def action_mark_delivered(self):
        """The customer has the goods: keep the moment, and tell the shop if it has a status."""
        open_orders = self.filtered(lambda order: not order._has_left())
        if open_orders:
            raise UserError(
                self.env._(
                    "%s: not all goods have left yet. Validate the deliveries first.",
                    ", ".join(open_orders.mapped("name")),
                )
            )
        orders = self.filtered(lambda order: not order.delivered_at)
        orders.delivered_at = fields.Datetime.now()
        orders._send_shop_status("delivered")
        return True

    def _has_left(self):
        """Whether nothing of this confirmed order waits to be sent; services count as sent."""
        return self.state == "sale" and self.delivery_status in ("full", False)

    # === WORDS FOR PEOPLE ===

    def _tell_conflict(self, text):
        """Shop and Odoo say different things: a person decides; told once."""
        for order in self:
            if order.shop_hold_reason == text:
                continue
            order.shop_hold_reason = text
            order.message_post(body=text)
            order.activity_schedule(
                "shop_connector.mail_activity_decision",
                summary=self.env._("Web order needs a decision"),
                note=text,
                user_id=(order.shop_id.user_id or order.user_id or self.env.user).id,
            )

    def _tell_notice(self, text):
        """Say (or with False no longer say) why something did not reach the shop."""
        for order in self:
            if (order.shop_notice or False) != text:
                order.shop_notice = text
                if text:
                    order.message_post(body=text)
