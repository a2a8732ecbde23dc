from odoo import api, fields, models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "document.numbered"]

    document_type_id = fields.Many2one(
        domain="[('kind', '=', 'purchase_order'), ('company_id', '=', company_id)]",
        default=lambda self: self._default_document_type("purchase_order"),
    )

    _document_number_idx = models.UniqueIndex(
        "(series_id, series_period, series_number) WHERE series_id IS NOT NULL",
        "Another purchase order has this document number.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._set_default_types("purchase_order", vals_list)
        return orders

    def _get_document_warehouse(self):
        return self.picking_type_id.warehouse_id

    def button_approve(self, force=False):
        result = super().button_approve(force=force)
        self.filtered(lambda order: order.state == "purchase")._draw_numbers()
        return result
