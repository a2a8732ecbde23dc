"""What the recorder made beside the recordings: sent before the one that is named."""

from __future__ import annotations

from typing import Any

#: method, path, body
Step = tuple[str, str, dict[str, Any]]
_PRODUCTS = "/wp-json/wc/v3/products"
_TAX = "/wp-json/wc/v3/settings/tax/woocommerce"

BACKGROUND: dict[str, list[Step]] = {
    "114": [
        (
            "POST",
            "/wp-json/wc/v3/taxes",
            {"country": c, "rate": r, "name": n, "class": k, "shipping": s},
        )
        for c, r, n, k, s in (
            ("IT", "10.0000", "IVA 10%", "ridotta-10", False),
            ("DE", "19.0000", "MwSt 19%", "standard", True),
            ("FR", "20.0000", "TVA 20%", "standard", True),
        )
    ],
    "124": [
        ("POST", "/wp-json/wc/v3/shipping/zones", {"name": "Europa", "order": 2}),
    ],
    "132": [
        ("POST", f"{_PRODUCTS}/categories", {"name": name, "parent": parent})
        for name, parent in (
            ("Tazze", 18),
            ("Pentole", 18),
            ("Abbigliamento", 0),
            ("Magliette", 21),
            ("Grembiuli", 21),
        )
    ],
    "142": [("POST", f"{_PRODUCTS}/attributes", {"name": "Taglia"})],
    "145": [
        ("POST", f"{_PRODUCTS}/attributes/2/terms", {"name": name, "menu_order": place})
        for place, name in enumerate(("S", "M", "L", "XL"))
    ],
    "223": [
        (
            "POST",
            _PRODUCTS,
            {"name": "Libro esterno", "type": "external", "sku": "EX-01", "regular_price": "15.00"},
        )
    ],
    "224": [
        ("POST", _PRODUCTS, {"name": "Buono ricetta", "sku": "VR-01", "regular_price": "10.00"})
    ],
    "290": [("PUT", f"{_PRODUCTS}/16", {})],
    "721": [
        (
            "POST",
            "/wp-json/wc/v3/webhooks",
            {
                "name": "guasto",
                "topic": "product.updated",
                "delivery_url": "http://127.0.0.1:9/hook/500",
            },
        )
    ],
    "312": [
        (
            "POST",
            "/wp-json/wc/v3/customers",
            {"email": "jonas@example.com", "first_name": "Jonas", "last_name": "Berg"},
        )
    ],
    "530": [("PUT", f"{_PRODUCTS}/14", {"stock_quantity": 30})],
    "540": [("PUT", f"{_PRODUCTS}/14", {"regular_price": "12.90"})],
    "426": [("PUT", f"{_TAX}_tax_round_at_subtotal", {"value": "yes"})],
    "427": [("PUT", f"{_TAX}_tax_round_at_subtotal", {"value": "no"})],
    "429": [("PUT", f"{_TAX}_prices_include_tax", {"value": "yes"})],
    "219": [("DELETE", f"{_PRODUCTS}/19/variations/26?force=true", {})],
    "226": [
        ("DELETE", f"{_PRODUCTS}/58?force=true", {}),
        ("POST", _PRODUCTS, {"name": "Nel cestino", "sku": "TR-01", "regular_price": "1"}),
    ],
}
