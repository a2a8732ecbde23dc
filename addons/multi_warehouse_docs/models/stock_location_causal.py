from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    third_party_partner_id = fields.Many2one(
        "res.partner",
        "Kept By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Our goods that this partner has: on approval, for processing, on consignment.",
    )

    _third_party_uniq = models.UniqueIndex(
        "(company_id, third_party_partner_id) WHERE third_party_partner_id IS NOT NULL",
        "This contact has a place for our goods already. Please try again.",
    )

    def _get_causal_usage(self):
        """Return what kind of place this is for a causal: one of its usages, or an empty string."""
        usage = self.usage or ""
        if usage in ("internal", "view"):
            return "internal" if self.warehouse_id else "third_party"
        return usage
