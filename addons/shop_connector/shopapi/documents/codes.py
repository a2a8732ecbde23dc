"""What a shop says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One entry of a code list of the shop: a language, tax group, carrier, order state ..."""

    external_id: str
    name: str
    iso: str | None = None  # language ("it"), currency ("EUR") or country ("IT")
    #: tax in percent, currency in units per default currency, or what the shop itself takes off for
    #: a customer group in percent, on top of any price rule
    rate: Decimal | None = None
    is_default: bool = False
    active: bool = True
    #: order states only, what the state means: "waiting", "paid", "processing", "shipped",
    #: "delivered", "cancelled", "refunded", "error"; None when the shop gives no hint
    meaning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopInfo:
    """What a first look at the shop tells: enough to propose every mapping."""

    name: str
    version: str
    timezone: str  # IANA name; dates without zone from this shop are in it
    languages: tuple[Code, ...] = ()
    currencies: tuple[Code, ...] = ()
    taxes: tuple[Code, ...] = ()
    carriers: tuple[Code, ...] = ()
    payment_methods: tuple[Code, ...] = ()
    order_states: tuple[Code, ...] = ()
    customer_groups: tuple[Code, ...] = ()
    #: the stores of a multistore; one entry where there is only one
    stores: tuple[Code, ...] = ()
    #: the category tree, ``name`` with the parents in front ("Wine / Red"); parents first
    categories: tuple[Code, ...] = ()
    #: resources the key may not read or write although the connector needs them
    missing_rights: tuple[str, ...] = ()
