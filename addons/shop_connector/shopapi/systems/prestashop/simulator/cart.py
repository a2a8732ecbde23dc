"""Prices and totals: what a cart costs, rounded as PrestaShop does (per line, half up)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from .special_prices import special_price
from .store import Record, Store

ZERO = Decimal(0)
_CENT = Decimal("0.01")
_SIX = Decimal("0.000001")


@dataclass(slots=True)
class Settings:
    """What the shop has set up outside the web service; amounts gross, in the default currency."""

    shipping: dict[int, Decimal] = field(
        default_factory=lambda: {2: Decimal("7.00"), 3: Decimal("39.00")}
    )
    wrapping: Decimal = Decimal("3.05")
    default_carrier: int = 1
    heavy_carrier: int = 3
    # kg; such goods go with the heavy carrier and split the cart
    heavy_from: Decimal = Decimal(30)
    tax_group: int = 1
    payments: tuple[str, ...] = (
        "ps_wirepayment",
        "ps_checkpayment",
        "ps_cashondelivery",
        "ps_checkout",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One cart line in the cart's currency; unit prices have six decimals, totals two."""

    product: Record
    combination: Record | None
    quantity: int
    rate: Decimal
    original: Decimal
    unit_net: Decimal
    unit_gross: Decimal
    group_reduction: Decimal
    reduction_percent: Decimal
    reduction_amount: Decimal

    @property
    def net(self) -> Decimal:
        """Total without tax."""
        return cents(self.unit_net * self.quantity)

    @property
    def gross(self) -> Decimal:
        """Total with tax."""
        return cents(self.unit_gross * self.quantity)

    @property
    def weight(self) -> Decimal:
        """Weight of one piece in kg."""
        more = self.combination.amount("weight") if self.combination else ZERO
        return self.product.amount("weight") + more


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """What one voucher takes off; three decimals are kept, the order rounds to two."""

    rule: Record
    net: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Totals of one order in its currency."""

    lines: tuple[Line, ...]
    shipping_net: Decimal
    shipping_gross: Decimal
    wrapping_net: Decimal
    wrapping_gross: Decimal
    discounts: tuple[Discount, ...]

    @property
    def products_net(self) -> Decimal:
        """Goods without tax."""
        return sum((line.net for line in self.lines), ZERO)

    @property
    def products_gross(self) -> Decimal:
        """Goods with tax."""
        return sum((line.gross for line in self.lines), ZERO)

    @property
    def discount_net(self) -> Decimal:
        """Vouchers without tax."""
        return cents(sum((each.net for each in self.discounts), ZERO))

    @property
    def discount_gross(self) -> Decimal:
        """Vouchers with tax."""
        return cents(sum((each.gross for each in self.discounts), ZERO))

    @property
    def net(self) -> Decimal:
        """What is due without tax."""
        parts = self.products_net + self.shipping_net + self.wrapping_net
        return max(ZERO, parts - self.discount_net)

    @property
    def gross(self) -> Decimal:
        """What is due."""
        parts = self.products_gross + self.shipping_gross + self.wrapping_gross
        return max(ZERO, parts - self.discount_gross)


def cents(amount: Decimal) -> Decimal:
    """Round to two decimals, half up."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def six(amount: Decimal) -> Decimal:
    """Round to the six decimals of a unit price."""
    return amount.quantize(_SIX, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who buys and where the goods go: what prices and taxes depend on."""

    country: int
    group: int
    currency: int = 1
    cart: int = 0


class Pricing:
    """Computes prices from the catalogue."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings

    def tax_rate(self, tax_group: int, country: int) -> Decimal:
        """Return the tax of a group in a country as a factor: 0.22."""
        for rule in self.store.find("tax_rules", id_tax_rules_group=tax_group):
            if rule.number("id_country") == country:
                tax = self.store.get("taxes", rule.values["id_tax"])
                return tax.amount("rate") / 100 if tax else ZERO
        return ZERO

    def conversion_rate(self, currency: int) -> Decimal:
        """Return how many units of a currency one unit of the default currency is."""
        record = self.store.get("currencies", currency)
        return record.amount("conversion_rate") if record else Decimal(1)

    def line(
        self, product: Record, combination: Record | None, quantity: int, buyer: Buyer
    ) -> Line:
        """Return the line of so many pieces, with the special price that fits best."""
        rate = self.tax_rate(product.number("id_tax_rules_group"), buyer.country)
        impact = combination.amount("price") if combination else ZERO
        base = product.amount("price") + impact
        percent, amount = ZERO, ZERO
        rows = self.store.find("specific_prices", id_product=product.id)
        attribute = combination.id if combination else 0
        special = special_price(rows, attribute, quantity, buyer, self.store.now())
        net = base
        if special is not None:
            if special.amount("price") >= 0:
                net = self._fixed_net(special, impact, buyer)
            if special.values["reduction_type"] == "percentage":
                percent = special.amount("reduction") * 100
                net -= net * special.amount("reduction")
            else:
                amount = special.amount("reduction")
                if special.values["reduction_tax"] == "1":
                    amount /= 1 + rate
                net -= amount
        group = self.store.get("groups", buyer.group)
        group_reduction = group.amount("reduction") if group else ZERO
        net -= net * group_reduction / 100
        factor = self.conversion_rate(buyer.currency)
        unit_net = six(max(ZERO, net) * factor)
        return Line(
            product=product,
            combination=combination,
            quantity=quantity,
            rate=rate,
            original=six(base * factor),
            unit_net=unit_net,
            unit_gross=six(unit_net * (1 + rate)),
            group_reduction=group_reduction,
            reduction_percent=percent,
            reduction_amount=six(amount * factor),
        )

    def _fixed_net(self, special: Record, impact: Decimal, buyer: Buyer) -> Decimal:
        """A fixed price in the default currency; one of a combination has its impact inside."""
        net = special.amount("price")
        if special.number("id_currency"):
            net /= self.conversion_rate(buyer.currency)
        return net if special.number("id_product_attribute") else net + impact

    def totals(
        self,
        lines: Sequence[Line],
        carrier: int,
        buyer: Buyer,
        *,
        wrapped: bool = False,
        vouchers: Iterable[Record] = (),
    ) -> Totals:
        """Return the totals of an order that one carrier takes."""
        factor = self.conversion_rate(buyer.currency)
        rate = self.tax_rate(self.settings.tax_group, buyer.country)
        shipping = cents(self.settings.shipping.get(carrier, ZERO) * factor)
        wrapping = cents(self.settings.wrapping * factor) if wrapped else ZERO
        plain = Totals(
            lines=tuple(lines),
            shipping_net=cents(shipping / (1 + rate)),
            shipping_gross=shipping,
            wrapping_net=cents(wrapping / (1 + rate)),
            wrapping_gross=wrapping,
            discounts=(),
        )
        discounts = tuple(_discount(plain, rule, factor) for rule in vouchers)
        return Totals(
            lines=plain.lines,
            shipping_net=plain.shipping_net,
            shipping_gross=plain.shipping_gross,
            wrapping_net=plain.wrapping_net,
            wrapping_gross=plain.wrapping_gross,
            discounts=discounts,
        )


def _discount(totals: Totals, rule: Record, factor: Decimal) -> Discount:
    net, gross = totals.products_net, totals.products_gross
    if rule.values["free_shipping"] == "1":
        return Discount(rule=rule, net=totals.shipping_net, gross=totals.shipping_gross)
    percent = rule.amount("reduction_percent")
    if percent:
        return Discount(
            rule=rule,
            net=(net * percent / 100).quantize(Decimal("0.001")),
            gross=(gross * percent / 100).quantize(Decimal("0.001")),
        )
    amount = rule.amount("reduction_amount") * factor
    ratio = net / gross if gross else Decimal(1)
    if rule.values["reduction_tax"] == "1":
        amount = min(amount, gross)
        return Discount(rule=rule, net=six(amount * ratio), gross=amount)
    amount = min(amount, net)
    return Discount(rule=rule, net=amount, gross=six(amount / ratio) if ratio else amount)
