from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    third_party_location_id = fields.Many2one(
        "stock.location",
        "Location at Third Parties",
        readonly=True,
        ondelete="restrict",
        help="Holds one place for each partner who keeps goods of ours. Made when first needed.",
    )

    def _get_third_party_parent(self):
        """Return the location above all places where others keep our goods; make it if missing."""
        self.ensure_one()
        if not self.third_party_location_id:
            self.third_party_location_id = self.env["stock.location"].create(
                {
                    "name": self.env._("At Third Parties"),
                    "usage": "view",
                    "company_id": self.id,
                }
            )
        return self.third_party_location_id
