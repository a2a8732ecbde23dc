from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    delivery_causal_id = fields.Many2one(
        "stock.causal",
        "Usual Causal",
        company_dependent=True,
        check_company=True,
        domain="[('source_usage', '=', 'internal'), ('partner_kind', '!=', 'none')]",
        help="Proposed on deliveries to this partner where the document type allows it, for "
        "example 'Sale, Invoiced at Once'. Empty: the causal of the document type.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            # who corrects a name need not be allowed to set up locations
            places = self.env["stock.location"].sudo().with_context(active_test=False)
            places.search([("third_party_partner_id", "in", self.ids)]).name = vals["name"]
        return result

    def _find_third_party_location(self, company):
        """Return the place of the goods that this partner keeps for the company, or none."""
        locations = self.env["stock.location"].with_context(active_test=False)
        return locations.search(
            [
                ("company_id", "=", company.id),
                ("third_party_partner_id", "=", self.commercial_partner_id.id),
            ]
        )

    def _get_third_party_location(self, company):
        """Return that place, made when goods first go there.

        It is an internal location without warehouse: the goods stay ours and valued, and are in
        no warehouse's figures. A partner has one per company, whatever the address.
        """
        self.ensure_one()
        location = self._find_third_party_location(company)
        if location:
            location.filtered(lambda one: not one.active).sudo().active = True
            return location
        # who sends goods need not be allowed to set up locations
        parent = company.sudo()._get_third_party_parent()
        location = parent.create(
            {
                "name": self.commercial_partner_id.name,
                "usage": "internal",
                "location_id": parent.id,
                "company_id": company.id,
                "third_party_partner_id": self.commercial_partner_id.id,
            }
        )
        return location.sudo(False)
