"""A sales order in the words of a shop: goods, charges, people. Nothing is sent here."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo import models
from odoo.tools import email_normalize

from ..shopapi.documents import Address, Charge, DraftLine, Party
from .order_lines import CHARGE_PRODUCTS

ZERO = Decimal(0)
_SIX = Decimal("0.000001")


@dataclass
class Content:
    """What an order consists of, with what a shop cannot take (sentences)."""

    lines: list = field(default_factory=list)
    charges: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    #: the order's lines behind ``lines``, in the same order
    records: list = field(default_factory=list)


class ShopSyncOrderDraft(models.AbstractModel):
    _name = "shop.sync.order.draft"
    _description = "Orders in the Words of a Web Shop"

    # === GOODS AND CHARGES ===

    def _content(self, shop, order, mappings, rows=()):
        """Goods and charges of an order; what the shop does not sell is named in the problems.

        ``rows``: the lines that the shop's order has already; they say what goods they are of.
        """
        held = {row.external_id: row for row in rows}
        lines = order.order_line.filtered(
            lambda line: not line.display_type and line.product_uom_qty and line.product_id
        )
        links = self.env["shop.binding"]._by_record(shop, "variant", lines.product_id.ids)
        content = Content()
        kinds = self._charge_kinds()
        for line in lines:
            goods = self._goods(line, links.get(line.product_id.id), held.get(line.shop_line_ref))
            kind = self._charge_kind(line, kinds, goods)
            if kind == "goods":
                content.lines.append(self._draft_line(line, goods, held))
                content.records.append(line)
            elif kind == "unknown":
                content.problems.append(
                    self.env._(
                        "%s is not sold in this shop. Sell it there (page Web Shops of the "
                        "product), or take it off the order.",
                        line.product_id.display_name,
                    )
                )
            elif kind:
                content.charges.append(self._charge(kind, line, order, mappings))
        content.charges = _summed_up(content.charges)
        return content

    def _charge_kinds(self):
        kinds = {self.env.ref(xmlid).id: kind for kind, xmlid in CHARGE_PRODUCTS.items()}
        # a cent of rounding is in the order's total and nowhere else
        return kinds | {self.env.ref("shop_connector.product_rounding").id: None}

    def _goods(self, line, link, row):
        """(product, variant) in the shop: by link, else as the shop's own line says; or None."""
        if link:
            product, _sep, variant = link.external_id.partition("/")
            return product, variant or None
        unknown = line.product_id == self.env.ref("shop_connector.product_unknown")
        if row and row.product and (unknown or row.sku == line.product_id.default_code):
            return row.product, row.variant
        return None

    def _charge_kind(self, line, kinds, goods):
        """Goods, one of the charges, "unknown", or None for what is not told at all."""
        product = line.product_id
        if line.is_delivery:
            return "shipping"
        if product.id in kinds:
            return kinds[product.id]
        if line.price_total < 0:
            return "discount"
        if goods:
            return "goods"
        if product.type == "combo":
            return None  # the choices are lines of their own
        return "fee" if product.type == "service" else "unknown"

    def _draft_line(self, line, goods, held):
        row = held.get(line.shop_line_ref)
        quantity = line.product_uom_id._compute_quantity(
            line.product_uom_qty, line.product_id.uom_id, round=False
        )
        quantity = Decimal(str(round(quantity, 6)))
        return DraftLine(
            product=goods[0],
            variant=goods[1],
            name=line.name.split("\n")[0],
            sku=line.product_id.default_code or None,
            quantity=quantity.quantize(Decimal(1)) if quantity % 1 == 0 else quantity,
            unit_net=(_amount(line, "price_subtotal") / quantity).quantize(_SIX),
            unit_gross=(_amount(line, "price_total") / quantity).quantize(_SIX),
            tax_rate=_rate(line),
            # a line of other goods than before is another line in the shop
            external_id=row.external_id if row and (row.product, row.variant) == goods else None,
        )

    def _charge(self, kind, line, order, mappings):
        code = mappings.code("carrier", order.carrier_id) if kind == "shipping" else None
        return Charge(
            kind=kind,
            name=line.name.split("\n")[0],
            net=_amount(line, "price_subtotal"),
            gross=_amount(line, "price_total"),
            code=code,
            tax_rate=_rate(line),
        )

    # === PEOPLE ===

    def _party(self, shop, order, mappings):
        """The customer, by the shop's own id where it has the account."""
        partner = order.partner_id
        links = self.env["shop.binding"]._by_record(shop, "customer", partner.ids)
        link = links.get(partner.id)
        first, last = _person(partner)
        return Party(
            external_id=link.external_id if link else None,
            email=email_normalize(partner.email or "") or None,
            first_name=first,
            last_name=last,
            company=_company(partner),
            vat=partner.vat or None,
            language=self._language(partner, mappings),
        )

    def _language(self, partner, mappings):
        codes = {lang: code for code, lang in mappings.languages().items()}
        return codes.get(partner.lang)

    def _address(self, partner):
        first, last = _person(partner)
        return Address(
            first_name=first,
            last_name=last,
            company=_company(partner),
            vat=partner.vat or None,
            street=partner.street or None,
            street2=partner.street2 or None,
            zip=partner.zip or None,
            city=partner.city or None,
            state=partner.state_id.code or None,
            country=partner.country_id.code or None,
            phone=partner.phone or None,
        )


def _amount(line, name):
    return Decimal(str(line.currency_id.round(line[name])))


def _rate(line):
    """The taxes of a line in percent."""
    taxes = line.tax_ids.flatten_taxes_hierarchy()
    return sum((Decimal(str(t.amount)) for t in taxes if t.amount_type == "percent"), ZERO)


def _person(partner):
    """First and last name of a person; a company has none."""
    if partner.is_company or not partner.name:
        return None, None
    first, _space, last = partner.name.strip().rpartition(" ")
    return first or None, last or None


def _company(partner):
    return (partner.commercial_company_name or partner.company_name) or None


def _summed_up(charges):
    """Charges of one kind and name together: a voucher on goods of two rates is one voucher."""
    found = {}
    for charge in charges:
        key = (charge.kind, charge.name if charge.kind == "discount" else charge.tax_rate)
        held = found.get(key)
        if held is None:
            found[key] = charge
            continue
        found[key] = Charge(
            kind=charge.kind,
            name=held.name,
            net=held.net + charge.net,
            gross=held.gross + charge.gross,
            code=held.code or charge.code,
            tax_rate=held.tax_rate if held.tax_rate == charge.tax_rate else None,
        )
    return list(found.values())
