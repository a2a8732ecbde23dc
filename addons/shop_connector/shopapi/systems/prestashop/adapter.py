"""The PrestaShop adapter: hands each task to the part that knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from ...adapter import Capabilities, Credentials, ShopAdapter, ShopOptions
from ...documents import (
    Attribute,
    AttributeValue,
    Category,
    Entry,
    Image,
    Manufacturer,
    Order,
    OrderStamp,
    Outcome,
    PriceRules,
    Product,
    Shipment,
    ShopInfo,
    StatusChange,
    StockLevel,
    Variant,
)
from ...transport import HttpSettings
from .catalogue import AttributeSaver, AttributeValueSaver, CategorySaver, ManufacturerSaver
from .client import Client
from .images import ImageSaver
from .orders import OrderReader, OrderWriter
from .prices import PriceSaver
from .products import ProductSaver, VariantSaver
from .shop import Shop
from .stock import ROWS_AT_ONCE, Stock

Save = Callable[[Sequence[Entry]], list[Outcome]]


class Adapter(ShopAdapter):
    """PrestaShop 1.7.8 and 8.x."""

    system: ClassVar[str] = "prestashop"
    title: ClassVar[str] = "PrestaShop"
    capabilities: ClassVar[Capabilities] = Capabilities(
        variant_difference=True,
        whole_stock=True,
        stock_batch=ROWS_AT_ONCE,
        order_batch=50,
        needs_secret=False,
        customer_groups=True,
        price_rules=True,
        backorders=True,
    )

    def __init__(
        self,
        credentials: Credentials,
        settings: HttpSettings | None = None,
        options: ShopOptions | None = None,
    ) -> None:
        super().__init__(credentials, settings, options)
        self._client = Client(credentials.base_url, credentials.api_key, settings)
        self._shop = Shop(self._client)
        self._images = ImageSaver(self._client)
        self._orders = OrderReader(self._client, self._shop)
        self._order_writer = OrderWriter(self._client, self._shop)
        self._stock = Stock(self._client)
        self._savers: dict[type, Save] = {
            Manufacturer: ManufacturerSaver(self._client, self._shop).save,
            Category: CategorySaver(self._client, self._shop).save,
            Attribute: AttributeSaver(self._client, self._shop).save,
            AttributeValue: AttributeValueSaver(self._client, self._shop).save,
            Product: ProductSaver(self._client, self._shop).save,
            Variant: VariantSaver(self._client, self._shop).save,
            Image: self._images.save,
            PriceRules: PriceSaver(self._client, self._shop, self.options.store).save,
        }

    def close(self) -> None:
        self._client.transport.close()

    @property
    def writes(self) -> int:
        return self._client.transport.writes

    def probe(self) -> ShopInfo:
        # a fresh look, whatever was remembered
        return Shop(self._client).probe()

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        kinds = {type(entry.document) for entry in entries}
        if not kinds:
            return []
        if len(kinds) > 1:
            raise TypeError("All entries of one call hold the same kind of document.")
        return self._savers[kinds.pop()](entries)

    def delete_images(self, images: Sequence[tuple[str, str]]) -> list[Outcome]:
        return self._images.delete(images)

    def push_stock(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        return self._stock.push(levels)

    def read_stock(self) -> Iterator[StockLevel]:
        return self._stock.read()

    def changed_orders(self, since: str | None) -> Iterator[OrderStamp]:
        return self._orders.changed(since)

    def fetch_orders(self, external_ids: Sequence[str]) -> list[Order | Outcome]:
        return self._orders.fetch(external_ids)

    def change_status(self, change: StatusChange) -> bool:
        return self._order_writer.change_status(change)

    def send_shipment(self, order: str, shipment: Shipment) -> bool:
        return self._order_writer.send_shipment(order, shipment)
