from odoo import api, fields, models

KINDS = [
    ("main", "Main"),
    ("internal", "Internal"),
    ("shop", "Shop"),
    ("consignment", "Consignment"),
    ("vehicle", "Vehicle"),
]


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    kind = fields.Selection(
        KINDS,
        required=True,
        default="main",
        help="What the place is used for. It groups and filters the availability list and changes "
        "no quantity; for example, a van that sells on the road is a vehicle.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses._set_document_types()
        return warehouses

    def _set_document_types(self):
        """Give a type to the operations that enter, leave and move goods; steps inside have none.

        Operations with a type keep it. Odoo leaves internal transfers switched off while there is
        one place only; they are needed to enter an internal document.
        """
        for warehouse in self:
            for operation, kind in (
                (warehouse.out_type_id, "delivery"),
                (warehouse.in_type_id, "receipt"),
                (warehouse.int_type_id, "internal"),
            ):
                if operation and not operation.document_type_id:
                    found = self.env["document.type"].sudo()
                    operation.document_type_id = found._get_default(kind, warehouse.company_id)
            warehouse.int_type_id.active = warehouse.active
