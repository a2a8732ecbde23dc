from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        self._join_third_party_places(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _join_third_party_places(self, src_partners, dst_partner):
        """Leave one place for our goods per company: a contact has no more than that.

        Raises UserError when goods lie in two of them: only a transfer may move goods.
        """
        # contacts may be merged by people who may see neither all companies nor the stock
        locations = self.env["stock.location"].sudo().with_context(active_test=False)
        places = locations.search(
            [("third_party_partner_id", "in", (src_partners | dst_partner).ids)]
        )
        for company, found in places.grouped("company_id").items():
            full = found.filtered(
                lambda place: any(quant.quantity for quant in place.sudo().quant_ids)
            )
            if len(full) > 1:
                raise UserError(
                    self.env._(
                        "%(names)s both have goods of %(company)s, listed under Goods Out. Have "
                        "those of one of them returned first, then merge.",
                        names=", ".join(full.third_party_partner_id.mapped("name")),
                        company=company.name,
                    )
                )
            own = found.filtered(lambda place: place.third_party_partner_id == dst_partner)
            others = found - (full or own or found[:1])
            others.write({"third_party_partner_id": False, "active": False})
