from datetime import timedelta

from odoo import api, fields, models

#: orders that were placed so many days before they come here are history that is imported
HISTORY_DAYS = 3


class SaleOrder(models.Model):
    _inherit = "sale.order"

    due_at = fields.Datetime(
        "Due",
        compute="_compute_due_at",
        store=True,
        index="btree_not_null",
        help="When the goods are promised: the delivery date, or the order date and the lead time "
        "of the products. Empty once nothing is left to deliver.",
    )

    # === COMPUTE ===

    @api.depends(
        "state",
        "delivery_status",
        "commitment_date",
        "date_order",
        "picking_policy",
        "order_line.customer_lead",
        "order_line.display_type",
    )
    def _compute_due_at(self):
        for order in self:
            if order.state == "cancel" or (
                order.state == "sale"
                and order.delivery_status not in ("pending", "started", "partial")
            ):
                order.due_at = False
            else:
                order.due_at = order.commitment_date or order._get_expected_at()

    def _get_expected_at(self):
        """Order date and lead time: the longest if all goes in one delivery, else the shortest.

        ``expected_date`` cannot serve: for a quotation it moves on with the clock, so that none
        would ever be late.
        """
        self.ensure_one()
        if not self.date_order:
            return False
        leads = [line.customer_lead for line in self.order_line if not line.display_type]
        if not leads:
            return self.date_order
        days = max(leads) if self.picking_policy == "one" else min(leads)
        return self.date_order + timedelta(days=days)

    # No dependency on the channel: a later change of it on a saved order must not take the order
    # from the person who works on it. The form proposes instead, see _onchange_channel_id.
    def _compute_user_id(self):
        result = super()._compute_user_id()
        for order in self.filtered(lambda one: one.channel_id and not one._origin.id):
            person = order.channel_id._get_order_defaults(order.company_id)[0]
            order.user_id = person or order.user_id
        return result

    def _compute_team_id(self):
        result = super()._compute_team_id()
        for order in self.filtered(lambda one: one.channel_id and not one._origin.id):
            team = order.channel_id._get_order_defaults(order.company_id)[1]
            order.team_id = team or order.team_id
        return result

    @api.onchange("channel_id")
    def _onchange_channel_id(self):
        """Propose the channel's people while the order may still change."""
        if self.channel_id and self.state in ("draft", "sent"):
            person, team = self.channel_id._get_order_defaults(self.company_id)
            self.user_id = person or self.user_id
            self.team_id = team or self.team_id

    # === LIFE ===

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_channel_defaults(vals) for vals in vals_list])

    def _get_current(self):
        """Those of these new orders that were placed lately: what is imported from earlier years
        is news to nobody, and nobody waits for an answer.
        """
        since = fields.Datetime.now() - timedelta(days=HISTORY_DAYS)
        return self.filtered(lambda order: not order.date_order or order.date_order >= since)

    def _with_channel_defaults(self, vals):
        """Order values of a web shop without a responsible of its own, with the channel's.

        Such an order says "nobody" outright, so that it does not fall to the user who runs the
        import; what the form leaves out is filled by the computed fields.
        """
        if not vals.get("shop_id") or not vals.get("channel_id") or vals.get("user_id"):
            return vals
        if vals.get("assignment_pending"):  # a rule decides in a moment
            return vals
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        channel = self.env["sales.channel"].browse(vals["channel_id"])
        return {**vals, "user_id": channel._get_order_defaults(company)[0].id}
