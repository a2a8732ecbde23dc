"""Records of the shop's code lists -> `Code`: languages, currencies, taxes, carriers, states ..."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ...documents import Code
from .wire import Record, Rights

#: the entry of the tax list that stands for "no tax" (id_tax_rules_group 0 of a product)
NO_TAX = "0"

#: the resource with the vouchers of an order, and what 1.6 calls it
VOUCHERS, OLD_VOUCHERS = "order_cart_rules", "order_discounts"

#: what a connector reads and writes, by resource
NEEDED_RIGHTS: dict[str, tuple[str, ...]] = {
    "addresses": ("get",),
    "carriers": ("get",),
    "categories": ("get", "post", "put"),
    "combinations": ("get", "post", "put"),
    "configurations": ("get",),
    "countries": ("get",),
    "currencies": ("get",),
    "customers": ("get",),
    "groups": ("get",),
    "images": ("get", "post", "put", "delete"),
    "languages": ("get",),
    "manufacturers": ("get", "post", "put"),
    "order_carriers": ("get", "put"),
    VOUCHERS: ("get",),
    "order_details": ("get",),
    "order_histories": ("get", "post"),
    "order_payments": ("get",),
    "order_slip": ("get",),
    "order_states": ("get",),
    "orders": ("get",),
    "product_option_values": ("get", "post", "put"),
    "product_options": ("get", "post", "put"),
    "products": ("get", "post", "put"),
    "specific_prices": ("get", "post", "put", "delete"),
    "states": ("get",),
    "stock_availables": ("get", "put"),
    "tax_rule_groups": ("get",),
    "tax_rules": ("get",),
    "taxes": ("get",),
}

#: configuration that names an order state -> what that state means
STATE_SETTINGS = {
    "PS_OS_CHEQUE": "waiting",
    "PS_OS_BANKWIRE": "waiting",
    "PS_OS_COD_VALIDATION": "waiting",
    "PS_OS_OUTOFSTOCK": "waiting",
    "PS_OS_OUTOFSTOCK_UNPAID": "waiting",
    "PS_OS_PAYPAL": "waiting",
    "PS_OS_OUTOFSTOCK_PAID": "paid",
    "PS_OS_PAYMENT": "paid",
    "PS_OS_WS_PAYMENT": "paid",
    "PS_OS_PREPARATION": "processing",
    "PS_OS_SHIPPING": "shipped",
    "PS_OS_DELIVERED": "delivered",
    "PS_OS_CANCELED": "cancelled",
    "PS_OS_REFUND": "refunded",
    "PS_OS_ERROR": "error",
}
#: mail template of a state -> meaning, for shops whose settings do not name it
_STATE_TEMPLATES = {
    "order_canceled": "cancelled",
    "refund": "refunded",
    "payment_error": "error",
    "shipped": "shipped",
    "preparation": "processing",
    "payment": "paid",
    "bankwire": "waiting",
    "cheque": "waiting",
    "cashondelivery": "waiting",
}
#: states of a fresh shop, when its settings do not name any
DEFAULT_CANCELLED, DEFAULT_ERROR = "6", "8"
_FRESH_STATES = {"5": "delivered", "12": "waiting"}  # the others show in their mails and flags

#: payment modules that come with every shop -> name
_PAYMENT_MODULES = {
    "ps_wirepayment": "Bank transfer",
    "ps_checkpayment": "Cheque",
    "ps_cashondelivery": "Cash on delivery",
    "free_order": "Free order",
}


def vouchers_of(version: tuple[int, ...]) -> str:
    """The resource that holds the vouchers of orders in a version."""
    return VOUCHERS if version >= (1, 7) else OLD_VOUCHERS


def missing_rights(rights: Rights, version: tuple[int, ...]) -> tuple[str, ...]:
    """What the key lacks, as "resource (methods)"; since 8.0 changing needs PATCH, before PUT.

    Pictures are replaced through PUT in every version.
    """
    missing = []
    for name, methods in NEEDED_RIGHTS.items():
        resource = vouchers_of(version) if name == VOUCHERS else name
        change = "patch" if version >= (8,) and resource != "images" else "put"
        wanted = [change if method == "put" else method for method in methods]
        lacking = [method for method in wanted if not rights.can(resource, method)]
        if lacking:
            missing.append(f"{resource} ({', '.join(method.upper() for method in lacking)})")
    return tuple(missing)


def languages(records: Iterable[Record], default: str | None) -> tuple[Code, ...]:
    """The shop's languages, inactive ones too: texts must be sent in all of them."""
    return tuple(
        Code(
            external_id=record.id,
            name=record.text("name") or record.id,
            iso=record.text("iso_code"),
            is_default=record.id == default,
            active=record.flag("active"),
        )
        for record in records
    )


def currencies(records: Iterable[Record], default: str | None, language: str) -> tuple[Code, ...]:
    """The shop's currencies with their rate to the default one (``names`` since 1.7)."""
    return tuple(
        Code(
            external_id=record.id,
            name=record.label("names", language) or record.label("name", language),
            iso=record.text("iso_code"),
            rate=record.amount("conversion_rate"),
            is_default=record.id == default,
            active=record.flag("active"),
        )
        for record in records
        if not record.flag("deleted")
    )


