"""The simulated shop as a whole: its state and the parts that act on it."""

from __future__ import annotations

from ....simulation import Clock
from .cart import Pricing, Settings
from .effects import Effects
from .multistore import DEFAULT, MultiStore
from .orders import Orders
from .pictures import Pictures
from .schema import load_schema
from .stock import Stock
from .store import Record
from .validation import slug
from .views import Views


class Shop:
    """State and behaviour behind both the web service and the front page."""

    def __init__(self, version: str, clock: Clock) -> None:
        self.store = MultiStore(load_schema(version), clock)
        self.settings = Settings()
        self.pictures = Pictures()
        self.views = Views(self.store, self.pictures)
        self.pricing = Pricing(self.store, self.settings)
        self.stock = Stock(self.store)
        self.orders = Orders(self.store, self.pricing, self.stock)
        self.effects = Effects(self.store, self.views, self.pictures, self.orders, self.stock)
        # what the shop would have written to customers: (resource, method) of the cause
        self.mails: list[tuple[str, str]] = []
        # category -> customer groups that see it; the others are seen by everybody
        self.category_groups: dict[int, frozenset[int]] = {}

    @property
    def name(self) -> str:
        """The shop's name."""
        return self.store.one("shops", self.store.current).values["name"]

    def store_path(self, store: int) -> str:
        """What stands before the rest of an address in a store: nothing in the first one."""
        return "" if store == DEFAULT else f"/{slug(self.store.one('shops', store).values['name'])}"

    def store_of(self, path: str) -> tuple[int, str]:
        """Return the store that an address belongs to, and the rest of the address."""
        for store in self.store.stores[1:]:
            prefix = self.store_path(store)
            if path == prefix or path.startswith(f"{prefix}/"):
                return store, path.removeprefix(prefix) or "/"
        return DEFAULT, path

    def may_see(self, product: Record, group: int) -> bool:
        """Whether customers of a group find a product: one of its categories must be theirs."""
        return any(
            group in self.category_groups.get(int(row["id"]), {group})
            for row in product.associations.get("categories", ())
        )

    @property
    def home_country(self) -> int:
        """Id of the country the shop is in."""
        return int(self.store.configuration("PS_COUNTRY_DEFAULT") or 0)
