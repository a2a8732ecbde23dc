"""Advertising that somebody agreed to in a web form: with the inquiry, until it is a contact's."""

from odoo import api, fields, models


class RetailLeadForm(models.Model):
    _inherit = "retail.lead.form"

    consent_to_phone = fields.Boolean(
        "Consent to Calls",
        help="The text beside the box of the form speaks of offers by phone, too. By e-mail is "
        "meant in any case.",
    )
    consent_to_sms = fields.Boolean(
        "Consent to SMS", help="The text beside the box of the form speaks of offers by SMS, too."
    )

    def _prepare_consent(self, submission):
        """Values of an inquiry whose sender agreed to advertising, by the ways the form names."""
        if not submission.has_consent:
            return {}
        ways = ["email"]
        ways += ["phone"] if self.consent_to_phone else []
        ways += ["sms"] if self.consent_to_sms else []
        return {"consent_at": fields.Datetime.now(), "consent_ways": ",".join(ways)}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    consent_at = fields.Datetime(
        "Agreed to Advertising",
        readonly=True,
        copy=False,
        help="When the box of the web form was ticked. A contact made from this inquiry has it "
        "among the consents.",
    )
    consent_ways = fields.Char(
        readonly=True, copy=False, help="Codes of the ways agreed to, with commas between them."
    )

    def _create_customer(self, with_parent=None):
        """A contact made from the inquiry agreed to what its form says."""
        known = self.partner_id
        partner = super()._create_customer(with_parent=with_parent)
        if self.consent_at and partner not in (known, with_parent):
            self._note_consent_of(partner)
        return partner

    def _handle_partner_assignment(
        self, force_partner_id=False, create_missing=True, with_parent=None
    ):
        of_strangers = self.filtered(lambda lead: lead.consent_at and not lead.partner_id)
        result = super()._handle_partner_assignment(
            force_partner_id=force_partner_id,
            create_missing=create_missing,
            with_parent=with_parent,
        )
        if force_partner_id:
            of_strangers._mention_consent()
        return result

    def _note_consent_of(self, partner):
        """Write the consent down; what was refused before stays refused."""
        # whoever makes a contact of an inquiry need not be allowed to note consents
        partner = partner.sudo()
        reachable = {
            "email": partner.email_normalized and not partner.is_blacklisted,
            "phone": partner.phone,
            "sms": partner.phone_sanitized and not partner.phone_sanitized_blacklisted,
        }
        proof = self.env._(
            "Web form %(form)s, inquiry %(inquiry)s",
            form=self.lead_form_id.sudo().name or "",  # of another company, maybe
            inquiry=self.name,
        )
        for way in (self.consent_ways or "").split(","):
            if reachable.get(way):
                partner._set_consent(
                    way, "marketing", True, origin="form", note=proof, date=self.consent_at
                )
        if "email" in self.consent_ways and partner.is_blacklisted:
            self._mention_consent()

    def _mention_consent(self):
        """Tell that a known customer may have agreed: anybody can write somebody else's address."""
        for lead in self:
            lead._message_log(
                body=self.env._(
                    "In the form somebody agreed to advertising. It is not noted as a consent of "
                    "%(customer)s, because it may have been a stranger: ask, then note it on the "
                    "customer.",
                    customer=lead.partner_id.display_name or lead.email_from or "",
                )
            )

    @api.model
    def _get_latest_consent(self, name, leads):
        if len(set(filter(None, leads.mapped("email_normalized")))) > 1:
            return False  # whose it was is lost
        return leads.filtered("consent_at").sorted("consent_at")[-1:][name]

    def _merge_get_fields_specific(self):
        return super()._merge_get_fields_specific() | dict.fromkeys(
            ("consent_at", "consent_ways"), self._get_latest_consent
        )
