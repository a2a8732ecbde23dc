from odoo import api, fields, models

from .res_partner_finder import trigram_column


class SaleOrder(models.Model):
    _inherit = "sale.order"

    customer_type_id = fields.Many2one(related="partner_id.customer_type_id")
    customer_mark = fields.Selection(related="partner_id.customer_mark")
    customer_warning = fields.Text(related="partner_id.customer_warning")

    # the desk finds an order by the number the customer or the shop gave it
    _client_order_ref_idx = models.Index(
        lambda registry: (
            f"USING gin ({trigram_column(registry, 'client_order_ref')})"
            if registry.has_trigram
            else ""
        )
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._remember_first_contact()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"partner_id", "channel_id", "source_id"}:
            self._remember_first_contact()
        return result

    def _remember_first_contact(self):
        """The first order of a customer tells where the customer came from, once and for all."""
        for (channel, source), orders in self.grouped(
            lambda order: (order.channel_id, order.source_id)
        ).items():
            orders.partner_id._remember_first_contact(channel, source)
