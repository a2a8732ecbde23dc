from odoo import api, fields, models


class ShopShop(models.Model):
    """Who hears of the orders that come in."""

    _inherit = "shop.shop"

    notify_user_ids = fields.Many2many(
        "res.users",
        "shop_shop_notify_user_rel",
        string="Tell about New Orders",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="They get one message for each order placed from now on, in Odoo or by e-mail, as "
        "each of them has chosen in the preferences.",
    )
    # what was ordered before is read without a word
    notify_since = fields.Datetime(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        shops = super().create(vals_list)
        shops._begin_notices()
        return shops

    def write(self, vals):
        result = super().write(vals)
        if {"notify_user_ids", "state"} & vals.keys():
            self._begin_notices()
        return result

    def _begin_notices(self):
        """From the moment the shop works and somebody wants to know, until nobody does."""
        for shop in self:
            if not shop.notify_user_ids:
                since = False
            elif shop.state == "draft" or shop.notify_since:
                continue
            else:
                since = fields.Datetime.now()
            if shop.notify_since != since:
                shop.notify_since = since
