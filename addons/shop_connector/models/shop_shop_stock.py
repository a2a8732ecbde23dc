"""What a shop is offered of our stock, and the alarm when it was not told for too long."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: settings that change every level
SETTINGS = frozenset({"stock_percent", "stock_cap"})


class ShopShop(models.Model):
    _inherit = "shop.shop"

    stock_field = fields.Selection(
        selection_add=[("virtual_available", "Forecast")],
        ondelete={"virtual_available": "set default"},
        help="Free to use is what is on hand without what orders have reserved. On hand counts "
        "goods reserved for others too. Forecast adds what is expected to come in and takes off "
        "everything promised.",
    )
    stock_percent = fields.Integer(
        "Share of Stock (%)",
        required=True,
        default=100,
        help="Offer only this part of it, when several channels sell the same goods.",
    )
    stock_cap = fields.Integer(
        "Show at Most", help="Never show more units than this of one product; 0 = no limit."
    )
    stock_alarm_hours = fields.Integer(
        "Alarm After (Hours)",
        required=True,
        default=24,
        help="Somebody is told when a quantity in the shop was not confirmed for so long; "
        "0 = never.",
    )
    old_stock_count = fields.Integer(compute="_compute_old_stock_count")

    @api.constrains("stock_percent", "stock_cap", "stock_alarm_hours")
    def _check_stock_limits(self):
        for shop in self:
            if not 1 <= shop.stock_percent <= 100:
                raise ValidationError(
                    self.env._("The share of stock offered is between 1 and 100 percent.")
                )
            if shop.stock_cap < 0 or shop.stock_alarm_hours < 0:
                raise ValidationError(self.env._("Limits of stock cannot be negative."))

    def write(self, vals):
        result = super().write(vals)
        if SETTINGS & vals.keys():
            self.env["shop.job"]._mark_shops("stock", self)
        return result

    # === ALARM ===

    def _old_stock_domain(self):
        """The links whose quantity in the shop nobody has confirmed for too long."""
        self.ensure_one()
        limit = fields.Datetime.now() - timedelta(hours=self.stock_alarm_hours)
        unseen = Domain("stock_confirmed_at", "<", limit) | (
            Domain("stock_confirmed_at", "=", False) & Domain("create_date", "<", limit)
        )
        return Domain("shop_id", "=", self.id) & Domain("kind", "=", "variant") & unseen

    @api.depends("stock_alarm_hours", "state", "lead_stock")
    def _compute_old_stock_count(self):
        Binding = self.env["shop.binding"]
        for shop in self:
            sends = shop.state != "draft" and shop._leads("stock") == "odoo"
            watched = sends and shop.stock_alarm_hours
            shop.old_stock_count = Binding.search_count(shop._old_stock_domain()) if watched else 0

    @api.model
    def _cron_check_stock_age(self):
        """Tell the responsible of each shop, once, and take it back when all is confirmed."""
        for shop in self.search([("state", "!=", "draft")]):
            shop._check_stock_age()

    def _check_stock_age(self):
        self.ensure_one()
        # told in the language of who reads it
        lang = self.user_id.lang or self.company_id.partner_id.lang
        self = self.with_context(lang=lang)  # pylint: disable=self-cls-assignment
        kind = "shop_connector.mail_activity_stock_old"
        told = self.activity_search([kind])
        count = self.old_stock_count
        if count and not told:
            self.activity_schedule(
                kind,
                summary=self.env._("Quantities in the web shop are old"),
                note=self.env._(
                    "%(count)s quantities in %(shop)s were not confirmed for more than %(hours)s "
                    "hours. Look at “Stock Too Old” on the shop: what is red there says why; if "
                    "nothing is, the shop does not answer or is stopped.",
                    count=count,
                    shop=self.name,
                    hours=self.stock_alarm_hours,
                ),
                user_id=(self.user_id or self.env.user).id,
            )
        elif told and not count:
            self.activity_unlink([kind])

    def action_view_old_stock(self):
        """Open the links whose quantity is too old."""
        action = self._open("shop_connector.shop_binding_action", {})
        return action | {"domain": list(self._old_stock_domain())}
