from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    order_channel_id = fields.Many2one(
        "sales.channel",
        "Channel of New Orders",
        ondelete="set null",
        help="Orders and quotations this person enters come from this sales channel, for example "
        "Phone, unless another one is chosen on them.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "order_channel_id"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "order_channel_id"]

    def _get_order_channel(self, company):
        """The sales channel of orders that this person enters for ``company``, or empty."""
        channel = self.sudo().order_channel_id  # one's own setting, whoever reads the users
        if not channel.active or (channel.company_id and channel.company_id != company):
            channel = channel.browse()
        return channel.sudo(False)
