from odoo import fields, models

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
