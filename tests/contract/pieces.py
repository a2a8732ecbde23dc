"""Documents and pictures as the scenarios use them, and how they are sent."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PIL import Image as Picture

from shopapi.adapter import ShopAdapter
from shopapi.documents import (
    CatalogueDocument,
    Category,
    Entry,
    Image,
    Outcome,
    Price,
    Product,
)

D = Decimal


def net(gross: str, rate: int) -> Price:
    """A price from its gross amount."""
    amount = D(gross)
    return Price(net=(amount / (1 + D(rate) / 100)).quantize(D("0.000001")), gross=amount)


def difference(gross: str, rate: int = 22) -> Price:
    """What a variant costs more than its product."""
    return net(gross, rate)


def picture(colour: str, size: tuple[int, int] = (120, 160), kind: str = "PNG") -> bytes:
    """A picture with a plain background and a darker bar."""
    drawn = Picture.new("RGB", size, colour)
    drawn.paste((20, 20, 20), (10, 10, size[0] // 2, 30))
    buffer = io.BytesIO()
    drawn.save(buffer, kind)
    return buffer.getvalue()


def entries(*documents: CatalogueDocument) -> list[Entry]:
    """Entries for new documents, with their place as key."""
    return [Entry(key=str(number), document=document) for number, document in enumerate(documents)]


def change(
    adapter: ShopAdapter,
    external_id: str,
    document: CatalogueDocument,
    *changed: str,
    kept: Collection[str] = (),
) -> Outcome:
    """Send one document again; ``changed`` names what changed (none = not known)."""
    entry = Entry(
        key="x",
        document=document,
        external_id=external_id,
        changed=frozenset(changed) if changed else None,
        kept=frozenset(kept),
    )
    (outcome,) = adapter.save([entry])
    return outcome


def image(product: str, content: bytes, **more: Any) -> Image:
    """An image document."""
    values = {"media_type": "image/png", "digest": str(hash(content)), **more}
    return Image(product=product, content=content, **values)


def child(name: Mapping[str, str], parent: str | None = None) -> Category:
    """A category below another."""
    return Category(name=name, parent=parent)


def renamed(product: Product, language: str, name: str) -> Product:
    """The product with another name in one language."""
    return replace(product, name={**product.name, language: name})
