"""What the recorder made beside the recordings: sent before the one that is named."""

from __future__ import annotations

from typing import Any

Step = tuple[str, dict[str, Any]]
_PRODUCTS = "/wp-json/wc/v3/products"

BACKGROUND: dict[str, list[Step]] = {
    "114": [
        ("/wp-json/wc/v3/taxes", {"country": c, "rate": r, "name": n, "class": k, "shipping": s})
        for c, r, n, k, s in (
            ("IT", "10.0000", "IVA 10%", "ridotta-10", False),
            ("DE", "19.0000", "MwSt 19%", "standard", True),
            ("FR", "20.0000", "TVA 20%", "standard", True),
        )
    ],
    "132": [
        (f"{_PRODUCTS}/categories", {"name": name, "parent": parent})
        for name, parent in (
            ("Tazze", 18),
            ("Pentole", 18),
            ("Abbigliamento", 0),
            ("Magliette", 21),
            ("Grembiuli", 21),
        )
    ],
    "142": [(f"{_PRODUCTS}/attributes", {"name": "Taglia"})],
    "145": [
        (f"{_PRODUCTS}/attributes/2/terms", {"name": name, "menu_order": place})
        for place, name in enumerate(("S", "M", "L", "XL"))
    ],
    "223": [
        (
            _PRODUCTS,
            {"name": "Libro esterno", "type": "external", "sku": "EX-01", "regular_price": "15.00"},
        )
    ],
    "224": [(_PRODUCTS, {"name": "Buono ricetta", "sku": "VR-01", "regular_price": "10.00"})],
    "226": [(_PRODUCTS, {"name": "Nel cestino", "sku": "TR-01", "regular_price": "1"})],
}
