from odoo import fields, models


class TransportOption(models.Model):
    """Looks of the goods, terms of carriage, means of transport: the small lists of a DDT."""

    _name = "transport.option"
    _description = "Transport Option"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("appearance", "Appearance of the Goods"),
            ("port", "Terms of Carriage"),
            ("method", "Means of Transport"),
        ],
        required=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