def stores(records: Iterable[Record], default: str) -> tuple[Code, ...]:
    """The stores of a multistore, or the only one."""
    return tuple(
        Code(
            external_id=record.id,
            name=record.text("name") or record.id,
            is_default=record.id == default,
            active=record.flag("active"),
        )
        for record in records
        if not record.flag("deleted")
    )


def categories(records: Iterable[Record], language: str) -> tuple[Code, ...]:
    """The category tree, each with the names above it ("Home / Wine / Red"), parents first.

    The technical root is left out, and what hangs on no tree.
    """
    by_parent: dict[str | None, list[Record]] = {}
    for record in records:
        by_parent.setdefault(record.reference("id_parent"), []).append(record)
    found: list[Code] = []
    waiting = [
        (record, "") for root in by_parent.get(None, ()) for record in by_parent.get(root.id, ())
    ]
    while waiting:
        record, above = waiting.pop(0)
        name = above + (record.label("name", language) or record.id)
        code = Code(
            external_id=record.id,
            name=name,
            is_default=record.flag("is_root_category"),
            active=record.flag("active"),
        )
        found.append(code)
        waiting += [(child, f"{name} / ") for child in by_parent.pop(record.id, ())]
    return tuple(found)


def tax_rates(records: Iterable[Record]) -> dict[str, Decimal]:
    """Rate in percent by tax id."""
    return {record.id: record.amount("rate") for record in records}


def taxes(
    groups: Iterable[Record], rules: Iterable[Record], rates: Mapping[str, Decimal]
) -> tuple[Code, ...]:
    """The tax groups with the rate that holds in the country of the rules.

    A group may hold several rules: those for a province or a postcode are left aside; "combine" and
    "one after another" add up, "this tax only" (behavior 0) stands alone.  No rule = no tax.
    """
    found: dict[str, Decimal] = {}
    for rule in rules:
        group, tax = rule.reference("id_tax_rules_group"), rule.reference("id_tax")
        if group is None or tax is None or rule.reference("id_state") is not None:
            continue
        rate = rates.get(tax, Decimal(0))
        if group not in found:
            found[group] = rate
        elif rule.flag("behavior"):
            found[group] += rate
    listed = tuple(
        Code(
            external_id=group.id,
            name=group.text("name") or group.id,
            rate=_tidy(found.get(group.id, Decimal(0))),
            active=group.flag("active"),
        )
        for group in groups
        if not group.flag("deleted")
    )
    return (*listed, Code(external_id=NO_TAX, name="No tax", rate=Decimal(0)))


def carrier_code(record: Record) -> str:
    """What a carrier is known by: its id changes with every edit, ``id_reference`` does not."""
    return record.reference("id_reference") or record.id


def carriers(records: Iterable[Record], shop_name: str) -> tuple[Code, ...]:
    """The carriers that are not deleted; the name "0" stands for the shop's own name."""
    return tuple(
        Code(
            external_id=carrier_code(record),
            name=carrier_name(record, shop_name),
            active=record.flag("active"),
        )
        for record in records
        if not record.flag("deleted")
    )


def carrier_name(record: Record, shop_name: str) -> str:
    """The carrier's name as its customers see it."""
    name = record.text("name")
    return name if name and name != "0" else shop_name


def payment_methods(orders: Iterable[Record]) -> tuple[Code, ...]:
    """The payment modules: those of the shop's orders (latest first) and the standard ones.

    The web service has no list of modules.
    """
    names = dict(_PAYMENT_MODULES)
    for order in orders:
        module = order.text("module")
        if module:
            names.setdefault(module, order.text("payment") or module)
    return tuple(Code(external_id=module, name=name) for module, name in names.items())


def order_states(
    records: Iterable[Record], settings: Mapping[str, str], language: str
) -> tuple[Code, ...]:
    """The order states with what they mean."""
    named = {
        settings[name]: meaning for name, meaning in STATE_SETTINGS.items() if settings.get(name)
    } or _FRESH_STATES
    return tuple(
        Code(
            external_id=record.id,
            name=record.label("name", language) or record.id,
            meaning=named.get(record.id) or _state_meaning(record, language),
        )
        for record in records
        if not record.flag("deleted")
    )


def _state_meaning(record: Record, language: str) -> str | None:
    """From the mail it sends, else from its flags, furthest first."""
    by_mail = _STATE_TEMPLATES.get(record.label("template", language))
    if by_mail:
        return by_mail
    if record.flag("shipped"):
        return "shipped"
    if record.flag("delivery"):
        return "processing"
    if record.flag("paid"):
        return "paid"
    return "waiting" if record.flag("logable") or record.flag("invoice") else None


def customer_groups(
    records: Iterable[Record], default: str | None, language: str
) -> tuple[Code, ...]:
    """The customer groups, with the discount that each has in the shop as such."""
    return tuple(
        Code(
            external_id=record.id,
            name=record.label("name", language) or record.id,
            rate=_tidy(record.amount("reduction")) if record.text("reduction") else None,
            is_default=record.id == default,
        )
        for record in records
    )


def _tidy(rate: Decimal) -> Decimal:
    """22.000 -> 22"""
    return rate.quantize(Decimal(1)) if rate == rate.to_integral_value() else rate.normalize()
