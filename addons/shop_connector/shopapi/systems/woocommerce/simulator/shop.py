"""The state of a simulated shop: settings, tables, numbers, the clock."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ....simulation import Clock

Row = dict[str, Any]
#: taxonomies that every product has
CATEGORIES, TAGS, BRANDS = "categories", "tags", "brands"


@dataclass(slots=True, kw_only=True)
class Settings:
    """What a merchant sets once."""

    name: str = "Bottega Prova"
    timezone: str = "Europe/Rome"
    locale: str = "it_IT"
    country: str = "IT"
    currency: str = "EUR"
    decimals: int = 2
    prices_include_tax: bool = True
    round_at_subtotal: bool = False
    weight_unit: str = "kg"


@dataclass(slots=True)
class Shop:
    """Everything the shop holds.

    Products and variations are in one table, as WordPress has all posts in one; terms are by
    taxonomy ("categories", "tags", "brands", "pa_<attribute id>").
    """

    version: str
    clock: Clock
    settings: Settings = field(default_factory=Settings)
    ids: Counter[str] = field(default_factory=Counter)
    products: dict[int, Row] = field(default_factory=dict)
    media: dict[int, Row] = field(default_factory=dict)
    terms: dict[str, dict[int, Row]] = field(default_factory=dict)
    attributes: dict[int, Row] = field(default_factory=dict)
    shipping_classes: dict[int, Row] = field(default_factory=dict)
    tax_classes: dict[str, str] = field(default_factory=dict)
    tax_rates: dict[int, Row] = field(default_factory=dict)
    zones: dict[int, Row] = field(default_factory=dict)
    methods: dict[int, Row] = field(default_factory=dict)
    gateways: list[Row] = field(default_factory=list)
    customers: dict[int, Row] = field(default_factory=dict)
    coupons: dict[int, Row] = field(default_factory=dict)
    orders: dict[int, Row] = field(default_factory=dict)
    refunds: dict[int, Row] = field(default_factory=dict)
    notes: dict[int, Row] = field(default_factory=dict)
    webhooks: dict[int, Row] = field(default_factory=dict)
    #: codes, the main one first; empty = no multilingual plugin
    languages: tuple[str, ...] = ()
    #: (order id, kind) of every mail to a customer
    mails: list[tuple[int, str]] = field(default_factory=list)
    #: what happened and is not delivered yet: (topic resource, event, id) -> None, oldest first
    events: dict[tuple[str, str, int], None] = field(default_factory=dict)

    def since(self, *version: int) -> bool:
        """Whether this shop has at least that version."""
        own = tuple(int(part) for part in re.findall(r"\d+", self.version))
        return own >= version

    def new_id(self, kind: str) -> int:
        """The next number of a kind; posts (products, media, orders ...) share one row."""
        self.ids[kind] += 1
        return self.ids[kind]

    def now(self) -> datetime:
        """The present, UTC without zone, whole seconds."""
        return self.clock.now().astimezone(UTC).replace(tzinfo=None, microsecond=0)

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.settings.timezone)

    def local(self, moment: datetime) -> datetime:
        """A UTC moment as the shop's clock on the wall shows it."""
        return moment.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def to_utc(self, moment: datetime) -> datetime:
        """A moment of the shop's wall clock in UTC."""
        return moment.replace(tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)

    def happened(self, resource: str, event: str, number: int) -> None:
        """Note an event for the webhooks; a burst of the same one is delivered once."""
        self.events.setdefault((resource, event, number))

    def term(self, taxonomy: str, number: int) -> Row | None:
        """A term, None when there is none."""
        return self.terms.get(taxonomy, {}).get(number)

    def touch(self, product: Row) -> None:
        """A product was saved: its time of change moves, and its parent's."""
        for row in (product, self.products.get(product["parent_id"])):
            if row is not None:
                row["date_modified"] = self.now()
        self.happened("product", "updated", product["id"])


def iso(moment: datetime | None) -> str | None:
    """A moment as the API writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S") if moment is not None else None


def date_pair(shop: Shop, name: str, moment: datetime | None) -> Row:
    """Both forms of a date: the shop's local time and UTC."""
    local = shop.local(moment) if moment is not None else None
    return {name: iso(local), f"{name}_gmt": iso(moment)}


def slugify(text: str) -> str:
    """The address part WordPress makes of a name."""
    plain = unicodedata.normalize("NFKD", html.unescape(text).lower())
    plain = plain.encode("ascii", "ignore").decode()
    plain = re.sub(r"<[^<>]*>", "", plain)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def free_slug(wanted: str, taken: Iterable[str]) -> str:
    """The slug, with a number when another has it."""
    used = set(taken)
    if wanted not in used:
        return wanted
    number = 2
    while f"{wanted}-{number}" in used:
        number += 1
    return f"{wanted}-{number}"


def cleaned(text: str) -> str:
    """Text as WordPress stores it for a user who may not post any HTML: & escaped, scripts out.

    >>> cleaned("a & b <script>x</script>")
    'a &amp; b x'
    """
    text = re.sub(r"</?script[^<>]*>", "", text.replace("\0", ""))
    return re.sub(r"&(?!(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);)", "&amp;", text)
