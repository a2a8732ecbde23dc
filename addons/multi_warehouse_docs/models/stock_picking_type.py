from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    document_type_id = fields.Many2one(
        "document.type",
        check_company=True,
        copy=False,
        index="btree_not_null",
        domain="[('kind', 'in', ('delivery', 'receipt', 'internal', 'customer_return', "
        "'vendor_return'))]",
        help="Transfers of this operation become documents of the type, with its number, causal "
        "and layout. Empty: they are steps inside the warehouse and no documents.",
    )
