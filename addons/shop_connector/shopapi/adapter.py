"""What every shop system must be able to do, and the registry of the systems there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import ClassVar, Self

from .documents import (
    Cart,
    Entry,
    HeldCategory,
    HeldProduct,
    Hint,
    Message,
    Order,
    OrderDocument,
    OrderDraft,
    OrderEdit,
    OrderStamp,
    Outcome,
    ProductStamp,
    Shipment,
    ShopInfo,
    StatusChange,
    StockLevel,
    Touch,
)
from .errors import NotOffered
from .hints import read_signed_hint
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
    #: what the system can do beyond the catalogue, stock and orders that all of them have
    customer_groups: bool = False
    #: prices for customer groups and for quantities, see `PriceRules`
    price_rules: bool = False
    #: a lower price for everybody, for a time: rules without a group, from the first piece. They
    #: are said again when they begin (then without a start) and when they are over
    sale_prices: bool = False
    backorders: bool = False
    stores: bool = False
    order_placing: bool = False
    order_editing: bool = False
    messages: bool = False
    documents: bool = False
    abandoned_carts: bool = False
    #: products can be deleted, not only hidden
    removal: bool = False
    #: a product itself can be kept for customer groups; else reserved categories do that
    exclusive_products: bool = False
    #: messages, payments and refunds may come without a change of their order: see `touched_orders`
    touches: bool = False
    #: a state can be set without a mail to the customer; else the shop decides who gets one
    silent_states: bool = True
    #: pictures can be moved; else those that stand wrong are sent again, see `arrange_images`
    movable_images: bool = False
    #: the connector makes and repairs the shop's calls to us itself, see `ensure_hooks`
    own_hooks: bool = False
    #: pictures need a login of their own: `Credentials.media_login`
    needs_media_login: bool = False
    #: texts for search engines (``meta_title``, ``meta_description``)
    search_texts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Where the shop is and how we get in. Never logged; ``repr`` hides the secrets."""

    base_url: str
    api_key: str
    api_secret: str | None = None
    #: "user:password" that opens what the key does not, where the system has such a thing
    media_login: str | None = None

    def __repr__(self) -> str:
        return f"Credentials(base_url={self.base_url!r}, api_key=***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopOptions:
    """Which part of a shop is ours."""

    root_category: str | None = None  # external id; None = the shop's own root
    store: str | None = None  # external id of the store of a multistore; None = the default one


