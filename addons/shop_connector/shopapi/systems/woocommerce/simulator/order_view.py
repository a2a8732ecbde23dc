"""How an order or refund looks in an answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .media import Media
from .product_view import ProductView
from .rest import Call
from .shop import Row, Shop, date_pair
from .totals import ZERO, line_tax, money, rounded, sums, tax_lines

_ADDRESS = (
    "first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode",
    "country",
)  # fmt: skip


def address_view(address: Row, *, billing: bool) -> Row:
    """An address with all its fields."""
    names = (*_ADDRESS, *(("email",) if billing else ()), "phone")
    return {name: str(address.get(name, "")) for name in names}


class OrderView:
    """Draws orders."""

    def __init__(self, shop: Shop, media: Media, products: ProductView) -> None:
        self.shop = shop
        self.media = media
        self.products = products

    def order(self, row: Row, call: Call) -> Row:
        """An order as the API shows it."""
        totals = sums(row)
        dates = {
            **date_pair(self.shop, "date_created", row["date_created"]),
            **date_pair(self.shop, "date_modified", row["date_modified"]),
            **date_pair(self.shop, "date_completed", row["date_completed"]),
            **date_pair(self.shop, "date_paid", row["date_paid"]),
        }
        address = f"{call.home}/checkout/order-pay/{row['id']}/"
        return {
            "id": row["id"],
            "parent_id": 0,
            "status": row["status"],
            "currency": row["currency"],
            "version": row["version"],
            "prices_include_tax": row["prices_include_tax"],
            "date_created": dates["date_created"],
            "date_modified": dates["date_modified"],
            **{name: money(value) for name, value in totals.items()},
            "customer_id": row["customer_id"],
            "order_key": row["order_key"],
            "billing": address_view(row["billing"], billing=True),
            "shipping": address_view(row["shipping"], billing=False),
            **{name: row[name] for name in ("payment_method", "payment_method_title")},
            "transaction_id": row["transaction_id"],
            "customer_ip_address": "",
            "customer_user_agent": "",
            "created_via": row["created_via"],
            "customer_note": row["customer_note"],
            "date_completed": dates["date_completed"],
            "date_paid": dates["date_paid"],
            "cart_hash": "",
            "number": str(row["id"]),
            "meta_data": row["meta_data"],
            **self._lines(row, call),
            "payment_url": f"{address}?pay_for_order=true&key={row['order_key']}",
            "is_editable": row["status"] in {"pending", "on-hold", "auto-draft"},
            "needs_payment": row["status"] in {"pending", "failed"} and totals["total"] > 0,
            "needs_processing": any(line["product_id"] for line in row["line_items"]),
            **{f"{name}_gmt": dates[f"{name}_gmt"] for name in ("date_created", "date_modified")},
            **{f"{name}_gmt": dates[f"{name}_gmt"] for name in ("date_completed", "date_paid")},
            "currency_symbol": "\u20ac",
            "_links": {},
        }

    def _lines(self, row: Row, call: Call) -> Row:
        refunds = [each for each in self.shop.refunds.values() if each["order"] == row["id"]]
        return {
            "line_items": [self.line(line, call) for line in row["line_items"]],
            "tax_lines": self._tax_lines(row),
            "shipping_lines": [self._shipping(line) for line in row["shipping_lines"]],
            "fee_lines": [self._fee(line) for line in row["fee_lines"]],
            "coupon_lines": [self._coupon(line) for line in row["coupon_lines"]],
            "refunds": [
                {
                    "id": each["id"],
                    "reason": each["reason"],
                    "total": money(-each["amount"]),
                    **({"total_tax": money(-each["tax"])} if self.shop.since(10) else {}),
                }
                for each in sorted(refunds, key=lambda each: -each["id"])
            ],
        }

    def line(self, line: Row, call: Call) -> Row:
        """A line of goods."""
        sold = self.shop.products.get(line["variation_id"] or line["product_id"])
        above = self.products.parent(sold) if sold is not None else None
        quantity = line["quantity"]
        shown = {
            "id": line["id"],
            "name": line["name"],
            "product_id": line["product_id"],
            "variation_id": line["variation_id"],
            "quantity": quantity,
            "tax_class": line["tax_class"],
            "subtotal": money(line["subtotal"]),
            "subtotal_tax": money(line_tax(line, "subtotal_taxes")),
            "total": money(line["total"]),
            "total_tax": money(line_tax(line)),
            "taxes": [
                {"id": rate, "total": money(tax), "subtotal": money(line["subtotal_taxes"][rate])}
                for rate, tax in line["taxes"].items()
            ],
            "meta_data": [self._shown_meta(item) for item in line["meta_data"]],
            "sku": sold["sku"] if sold is not None else None,
        }
        if self.shop.since(9, 2):
            shown["global_unique_id"] = sold["gtin"] if sold is not None else None
        unit = float(line["total"]) / quantity if quantity else 0
        return shown | {
            "price": int(unit) if unit == int(unit) else unit,
            "image": self._image(sold, call),
            "parent_name": above["name"] if above is not None else None,
        }

    def _image(self, sold: Row | None, call: Call) -> Row:
        if sold is None:
            return {"id": 0, "src": ""}
        own = self.media.shown(sold["images"][0], call.home) if sold["images"] else None
        if own is None:
            return {"id": "", "src": ""}
        number = own["id"] if sold["parent_id"] else str(own["id"])
        return {"id": number, "src": own["src"]}

    def _shown_meta(self, item: Row) -> Row:
        name = next(
            (row["name"] for row in self.shop.attributes.values() if row["slug"] == item["key"]),
            item["key"],
        )
        text = item.get("display_value", item["value"])
        return {
            **{key: item[key] for key in ("id", "key", "value")},
            "display_key": name,
            "display_value": text,
        }

    def _tax_lines(self, row: Row) -> list[Row]:
        shown = []
        for rate_id, (goods, carriage) in tax_lines(self.shop, row).items():
            rate = self.shop.tax_rates[rate_id]
            percent = float(rate["rate"])
            shown.append(
                {
                    "id": row["tax_ids"].setdefault(rate_id, self.shop.new_id("item")),
                    "rate_code": _rate_code(rate),
                    "rate_id": rate_id,
                    "label": rate["name"],
                    "compound": False,
                    "tax_total": money(goods),
                    "shipping_tax_total": money(carriage),
                    "rate_percent": int(percent) if percent == int(percent) else percent,
                    "meta_data": [],
                }
            )
        return shown

    def _shipping(self, line: Row) -> Row:
        shown = {
            "id": line["id"],
            "method_title": line["method_title"],
            "method_id": line["method_id"],
            "instance_id": line["instance_id"],
            "total": money(line["total"]),
            "total_tax": money(line_tax(line)),
            "taxes": _flat_taxes(line),
        }
        if self.shop.since(9):
            shown["tax_status"] = "taxable"
        return shown | {"meta_data": line["meta_data"]}

    def _fee(self, line: Row) -> Row:
        return {
            "id": line["id"],
            "name": line["name"],
            "tax_class": line["tax_class"],
            "tax_status": line["tax_status"],
            "amount": "",
            "total": money(line["total"]),
            "total_tax": money(line_tax(line)),
            "taxes": _flat_taxes(line),
            "meta_data": line["meta_data"],
        }

    def _coupon(self, line: Row) -> Row:
        shown = {
            "id": line["id"],
            "code": line["code"],
            "discount": money(line["discount"]),
            "discount_tax": money(line["discount_tax"]),
            "meta_data": [],
        }
        if self.shop.since(8, 7):
            amount = float(line["amount"])
            shown |= {
                "discount_type": line["discount_type"],
                "nominal_amount": int(amount) if amount == int(amount) else amount,
                "free_shipping": line["free_shipping"],
            }
        return shown

    # --- refunds ----------------------------------------------------------------------------------

    def refund(self, row: Row, call: Call, *, with_order: bool = False) -> Row:
        """A refund: everything is negative."""
        shown: Row = {"id": row["id"]}
        if with_order:
            shown["parent_id"] = row["order"]
        taxes: dict[int, list[Decimal]] = {}
        for place, kind in enumerate(("line_items", "shipping_lines")):
            for line in row[kind]:
                for rate, tax in line["taxes"].items():
                    taxes.setdefault(rate, [ZERO, ZERO])[place] += rounded(tax)
        return shown | {
            **date_pair(self.shop, "date_created", row["date_created"]),
            "amount": money(row["amount"]),
            "reason": row["reason"],
            "refunded_by": 1,
            "refunded_payment": False,
            "meta_data": row["meta_data"],
            "line_items": [self.line(line, call) for line in row["line_items"]],
            "shipping_lines": [self._shipping(line) for line in row["shipping_lines"]],
            "tax_lines": [self._refunded_tax(rate, amounts) for rate, amounts in taxes.items()],
            "fee_lines": [],
            "_links": {},
        }

    def _refunded_tax(self, rate_id: int, amounts: list[Decimal]) -> Row:
        rate = self.shop.tax_rates[rate_id]
        return {
            "id": self.shop.ids["item"],
            "rate_code": _rate_code(rate),
            "rate_id": rate_id,
            "label": rate["name"],
            "compound": False,
            "tax_total": money(amounts[0]),
            "shipping_tax_total": money(amounts[1]),
            "rate_percent": int(float(rate["rate"])),
            "meta_data": [],
        }


def _rate_code(rate: Row) -> str:
    return f"{rate['country']}-{rate['name']}-1".upper()


def _flat_taxes(line: Row) -> list[dict[str, Any]]:
    return [
        {"id": rate, "total": money(tax), "subtotal": ""} for rate, tax in line["taxes"].items()
    ]
