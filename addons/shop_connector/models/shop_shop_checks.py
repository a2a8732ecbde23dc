"""What a shop may not become: an address with a password, a shared channel, another company."""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..shopapi.address import address_candidates
from ..shopapi.errors import AuthError


class ShopShop(models.Model):
    _inherit = "shop.shop"

    @api.constrains("base_url")
    def _check_address(self):
        for shop in self:
            try:
                address_candidates(shop.base_url or "")
            except AuthError as error:
                raise ValidationError(shop._explain(error)) from error

    @api.constrains("channel_id", "active")
    def _check_channel(self):
        """An order made here for a channel goes to its shop: there can be one only."""
        for shop in self:
            # the other shop may be another company's
            others = shop.channel_id.sudo().shop_ids.filtered("active") - shop
            if shop.active and others:
                raise ValidationError(
                    self.env._(
                        "The sales channel %(channel)s belongs to the web shop %(shop)s. Each shop "
                        "needs a channel of its own, or nobody could tell where an order came "
                        "from.",
                        channel=shop.channel_id.name,
                        shop=others[0].name,
                    )
                )

    def write(self, vals):
        moving = self.browse()
        if "company_id" in vals:
            moving = self.filtered(lambda shop: shop.company_id.id != vals["company_id"])
            moving._leave_company(vals)
        return super().write(vals)

    def _leave_company(self, vals):
        """A shop changes its company only while nothing of the old one hangs on it."""
        orders = self.env["sale.order"].sudo().search([("shop_id", "in", self.ids)], limit=1)
        links = self.env["shop.binding"].sudo().search([("shop_id", "in", self.ids)], limit=1)
        if orders or links:
            shop = (orders or links).shop_id
            raise UserError(
                self.env._(
                    "%(shop)s has products or orders of %(company)s. Archive it and connect the "
                    "shop once more in the other company.",
                    shop=shop.name,
                    company=shop.company_id.name,
                )
            )
        for shop in self:
            # taxes, price lists and carriers are each company's own: they are proposed anew
            shop.mapping_ids.write({"tax_id": False, "pricelist_id": False, "carrier_id": False})
            shop.sudo().channel_id.company_id = vals["company_id"]
        if self:
            vals.setdefault("warehouse_ids", [(5, 0, 0)])
            vals.setdefault("pricelist_id", False)
            vals.setdefault("team_id", False)
