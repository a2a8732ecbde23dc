"""The categories of a shop as codes, and the ones it keeps for a customer group."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ShopMapping(models.Model):
    _inherit = "shop.mapping"

    kind = fields.Selection(
        selection_add=[("category", "Category")], ondelete={"category": "cascade"}
    )
    reserved_category_id = fields.Many2one(
        "shop.mapping",
        domain="[('shop_id', '=', shop_id), ('kind', '=', 'category')]",
        ondelete="set null",
        help="The category that only this customer group sees, as you have set it in the shop's "
        "back office. Products that are for this group only stand there and nowhere else.",
    )

    def write(self, vals):
        result = super().write(vals)
        if {"reserved_category_id", "active"} & vals.keys():
            shops = self.filtered(lambda row: row.kind == "customer_group").shop_id
            self.env["shop.job"]._mark_shops(
                "product", shops.filtered(lambda s: s.state != "draft")
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_exclusive(self):
        """Without its group a product would be shown to everybody."""
        used = self.env["product.template"].with_context(active_test=False).sudo()
        if used.search_count([("shop_group_ids", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Products are kept for this customer group. Change them first.")
            )
