from odoo import api, fields, models
from odoo.tools import email_normalize

from ..services import finder

#: numbers with fewer digits (short numbers, extensions) say nothing about who it is
WHOLE_NUMBER = 6


class ResPartner(models.Model):
    _inherit = "res.partner"

    same_contact_id = fields.Many2one(
        "res.partner",
        "Customer with the Same Phone or E-mail",
        compute="_compute_same_contact",
        compute_sudo=False,
    )
    same_contact_count = fields.Integer(compute="_compute_same_contact", compute_sudo=False)

    @api.depends("phone", "email", "parent_id", "contact_point_ids.value")
    def _compute_same_contact(self):
        """Meant for forms: it is looked up before a new customer is saved."""
        for partner in self:
            points = partner.contact_point_ids
            phones = points.filtered(lambda one: one.kind == "phone").mapped("value")
            emails = points.filtered(lambda one: one.kind == "email").mapped("value")
            found = self._find_same_contacts(
                [partner.phone, *phones], [partner.email, *emails]
            ).filtered(lambda one, mine=partner: not mine._is_family(one))
            partner.same_contact_id = found[:1]
            partner.same_contact_count = len(found)

    def _is_family(self, other):
        """Whether both belong to the same customer: a company, its people and its addresses."""
        mine = self._origin | self.parent_id._origin | self.parent_id.commercial_partner_id._origin
        return bool(mine & (other | other.commercial_partner_id | other.parent_id))

    @api.model
    def _find_same_contacts(self, phones=(), emails=()):
        """The customers that have one of these phone numbers (in any spelling) or e-mails.

        Only those the user may see; addresses stand for the customer they belong to.
        """
        ids = set()
        for phone in filter(None, phones):
            ids |= self._ids_of_number(phone)
        addresses = {email_normalize(email) for email in emails if email} - {False}
        for address in addresses:
            ids.update(self._ids_by_handle(finder.classify(address), whole=True))
        if addresses:
            ids.update(self._search([("email_normalized", "in", list(addresses))]))
        found = self.search([("id", "in", list(ids))]) if ids else self.browse()
        return found._as_customers()

    def _ids_of_number(self, phone):
        """Ids of the contacts with this number; the country counts only where both have one."""
        digits = finder.phone_digits(phone)
        if len(digits) < WHOLE_NUMBER:
            return set()
        ids = self._ids_by_phone(finder.Term(kind="digits", text=phone, digits=digits))
        if len(digits) >= finder.SAME:
            return set(ids)
        # sudo: only to compare the digits; who may see the contacts is asked by the caller
        contacts = self.browse(ids).sudo()
        return set(contacts.filtered(lambda one: one._has_number(digits)).ids)

    def _has_number(self, digits):
        numbers = [self.phone, *self.contact_point_ids.mapped("value")]
        return digits in {finder.phone_digits(number) for number in numbers}
