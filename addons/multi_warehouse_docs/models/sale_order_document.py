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

    @property
    def _rec_names_search(self):
        return [*super()._rec_names_search, "document_number"]

    @api.depends("document_number")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        self._add_number_to_name()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_document_types("sale_order", vals_list))

    def _get_document_warehouse(self):
        return self.warehouse_id

    def _action_confirm(self):
        result = super()._action_confirm()
        self._move_goods_on_confirm()
        self._draw_numbers()
        return result