class ShopAdapter(ABC):
    """One connected shop. Used as a context manager; not shared between threads.

    What a system cannot do raises `NotOffered`. Every method may raise `Unreachable`, `RateLimited`
    or `AuthError`: the whole call failed and can be repeated. What is wrong with a single record
    comes back in its `Outcome` as `DataError`; the others in the call are carried out. Making an
    adapter raises AuthError when the address is no web address.
    """

    system: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def __init__(
        self,
        credentials: Credentials,
        settings: HttpSettings | None = None,
        options: ShopOptions | None = None,
    ) -> None:
        self.credentials = credentials
        self.settings = settings or HttpSettings()
        self.options = options or ShopOptions()
        #: class of document -> what saves a list of them, see `save`
        self._savers: dict[type, Callable[[Sequence[Entry]], list[Outcome]]] = {}

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

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Create or update records; all entries hold the same class of document.

        Handed to what ``_savers`` names for that class; NotOffered when it names nothing.

        Creation first looks whether the shop has the record already (products and variants by SKU,
        the others by name within their parent) and then adopts it, so that a call repeated after a
        lost answer makes no twin. An update of a record that is gone ends as `NotFound`. Order of
        the outcomes = order of the entries.
        """
        kinds = {type(entry.document) for entry in entries}
        if not kinds:
            return []
        if len(kinds) > 1:
            raise TypeError("All entries of one call hold the same kind of document.")
        kind = kinds.pop()
        if kind not in self._savers:
            raise NotOffered(kind.__name__)
        return self._savers[kind](entries)

    @abstractmethod
    def delete_images(self, images: Sequence[tuple[str, str]]) -> list[Outcome]:
        """Remove pictures, each given as (product id, image id); one that is gone counts as done.

        ``Outcome.key`` is the image id.
        """

    @abstractmethod
    def push_stock(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        """Set stock levels, writing only those that differ; one bad level never stops the others.

        A level with ``expected`` is compared with what the shop holds just before it is written,
        see `StockLevel`; ``Outcome.held`` tells what that was. ``Outcome.key`` is
        ``"product/variant"``, ``"product/"`` for a product without variants.
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
        """Set the state of an order; False (nothing written) when it has that state already.

        True also when a first attempt of this call broke down after it had written.
        """

    @abstractmethod
    def send_shipment(self, order: str, shipment: Shipment) -> bool:
        """Put tracking number and carrier of a parcel on the order; False when it has them."""

    # --- what not every system can do: see Capabilities -------------------------------------------

    def read_products(
        self, external_ids: Sequence[str] | None = None
    ) -> Iterator[HeldProduct | Outcome]:
        """The products the shop holds: all, or those with these ids; page by page, oldest first.

        Products that are gone are left out; in the place of one that cannot be understood stands an
        `Outcome` with `DataError`.
        """
        raise NotOffered("reading products")

    def delete_product(self, product: str) -> bool:
        """Remove a product for good, with its variants, pictures and prices; False when it is gone.

        Orders keep what was bought. Raises DataError when the shop does not let it go.
        """
        raise NotOffered("deleting products")

    def read_categories(self) -> list[HeldCategory]:
        """The category tree below our root, parents first."""
        raise NotOffered("reading categories")

    def read_image(self, product: str, image: str) -> bytes:
        """The picture's bytes. Raises NotFound."""
        raise NotOffered("reading pictures")

    def changed_products(self, since: str | None) -> Iterator[ProductStamp]:
        """Products whose texts or figures changed since the stamp, oldest change first.

        Reads with an overlap like `changed_orders`.
        """
        raise NotOffered("a list of changed products")

    def arrange_images(self, product: str, images: Sequence[str]) -> list[str]:
        """Show the pictures of a product in this order.

        Returns those that stand wrong and cannot be moved: removed and sent again in the order of
        the list, they come to stand right.  Pictures that are not named stay where they are.
        A system that places pictures by their ``Image.position`` has nothing to do here.
        """
        return []

    def read_stock(self) -> Iterator[StockLevel]:
        """Every stock level that is sold in the shop, once; ``backorder`` None = the shop's rule.

        A product with variants is told by its variants alone.
        """
        raise NotOffered("reading stock levels")

    def list_orders(self, placed_since: datetime) -> Iterator[OrderStamp]:
        """All orders placed since that time (aware UTC), whatever has changed: for the sweep."""
        raise NotOffered("a list of orders by day")

    def place_order(self, draft: OrderDraft) -> str:
        """Place an order in its customer's account, without mails; its external id.

        An order with the draft's key that is there already is found instead. Raises DataError.
        """
        raise NotOffered("placing orders")

    def edit_order(self, edit: OrderEdit) -> bool:
        """Change lines and amounts of an order; False (nothing written) when it stands like that.

        Raises DataError when the shop does not let this order be changed any more.
        """
        raise NotOffered("changing orders")

    def send_document(self, document: OrderDocument) -> bool:
        """Put an invoice or delivery note into the customer's account; False when it is there."""
        raise NotOffered("documents on orders")

    def send_message(self, order: str, message: Message) -> bool:
        """Write to the customer on his order; False when the same text is there already."""
        raise NotOffered("messages on orders")

    def touched_orders(self, since: str | None) -> Iterator[Touch]:
        """Messages, payments and refunds that came since the stamp, oldest first within a kind.

        Reads with an overlap like `changed_orders`.  What the key may not read is left out.
        """
        raise NotOffered("news on orders")

    def abandoned_carts(self, since: str | None) -> Iterator[Cart]:
        """Carts that were changed since the stamp, oldest change first, with an overlap like
        `changed_orders`.  Those of visitors without a name, empty ones and those that were ordered
        come without lines: they only tell how far the list was read.
        """
        raise NotOffered("reading carts")

    def ensure_hooks(self, url: str, secret: str) -> bool:
        """See that the shop calls this address, signed with the secret; False when it did already.

        Makes what is missing, repairs what was changed or switched off, removes our own that are
        too many.  Those of others are left alone.
        """
        raise NotOffered("making webhooks")

    @classmethod
    def read_hints(cls, headers: Mapping[str, str], body: bytes, secret: str) -> list[Hint]:
        """What a webhook call says changed. Raises AuthError when it is forged or too old.

        Systems that sign in their own way override this; see `hints` for the common form.
        """
        return read_signed_hint(headers, body, secret)
