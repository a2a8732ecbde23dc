"""How each shop is doing, in figures that lead to the records behind them.

Each figure is one query for all shops on the screen; nothing is stored for it.
"""

from datetime import UTC

from odoo import api, fields, models
from odoo.tools import SQL


class ShopShop(models.Model):
    _inherit = "shop.shop"

    oldest_waiting_at = fields.Datetime(
        "Waiting Since",
        compute="_compute_oldest_waiting",
        help="When the oldest exchange that still waits was marked.",
    )
    orders_today_count = fields.Integer(
        "Orders Today",
        compute="_compute_today",
        help="Orders that customers placed today and that are here.",
    )
    order_delay = fields.Float(
        "Order Delay (s)",
        digits=(16, 1),
        compute="_compute_today",
        help="Of today's orders 95 % were here within so many seconds after the customer ordered "
        "(p95).",
    )

    # === FIGURES ===

    @api.depends_context("uid")
    def _compute_oldest_waiting(self):
        self.env["shop.job"].flush_model(["shop_id", "state"])
        query = SQL(
            "SELECT shop.id, LEAST("
            " (SELECT min(create_date) FROM shop_job"
            "   WHERE state IN ('pending', 'running') AND shop_id = shop.id),"
            # what nobody has made an exchange of yet
            " (SELECT min(noted_at) FROM shop_mark WHERE shops IS NULL OR shop.id = ANY(shops)))"
            " FROM shop_shop shop WHERE shop.id = ANY(%s)",
            self.ids,
        )
        oldest = dict(self.env.execute_query(query))
        for shop in self:
            shop.oldest_waiting_at = oldest.get(shop.id)

    @api.depends_context("uid", "tz")
    def _compute_today(self):
        self.env["sale.order"].flush_model(["shop_id", "date_order"])
        query = SQL(
            """
            SELECT shop_id, count(*), percentile_cont(0.95) WITHIN GROUP (
                       ORDER BY extract(epoch FROM greatest(create_date - date_order, interval '0'))
                   )
              FROM sale_order WHERE shop_id = ANY(%s) AND date_order >= %s GROUP BY shop_id
            """,
            self.ids,
            self._today(),
        )
        figures = {shop: (count, delay) for shop, count, delay in self.env.execute_query(query)}
        for shop in self:
            shop.orders_today_count, shop.order_delay = figures.get(shop.id, (0, 0.0))

    @api.model
    def _today(self):
        """When today began for the person who looks, in UTC without zone as Odoo stores times."""
        here = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight.astimezone(UTC).replace(tzinfo=None)

    # === BEHIND THE FIGURES ===

    def action_view_waiting(self):
        """Open what waits or is under way."""
        return self._open("shop_connector.shop_job_action", {"search_default_waiting": 1})

    def action_view_done(self):
        """Open what was exchanged, the latest first."""
        return self._open("shop_connector.shop_job_action", {"search_default_done": 1})

    def action_view_missing(self):
        """Open the codes of the shop that have no counterpart here."""
        return self._open_where("shop_connector.shop_mapping_action", [("is_missing", "=", True)])

    def action_view_orders_today(self):
        """Open the orders that customers placed today."""
        return self._open_where("sale.action_orders", [("date_order", ">=", self._today())])

    def action_view_stock_sent(self):
        """Open the levels that were sent, those put right by the comparison among them."""
        return self._open_where(
            "shop_connector.shop_job_action", [("kind", "=", "stock"), ("state", "!=", "pending")]
        )

    def action_view_hints(self):
        """Open the calls that the shop made."""
        return self._open("shop_connector.shop_hint_action", {})

    def _open_where(self, xmlid, domain):
        action = self._open(xmlid, {})
        return action | {"domain": [*action["domain"], *domain]}
