import re

from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..shopapi.documents import fingerprint

#: letters that tax numbers of these countries may begin with
_PREFIXES = re.compile(
    "AT|BE|BG|CH|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|GR|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK"
    "|SM|XI"
)


class ShopSyncPartner(models.AbstractModel):
    """An invoice goes to whom the tax number on it belongs, not to whoever ordered."""

    _inherit = "shop.sync.partner"

    def _resolve_companies(self, shop, orders, customers):
        """``{order's id: company}`` of orders whose invoice is not for their customer.

        That is told by the tax number of the invoice address: its company is found by it, or made.
        """
        wanted = {}
        for order in orders:
            customer = customers[self._customer_key(order)]
            if self._is_for_another(customer, order.billing):
                wanted[order.external_id] = (vat_key(order.billing.vat), order)
        found = self._find_companies(shop, [order.billing for _key, order in wanted.values()])
        companies = {}
        for order_id, (key, order) in wanted.items():
            if key not in found:
                found[key] = self._create_company(order, customers[self._customer_key(order)])
            if found[key]:
                companies[order_id] = found[key]
        return companies

    def _is_for_another(self, customer, address):
        """Whether an invoice address carries a tax number that is not the customer's."""
        if not _has_number(address) or customer.shop_address_key == fingerprint(address):
            return False
        own = customer.commercial_partner_id
        if own.vat:
            return vat_key(own.vat) != vat_key(address.vat)
        # the company itself, whose number nobody has entered: said on the order
        return not (own.is_company and _is_called(own, address.company))

    def _find_companies(self, shop, addresses):
        """``{tax number: company}`` of those this shop may know; the oldest of several."""
        if not addresses:
            return {}
        spellings = {spelling for address in addresses for spelling in _spellings(address)}
        partners = self.env["res.partner"].search(
            [
                ("vat", "in", list(spellings)),
                ("company_id", "in", [False, shop.company_id.id]),
                ("parent_id", "=", False),
            ],
            order="id",
        )
        found = {}
        for partner in self._within_base(shop, partners) | self._invoiced_for(shop, partners):
            found.setdefault(vat_key(partner.vat), partner)
        return found

    def _invoiced_for(self, shop, partners):
        """Of these companies, the ones that orders of this shop's customer base went to."""
        shops = shop._shops_of_base()
        if not partners or shops is None:
            return partners
        domain = Domain("shop_id", "in", shops.ids) & Domain(
            "partner_invoice_id.commercial_partner_id", "in", partners.ids
        )
        orders = self.env["sale.order"].search(domain)
        return orders.partner_invoice_id.commercial_partner_id & partners

    def _create_company(self, order, customer):
        """The company, or nothing when Odoo refuses its tax number."""
        address = order.billing
        values = {
            "name": address.company or self._person(address) or customer.name,
            "is_company": True,
            "vat": address.vat,
            "lang": customer.lang,
            "company_id": False,
            "customer_rank": 1,
            "phone": address.phone or address.mobile,
            **self._prepare_place_values(address),
        }
        try:
            with self.env.cr.savepoint():
                return self.env["res.partner"].create(values)
        except ValidationError:
            return self.env["res.partner"]

    def _check_invoice(self, document, customer, invoice, problems):
        """Say so when the invoice would go out without the tax number the customer gave."""
        address = document.billing
        if not _has_number(address) or customer.shop_address_key == fingerprint(address):
            return
        company = invoice.commercial_partner_id
        if company.vat and vat_key(company.vat) == vat_key(address.vat):
            return
        problems.append(
            self.env._(
                "The customer wants the invoice for %(name)s with the tax number %(vat)s, but "
                "%(partner)s has %(ours)s here. Correct the contact, or choose another invoice "
                "address.",
                name=address.company or self._person(address) or customer.name,
                vat=address.vat,
                partner=company.name,
                ours=company.vat or self.env._("none"),
            )
        )

    # === COMPANY ON AN ADDRESS ===

    def _address_print(self, address):
        """The key of an address below a customer.

        Those with a company are told apart from what was made without it once.
        """
        if address.company or address.vat:
            return fingerprint(("with company", address))
        return fingerprint(address)

    def _name_address(self, holder, address):
        """The name on an address below ``holder``, with a company other than the holder's.

        Of a private customer's address the company has a field of its own (see `_put_company`);
        below a company Odoo shows that company's name only.
        """
        person = self._person(address)
        own = holder.commercial_partner_id
        company = address.company
        if not company or _is_called(own, company):
            return person or company or holder.name
        if own.is_company and person:
            return f"{company}, {person}"
        return person or company

    def _put_company(self, partners, addresses):
        """Put the company's name on new addresses of private customers.

        Odoo empties it on every new contact below another.
        """
        for partner, address in zip(partners, addresses, strict=True):
            if address.company and not partner.commercial_partner_id.is_company:
                partner.write(
                    {
                        "company_name": address.company,
                        "shop_address_key": partner.shop_address_key,
                    }
                )

    def _person(self, party):
        return " ".join(filter(None, (party.first_name, party.last_name)))


def _has_number(address):
    """Whether a tax number was given; people also type "-" or "none" there."""
    return any(letter.isdigit() for letter in address.vat or "")


def _is_called(partner, company):
    names = [" ".join((name or "").casefold().split()) for name in (partner.name, company)]
    return names[0] == names[1]


def vat_key(vat):
    """A tax number without punctuation and without the letters of its country.

    >>> vat_key("IT 007.431.101-57"), vat_key("00743110157")
    ('00743110157', '00743110157')
    """
    text = re.sub(r"[^0-9A-Z]", "", vat.upper())
    return text[2:] if _PREFIXES.match(text) else text


def _spellings(address):
    """The ways in which the tax number of an address may stand on a partner here."""
    key = vat_key(address.vat)
    country = (address.country or "").upper()
    letters = {country, re.sub(r"\W", "", address.vat.upper())[:2]}
    if country == "GR":
        letters.add("EL")
    return {key, address.vat} | {letter + key for letter in letters}
