"""The WooCommerce adapter: hands each task to the part that knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from ...adapter import Capabilities, Credentials, ShopAdapter, ShopOptions
from ...documents import (
    Attribute,
    AttributeValue,
    Category,
    HeldCategory,
    HeldProduct,
    Hint,
    Image,
    Manufacturer,
    Message,
    Order,
    OrderDocument,
    OrderDraft,
    OrderEdit,
    OrderStamp,
    Outcome,
    PriceRules,
    Product,
    ProductStamp,
    Shipment,
    ShopInfo,
    StatusChange,
    StockLevel,
    Variant,
)
from ...transport import HttpSettings
from . import hooks
from .catalogue import TermSaver
from .changes import changed_rows
from .client import Client
from .images import ImageSaver
from .orders import OrderReader
from .prices import PriceSaver
from .products import ProductSaver
from .reading import CatalogueReader
from .shop import Shop
from .stock import AT_ONCE, Stock
from .variants import VariantSaver
from .writing import OrderWriter


class Adapter(ShopAdapter):
    """WooCommerce 8.2 and later."""

    system: ClassVar[str] = "woocommerce"
    title: ClassVar[str] = "WooCommerce"
    capabilities: ClassVar[Capabilities] = Capabilities(
        stock_batch=AT_ONCE,
        order_batch=50,
        needs_secret=True,
        multilingual=False,
        backorders=True,
        sale_prices=True,
        order_placing=True,
        order_editing=True,
        messages=True,
        silent_states=False,
        movable_images=True,
        own_hooks=True,
        removal=True,
        needs_media_login=True,
        search_texts=False,
    )

    def __init__(
        self,
        credentials: Credentials,
        settings: HttpSettings | None = None,
        options: ShopOptions | None = None,
    ) -> None:
        super().__init__(credentials, settings, options)
        self._client = Client(credentials, settings)
        self._shop = shop = Shop(self._client, self.options)
        self._images = ImageSaver(self._client, shop)
        self._orders = OrderReader(self._client, shop)
        self._writer = OrderWriter(self._client, shop, self._orders)
        self._stock = Stock(self._client, shop)
        self._catalogue = CatalogueReader(self._client, shop)
        self._products = ProductSaver(self._client, shop)
        terms = TermSaver(self._client, shop).save
        self._savers = {
            **dict.fromkeys((Manufacturer, Category, Attribute, AttributeValue), terms),
            Product: self._products.save,
            Variant: VariantSaver(self._client, shop).save,
            Image: self._images.save,
            PriceRules: PriceSaver(self._client, shop).save,
        }

    def close(self) -> None:
        self._client.close()

    @property
    def writes(self) -> int:
        return self._client.writes

    def probe(self) -> ShopInfo:
        # a fresh look, whatever was remembered
        return Shop(self._client, self.options).probe()

    def delete_images(self, images: Sequence[tuple[str, str]]) -> list[Outcome]:
        return self._images.delete(images)

    def arrange_images(self, product: str, images: Sequence[str]) -> list[str]:
        return self._images.arrange(product, images)

    def push_stock(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        return self._stock.push(levels)

    def read_stock(self) -> Iterator[StockLevel]:
        return self._stock.read()

    def changed_products(self, since: str | None) -> Iterator[ProductStamp]:
        for row in changed_rows(
            self._client, "products", "type", since, **self._shop.main_language
        ):
            yield ProductStamp(external_id=str(row["id"]), stamp=str(row["date_modified_gmt"]))

    def changed_orders(self, since: str | None) -> Iterator[OrderStamp]:
        return self._orders.changed(since)

    def list_orders(self, placed_since: datetime) -> Iterator[OrderStamp]:
        return self._orders.placed(placed_since)

    def fetch_orders(self, external_ids: Sequence[str]) -> list[Order | Outcome]:
        return self._orders.fetch(external_ids)

    def change_status(self, change: StatusChange) -> bool:
        return self._writer.change_status(change)

    def send_shipment(self, order: str, shipment: Shipment) -> bool:
        return self._writer.send_shipment(order, shipment)

    def read_products(
        self, external_ids: Sequence[str] | None = None
    ) -> Iterator[HeldProduct | Outcome]:
        return self._catalogue.products(external_ids)

    def delete_product(self, product: str) -> bool:
        return self._products.delete(product)

    def read_categories(self) -> list[HeldCategory]:
        return self._catalogue.categories()

    def read_image(self, product: str, image: str) -> bytes:
        return self._images.read(product, image)

    def place_order(self, draft: OrderDraft) -> str:
        return self._writer.place(draft)

    def edit_order(self, edit: OrderEdit) -> bool:
        return self._writer.edit(edit)

    def send_document(self, document: OrderDocument) -> bool:
        return self._writer.write_note(document.order, document.text)

    def send_message(self, order: str, message: Message) -> bool:
        return self._writer.write_note(order, message.text)

    def ensure_hooks(self, url: str, secret: str) -> bool:
        return hooks.ensure(self._client, url, secret)

    @classmethod
    def read_hints(cls, headers: Mapping[str, str], body: bytes, secret: str) -> list[Hint]:
        return hooks.read(headers, body, secret)
