from odoo import api, fields, models

USAGES = [
    ("internal", "Our Warehouses"),
    ("third_party", "Ours at Third Parties"),
    ("transit", "In Transit"),
    ("supplier", "Vendors"),
    ("customer", "Customers"),
    ("inventory", "Inventory Differences"),
    ("production", "Production"),
]


class StockCausal(models.Model):
    """Why goods move: printed on the document, and checked against where they go.

    What a causal does to on hand, committed and ordered follows from the two places and is shown
    (``effect_*``), never typed: wrongly coded causals are the commonest source of wrong stock.
    """

    _name = "stock.causal"
    _description = "Stock Causal"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the causal serves all companies."
    )
    source_usage = fields.Selection(USAGES, "From", required=True, tracking=True)
    destination_usage = fields.Selection(USAGES, "To", required=True, tracking=True)
    partner_kind = fields.Selection(
        [
            ("none", "Nobody"),
            ("customer", "Customer"),
            ("vendor", "Vendor"),
            ("any", "Customer or Vendor"),
        ],
        "Partner",
        required=True,
        default="any",
        tracking=True,
    )
    invoicing = fields.Selection(
        [
            ("none", "Not Invoiced"),
            ("immediate", "Invoiced at Once"),
            ("deferred", "Deferred Invoice"),
            ("credit", "Credit Note"),
        ],
        required=True,
        default="none",
        tracking=True,
    )
    returnable = fields.Boolean(
        tracking=True, help="The goods stay ours or come back: what is still out is listed."
    )
    return_days = fields.Integer("Back Within (Days)", tracking=True)
    reverse_causal_id = fields.Many2one("stock.causal", "Causal of the Return", check_company=True)
    print_text = fields.Char(
        "Printed Text",
        translate=True,
        help="Reason of transport as the document says it. Empty: the name.",
    )

    _unique_code = models.UniqueIndex(
        "(COALESCE(company_id, 0), code)", "Another stock causal has this code."
    )

    @api.depends("name", "code")
    def _compute_display_name(self):
        for causal in self:
            causal.display_name = causal.name

    def _get_print_text(self):
        """Return the reason of transport in the language of the environment."""
        return self.print_text or self.name or ""
