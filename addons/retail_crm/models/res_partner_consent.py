from odoo import fields, models
from odoo.tools import SQL

#: purposes for which one may write or call as long as the customer has not said no
ALLOWED_UNTIL_WITHDRAWN = ("service",)


class ResPartner(models.Model):
    _inherit = "res.partner"

    consent_ids = fields.One2many("retail.consent", "partner_id", "Consents")

    def _set_consent(self, channel, purpose, given, *, origin="other", note=False, date=None):
        """Note that these customers agree (``given``) or no longer do; repeating adds nothing.

        ``date`` (UTC, now if left out) is when they said so.
        """
        state = "given" if given else "withdrawn"
        now = self._get_consents(channel, purpose)
        return self.env["retail.consent"].create(
            [
                {
                    "partner_id": partner.id,
                    "channel": channel,
                    "purpose": purpose,
                    "state": state,
                    "origin": origin,
                    "note": note,
                    "date": date or fields.Datetime.now(),
                }
                for partner in self
                if now.get(partner.id) != state
            ]
        )

    def _get_consents(self, channel, purpose):
        """``{partner id: "given" or "withdrawn"}`` of those who have said anything."""
        if not self.ids:
            return {}
        self.env["retail.consent"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (partner_id) partner_id, state FROM retail_consent
                 WHERE partner_id IN %s AND channel = %s AND purpose = %s
                 ORDER BY partner_id, date DESC, id DESC
                """,
                tuple(self.ids),
                channel,
                purpose,
            )
        )
        return dict(rows)

    def _may_contact(self, channel, purpose):
        """Those of these customers who may be contacted that way for that purpose.

        Messages about orders are allowed until the customer says no; everything else has to have
        been agreed to. Nobody on Odoo's blacklists gets offers.
        """
        consents = self._get_consents(channel, purpose)
        wanted = (None, "given") if purpose in ALLOWED_UNTIL_WITHDRAWN else ("given",)
        allowed = self.filtered(lambda partner: consents.get(partner.id) in wanted)
        if purpose == "marketing" and channel == "email":
            return allowed.filtered(lambda partner: not partner.is_blacklisted)
        if purpose == "marketing" and channel == "sms":
            return allowed.filtered(lambda partner: not partner.phone_sanitized_blacklisted)
        return allowed
