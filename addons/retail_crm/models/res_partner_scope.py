from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    scope_channel_id = fields.Many2one(
        "sales.channel",
        "Customer Only Of",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The sales channel that has customers of its own and knows this one. Other channels "
        "make a new customer for the same e-mail address.",
    )


class ShopSyncPartner(models.AbstractModel):
    _inherit = "shop.sync.partner"

    def _within_base(self, shop, partners):
        """Customers that another channel keeps for itself are unknown to this shop."""
        found = super()._within_base(shop, partners)
        nobody = shop.channel_id.browse()
        return found.filtered(lambda one: one.scope_channel_id in (nobody, shop.channel_id))
