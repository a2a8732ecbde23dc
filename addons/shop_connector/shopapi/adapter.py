"""What every shop system must be able to do, and the registry of the systems there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import ClassVar, Self

from .documents import (
    Entry,
    Order,
    OrderStamp,
    Outcome,
    Shipment,
    ShopInfo,
    StatusChange,
    StockLevel,
)
from .transport import HttpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What differs between systems, as data, so that the engine needs no names of systems."""

    #: price and weight of a variant are told as the difference to its product's
    variant_difference: bool = False
    #: stock must be a whole number
    whole_stock: bool = True
    #: records in one stock call
    stock_batch: int = 100
    #: orders read together
    order_batch: int = 10
    #: the credentials the connect form asks for besides the address
    needs_secret: bool = False
    multilingual: bool = True
    manufacturers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Where the shop is and how we get in. Never logged; ``repr`` hides the secrets."""

    base_url: str
    api_key: str
    api_secret: str | None = None

    def __repr__(self) -> str:
        return f"Credentials(base_url={self.base_url!r}, api_key=***)"


class ShopAdapter(ABC):
    """One connected shop. Used as a context manager; not shared between threads.

    Every method may raise `Unreachable`, `RateLimited` or `AuthError`: the whole call failed and
    can be repeated. What is wrong with a single record comes back in its `Outcome` as `DataError`;
    the others in the call are carried out. Making an adapter raises AuthError when the address is
    no web address.
    """

    system: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def __init__(self, credentials: Credentials, settings: HttpSettings | None = None) -> None:
        self.credentials = credentials
        self.settings = settings or HttpSettings()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    @abstractmethod
    def writes(self) -> int:
        """Writing calls sent so far, successful or not: "unchanged = none" can be counted."""

    @abstractmethod
    def close(self) -> None:
        """Give connections back."""

    @abstractmethod
    def probe(self) -> ShopInfo:
        """Look the shop over: version, languages, currencies, taxes, carriers, payments, states."""

    @abstractmethod
    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Create or update records; all entries hold the same class of document.

        Creation first looks whether the shop has the record already (products and variants by SKU,
        the others by name within their parent) and then adopts it, so that a call repeated after a
        lost answer makes no twin. An update of a record that is gone ends as `NotFound`. Order of
        the outcomes = order of the entries.
        """

    @abstractmethod
    def delete_images(self, images: Sequence[tuple[str, str]]) -> list[Outcome]:
        """Remove pictures, each given as (product id, image id); one that is gone counts as done.

        ``Outcome.key`` is the image id.
        """

    @abstractmethod
    def push_stock(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        """Set stock levels, writing only those that differ; one bad level never stops the others.

        ``Outcome.key`` is ``"product/variant"``, ``"product/"`` for a product without variants.
        """

    @abstractmethod
    def changed_orders(self, since: str | None) -> Iterator[OrderStamp]:
        """Orders changed since the stamp ``since`` (None = all), oldest change first.

        Reads with an overlap wide enough for clock faults, one-second stamps and the repeated hour
        in autumn: the caller must expect orders that it knows already.
        """

    @abstractmethod
    def fetch_orders(self, external_ids: Sequence[str]) -> list[Order | Outcome]:
        """The orders with these ids, in that order.

        In the place of one that is gone stands an `Outcome` with `NotFound`, of one that cannot be
        understood an `Outcome` with `DataError`.
        """

    @abstractmethod
    def change_status(self, change: StatusChange) -> bool:
        """Set the state of an order; False (nothing written) when it has that state already."""

    @abstractmethod
    def send_shipment(self, order: str, shipment: Shipment) -> bool:
        """Put tracking number and carrier of a parcel on the order; False when it has them."""
