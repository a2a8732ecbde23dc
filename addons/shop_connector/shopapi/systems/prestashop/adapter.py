"""The PrestaShop adapter: hands each task to the part that knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from ...adapter import Capabilities, Credentials, ShopAdapter, ShopOptions
from ...documents import (
    Attribute,
    AttributeValue,
    Cart,
    Category,
    HeldCategory,
    HeldProduct,
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
    Touch,
    Variant,
)
from ...transport import HttpSettings
from .catalogue import AttributeSaver, AttributeValueSaver, CategorySaver, ManufacturerSaver
from .changes import changed_rows
from .client import Client
from .editing import OrderEditor
from .images import ImageSaver
from .messaging import MessageWriter
from .orders import OrderReader, OrderWriter
from .placing import OrderPlacer
from .prices import PriceSaver
from .products import ProductSaver, VariantSaver
from .reading import CatalogueReader
from .removal import delete_product
from .settling import spoken_rights
from .shop import Shop
from .stock import ROWS_AT_ONCE, Stock
from .visitors import CartReader, TouchReader


class Adapter(ShopAdapter):
    """PrestaShop 1.6 to 9."""

    system: ClassVar[str] = "prestashop"
    title: ClassVar[str] = "PrestaShop"
    capabilities: ClassVar[Capabilities] = Capabilities(
        variant_difference=True,
        whole_stock=True,
        stock_batch=ROWS_AT_ONCE,
        order_batch=50,
        needs_secret=False,
        backorders=True,
        stores=True,
        customer_groups=True,
        price_rules=True,
        sale_prices=True,
        abandoned_carts=True,
        removal=True,
        touches=True,
        order_placing=True,
        order_editing=True,
        messages=True,
    )

    def __init__(
        self,
        credentials: Credentials,
        settings: HttpSettings | None = None,
        options: ShopOptions | None = None,
    ) -> None:
        super().__init__(credentials, settings, options)
        self._client = Client(
            credentials.base_url, credentials.api_key, settings, self.options.store
        )
        self._shop = Shop(self._client, self.options)
        self._images = ImageSaver(self._client)
        self._orders = OrderReader(self._client, self._shop)
        self._order_writer = OrderWriter(self._client, self._shop)
        self._stock = Stock(self._client, self._shop)
        self._catalogue = CatalogueReader(self._client, self._shop, self.options)
        self._editor = OrderEditor(self._client, self._shop)
        self._placer = OrderPlacer(self._client, self._shop, self._editor, self._order_writer)
        self._messages = MessageWriter(self._client, self._shop)
        self._savers = {
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
        return Shop(self._client, self.options).probe()

    def delete_images(self, images: Sequence[tuple[str, str]]) -> list[Outcome]:
        return self._images.delete(images)

    def delete_product(self, product: str) -> bool:
        with spoken_rights():
            return delete_product(self._client, product)

    def arrange_images(self, product: str, images: Sequence[str]) -> list[str]:
        return self._images.arrange(product, images)

    def changed_products(self, since: str | None) -> Iterator[ProductStamp]:
        for row, stamp in changed_rows(self._client, self._shop.zone, "products", (), since):
            yield ProductStamp(external_id=row.id, stamp=stamp)

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

    def read_products(
        self, external_ids: Sequence[str] | None = None
    ) -> Iterator[HeldProduct | Outcome]:
        return self._catalogue.products(external_ids)

    def read_categories(self) -> list[HeldCategory]:
        return self._catalogue.categories()

    def read_image(self, product: str, image: str) -> bytes:
        return self._catalogue.image(product, image)

    def list_orders(self, placed_since: datetime) -> Iterator[OrderStamp]:
        return self._orders.placed(placed_since)

    def touched_orders(self, since: str | None) -> Iterator[Touch]:
        return TouchReader(self._client, self._shop).touched(since)

    def abandoned_carts(self, since: str | None) -> Iterator[Cart]:
        return CartReader(self._client, self._shop).abandoned(since)

    def place_order(self, draft: OrderDraft) -> str:
        with spoken_rights():
            return self._placer.place(draft)

    def edit_order(self, edit: OrderEdit) -> bool:
        with spoken_rights():
            return self._editor.edit(edit)

    def send_document(self, document: OrderDocument) -> bool:
        with spoken_rights():
            return self._messages.send_document(document)

    def send_message(self, order: str, message: Message) -> bool:
        with spoken_rights():
            return self._messages.send_message(order, message)
