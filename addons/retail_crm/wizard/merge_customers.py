from odoo import models


class MergePartners(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Odoo moves rows in SQL and stumbles over those that would be there twice."""
        seen = set()
        for partner in dst_partner | src_partners:
            # sudo: whoever may merge customers merges all that hangs on them
            for point in partner.sudo().contact_point_ids:
                key = point.kind, point.normalized_value
                if key in seen:
                    point.unlink()
                seen.add(key)
        self._cancel_second_waits(src_partners, dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _cancel_second_waits(self, src_partners, dst_partner):
        """One customer waits for a product once: of those who become one, the first one's wait."""
        Request = self.env["retail.restock.request"]
        seen = set()
        for partner in dst_partner | src_partners:
            # sudo: whoever may merge customers merges all that hangs on them
            waiting = Request.sudo().search(
                [("partner_id", "=", partner.id), ("state", "=", "open")]
            )
            for request in waiting:
                key = request.product_id, request.company_id
                if key in seen:
                    request.action_cancel()
                seen.add(key)

    def _update_values(self, src_partners, dst_partner):
        """No number and no e-mail is lost, and the first contact is that of the oldest card."""
        points = [
            (kind, partner[kind], partner.name if partner.name != dst_partner.name else False)
            for partner in src_partners
            for kind in ("phone", "email")
            if partner[kind]
        ]
        oldest_first = (src_partners | dst_partner).sorted("create_date")
        first = {
            name: oldest_first.filtered(name)[:1][name].id
            for name in ("first_channel_id", "first_source_id")
        }
        result = super()._update_values(src_partners, dst_partner)
        dst_partner.write(first)
        # sudo: whoever may merge customers merges all that hangs on them
        dst_partner.sudo()._keep_contact_points(points)
        return result
