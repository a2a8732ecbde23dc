from odoo import api, fields, models

SHOWN_KINDS = ("delivery", "customer_return")


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "portal.mixin"]

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for picking in self:
            picking.access_url = f"/my/delivery_notes/{picking.id}"
        return result

    @api.model
    def _get_portal_domain(self, partner):
        """Return the domain of the documents that a customer finds in the portal.

        Those of all contacts of his company: what he bought, wherever it went, and what came to
        him without an order. Never what somebody else bought and had sent to him, since the
        document may say prices. Numbered documents only, and no void ones.
        """
        company = partner.commercial_partner_id
        ours = fields.Domain("partner_id", "child_of", company.ids)
        bought = fields.Domain("sale_ids", "any", ours)
        others = fields.Domain("sale_ids", "any", ~ours)  # on a common delivery
        mine = (bought & ~others) | (fields.Domain("sale_ids", "=", False) & ours)
        return mine & fields.Domain(
            [
                ("document_number", "!=", False),
                ("voided", "=", False),
                ("document_type_id.kind", "in", SHOWN_KINDS),
            ]
        )
