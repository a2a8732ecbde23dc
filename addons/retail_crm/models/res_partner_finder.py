from odoo import api, models
from odoo.fields import Domain
from odoo.modules.db import FunctionStatus
from odoo.tools import SQL

from ..services import finder

#: the digits of a contact's own number, the last one first, as they are indexed
PHONE_END = r"reverse(regexp_replace(COALESCE(phone_sanitized, phone)::text, '\D', '', 'g'))"
#: so many hits are looked at, of which the best are shown
CANDIDATES = 60
#: so many contacts with such a number are looked up before it is asked who may see them
NUMBERS = 500
#: so many last digits are hardly the end of two numbers, or of something else
SURE = 7
#: what hits are sorted by; without naming them Odoo reads all the columns of a contact
COMPARED = ("complete_name", "email_normalized", "phone", "phone_sanitized", "type", "parent_id")
#: fewer letters than that are too many people's: names that begin with them are shown
WORD = 3


def _names_index(registry):
    """Odoo's customer box looks into five columns at once; one index serves all of them."""
    if not registry.has_trigram:
        return ""
    columns = ("complete_name", "email", "ref", "vat", "company_registry")
    return f"USING gin ({', '.join(trigram_column(registry, name) for name in columns)})"


def trigram_column(registry, name):
    """A column as it stands in an index for searches within it, as Odoo compares it."""
    if registry.has_unaccent == FunctionStatus.INDEXABLE:
        name = registry.unaccent(f"{name}::text")
    return f"({name}) gin_trgm_ops"


