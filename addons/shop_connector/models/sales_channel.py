from odoo import api, fields, models


class SalesChannel(models.Model):
    _name = "sales.channel"
    _description = "Sales Channel"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code for lists and reports, for example WEB or MILANO.")
    channel_type = fields.Selection(
        [
            ("web", "Web Shop"),
            ("store", "Store"),
            ("marketplace", "Marketplace"),
            ("edi", "EDI"),
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("field", "Field Sales"),
            ("form", "Web Form"),
            ("other", "Other"),
        ],
        string="Type",
        required=True,
        default="other",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty for a channel that all companies sell through."
    )
    shop_ids = fields.One2many("shop.shop", "channel_id", string="Web Shops")
    order_count = fields.Integer(compute="_compute_order_count", string="Orders")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "There is already a sales channel with this code.",
    )

    @api.depends_context("uid")
    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("channel_id", "in", self.ids)], ["channel_id"], ["__count"]
            )
        )
        for channel in self:
            channel.order_count = counts.get(channel, 0)

    def action_view_orders(self):
        """Open the orders of this channel."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        return action | {"domain": [("channel_id", "=", self.id)], "context": {}}
