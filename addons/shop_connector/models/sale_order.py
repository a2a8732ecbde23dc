from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    channel_id = fields.Many2one(
        "sales.channel",
        "Sales Channel",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        help="Where the order came from: a web shop, a store, the phone ...",
    )
    shop_id = fields.Many2one(
        "shop.shop",
        "Web Shop",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    shop_state = fields.Char("Status Code in the Shop", readonly=True, copy=False)
    shop_state_name = fields.Char("Status in the Shop", compute="_compute_shop_state_name")
    shop_payment = fields.Char("Payment in the Shop", readonly=True, copy=False)
    shop_total = fields.Monetary("Total in the Shop", readonly=True, copy=False)
    shop_holds_stock = fields.Boolean(
        readonly=True, copy=False, help="The shop has taken the goods off its own stock."
    )
    shop_hold_reason = fields.Text(
        "Needs a Decision", copy=False, help="Why this web order was not confirmed by itself."
    )

    _shop_date_idx = models.Index("(shop_id, date_order) WHERE shop_id IS NOT NULL")

    @api.depends("shop_id", "shop_state")
    def _compute_shop_state_name(self):
        rows = (
            self.env["shop.mapping"]
            .sudo()
            .with_context(active_test=False)
            .search([("shop_id", "in", self.shop_id.ids), ("kind", "=", "order_state")])
        )
        names = {(row.shop_id, row.external_code): row.name for row in rows}
        for order in self:
            order.shop_state_name = names.get((order.shop_id, order.shop_state), order.shop_state)

    def _prepare_confirmation_values(self):
        """A web order keeps the moment the customer placed it."""
        values = super()._prepare_confirmation_values()
        if self and all(order.shop_id for order in self):
            values.pop("date_order", None)
        return values

    def _prepare_invoice(self):
        return super()._prepare_invoice() | {"channel_id": self.channel_id.id}

    def write(self, vals):
        result = super().write(vals)
        if {"state", "shop_holds_stock"} & vals.keys():
            self._mark_shop_stock()
        return result

    def _mark_shop_stock(self):
        """An order of a shop that starts or stops counting changes what shops may sell."""
        self.env["shop.job"]._mark("stock", self.filtered("shop_id").order_line.product_id.ids)

    def action_release_hold(self):
        """A person has looked at it: the order is like any other now."""
        self.write({"shop_hold_reason": False})
        self._close_hold_tasks()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    shop_line_ref = fields.Char("Line ID in the Shop", readonly=True, copy=False)
