"""The mappings of one shop, read once and looked up many times."""

from decimal import Decimal

from ..models.shop_mapping import RECORD_FIELDS


class Mappings:
    """Look-ups between a shop's codes and Odoo's records; one query for all of them."""

    def __init__(self, shop):
        self.shop = shop
        self._rows = {}
        for row in shop.env["shop.mapping"].search([("shop_id", "=", shop.id)]):
            self._rows.setdefault(row.kind, []).append(row)

    def rows(self, kind):
        """The mapping rows of a kind, in their order."""
        return self._rows.get(kind, [])

    def row(self, kind, code):
        """The row of a code of the shop, or None."""
        return next((row for row in self.rows(kind) if row.external_code == code), None)

    def record(self, kind, code):
        """What stands for a code of the shop: a record (maybe empty), or a meaning."""
        row = self.row(kind, code)
        return row[RECORD_FIELDS[kind]] if row else None

    def code(self, kind, record):
        """The shop's code for a record or meaning, or None."""
        field = RECORD_FIELDS[kind]
        return next(
            (r.external_code for r in self.rows(kind) if record and r[field] == record), None
        )

    def languages(self):
        """``{the shop's language code: Odoo's language code}`` of the mapped ones."""
        return {row.external_code: row.lang_id.code for row in self.rows("language") if row.lang_id}

    def product_tax(self, taxes):
        """(the shop's code, tax) for the taxes of a product; (None, empty) when none is mapped."""
        for row in self.rows("tax"):
            if row.tax_id and row.tax_id in taxes:
                return row.external_code, row.tax_id
        return None, taxes.browse()

    def tax_for(self, code, rate):
        """The tax for an order line of the shop: by its code if the rate agrees, else by rate.

        ``rate`` in percent or None. An empty record = no tax at all (rate 0); None = not known.
        """
        mapped = self.record("tax", code) if code else None
        if mapped and (rate is None or same_rate(mapped, rate)):
            return mapped
        if rate is None:
            return None
        for row in self.rows("tax"):
            if row.tax_id and same_rate(row.tax_id, rate):
                return row.tax_id
        company = self.shop.company_id
        taxes = (
            self.shop.env["account.tax"]
            .search(
                [
                    ("type_tax_use", "=", "sale"),
                    ("amount_type", "=", "percent"),
                    ("company_id", "=", company.id),
                ]
            )
            .filtered(lambda tax: same_rate(tax, rate))
        )
        if taxes:
            return taxes[0]
        return taxes if not rate else None


def same_rate(tax, rate):
    """Whether a tax has this rate; shops round theirs, or derive it from prices."""
    return abs(Decimal(str(tax.amount)) - rate) < Decimal("0.05")