class ResPartner(models.Model):
    _inherit = "res.partner"

    _phone_end_idx = models.Index(f"({PHONE_END} text_pattern_ops) WHERE phone IS NOT NULL")
    _email_beginning_idx = models.Index(
        "(email_normalized text_pattern_ops) WHERE email_normalized IS NOT NULL"
    )
    _names_idx = models.Index(_names_index)

    # === THE CUSTOMER BOX ===

    @api.model
    def _search_display_name(self, operator, value):
        """Wherever a customer is chosen, a phone number in any spelling finds him too."""
        domain = super()._search_display_name(operator, value)
        if operator not in ("ilike", "like") or not isinstance(value, str):
            return domain
        term = finder.classify(value)
        if term.kind == "digits":
            found = self._ids_by_phone(term)
        elif term.kind in ("email", "handle", "name"):
            found = self._ids_by_handle(term)
        else:
            found = []
        return Domain(domain) | Domain("id", "in", found) if found else domain

    # === THE DESK ===

    @api.model
    def _find_customers(self, text, limit=8):
        """Ids of the customers that ``text`` may mean, the best hit first.

        ``text``: a name or words of it, the end or the whole of a phone number in any spelling, an
        e-mail address or its beginning, a name in a messenger, the number of an order or of a
        customer. Only customers the user may see are found. Any text is allowed.
        """
        term = finder.classify(text)
        find = {
            "digits": self._find_by_digits,
            "email": self._find_by_email,
            "handle": self._find_by_handle,
            "code": self._find_by_code,
            "name": self._find_by_name,
        }.get(term.kind)
        return find(term, limit)._as_customers().ids[:limit] if find else []

    def _find_by_digits(self, term, limit):
        ids = self._ids_by_phone(term)
        found = self.browse()
        if ids:
            found = self.search_fetch([("id", "in", ids)], COMPARED, limit=CANDIDATES)
        found = found._sorted_by_phone(term.digits)
        if len(found) >= limit or (found and len(term.digits) >= SURE):
            return found
        return found | self._customers_of_orders(term.text, limit) | self._find_by_code_of(term)

    def _find_by_email(self, term, limit):
        beginning = Domain("email_normalized", "=like", f"{finder.escaped(term.text)}%")
        points = Domain("id", "in", self._ids_by_handle(term))
        return self.search_fetch(beginning | points, COMPARED, limit=CANDIDATES).sorted(
            lambda partner: partner.email_normalized != term.text
        )

    def _find_by_handle(self, term, limit):
        found = self.browse(self._ids_by_handle(term))._filtered_access("read")
        if len(found) >= limit or len(term.text) < WORD:
            return found
        return found | self.search(
            Domain("email", "ilike", f"@{finder.escaped(term.text)}"), limit=limit
        )

    def _find_by_code(self, term, limit):
        found = self._find_by_code_of(term) | self._customers_of_orders(term.text, limit)
        return found or self._find_by_name(term, limit)

    def _find_by_name(self, term, limit):
        """All words, in any order; names that begin like the text come first."""
        if len(term.text) < WORD:
            beginning = f"{finder.escaped(term.text)}%"
            return self.search([("complete_name", "=ilike", beginning)], limit=limit)
        words = term.words if any(len(word) >= WORD for word in term.words) else [term.text]
        domain = Domain.AND([("complete_name", "ilike", finder.escaped(one))] for one in words)
        found = self.search_fetch(domain, COMPARED, limit=CANDIDATES)
        plain = self.env.registry.unaccent_python
        start = plain(term.text).lower()
        found = found.sorted(
            lambda one: not plain(one.complete_name or "").lower().startswith(start)
        )
        if len(found) >= limit:
            return found
        found |= self.browse(self._ids_by_handle(term))._filtered_access("read")
        if not found and len(words) == 1:
            return self._find_by_code_of(term) | self._customers_of_orders(term.text, limit)
        return found

    def _find_by_code_of(self, term):
        """Customers whose own number, tax number or registry number it is."""
        if len(term.text) < WORD:
            return self.browse()
        numbers = ("ref", "vat", "company_registry")
        domain = Domain.OR(Domain(name, "ilike", finder.escaped(term.text)) for name in numbers)
        # sudo: mostly there are none, and asking who may see them takes longer than looking them up
        found = self.sudo().search(domain, limit=NUMBERS)
        return self.browse(found.ids)._filtered_access("read")[:CANDIDATES]

    def _customers_of_orders(self, text, limit):
        """Customers of the orders whose number, here or with the customer, ends in ``text``."""
        Order = self.env["sale.order"]
        if len(text) < WORD or not Order.has_access("read"):
            return self.browse()
        end = f"%{finder.escaped(text)}"
        orders = Order.search(
            ["|", ("name", "=ilike", end), ("client_order_ref", "=ilike", end)],
            limit=limit,
            order="id desc",
        )
        return orders.partner_id._filtered_access("read")

    # === PARTS ===

    def _ids_by_phone(self, term):
        """Ids of the contacts with a number that ends so, whoever may see them."""
        ends = finder.phone_ends(term.digits, self.env.company.country_id.phone_code)
        if not ends:
            return []
        self.flush_model(["phone", "phone_sanitized"])
        self.env["retail.contact.point"].flush_model(["kind", "normalized_value", "partner_id"])
        beginnings = [f"{end[::-1]}%" for end in ends]
        own = SQL(" OR ").join(SQL(f"{PHONE_END} LIKE %s", start) for start in beginnings)
        other = SQL(" OR ").join(
            SQL("reverse(normalized_value) LIKE %s", start) for start in beginnings
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM res_partner WHERE phone IS NOT NULL AND (%s)
                 UNION
                SELECT partner_id FROM retail_contact_point
                 WHERE kind IN ('phone', 'messenger') AND (%s)
                 LIMIT %s
                """,
                own,
                other,
                NUMBERS,
            )
        )
        return [partner_id for (partner_id,) in rows]

    def _ids_by_handle(self, term, whole=False):
        """Ids of the contacts with an address or a name that begins so, whoever may see them.

        ``whole``: that is so.
        """
        if len(term.text) < WORD:
            return []
        self.env["retail.contact.point"].flush_model(["normalized_value", "partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT partner_id FROM retail_contact_point
                 WHERE normalized_value LIKE %s LIMIT %s
                """,
                finder.escaped(term.text.lower()) + ("" if whole else "%"),
                NUMBERS,
            )
        )
        return [partner_id for (partner_id,) in rows]

    def _sorted_by_phone(self, digits):
        """The contact whose number has most in common with ``digits`` first."""

        def common(partner):
            numbers = [partner.phone_sanitized or partner.phone or ""]
            # sudo: who may see the customer may see these, and none of them leaves this method
            numbers += [
                point.normalized_value
                for point in partner.sudo().contact_point_ids
                if point.kind in ("phone", "messenger")
            ]
            return max(finder.same_end(finder.phone_digits(one), digits) for one in numbers)

        return self.sorted(lambda partner: (-common(partner), partner.complete_name or ""))

    def _as_customers(self):
        """The customers these are: an address stands for whom it belongs to."""
        places = ("invoice", "delivery", "other")
        return self.browse(
            dict.fromkeys(
                (partner.parent_id if partner.type in places and partner.parent_id else partner).id
                for partner in self
            )
        )
