from odoo import api, fields, models
from odoo.tools import SQL


class ShopBinding(models.Model):
    _inherit = "shop.binding"

    stock_confirmed_at = fields.Datetime(
        "Stock Confirmed On",
        readonly=True,
        help="When we last saw the shop hold the right quantity.",
    )
    stock_expected = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What the shop should hold: the quantity last confirmed, without what it sold since. "
        "When it holds something else, somebody bought meanwhile, and orders are read first.",
    )
    stock_backorder = fields.Selection(
        [("allow", "Allowed"), ("deny", "Denied")],
        "Orders Beyond Stock",
        readonly=True,
        help="What the shop was told about orders for more than the quantity; "
        "empty = the shop decides.",
    )
    goods = fields.Json(
        readonly=True,
        help="Of an order: units that the shop took off its own stock, by variant.",
    )

    _stock_age_idx = models.Index("(shop_id, stock_confirmed_at) WHERE kind = 'variant'")

    @api.model
    def _confirm_stock(self, rows):
        """Write down what the shop holds, in one statement.

        ``rows``: (link id, quantity, whether it was written just now, back-order rule or None).
        """
        if not rows:
            return
        self.flush_model()
        ids, quantities, written, rules = (list(column) for column in zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE shop_binding link
                   SET stock_sent = src.quantity, stock_expected = src.quantity,
                       stock_confirmed_at = now_utc.now, stock_backorder = src.rule,
                       stock_sent_at = CASE WHEN src.written OR link.stock_sent_at IS NULL
                                            THEN now_utc.now ELSE link.stock_sent_at END,
                       state = 'ok', last_error = NULL
                  FROM unnest(%s::integer[], %s::numeric[], %s::boolean[], %s::text[])
                           AS src (id, quantity, written, rule),
                       (SELECT date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC') AS now)
                           AS now_utc
                 WHERE link.id = src.id
                """,
                ids,
                quantities,
                written,
                rules,
            )
        )
        self.browse(ids).invalidate_recordset(flush=False)
