"""Free fields: on warehouses those of the company, on orders those of the document type.

Transfers have Odoo's own, by operation type. Who may change the company or the type adds fields
from the form itself (gear > Add Properties).
"""

from odoo import fields, models

from .empty_columns import add_empty_column


class ResCompany(models.Model):
    _inherit = "res.company"

    warehouse_properties_definition = fields.PropertiesDefinition("Fields of Warehouses")


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    warehouse_properties = fields.Properties(
        "Properties", definition="company_id.warehouse_properties_definition", copy=True
    )


class DocumentType(models.Model):
    _inherit = "document.type"

    properties_definition = fields.PropertiesDefinition("Fields of Documents")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    document_properties = fields.Properties(
        "Properties", definition="document_type_id.properties_definition", copy=True
    )

    def _auto_init(self):
        # orders of before have no fields of their own: nothing to compute for them
        add_empty_column(self, "document_properties", "jsonb")
        return super()._auto_init()


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    document_properties = fields.Properties(
        "Properties", definition="document_type_id.properties_definition", copy=True
    )

    def _auto_init(self):
        # orders of before have no fields of their own: nothing to compute for them
        add_empty_column(self, "document_properties", "jsonb")
        return super()._auto_init()
