"""Orders: how they are asked for, made and changed, and what that does to the stock."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from .order_filters import check_status, check_statuses, in_time
from .order_view import OrderView
from .product_rows import save_meta, sort_rows
from .products import Products
from .rest import Call, Faults, Reply, RestError, batch, created, invalid_id, moment_of, page_of
from .shop import Row, Shop
from .totals import ZERO, calculate, exact, line_tax, net_price

_TAKING = {"processing", "on-hold", "completed"}
_GIVING = {"pending", "cancelled", "failed"}
#: the mail a customer gets with a status
_MAILS = {"processing", "on-hold", "completed"}
_FIELDS = ("payment_method", "payment_method_title", "transaction_id", "customer_note")


class Orders:
    """The orders of the shop."""

    def __init__(self, shop: Shop, products: Products) -> None:
        self.shop = shop
        self.products = products
        self.view = OrderView(shop, products.media, products.view)

    # --- asking -----------------------------------------------------------------------------------

    def get(self, number: int) -> Row:
        """An order. Raises RestError."""
        row = self.shop.orders.get(number)
        if row is None:
            raise invalid_id("shop_order", 404)
        return row

    def listed(self, call: Call) -> Reply:
        """Orders by the filters of the query."""
        faults = Faults()
        names = ("after", "before", "modified_after", "modified_before")
        limits = {name: moment_of(self.shop, call, name, faults) for name in names}
        statuses = call.values("status") or ["any"]
        check_statuses(statuses, faults)
        faults.raise_any()
        rows = [row for row in self.shop.orders.values() if self._fits(row, call, limits, statuses)]
        reply = page_of(call, sort_rows(rows, call), hides_total=self.shop.since(8, 3))
        reply.content = [self.view.order(row, call) for row in reply.content]
        return reply

    def _fits(
        self, row: Row, call: Call, limits: Mapping[str, datetime | None], statuses: list[str]
    ) -> bool:
        if "any" in statuses:
            if row["status"] in {"trash", "checkout-draft"} - set(statuses):
                return False
        elif row["status"] not in statuses:
            return False
        languages = self.shop.languages
        asked = call.args.get("lang") or (languages[0] if languages else "all")
        if not in_time(row, limits) or asked not in {"all", row.get("lang", asked)}:
            return False
        if call.values("include") and row["id"] not in call.numbers("include"):
            return False
        if "customer" in call.args and str(row["customer_id"]) != call.args["customer"]:
            return False
        if "product" in call.args:
            sold = {str(line["product_id"]) for line in row["line_items"]}
            if call.args["product"] not in sold:
                return False
        if "search" in call.args:
            texts = [*row["billing"].values(), *row["shipping"].values(), row["id"]]
            texts += [line["name"] for line in row["line_items"]]
            wanted = call.args["search"].lower()
            return any(wanted in str(text).lower() for text in texts)
        return True

    # --- making and changing ----------------------------------------------------------------------

    def create(self, body: Row, via: str = "rest-api") -> Row:
        """Make an order; nearly everything is accepted."""
        faults = Faults()
        if "status" in body:
            check_status(str(body["status"]), faults)
        faults.raise_any()
        customer = int(body.get("customer_id") or 0)
        if customer and customer not in self.shop.customers:
            text = "Customer ID is invalid."
            raise RestError(400, "woocommerce_rest_invalid_customer_id", text)
        row = self._new(customer, via)
        self.shop.orders[row["id"]] = row
        try:
            self._fill(row, body)
            self._apply_coupons(row, body)
        except RestError:
            # an unknown coupon leaves a draft behind, everything else nothing
            calculate(self.shop, row)
            if row["status"] != "checkout-draft":
                del self.shop.orders[row["id"]]
            raise
        calculate(self.shop, row)
        self.set_status(row, str(body.get("status", "pending")), paid=bool(body.get("set_paid")))
        self.shop.happened("order", "created", row["id"])
        self.shop.happened("order", "updated", row["id"])
        return row

    def _new(self, customer: int, via: str) -> Row:
        return {
            "id": self.shop.new_id("post"),
            "status": "pending",
            "currency": self.shop.settings.currency,
            "version": self.shop.version,
            "prices_include_tax": self.shop.settings.prices_include_tax,
            "customer_id": customer,
            "order_key": f"wc_order_{secrets.token_hex(7)}",
            "billing": {},
            "shipping": {},
            "payment_method": "",
            "payment_method_title": "",
            "transaction_id": "",
            "customer_note": "",
            "created_via": via,
            "date_created": self.shop.now(),
            "date_modified": self.shop.now(),
            "date_completed": None,
            "date_paid": None,
            "meta_data": [],
            "line_items": [],
            "shipping_lines": [],
            "fee_lines": [],
            "coupon_lines": [],
            "tax_ids": {},
        }

    def update(self, number: int, body: Row) -> Row:
        """Change what is named."""
        row = self.get(number)
        faults = Faults()
        if "status" in body:
            check_status(str(body["status"]), faults)
        faults.raise_any()
        self._fill(row, body)
        kinds = {"line_items", "shipping_lines", "fee_lines", "billing", "shipping"}
        if kinds & set(body):
            calculate(self.shop, row)
            self._adjust_stock(row)
        row["date_modified"] = self.shop.now()
        paid = bool(body.get("set_paid"))
        self.set_status(row, str(body.get("status", row["status"])), paid=paid)
        self.shop.happened("order", "updated", number)
        return row

    def _fill(self, row: Row, body: Row) -> None:
        for name in _FIELDS:
            if body.get(name) is not None:
                row[name] = str(body[name])
        if "currency" in body:
            row["currency"] = body["currency"]
        for name in ("billing", "shipping"):
            row[name] |= {
                key: value for key, value in (body.get(name) or {}).items() if value is not None
            }
        save_meta(self.shop, row["meta_data"], body.get("meta_data") or ())
        for kind, make in (
            ("line_items", self._goods),
            ("shipping_lines", self._carriage),
            ("fee_lines", self._fee),
        ):
            for item in body.get(kind) or ():
                self._save_line(row, kind, item, make)

    def _save_line(self, row: Row, kind: str, item: Row, make: Any) -> None:
        number = item.get("id")
        if not number:
            row[kind].append(make(item))
            return
        line = next((each for each in row[kind] if each["id"] == int(number)), None)
        if line is None:
            text = "Order item ID provided is not associated with order."
            raise RestError(400, "woocommerce_rest_invalid_item_id", text)
        name = {"line_items": "product_id", "shipping_lines": "method_id", "fee_lines": "name"}
        if (name[kind] in item and item[name[kind]] is None) or item.get("quantity") == 0:
            self._return_stock(line)
            row[kind].remove(line)
            return
        for key in ("subtotal", "total"):
            if key in item and key in line:
                line[key] = exact(item[key])
        for key in ("name", "method_id", "method_title", "instance_id", "tax_class", "tax_status"):
            if key in item and key in line:
                line[key] = item[key]
        if "quantity" in item:
            line["quantity"] = int(item["quantity"])
        save_meta(self.shop, line["meta_data"], item.get("meta_data") or ())

    def _goods(self, item: Row) -> Row:
        if not (item.get("product_id") or item.get("variation_id") or item.get("sku")):
            text = "Product ID or SKU is required."
            raise RestError(400, "woocommerce_rest_required_product_reference", text)
        sold = self._sold(item)
        quantity = int(item.get("quantity", 1))
        view, unit = self.products.view, ZERO
        tax_class = str(item.get("tax_class", ""))
        if sold is not None:
            tax_class = view.tax_class(sold)
            unit = Decimal(view.price(sold) or 0)
        worth = exact(net_price(self.shop, unit * quantity, tax_class))
        total = exact(item["total"]) if "total" in item else worth
        subtotal = exact(item["subtotal"]) if "subtotal" in item else total
        line: Row = {
            "id": self.shop.new_id("item"),
            "name": str(item.get("name") or (view._name(sold) if sold is not None else "")),
            "product_id": 0,
            "variation_id": 0,
            "quantity": quantity,
            "tax_class": tax_class,
            "subtotal": subtotal,
            "total": total,
            "meta_data": [],
        }
        if sold is not None:
            line["product_id"] = sold["parent_id"] or sold["id"]
            line["variation_id"] = sold["id"] if sold["parent_id"] else 0
            for chosen in view.option_names(sold) if sold["parent_id"] else ():
                self._note_option(line, chosen)
        meta: list[Row] = line["meta_data"]
        save_meta(self.shop, meta, item.get("meta_data") or ())
        return line

    def _note_option(self, line: Row, chosen: Row) -> None:
        known = self.shop.attributes.get(chosen["id"])
        term = self.products.view._term_of(chosen["id"], chosen["option"]) if known else None
        line["meta_data"].append(
            {
                "id": self.shop.new_id("meta"),
                "key": known["slug"] if known else chosen["name"].lower(),
                "value": term["slug"] if term else chosen["option"],
                "display_value": chosen["option"],
            }
        )

    def _sold(self, item: Row) -> Row | None:
        number = int(item.get("variation_id") or item.get("product_id") or 0)
        if number:
            return self.shop.products.get(number)
        code = str(item.get("sku") or "")
        rows = self.shop.products.values()
        return next((row for row in rows if code and row["sku"] == code), None)

    def _carriage(self, item: Row) -> Row:
        return {
            "id": self.shop.new_id("item"),
            "method_title": str(item.get("method_title", "")),
            "method_id": str(item.get("method_id", "")),
            "instance_id": str(item.get("instance_id", "")),
            "total": exact(item.get("total")),
            "meta_data": list(item.get("meta_data") or ()),
        }

    def _fee(self, item: Row) -> Row:
        return {
            "id": self.shop.new_id("item"),
            "name": str(item.get("name", "")),
            "tax_class": str(item.get("tax_class", "")),
            "tax_status": str(item.get("tax_status", "taxable")),
            "total": exact(item.get("total")),
            "meta_data": list(item.get("meta_data") or ()),
        }

    def _apply_coupons(self, row: Row, body: Row) -> None:
        for item in body.get("coupon_lines") or ():
            code = str(item.get("code", "")).lower()
            coupon = next((c for c in self.shop.coupons.values() if c["code"] == code), None)
            if coupon is None:
                row["status"] = "checkout-draft"
                text = f"Coupon &quot;{code}&quot; cannot be applied because it does not exist."
                raise RestError(
                    400, "woocommerce_rest_invalid_coupon", text, new_draft_order_id=row["id"]
                )
            self.discount(row, coupon)

    def discount(self, row: Row, coupon: Row) -> None:
        """Take a coupon off the lines; a fixed amount is spread by what they cost."""
        calculate(self.shop, row)
        before = {line["id"]: (line["total"], line_tax(line)) for line in row["line_items"]}
        amount = Decimal(coupon["amount"])
        whole = sum((total + tax for total, tax in before.values()), ZERO)
        for line in row["line_items"]:
            total = before[line["id"]][0]
            share = amount / 100
            if coupon["discount_type"] != "percent":
                share = min(amount / whole, Decimal(1)) if whole else ZERO
            line["total"] = exact(total - total * share)
        calculate(self.shop, row)
        after = [(before[line["id"]], line["total"], line_tax(line)) for line in row["line_items"]]
        row["coupon_lines"].append(
            {
                "id": self.shop.new_id("item"),
                "code": coupon["code"],
                "discount": sum((was[0] - now for was, now, _tax in after), ZERO),
                "discount_tax": sum((was[1] - tax for was, _now, tax in after), ZERO),
                **{key: coupon[key] for key in ("discount_type", "amount", "free_shipping")},
            }
        )

    # --- status and stock -------------------------------------------------------------------------

    def set_status(self, row: Row, status: str, *, paid: bool = False) -> None:
        """Change the status with all it does: stock, date of payment, mails."""
        if paid and status == "pending":
            status = "processing"
        changed = row["status"] != status
        row["status"] = status
        by_hand = row["payment_method"] == "cod"
        pays = status == "completed" or paid or (status == "processing" and not by_hand)
        if row["date_paid"] is None and pays:
            row["date_paid"] = self.shop.now()
        if status == "completed" and row["date_completed"] is None:
            row["date_completed"] = self.shop.now()
        if status in _TAKING:
            for line in row["line_items"]:
                self._take_stock(line)
        elif status in _GIVING:
            for line in row["line_items"]:
                self._return_stock(line)
        if changed:
            row["date_modified"] = self.shop.now()
            if status in _MAILS and row["billing"].get("email"):
                self.shop.mails.append((row["id"], status))

    def _holder(self, line: Row) -> Row | None:
        sold = self.shop.products.get(line["variation_id"] or line["product_id"])
        if sold is None:
            return None
        holder = self.products.view.stock_holder(sold)
        return holder if holder["manage_stock"] else None

    def _taken(self, line: Row) -> Row | None:
        return next((item for item in line["meta_data"] if item["key"] == "_reduced_stock"), None)

    def _take_stock(self, line: Row) -> None:
        holder = self._holder(line)
        if holder is None or self._taken(line) is not None:
            return
        self._move(holder, -line["quantity"])
        value = {"key": "_reduced_stock", "value": str(line["quantity"])}
        save_meta(self.shop, line["meta_data"], [value])

    def _return_stock(self, line: Row) -> None:
        taken, holder = self._taken(line), self._holder(line)
        if taken is None or holder is None:
            return
        self._move(holder, int(taken["value"]))
        line["meta_data"].remove(taken)

    def _adjust_stock(self, row: Row) -> None:
        """Lines whose quantity was changed take or give back the difference."""
        for line in row["line_items"]:
            taken, holder = self._taken(line), self._holder(line)
            if taken is not None and holder is not None:
                self._move(holder, int(taken["value"]) - line["quantity"])
                taken["value"] = str(line["quantity"])

    def _move(self, holder: Row, units: int) -> None:
        if units:
            holder["stock_quantity"] += units
            self.shop.touch(holder)

    # --- removing ---------------------------------------------------------------------------------

    def delete(self, number: int, *, force: bool) -> Row:
        """Into the trash, or for good; no stock comes back."""
        row = self.get(number)
        answer = dict(row)
        if force:
            del self.shop.orders[number]
            return answer
        row |= {"status": "trash", "date_modified": self.shop.now()}
        self.shop.happened("order", "deleted", number)
        return answer

    # --- calls ------------------------------------------------------------------------------------

    def post(self, call: Call) -> Reply:
        """Make one."""
        return created(self.view.order(self.create(call.body), call), call)

    def batch(self, call: Call) -> Reply:
        """Several at once."""
        return batch(
            call,
            lambda body: self.view.order(self.create(body), call),
            lambda number, body: self.view.order(self.update(number, body), call),
            lambda number: self.view.order(self.delete(number, force=True), call),
        )
