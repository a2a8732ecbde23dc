from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ..services import finder

#: kinds of which Odoo's own contact has one, with its field
OWN_FIELDS = {"phone": "phone", "email": "email"}


class RetailContactPoint(models.Model):
    """One more way to reach a customer, beside the phone and the e-mail of the contact itself."""

    _name = "retail.contact.point"
    _description = "Contact Point"
    _inherit = ["retail.customer.detail"]
    _order = "partner_id, kind, sequence, id"
    _rec_name = "value"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("messenger", "Messenger"),
            ("social", "Social Profile"),
        ],
        required=True,
        default="phone",
    )
    value = fields.Char("Number or Address", required=True)
    label = fields.Char("Remark", help="For example: WhatsApp, her office, only after 18:00.")
    normalized_value = fields.Char(
        compute="_compute_normalized_value",
        store=True,
        precompute=True,
        help="How it is compared: a phone number as it is dialled from abroad, digits only; "
        "an e-mail address and a name in small letters.",
    )
    is_main = fields.Boolean(
        "Main",
        compute="_compute_is_main",
        help="The number or address that stands on the contact itself.",
    )

    _value_uniq = models.UniqueIndex(
        "(partner_id, kind, normalized_value)",
        "This number or address is already noted for this customer.",
    )
    _phone_end_idx = models.Index(
        "(reverse(normalized_value) text_pattern_ops) WHERE kind IN ('phone', 'messenger')"
    )
    _beginning_idx = models.Index("(normalized_value text_pattern_ops)")

    # === COMPUTE ===

    @api.depends("value", "kind", "partner_id.country_id")
    def _compute_normalized_value(self):
        for point in self:
            point.normalized_value = self._normalize(
                point.kind, point.value, point.partner_id.country_id
            )

    @api.depends("normalized_value", "kind", "partner_id.phone", "partner_id.email")
    def _compute_is_main(self):
        for point in self:
            partner, own = point.partner_id, OWN_FIELDS.get(point.kind)
            point.is_main = bool(own and partner[own]) and point.normalized_value == (
                self._normalize(point.kind, partner[own], partner.country_id)
            )

    @api.model
    def _normalize(self, kind, value, country=None):
        """``value`` as values of this kind are compared; empty when it is none of this kind.

        ``country``: where a number without its country was written down; else the company's.
        """
        if kind == "email":
            return email_normalize(value or "") or ""
        text = (value or "").strip()
        digits = finder.phone_digits(text)
        if kind != "phone" and not (text and finder.classify(text).kind == "digits"):
            return finder.handle(text)
        country = country or self.env.company.country_id
        whole = self._phone_format_number(text, country) if country else False
        if whole and whole.startswith("+"):
            return finder.phone_digits(whole)
        return finder.international_digits(text, country.code, country.phone_code) or digits

    # === CHECKS ===

    @api.constrains("kind", "value")
    def _check_value(self):
        for point in self:
            if not point.normalized_value:
                raise ValidationError(point._explain_bad_value())
            too_short = len(finder.phone_digits(point.value)) < finder.FEWEST
            if point.kind == "phone" and too_short:
                raise ValidationError(point._explain_bad_value())

    def _explain_bad_value(self):
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return self.env._(
            "“%(value)s” cannot be noted as %(kind)s. Correct it or choose another kind.",
            value=self.value,
            kind=kind,
        )

    # === ACTIONS ===

    def action_make_main(self):
        """Let the contact itself have this number or address; what it had before is kept here."""
        self.ensure_one()
        own = OWN_FIELDS.get(self.kind)
        if own and not self.is_main:
            before = self.partner_id[own]
            self.partner_id[own] = self.value
            self.partner_id._keep_contact_points([(self.kind, before, False)])
