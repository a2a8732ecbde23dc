from odoo import fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    channel_id = fields.Many2one(
        "sales.channel",
        "Sales Channel",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        help="The store this till stands in. Its sales are counted there.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_channel_id = fields.Many2one(
        related="pos_config_id.channel_id", readonly=False, string="Sales Channel (PoS)"
    )
