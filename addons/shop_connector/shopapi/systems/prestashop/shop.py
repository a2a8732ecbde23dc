"""What stays the same between calls, read once: settings, languages, carriers, tax rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from ...adapter import ShopOptions
from ...documents import Code, ShopInfo, Texts
from ...errors import AuthError, DataError
from . import wire_codes
from .client import Client
from .wire import Record, Rights

_SETTINGS = (
    "PS_COUNTRY_DEFAULT",
    "PS_CURRENCY_DEFAULT",
    "PS_CUSTOMER_GROUP",
    "PS_HOME_CATEGORY",
    "PS_LANG_DEFAULT",
    "PS_SHOP_DEFAULT",
    "PS_SHOP_DEFAULT",
    "PS_SHOP_NAME",
    "PS_TIMEZONE",
    "PS_WEIGHT_UNIT",
    *wire_codes.STATE_SETTINGS,
)
_HOME_CATEGORY = "2"  # of a fresh shop
_FIRST_STORE = "1"
_ORDERS_LOOKED_AT = 200
_WEIGHT_UNITS = {
    "kg": Decimal(1),
    "g": Decimal(1000),
    "lb": Decimal("2.20462262"),
    "lbs": Decimal("2.20462262"),
    "oz": Decimal("35.2739619"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A carrier as one of its ids names it."""

    code: str
    name: str


