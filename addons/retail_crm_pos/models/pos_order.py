from odoo import api, fields, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    channel_id = fields.Many2one(
        "sales.channel",
        "Sales Channel",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The store of the till at the time of the sale.",
    )

    @api.model
    def _complete_values_from_session(self, session, values):
        values = super()._complete_values_from_session(session, values)
        # a refund belongs to the till that pays it out; Odoo goes on with the dictionary it gave
        values["channel_id"] = session.config_id.channel_id.id
        return values

    def _prepare_invoice_vals(self):
        return super()._prepare_invoice_vals() | {"channel_id": self.channel_id[:1].id}
