"""The world of the contract suite: a simulated shop, its adapter, and words for both.

The suite speaks about shops in general.  What it cannot see through the adapter (what the shop
really holds, keys with fewer rights, vouchers) is told by one `World` for each system; adding a
system means adding one here.
"""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from pieces import D, difference, entries, net
from werkzeug.wrappers import Request, Response

from shopapi.adapter import Credentials, ShopAdapter, ShopOptions
from shopapi.documents import (
    Attribute,
    AttributeValue,
    CatalogueDocument,
    Code,
    Order,
    Outcome,
    Price,
    Product,
    ShopInfo,
    StockLevel,
    Variant,
)
from shopapi.registry import adapter_class, simulator_class
from shopapi.simulation import ShopSimulator
from shopapi.transport import HttpSettings

PATIENCE = HttpSettings(connect_timeout=5, read_timeout=20)
_INFOS: dict[tuple[str, str], ShopInfo] = {}


class World(ABC):
    """One system and version."""

    system: str
    version: str
    #: address of the machine under another name than the shop's own; None: the system does not mind
    other_host: str | None = None
    #: what scenarios may need besides capabilities (see conftest.FEATURES)
    features: frozenset[str] = frozenset()
    #: what people copy along with the address of a shop
    suffixes: tuple[str, ...] = ("/", "  ")
    #: part of the address of every picture
    picture_path = "images"
    #: meanings of order states that the system does not tell from another one
    synonyms: Mapping[str, str] = {}
    #: what a voucher of that kind is called ("percent", "amount", "free_shipping")
    vouchers: Mapping[str, str]

    def __init__(self, version: str) -> None:
        self.version = version
        self.simulator: Any = simulator_class(self.system)(version=version)
        self._adapters: list[ShopAdapter] = []

    # --- getting in -------------------------------------------------------------------------------

    @property
    def sim(self) -> ShopSimulator:
        simulator: ShopSimulator = self.simulator
        return simulator

    def open(
        self,
        *,
        key: str | None = None,
        url: str | None = None,
        settings: HttpSettings = PATIENCE,
        options: ShopOptions | None = None,
    ) -> ShopAdapter:
        """A new adapter for the shop, with nothing remembered."""
        credentials = Credentials(
            base_url=url or self.sim.url,
            api_key=self.sim.api_key if key is None else key,
            api_secret=self.sim.api_secret or None,
            media_login=getattr(self.sim, "media_login", None),
        )
        adapter = adapter_class(self.system)(credentials, settings, options)
        self._adapters.append(adapter)
        return adapter

    def close(self) -> None:
        for adapter in self._adapters:
            adapter.close()
        self.sim.stop()

    @property
    def info(self) -> ShopInfo:
        """The codes of the shop, which are the same in every fresh one of a version."""
        key = (self.system, self.version)
        if key not in _INFOS:
            with self.open() as adapter:
                _INFOS[key] = adapter.probe()
            self.sim.clear_log()
        return _INFOS[key]

    def tax(self, rate: int) -> str:
        return next(code.external_id for code in self.info.taxes if code.rate == rate)

    def state(self, meaning: str) -> str:
        wanted = self.synonyms.get(meaning, meaning)
        return next(code.external_id for code in self.info.order_states if code.meaning == wanted)

    def language(self, iso: str) -> str:
        return next(code.external_id for code in self.info.languages if code.iso == iso)

    def currency(self, iso: str) -> Code:
        return next(code for code in self.info.currencies if code.iso == iso)

    @property
    def patience(self) -> HttpSettings:
        """The settings that `open` uses unless told otherwise."""
        return PATIENCE

    # --- catalogue --------------------------------------------------------------------------------

    def texts(self, text: str) -> dict[str, str]:
        """The text in every language, told apart by a letter that has an accent."""
        endings = {"en": "", "it": " (à)", "hu": " (ő)"}
        return {
            code.external_id: text + endings.get(code.iso or "", f" ({code.iso})")
            for code in self.info.languages
        }

    def product(self, sku: str, gross: str = "12.20", rate: int = 22, **more: Any) -> Product:
        values = {"sku": sku, "name": self.texts(f"Wine {sku}"), "tax": self.tax(rate), **more}
        return Product(price=net(gross, rate), **values)

    def refused(self, sku: str) -> Product:
        """A product that is well made and that the shop refuses all the same."""
        return self.product(sku, description=self.texts("<script>alert(1)</script>"))

    def extra(self, gross: str, base: str = "12.20") -> Price:
        """The price of a variant that costs so much more than its product, as the system says."""
        if adapter_class(self.system).capabilities.variant_difference:
            return difference(gross)
        return net(str(D(base) + D(gross)), 22)

    def save(self, adapter: ShopAdapter, *documents: CatalogueDocument) -> list[str]:
        """Create records that must succeed; their ids."""
        return [_good(outcome) for outcome in adapter.save(entries(*documents))]

    def variants(
        self, adapter: ShopAdapter, sku: str, differences: Sequence[str] = ("0", "18.30")
    ) -> tuple[str, list[str]]:
        """A product with variants ``sku-1``, ``sku-2`` ...; the ids of product and variants."""
        (attribute,) = self.save(adapter, Attribute(name=self.texts("Format")))
        names = [f"Size {number}" for number, _ in enumerate(differences, start=1)]
        values = self.save(
            adapter,
            *[AttributeValue(attribute=attribute, name=self.texts(name)) for name in names],
        )
        (product,) = self.save(adapter, self.product(sku, has_variants=True))
        documents = [
            Variant(
                product=product,
                values=(value,),
                sku=f"{sku}-{number}",
                price=self.extra(gross),
                is_default=number == 1,
            )
            for number, (value, gross) in enumerate(zip(values, differences, strict=True), start=1)
        ]
        return product, self.save(adapter, *documents)

    def stocked(
        self, adapter: ShopAdapter, sku: str, gross: str = "12.20", rate: int = 22, **more: Any
    ) -> str:
        """A product that can be bought."""
        (product,) = self.save(adapter, self.product(sku, gross, rate, **more))
        level = StockLevel(product=product, variant=None, quantity=D(1000))
        assert [outcome.error for outcome in adapter.push_stock([level])] == [None]
        return product

    # --- orders -----------------------------------------------------------------------------------

    def order(self, adapter: ShopAdapter, order_id: int | str) -> Order:
        """One order, which must be readable."""
        (found,) = adapter.fetch_orders([str(order_id)])
        assert isinstance(found, Order), found
        return found

    def lose_answer_of_write(self, number: int) -> None:
        """The shop carries out the n-th writing call from now on, and its answer is lost."""
        handle = self.simulator.handle
        left = [number]

        def breaking(request: Request) -> Response:
            answer: Response = handle(request)
            if self.sim.is_write(request):
                left[0] -= 1
                if not left[0]:
                    connection = request.environ["werkzeug.socket"]
                    connection.shutdown(socket.SHUT_RDWR)
            return answer

        self.simulator.handle = breaking

    # --- what the shop really holds ---------------------------------------------------------------

    @abstractmethod
    def names_of(self, sku: str) -> dict[str, str]:
        """The name of a product by language id."""

    @abstractmethod
    def held(self, sku: str) -> dict[str, Any]:
        """Everything about a product or variant, to be compared before and after."""

    @abstractmethod
    def barcode_of(self, sku: str) -> str:
        """The barcode of a product or variant."""

    @abstractmethod
    def net_price_of(self, sku: str) -> Decimal:
        """The net price a customer pays for one."""

    @abstractmethod
    def is_on_sale(self, sku: str) -> bool:
        """Whether visitors can find and buy it."""

    @abstractmethod
    def images_of(self, sku: str) -> list[str]:
        """Ids of the pictures of a product, the cover first."""

    @abstractmethod
    def variant_images_of(self, sku: str) -> list[str]:
        """Ids of the pictures of a variant."""

    @abstractmethod
    def default_variant_of(self, sku: str) -> str:
        """Id of the variant shown first."""

    @abstractmethod
    def parent_of_category(self, category: str) -> str:
        """Id of the category above."""

    @abstractmethod
    def mails(self) -> int:
        """How many mails the shop has sent to customers because of us."""

    @abstractmethod
    def key_without(self, resource: str) -> str:
        """A key that may do everything but touch the resource."""

    @abstractmethod
    def inactive_key(self) -> str:
        """A key that is switched off."""

    @abstractmethod
    def forget_customer(self, order_id: int) -> None:
        """Delete the customer of an order, with the addresses."""

    @abstractmethod
    def break_on_order(self, order_id: int) -> None:
        """From now on every call that reads the lines of this order is an empty 500."""

    @abstractmethod
    def spoil_order(self, order_id: int, where: str) -> None:
        """Put a text where an amount belongs: in the "order", a "line" or a "payment"."""

    @abstractmethod
    def stock_page(self, size: int) -> tuple[str, int]:
        """The name (for monkeypatch.setattr) of the size of a page of stock levels, and ``size``.

        A system that always tells all levels at once may name something else.
        """

    @abstractmethod
    def spoil_product(self, product: str, **values: str) -> None:
        """Let the shop hold these values ("sku", "name", "price" ...), whatever they are."""

    @abstractmethod
    def read_in_pages_of(self, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
        """Let the adapter ask for so many products at a time."""

    @abstractmethod
    def spoil_date(self, order_id: int, date: str) -> None:
        """Put a text where the time of an order belongs."""

    @abstractmethod
    def categories_of(self, sku: str) -> set[str]:
        """Ids of the categories in which a product stands."""

    @abstractmethod
    def reserve_category(self, category: str, groups: Sequence[str]) -> None:
        """Let only these customer groups see a category, as a merchant does."""

    @abstractmethod
    def finds(self, sku: str, group: str | None = None) -> bool:
        """Whether the product's page opens for a customer of that group (None = a visitor)."""

    @abstractmethod
    def edit_text(self, sku: str, field: str, language: str, text: str) -> None:
        """Rewrite a text (a field of `Product`) in the shop's back office."""

    @abstractmethod
    def text_of(self, sku: str, field: str) -> dict[str, str]:
        """A text (a field of `Product`) that the shop holds, by language id."""

    @abstractmethod
    def refund(self, order_id: int, line: int, quantity: int, gross: str) -> None:
        """Give money back for some pieces of an order's line (by number, from 0)."""

    @abstractmethod
    def group(self) -> str:
        """Code of a customer group that gets no discount of its own in the shop."""

    @abstractmethod
    def unit_price(self, sku: str, quantity: int = 1, group: str | None = None) -> Decimal:
        """What one piece costs a customer of the group who takes so many now, without tax.

        ``group`` None: a visitor. With six decimals, whatever the shop shows.
        """

    @abstractmethod
    def struck_price(self, sku: str, group: str | None = None) -> Decimal | None:
        """The net price shown struck through beside that of one piece, None when there is none."""

    @abstractmethod
    def add_foreign_price(self, sku: str) -> str:
        """A price rule that only the shop itself can know, for one customer; its id."""

    @abstractmethod
    def add_own_price(self, sku: str, net_price: str) -> str:
        """A price for everybody that somebody entered in the shop; its id."""

    @abstractmethod
    def price_rows(self, sku: str) -> set[str]:
        """Ids of all price rules of a product in the shop."""

    def add_store(self, name: str, *, shares_stock: bool = False) -> str:
        """Open another store beside the shop's first one; its id (capability ``stores``)."""
        raise TypeError(f"{self.system} has one store only.")

    def in_store(self, store: str) -> AbstractContextManager[None]:
        """Look, buy and sell in that store inside the ``with``."""
        raise TypeError(f"{self.system} has one store only.")

    def key_for_store(self, store: str) -> str:
        """A key that is good for one store only."""
        raise TypeError(f"{self.system} has one store only.")

    @abstractmethod
    def travel_to(self, utc: str) -> None:
        """Set the shop's clock (ISO, UTC)."""

    @abstractmethod
    def orders_of(self, order_id: int) -> list[int]:
        """All orders that came of the same cart, this one among them."""


def _good(outcome: Outcome) -> str:
    assert outcome.error is None, outcome.error
    assert outcome.external_id is not None
    return outcome.external_id
