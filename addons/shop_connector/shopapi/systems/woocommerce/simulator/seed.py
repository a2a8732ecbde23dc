"""A shop as it is before the first product."""

from __future__ import annotations

from .shop import CATEGORIES, Shop

#: WordPress and WooCommerce use the first numbers themselves
_FIRST_TERM, _FIRST_POST, _FIRST_USER = 14, 10, 1


def fill_bare(shop: Shop) -> None:
    """What every new installation has."""
    shop.ids["term"], shop.ids["post"], shop.ids["user"] = _FIRST_TERM, _FIRST_POST, _FIRST_USER
    number = shop.new_id("term")
    shop.ids["default_category"] = number
    shop.terms[CATEGORIES] = {
        number: {
            "id": number,
            "name": "Uncategorized",
            "slug": "uncategorized",
            "parent": 0,
            "description": "",
            "menu_order": 0,
            "count": 0,
        }
    }
    shop.tax_classes = {"reduced-rate": "Reduced rate", "zero-rate": "Zero rate"}
    names = {"bacs": "Direct bank transfer", "cheque": "Check payments", "cod": "Cash on delivery"}
    titles = {"bacs": "Bonifico bancario", "cheque": "Check payments", "cod": "Contrassegno"}
    shop.gateways = [
        {"id": key, "title": titles[key], "enabled": key != "cheque", "method_title": name}
        for key, name in names.items()
    ]


def fill(shop: Shop) -> None:
    """A shop that is set up: Italian taxes, two ways to ship, vouchers."""
    fill_bare(shop)
    shop.tax_classes["ridotta-10"] = "Ridotta 10"
    rates = (("22.0000", "IVA 22%", "standard", True), ("10.0000", "IVA 10%", "ridotta-10", False))
    for rate, name, tax_class, shipping in (*rates, ("0.0000", "Esente", "zero-rate", False)):
        number = shop.new_id("rate")
        shop.tax_rates[number] = {
            "id": number,
            "country": "IT",
            "state": "",
            "postcode": "",
            "city": "",
            "rate": rate,
            "name": name,
            "priority": 1,
            "compound": False,
            "shipping": shipping,
            "order": 0,
            "class": tax_class,
            "postcodes": [],
            "cities": [],
        }
    zone = shop.new_id("zone")
    shop.zones[zone] = {"id": zone, "name": "Italia", "order": 1}
    for kind, title, cost in (
        ("free_shipping", "Spedizione gratuita", "0"),
        ("flat_rate", "Corriere", "5.74"),
    ):
        number = shop.new_id("method")
        row = {"id": number, "zone": zone, "method_id": kind, "title": title, "cost": cost}
        shop.methods[number] = row
    for code, kind, amount in (("wine10", "percent", "10"), ("grazie5", "fixed_cart", "5")):
        number = shop.new_id("post")
        shop.coupons[number] = {
            "id": number,
            "code": code,
            "amount": amount,
            "discount_type": kind,
            "individual_use": False,
            "free_shipping": False,
            "usage_limit_per_user": None,
            "minimum_amount": "0",
            "date_expires": None,
            "date_created": shop.now(),
        }
