"""What stays the same during a visit: settings, languages, taxes; and the first look."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from typing import Any

from ...adapter import ShopOptions
from ...documents import Code, Price, ShopInfo, Texts
from ...errors import AuthError, DataError, NotFound
from ...money import ZERO, amount_of, gross_of, net_of
from ...trees import below
from .client import PAGE, Client, Row, text_of

#: what the order statuses mean; plugins add others
STATES = {
    "pending": ("Pending payment", "waiting"),
    "on-hold": ("On hold", "waiting"),
    "processing": ("Processing", "processing"),
    "completed": ("Completed", "shipped"),
    "cancelled": ("Cancelled", "cancelled"),
    "refunded": ("Refunded", "refunded"),
    "failed": ("Failed", "error"),
    "trash": ("Trash", "cancelled"),
}
STANDARD = "standard"
NO_ROOT = "0"
#: how the files of multilingual plugins begin
_PLUGINS = {"sitepress-multilingual-cms/": "wpml", "polylang": "polylang"}
_KILOGRAMS = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    "lbs": Decimal("0.45359237"),
    "oz": Decimal("0.028349523125"),
}


class Shop:
    """The shop's settings, read when first asked for."""

    def __init__(self, client: Client, options: ShopOptions) -> None:
        self.client = client
        self.root = options.root_category if options.root_category != NO_ROOT else None

    @cached_property
    def status(self) -> Row:
        """Version, language and plugins."""
        fields = "environment.version,environment.language,settings.currency,active_plugins"
        status = self.client.row("system_status", _fields=fields)
        if not isinstance(status.get("environment"), dict):
            raise DataError("The shop's answer is not understood: its version is missing.")
        return status

    @cached_property
    def version(self) -> str:
        """WooCommerce's version."""
        return str(self.status["environment"].get("version", ""))

    def since(self, *version: int) -> bool:
        """Whether the shop has at least this version."""
        return tuple(int(part) for part in re.findall(r"\d+", self.version)) >= version

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages, the main one first; one unless a plugin brings more.

        WPML and Polylang both tell ``lang`` and ``translations`` of every category.
        """
        own = str(self.status["environment"].get("language") or "en_US")
        if self.plugin is None:
            return (own,)
        rows = self.client.page("products/categories", per_page=PAGE)
        main = next((str(row["lang"]) for row in rows if row.get("lang")), own)
        told = {str(code) for row in rows for code in row.get("translations") or ()}
        return (main, *sorted(told - {main}))

    @property
    def language(self) -> str:
        """The main language."""
        return self.languages[0]

    @cached_property
    def plugin(self) -> str | None:
        """The multilingual plugin: "wpml", "polylang" or None."""
        names = [str(row.get("plugin", "")) for row in self.status.get("active_plugins") or ()]
        found = (
            kind for start, kind in _PLUGINS.items() if any(n.startswith(start) for n in names)
        )
        return next(found, None)

    @property
    def main_language(self) -> dict[str, str]:
        """The filter of lists that hold translations too."""
        return {"lang": self.language} if self.plugin else {}

    @property
    def every_language(self) -> dict[str, str]:
        """The filter that lifts WPML's own; Polylang lists everything anyway."""
        return {"lang": "all"} if self.plugin == "wpml" else {}

    @cached_property
    def _settings(self) -> dict[str, str]:
        rows: list[Row] = []
        for group in ("tax", "products", "general"):
            rows += self.client.page(f"settings/{group}", _fields="id,value")
        return {str(row.get("id")): str(row.get("value", "")) for row in rows}

    @cached_property
    def has_gross_prices(self) -> bool:
        """Whether prices are entered with tax."""
        return self._settings.get("woocommerce_prices_include_tax") == "yes"

    @cached_property
    def country(self) -> str:
        """Where the shop is."""
        return self._settings.get("woocommerce_default_country", "").partition(":")[0]

    @cached_property
    def kilograms(self) -> Decimal:
        """One of the shop's units of weight in kilogram."""
        return _KILOGRAMS.get(self._settings.get("woocommerce_weight_unit", "kg"), Decimal(1))

    @property
    def brands(self) -> str:
        """Where manufacturers are: brands, before 9.4 tags."""
        return "brands" if self.since(9, 4) else "tags"

    @cached_property
    def tax_codes(self) -> dict[str, Code]:
        """The tax classes, each with its rate in the shop's own country."""
        rates: dict[str, Decimal] = {}
        for row in self.client.rows("taxes"):
            if row.get("country") in {self.country, ""} and not row.get("state"):
                rates.setdefault(str(row["class"]), amount_of(row.get("rate")))
        codes = {}
        for row in self.client.page("taxes/classes"):
            slug = str(row.get("slug"))
            none = Decimal(0) if slug == "zero-rate" else None
            codes[slug] = Code(
                external_id=slug,
                name=text_of(row.get("name")),
                rate=rates.get(slug, none),
                is_default=slug == STANDARD,
            )
        return codes

    def text(self, texts: Texts) -> str:
        """The text in the shop's language, another one when there is none."""
        return texts.get(self.language) or next((text for text in texts.values() if text), "")

    def price(self, price: Price) -> Decimal:
        """A price as the shop wants it."""
        return price.gross if self.has_gross_prices else price.net

    def held_price(self, text: Any, rate: Decimal | None) -> Price:
        """A price of the shop; the other half computed with the rate."""
        amount, percent, step = amount_of(text or 0), rate or ZERO, Decimal("0.000001")
        if self.has_gross_prices:
            return Price(net=net_of(amount, percent).quantize(step), gross=amount)
        return Price(net=amount, gross=gross_of(amount, percent).quantize(step))

    # --- the first look ---------------------------------------------------------------------------

    def probe(self) -> ShopInfo:
        """Look everything over."""
        index = self.client.row("/wp-json/", _fields="name,timezone_string,gmt_offset,namespaces")
        if not isinstance(index.get("namespaces"), list):
            raise DataError("The shop's answer is not understood: it is no index of WordPress.")
        if "wc/v3" not in index["namespaces"]:
            raise AuthError("WooCommerce is not active at this address.", reason="address")
        currency = self.client.row("data/currencies/current")
        return ShopInfo(
            name=text_of(index.get("name")),
            version=self.version,
            timezone=_zone(index),
            languages=tuple(
                Code(external_id=code, name=code, iso=code[:2], is_default=not place)
                for place, code in enumerate(self.languages)
            ),
            currencies=(
                Code(
                    external_id=str(currency.get("code")),
                    name=text_of(currency.get("name")),
                    iso=str(currency.get("code")),
                    rate=Decimal(1),
                    is_default=True,
                ),
            ),
            taxes=tuple(self.tax_codes.values()),
            carriers=tuple(self.carriers.values()),
            payment_methods=self._payment_methods(),
            order_states=self._order_states(),
            categories=self._categories(),
        )

    @cached_property
    def carriers(self) -> dict[str, Code]:
        """The ways to ship of all zones; their code is ``method:instance``."""
        found = {}
        for zone in self.client.page("shipping/zones"):
            for row in self.client.page(f"shipping/zones/{zone.get('id')}/methods"):
                key = f"{row.get('method_id')}:{row.get('instance_id')}"
                name = f"{text_of(row.get('title'))} ({text_of(zone.get('name'))})"
                active = bool(row.get("enabled"))
                found[key] = Code(external_id=key, name=name, active=active)
        return found

    def _payment_methods(self) -> tuple[Code, ...]:
        return tuple(
            Code(
                external_id=str(row.get("id")),
                name=text_of(row.get("title") or row.get("method_title")),
                active=bool(row.get("enabled")),
            )
            for row in self.client.page("payment_gateways", _fields="id,title,enabled,method_title")
        )

    @cached_property
    def states(self) -> dict[str, str]:
        """Status -> name; those of plugins too, where the shop tells them (from 9.6)."""
        names = {key: name for key, (name, _meaning) in STATES.items()}
        if self.since(9, 6):
            rows = self.client.page("orders/statuses")
            told = {str(row.get("slug")): text_of(row.get("name")) for row in rows}
            told.pop("checkout-draft", None)
            names |= told
        return names

    def _order_states(self) -> tuple[Code, ...]:
        return tuple(
            Code(external_id=key, name=name, meaning=STATES.get(key, ("", None))[1])
            for key, name in self.states.items()
        )

    def categories(self) -> list[Row]:
        """All categories, parents first, with ``depth``, below our root or all."""
        rows = self.client.rows("products/categories", _fields="id,name,parent,slug")
        tree = below(
            self.root or NO_ROOT, rows, lambda row: str(row["id"]), lambda row: str(row["parent"])
        )
        return [{**row, "depth": depth} for row, depth in tree]

    def _categories(self) -> tuple[Code, ...]:
        whole = Shop(self.client, ShopOptions())
        codes = {NO_ROOT: Code(external_id=NO_ROOT, name="/", is_default=True)}
        for row in whole.categories():
            name, above = text_of(row["name"]), codes.get(str(row["parent"]))
            if above is not None and row["parent"]:
                name = f"{above.name} / {name}"
            codes[str(row["id"])] = Code(external_id=str(row["id"]), name=name)
        return tuple(codes.values())

    def known_product(self, product: str, **params: str) -> Row:
        """A product by id. Raises NotFound."""
        rows = self.client.read_by_id("products", [product], **params)
        if product not in rows:
            raise NotFound(f"The shop has no product {product}.")
        return rows[product]


def _zone(index: Row) -> str:
    """The IANA name; shops that set an offset instead get the zone of that offset."""
    if index.get("timezone_string"):
        return str(index["timezone_string"])
    hours = int(amount_of(index.get("gmt_offset")))
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"