class Shop:
    """One shop's slow-moving data, fetched on first use and kept as long as the adapter."""

    def __init__(self, client: Client, options: ShopOptions | None = None) -> None:
        self.client = client
        self.options = options or ShopOptions()
        self._countries: dict[str, str | None] = {}
        self._states: dict[str, str | None] = {}

    # --- settings ---------------------------------------------------------------------------------

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """Values of the configurations that matter here, without the empty ones."""
        records = self.client.find("configurations", "name", _SETTINGS, ["id", "name", "value"])
        return {
            record.required("name"): record.fields.get("value", "").strip()
            for record in records
            if record.text("value")
        }

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of all times in this shop. Raises DataError when it is unknown."""
        name = self.settings.get("PS_TIMEZONE", "")
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise DataError(f"The shop's time zone is not known: {name!r}") from error

    @cached_property
    def home_category(self) -> str:
        """The category below which our catalogue stands: the one chosen, else the shop's home."""
        if self.options.root_category:
            return self.options.root_category
        home = self.store_record.reference("id_category") if self.options.store else None
        return home or self.settings.get("PS_HOME_CATEGORY", _HOME_CATEGORY)

    # --- stores -----------------------------------------------------------------------------------

    @cached_property
    def _store_records(self) -> list[Record]:
        return list(self.client.every("shops"))

    @property
    def default_store(self) -> str:
        """Id of the store of the address."""
        return self.settings.get("PS_SHOP_DEFAULT", _FIRST_STORE)

    @cached_property
    def store_record(self) -> Record:
        """The store that is ours. Raises DataError when it is gone."""
        wanted = self.options.store or self.default_store
        for record in self._store_records:
            if record.id == wanted:
                return record
        raise DataError(f"The shop has no store {wanted}.")

    @cached_property
    def weight_factor(self) -> Decimal:
        """Units of weight of this shop in a kilogram; an unknown unit counts as kilogram."""
        return _WEIGHT_UNITS.get(self.settings.get("PS_WEIGHT_UNIT", "kg").lower(), Decimal(1))

    @property
    def lost_states(self) -> frozenset[str]:
        """States in which the shop gives the goods of an order back to its stock."""
        return frozenset(
            {
                self.settings.get("PS_OS_CANCELED", wire_codes.DEFAULT_CANCELLED),
                self.settings.get("PS_OS_ERROR", wire_codes.DEFAULT_ERROR),
            }
        )

    # --- languages --------------------------------------------------------------------------------

    @cached_property
    def languages(self) -> tuple[Code, ...]:
        """All languages of the shop, inactive ones too."""
        records = self.client.every("languages", ["id", "name", "iso_code", "active"])
        found = wire_codes.languages(records, self.settings.get("PS_LANG_DEFAULT"))
        if not found:
            raise DataError("The shop tells no language.")
        return found

    @cached_property
    def default_language(self) -> str:
        """Id of the default language."""
        chosen = (code.external_id for code in self.languages if code.is_default)
        return next(chosen, self.languages[0].external_id)

    def complete(self, texts: Texts, kept: Texts | None = None) -> dict[str, str]:
        """The text in every language of the shop, because a language left out would be emptied.

        Where ``texts`` has none: what the shop holds (``kept``), else the default language's text,
        else any.
        """
        spare = texts.get(self.default_language) or next(filter(None, texts.values()), "")
        kept = kept or {}
        return {
            code.external_id: (
                texts[code.external_id]
                if code.external_id in texts
                else kept.get(code.external_id) or spare
            )
            for code in self.languages
        }

    def lacks_language(self, texts: Texts) -> bool:
        """Whether the shop has a language that the texts do not name."""
        return any(code.external_id not in texts for code in self.languages)

    # --- codes ------------------------------------------------------------------------------------

    @cached_property
    def tax_rates(self) -> Mapping[str, Decimal]:
        """Percent by tax id."""
        return wire_codes.tax_rates(self.client.every("taxes", ["id", "rate"]))

    @cached_property
    def tax_group_rates(self) -> Mapping[str, Decimal]:
        """Percent by tax group, as it holds in the shop's own country."""
        return {code.external_id: code.rate or Decimal(0) for code in self._taxes()}

    @cached_property
    def _carrier_records(self) -> list[Record]:
        display = ["id", "id_reference", "name", "active", "deleted"]
        return list(self.client.every("carriers", display))

    @cached_property
    def carriers(self) -> Mapping[str, Carrier]:
        """Carrier by its id, old ids of edited carriers too."""
        return {
            record.id: Carrier(
                code=wire_codes.carrier_code(record),
                name=wire_codes.carrier_name(record, self.name),
            )
            for record in self._carrier_records
        }

    def carrier_id(self, code: str) -> str:
        """The id that a carrier has at present. Raises DataError when there is none."""
        for record in self._carrier_records:
            if wire_codes.carrier_code(record) == code and not record.flag("deleted"):
                return record.id
        raise DataError(f"The shop has no carrier {code}.")

    @cached_property
    def state_ids(self) -> frozenset[str]:
        """Ids of the order states."""
        return frozenset(record.id for record in self.client.every("order_states", ["id"]))

    def countries(self, ids: Iterable[str]) -> Mapping[str, str | None]:
        """ISO code by country id, at least for those ids that exist."""
        return self._remember("countries", self._countries, ids)

    def states(self, ids: Iterable[str]) -> Mapping[str, str | None]:
        """ISO code by province id, at least for those ids that exist."""
        return self._remember("states", self._states, ids)

    def _remember(
        self, resource: str, known: dict[str, str | None], ids: Iterable[str]
    ) -> Mapping[str, str | None]:
        wanted = [key for key in dict.fromkeys(ids) if key not in known]
        known.update(dict.fromkeys(wanted))
        for record in self.client.find(resource, "id", wanted, ["id", "iso_code"]):
            known[record.id] = record.text("iso_code")
        return known

    # --- the first look ---------------------------------------------------------------------------

    @cached_property
    def rights(self) -> Rights:
        """What the key may do."""
        return self.client.rights()

    def may_read(self, *resources: str) -> bool:
        """Whether the shop has these resources and the key may read them: for optional ones."""
        return all(self.rights.can(resource, "get") for resource in resources)

    @cached_property
    def name(self) -> str:
        """The shop's name."""
        if self.options.store and self._may("shops"):
            return self.store_record.text("name") or self.rights.shop_name
        return self.settings.get("PS_SHOP_NAME") or self.rights.shop_name

    def probe(self) -> ShopInfo:
        """Everything a first look can tell; lists the key may not read are left empty."""
        missing = wire_codes.missing_rights(self.rights, self.client.version)
        if self.options.store and not self._may("shops"):
            missing = (*missing, "shops (GET)")
        if not self.rights.can("configurations", "get"):
            raise AuthError(
                "The key may not read the shop's configurations.", resource="configurations"
            )
        language = self.default_language if self._may("languages") else ""
        settings = self.settings
        return ShopInfo(
            name=self.name,
            version=self.client.version_text,
            timezone=self.zone.key,
            languages=self.languages if language else (),
            currencies=wire_codes.currencies(
                self._list("currencies"), settings.get("PS_CURRENCY_DEFAULT"), language
            ),
            taxes=self._taxes(),
            carriers=(
                wire_codes.carriers(self._carrier_records, self.name)
                if self._may("carriers")
                else ()
            ),
            payment_methods=wire_codes.payment_methods(self._latest_orders()),
            order_states=wire_codes.order_states(self._list("order_states"), settings, language),
            customer_groups=wire_codes.customer_groups(
                self._list("groups"), settings.get("PS_CUSTOMER_GROUP"), language
            ),
            stores=(
                wire_codes.stores(self._store_records, self.default_store)
                if self._may("shops")
                else ()
            ),
            categories=wire_codes.categories(self._list("categories"), language),
            missing_rights=missing,
        )

    def _may(self, resource: str) -> bool:
        return self.rights.can(resource, "get")

    def _list(self, resource: str) -> list[Record]:
        return list(self.client.every(resource)) if self._may(resource) else []

    def _taxes(self) -> tuple[Code, ...]:
        if not all(self._may(name) for name in ("tax_rule_groups", "tax_rules", "taxes")):
            return ()
        country = self.settings.get("PS_COUNTRY_DEFAULT", "")
        rules = self.client.find("tax_rules", "id_country", [country] if country else [])
        return wire_codes.taxes(self._list("tax_rule_groups"), rules, self.tax_rates)

    def _latest_orders(self) -> list[Record]:
        if not self._may("orders"):
            return []
        return self.client.page(
            "orders", ["id", "module", "payment"], sort="id_DESC", limit=str(_ORDERS_LOOKED_AT)
        )
