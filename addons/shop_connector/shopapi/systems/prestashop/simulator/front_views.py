"""What the pages of the visitor's shop show, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .cart import ZERO, Buyer
from .checkout import PAYMENT_NAMES, Checkouts
from .orders import CartLine
from .shop import Shop
from .store import Record

_HOME = 2
VISITOR = 1


class FrontViews:
    """Reads the shop for its pages; prices are with tax, for a visitor at home."""

    def __init__(self, shop: Shop, checkouts: Checkouts) -> None:
        self.shop = shop
        self.store = shop.store
        self.checkouts = checkouts

    @property
    def _visitor(self) -> Buyer:
        return Buyer(country=self.shop.home_country, group=VISITOR)

    # --- catalogue -----------------------------------------------------------------------------

    def menu(self, language: int) -> list[dict[str, Any]]:
        """Return the category tree, two levels deep."""
        return [
            {
                "id": each.id,
                "name": each.text("name", language),
                "children": [
                    {"id": child.id, "name": child.text("name", language)}
                    for child in self._children(each.id)
                ],
            }
            for each in self._children(_HOME)
        ]

    def _children(self, category: int) -> list[Record]:
        found = [
            each
            for each in self.store.find("categories", id_parent=category)
            if each.values["active"] == "1"
        ]
        return sorted(found, key=lambda each: (each.number("position"), each.id))

    def catalogue(
        self, language: int, category_id: int, group: int = VISITOR
    ) -> dict[str, Any] | None:
        """Return a category with its products, None for one that the group does not know."""
        category = self.store.get("categories", category_id)
        if category is None or group not in self.shop.category_groups.get(category_id, {group}):
            return None
        products = [
            self._card(product, language)
            for product in self.store.all("products")
            if self._is_shown(product, group)
            and (category_id == _HOME or self._is_in(product, category_id))
        ]
        return {
            "category": {
                "id": category.id,
                "name": category.text("name", language),
                "description": category.text("description", language),
                "is_home": category_id == _HOME,
            },
            "products": products,
        }

    def _is_shown(self, product: Record, group: int) -> bool:
        values = product.values
        on_sale = values["active"] == "1" and values.get("visibility", "both") in {
            "both",
            "catalog",
        }
        return on_sale and self.shop.may_see(product, group)

    def _is_in(self, product: Record, category: int) -> bool:
        ids = {int(row["id"]) for row in product.associations.get("categories", ())}
        return category in ids or any(child.id in ids for child in self._children(category))

    def _card(self, product: Record, language: int) -> dict[str, Any]:
        combinations = self.store.find("combinations", id_product=product.id)
        prices = [self._gross(product, each) for each in combinations]
        prices = prices or [self._gross(product, None)]
        maker = self.store.get("manufacturers", product.values["id_manufacturer"])
        return {
            "id": product.id,
            "name": product.text("name", language),
            "summary": product.text("description_short", language),
            "maker": maker.values["name"] if maker else "",
            "price": min(prices),
            "has_range": len(set(prices)) > 1,
            "options": len(combinations),
            "stock": self._stock(product, None),
            "picture": self.shop.pictures.cover(product.id),
            "reference": product.values["reference"],
        }

    def _gross(self, product: Record, combination: Record | None) -> Decimal:
        return self.shop.pricing.line(product, combination, 1, self._visitor).gross

    def _stock(self, product: Record, combination: Record | None) -> int:
        row = self.shop.stock.row(product.id, combination.id if combination else 0)
        return row.number("quantity") if row else 0

    def product(
        self, language: int, number: str, option: str, group: int = VISITOR
    ) -> dict[str, Any] | None:
        """Return a product with its combinations and the chosen one.

        None for one that is not there, or not for this customer group.
        """
        product = self.store.get("products", number)
        if product is None or product.values["active"] != "1":
            return None
        if not self.shop.may_see(product, group):
            return None
        combinations = self.store.find("combinations", id_product=product.id)
        chosen = next((each for each in combinations if str(each.id) == option), None)
        if chosen is None and combinations:
            chosen = self.shop.views.default_combination(product.id) or combinations[0]
        line = self.shop.pricing.line(product, chosen, 1, self._visitor)
        before = line.original * (1 + line.rate)
        return {
            "product": {
                **self._card(product, language),
                **self._details(product, chosen, language),
                "weight": line.weight,
            },
            "chosen": chosen.id if chosen else 0,
            "options": [
                {
                    "id": each.id,
                    "name": self.option_name(each, language),
                    "price": self._gross(product, each),
                }
                for each in combinations
            ],
            "price": line.gross,
            "before": before if before > line.gross + Decimal("0.01") else None,
            "stock": self._stock(product, chosen),
            "available": self.checkouts.is_available(product, chosen, 1),
            "tax": line.rate * 100,
        }

    def _details(self, product: Record, chosen: Record | None, language: int) -> dict[str, Any]:
        coded = chosen or product
        pictures = self.shop.pictures.of_product(product.id)
        rows = chosen.associations.get("images", ()) if chosen else ()
        own = [int(row["id"]) for row in rows if int(row["id"]) in pictures]
        return {
            "description": product.text("description", language),
            "ean13": coded.values.get("ean13", ""),
            "reference": coded.values["reference"] or product.values["reference"],
            "features": self._features(product, language),
            "pictures": pictures,
            "shown": own[0] if own else self.shop.pictures.cover(product.id),
            "orderable": product.values["available_for_order"] == "1",
        }

    def option_name(self, combination: Record, language: int) -> str:
        """Return the option values of a combination in a row."""
        names = []
        for row in combination.associations.get("product_option_values", ()):
            value = self.store.get("product_option_values", row["id"])
            if value is not None:
                names.append(value.text("name", language))
        return " · ".join(names) or combination.values["reference"]

    def _features(self, product: Record, language: int) -> list[tuple[str, str]]:
        rows = []
        for row in product.associations.get("product_features", ()):
            feature = self.store.get("product_features", row["id"])
            value = self.store.get("product_feature_values", row.get("id_feature_value", ""))
            if feature is not None and value is not None:
                rows.append((feature.text("name", language), value.text("value", language)))
        return rows

    # --- cart and checkout ---------------------------------------------------------------------

    def cart(self, language: int, lines: Sequence[CartLine]) -> dict[str, Any]:
        """Return the cart's lines with their prices."""
        shown = []
        total = ZERO
        for product, combination, quantity in lines:
            line = self.shop.pricing.line(product, combination, quantity, self._visitor)
            shown.append(
                {
                    "product": product.id,
                    "combination": combination.id if combination else 0,
                    "name": product.text("name", language),
                    "option": self.option_name(combination, language) if combination else "",
                    "picture": self.shop.pictures.cover(product.id),
                    "quantity": quantity,
                    "unit": line.unit_gross,
                    "total": line.gross,
                    "available": self.checkouts.is_available(product, combination, quantity),
                }
            )
            total += line.gross
        return {"lines": shown, "total": total}

    def checkout(self, language: int, lines: Sequence[CartLine]) -> dict[str, Any]:
        """Return the cart and all that can be chosen."""
        shipping = self.shop.settings.shipping
        return {
            **self.cart(language, lines),
            "countries": [
                (each.values["iso_code"], each.text("name", language))
                for each in self.store.all("countries")
                if each.values["active"] == "1"
            ],
            "provinces": [
                (each.values["iso_code"], each.values["name"]) for each in self.store.all("states")
            ],
            "carriers": [
                {
                    "id": each.id,
                    "name": each.values["name"],
                    "delay": each.text("delay", language),
                    "price": shipping.get(each.id, ZERO),
                }
                for each in self.store.all("carriers")
                if each.values["active"] == "1" and each.id != self.shop.settings.heavy_carrier
            ],
            "payments": {code: names[language - 1] for code, names in PAYMENT_NAMES.items()},
            "wrapping": self.shop.settings.wrapping,
        }

    # --- orders --------------------------------------------------------------------------------

    def orders(self, language: int, reference: str, email: str) -> list[dict[str, Any]]:
        """Return the orders with this reference that belong to the e-mail address."""
        found = []
        for order in self.store.find("orders", reference=reference):
            customer = self.store.get("customers", order.values["id_customer"])
            if customer is not None and customer.values["email"].casefold() == email.casefold():
                found.append(self._order(order, language))
        return found

    def _order(self, order: Record, language: int) -> dict[str, Any]:
        state = self.store.one("order_states", order.values["current_state"])
        carrier = self.store.get("carriers", order.values["id_carrier"])
        shipment = self.store.first("order_carriers", id_order=order.id)
        tracking = shipment.values["tracking_number"] if shipment else ""
        url = carrier.values["url"].replace("@", tracking) if carrier and tracking else ""
        currency = self.store.one("currencies", order.values["id_currency"])
        return {
            "id": order.id,
            "date": order.values["date_add"],
            "values": order.values,
            "state": state.text("name", language),
            "color": state.values["color"],
            "carrier": carrier.values["name"] if carrier else "",
            "tracking": tracking,
            "tracking_url": url,
            "symbol": currency.text("symbol", language) or "€",
            "rows": [row.values for row in self.store.find("order_details", id_order=order.id)],
            "delivery": self._address(order.values["id_address_delivery"], language),
            "invoice": self._address(order.values["id_address_invoice"], language),
        }

    def _address(self, number: str, language: int) -> list[str]:
        address = self.store.get("addresses", number)
        if address is None:
            return []
        values = address.values
        country = self.store.get("countries", values["id_country"])
        lines = [
            values["company"],
            values["vat_number"],
            f"{values['firstname']} {values['lastname']}",
            values["address1"],
            values["address2"],
            f"{values['postcode']} {values['city']}",
            country.text("name", language) if country else "",
        ]
        return [line for line in lines if line]
