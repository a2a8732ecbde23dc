from odoo import api, fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "document.numbered"]

    document_type_id = fields.Many2one(
        domain="[('kind', '=', 'sale_order'), ('company_id', '=', company_id)]",
        default=lambda self: self._default_document_type("sale_order"),
    )

    _document_number_idx = models.UniqueIndex(
        "(series_id, series_period, series_number) WHERE series_id IS NOT NULL",
        "Another sales order has this document number.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._set_default_types("sale_order", vals_list)
        return orders

    def _get_document_warehouse(self):
        return self.warehouse_id

    def _action_confirm(self):
        result = super()._action_confirm()
        self._draw_numbers()
        return result
