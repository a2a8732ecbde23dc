from odoo import api, models
from odoo.tools import SQL


class RetailChannelReport(models.Model):
    _inherit = "retail.channel.report"

    # sales of tills have numbers below zero, so that no order has the same
    _depends = {
        "pos.order": ["name", "channel_id", "date_order", "state", "partner_id", "user_id"],
        "pos.order.line": ["order_id", "price_subtotal", "total_cost", "sale_order_line_id"],
    }

    @api.model
    def _get_sources(self):
        """Sales of tills too, without what they cash in for sales orders."""
        rate = SQL("COALESCE(NULLIF(o.currency_rate, 0), 1)")
        own = SQL("l.order_id = o.id AND l.sale_order_line_id IS NULL")
        amount = SQL("SUM(SIGN(l.qty) * SIGN(l.price_unit) * ABS(l.price_subtotal))")
        columns = {
            "id": SQL("-o.id"),
            "order_id": SQL("NULL::int"),
            "source_id": SQL("NULL::int"),
            "medium_id": SQL("NULL::int"),
            "campaign_id": SQL("NULL::int"),
            "team_id": SQL("o.crm_team_id"),
            "state": SQL(
                "CASE o.state WHEN 'cancel' THEN 'cancel' WHEN 'draft' THEN 'open' ELSE 'done' END"
            ),
            "amount": SQL("t.amount / %s", rate),
            "margin": SQL("(t.amount - t.cost) / %s", rate),
        }
        source = SQL(
            "pos_order o JOIN LATERAL (SELECT %s AS amount, SUM(l.total_cost) AS cost"
            " FROM pos_order_line l WHERE %s) t ON t.amount IS NOT NULL",
            amount,
            own,
        )
        return [*super()._get_sources(), self._select(columns, source)]
