"""The toy's adapter: products by code, stock, orders; one language, no variants, no pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any, ClassVar

from ...adapter import Capabilities, Credentials, ShopAdapter, ShopOptions
from ...documents import (
    Address,
    Code,
    Entry,
    Order,
    OrderLine,
    OrderStamp,
    Outcome,
    Party,
    Product,
    Shipment,
    ShopInfo,
    StatusChange,
    StockLevel,
)
from ...errors import AuthError, DataError, NotFound, NotOffered
from ...transport import HttpSettings, Transport, normalise_base_url


class ToyAdapter(ShopAdapter):
    """Speaks JSON; everything is in one call."""

    system: ClassVar[str] = "toy"
    title: ClassVar[str] = "Toy"
    capabilities: ClassVar[Capabilities] = Capabilities(multilingual=False, manufacturers=False)

    def __init__(
        self,
        credentials: Credentials,
        settings: HttpSettings | None = None,
        options: ShopOptions | None = None,
    ) -> None:
        super().__init__(credentials, settings, options)
        url = normalise_base_url(credentials.base_url)
        self._transport = Transport(url, basic=(credentials.api_key, ""), settings=settings)

    def close(self) -> None:
        self._transport.close()

    @property
    def writes(self) -> int:
        return self._transport.writes

    def _call(self, method: str, path: str, content: object = None) -> Any:
        body = json.dumps(content).encode() if content is not None else None
        answer = self._transport.send(method, path, body=body, content_type="application/json")
        if answer.status == 401:
            raise AuthError("The shop does not accept the key.")
        if answer.status == 404:
            raise NotFound("The shop does not have it.")
        if answer.status >= 400:
            raise DataError(f"The shop refused it ({answer.status}).")
        try:
            return json.loads(answer.body, parse_float=Decimal)
        except ValueError as error:
            raise DataError(f"The shop's answer is not understood: {error}") from error

    def probe(self) -> ShopInfo:
        said = self._call("GET", "/codes")
        return ShopInfo(
            name=said["name"],
            version=said["version"],
            timezone="UTC",
            languages=(Code(external_id="en", name="English", iso="en", is_default=True),),
            currencies=(Code(external_id="EUR", name="Euro", iso="EUR", is_default=True),),
            taxes=tuple(
                Code(external_id=str(rate), name=f"{rate} %", rate=Decimal(rate))
                for rate in said["taxes"]
            ),
            order_states=tuple(
                Code(external_id=state, name=state, meaning=state) for state in said["states"]
            ),
        )

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        return [self._save(entry) for entry in entries]

    def _save(self, entry: Entry) -> Outcome:
        if not isinstance(entry.document, Product):
            raise NotOffered(type(entry.document).__name__)
        document = entry.document
        content = {"sku": document.sku, "name": document.name, "price": str(document.price.gross)}
        made = self._call("PUT", f"/products/{entry.external_id or ''}", content)
        return Outcome(key=entry.key, external_id=made["id"])

    def delete_images(self, images: Sequence[tuple[str, str]]) -> list[Outcome]:
        return [Outcome(key=image) for _product, image in images]

    def push_stock(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        held = self._call("GET", "/stock")
        outcomes, changes = [], {}
        for level in levels:
            key, quantity = f"{level.product}/", int(level.quantity.to_integral_value(ROUND_FLOOR))
            error: DataError | None = None
            if level.product not in held:
                error = NotFound(f"The shop keeps no stock of {level.product}.")
            elif abs(quantity) > 10**9:
                error = DataError(f"The shop cannot hold {quantity} pieces.")
            elif held[level.product] != quantity:
                changes[level.product] = quantity
            written = level.product in changes and error is None
            outcomes.append(Outcome(key=key, error=error, written=written))
        if changes:
            self._call("PUT", "/stock", changes)
        return outcomes

    def changed_orders(self, since: str | None) -> Iterator[OrderStamp]:
        for order in self._call("GET", "/orders"):
            yield OrderStamp(external_id=order["id"], stamp=order["stamp"], state=order["state"])

    def fetch_orders(self, external_ids: Sequence[str]) -> list[Order | Outcome]:
        held = {order["id"]: order for order in self._call("GET", "/orders")}
        return [
            _order(held[key])
            if key in held
            else Outcome(key=key, external_id=key, error=NotFound(f"No order {key}."))
            for key in external_ids
        ]

    def change_status(self, change: StatusChange) -> bool:
        (order,) = self.fetch_orders([change.order])
        if isinstance(order, Outcome):
            raise order.error or NotFound(change.order)
        if change.state not in {code.external_id for code in self.probe().order_states}:
            raise DataError(f"The shop has no state {change.state}.")
        if order.state == change.state:
            return False
        self._call("PUT", f"/orders/{change.order}", {"state": change.state, "mail": change.notify})
        return True

    def send_shipment(self, order: str, shipment: Shipment) -> bool:
        (held,) = self.fetch_orders([order])
        if isinstance(held, Outcome):
            raise held.error or NotFound(order)
        if shipment.tracking in {parcel.tracking for parcel in held.shipments}:
            return False
        self._call("PUT", f"/orders/{order}", {"tracking": shipment.tracking})
        return True


def _order(said: dict[str, Any]) -> Order:
    lines = tuple(
        OrderLine(
            external_id=str(number),
            name=row["sku"],
            quantity=Decimal(row["quantity"]),
            unit_net=Decimal(row["price"]) / Decimal("1.22"),
            unit_gross=Decimal(row["price"]),
            total_net=Decimal(row["price"]) * row["quantity"] / Decimal("1.22"),
            total_gross=Decimal(row["price"]) * row["quantity"],
            tax="22",
            tax_rate=Decimal(22),
            sku=row["sku"],
        )
        for number, row in enumerate(said["rows"])
    )
    total = sum((line.total_gross for line in lines), Decimal(0))
    return Order(
        external_id=said["id"],
        reference=said["id"],
        cart=None,
        billing=Address(),
        shipping=Address(),
        charges=(),
        payment_method=None,
        payment_name=None,
        placed_at=datetime.fromisoformat(said["stamp"]),
        stamp=said["stamp"],
        state=said["state"],
        currency="EUR",
        customer=Party(external_id=said["email"], email=said["email"]),
        lines=lines,
        total_net=total / Decimal("1.22"),
        total_gross=total,
        shipments=tuple(Shipment(carrier=None, tracking=each) for each in said["parcels"]),
    )
