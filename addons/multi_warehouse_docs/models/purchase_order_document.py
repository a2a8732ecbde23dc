from odoo import api, fields, models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "document.numbered"]
    _rec_names_search = ["name", "partner_ref", "document_number"]

    document_type_id = fields.Many2one(
        domain="[('kind', '=', 'purchase_order'), ('company_id', '=', company_id)]",
        default=lambda self: self._default_document_type("purchase_order"),
    )

    _document_number_idx = models.UniqueIndex(
        "(series_id, series_period, series_number) WHERE series_id IS NOT NULL",
        "Another purchase order has this document number.",
    )

    @api.depends("document_number")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        self._add_number_to_name()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_document_types("purchase_order", vals_list))

    def _get_document_warehouse(self):
        return self.picking_type_id.warehouse_id

    def button_approve(self, force=False):
        result = super().button_approve(force=force)
        self.filtered(lambda order: order.state == "purchase")._draw_numbers()
        return result
