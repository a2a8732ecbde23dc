"""Registered customers and coupons."""

from __future__ import annotations

import re
from datetime import datetime

from .order_view import address_view
from .product_rows import save_meta
from .rest import Call, Reply, RestError, batch, created, missing, no_trash, page_of
from .shop import Row, Shop, date_pair
from .totals import exact, money


class People:
    """Who buys, and with what voucher."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    # --- customers --------------------------------------------------------------------------------

    def customer(self, number: int) -> Row:
        """A customer. Raises RestError."""
        row = self.shop.customers.get(number)
        if row is None:
            raise RestError(404, "wc_user_invalid_id", "Invalid user ID.")
        return row

    def render(self, row: Row) -> Row:
        """A customer as the API shows him."""
        return {
            "id": row["id"],
            **date_pair(self.shop, "date_created", row["date_created"]),
            **date_pair(self.shop, "date_modified", row["date_modified"]),
            "email": row["email"],
            "first_name": row["first_name"],
            "last_name": row["last_name"],
            "role": row["role"],
            "username": row["username"],
            "billing": address_view(row["billing"], billing=True),
            "shipping": address_view(row["shipping"], billing=False),
            "is_paying_customer": False,
            "avatar_url": "https://secure.gravatar.com/avatar/",
            "meta_data": row["meta_data"],
            "_links": {},
        }

    def listed(self, call: Call) -> Reply:
        """Customers; there is no filter by time of change."""
        role = call.args.get("role", "customer")
        rows = [row for row in self.shop.customers.values() if role in {"all", row["role"]}]
        if "email" in call.args:
            rows = [row for row in rows if row["email"].lower() == call.args["email"].lower()]
        if call.values("include"):
            rows = [row for row in rows if row["id"] in call.numbers("include")]
        if "search" in call.args:
            wanted = call.args["search"].lower()
            names = ("email", "username", "first_name", "last_name")
            rows = [row for row in rows if any(wanted in row[name].lower() for name in names)]
        rows.sort(key=lambda row: (row["first_name"] + row["last_name"]).lower())
        return page_of(call, [self.render(row) for row in rows])

    def create_customer(self, body: Row) -> Row:
        """Register somebody; e-mails are unique."""
        email = str(body.get("email", ""))
        if "email" not in body:
            raise missing("email")
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
            raise RestError(400, "customer_invalid_email", "Invalid email address")
        if any(row["email"].lower() == email.lower() for row in self.shop.customers.values()):
            text = (
                f"An account is already registered with {email}. Please log in or use a different "
                "email address."
            )
            raise RestError(400, "registration-error-email-exists", text)
        number = self.shop.new_id("user")
        self.shop.customers[number] = row = {
            "id": number,
            "email": email,
            "first_name": "",
            "last_name": "",
            "role": "customer",
            "username": str(body.get("username") or email.partition("@")[0]),
            "billing": {},
            "shipping": {},
            "meta_data": [],
            "date_created": self.shop.now(),
            "date_modified": self.shop.now(),
        }
        return self.update_customer(number, {**body, "email": email}) and row

    def update_customer(self, number: int, body: Row) -> Row:
        """Change what is named; addresses are merged."""
        row = self.customer(number)
        for name in ("email", "first_name", "last_name"):
            if name in body:
                row[name] = str(body[name])
        for name in ("billing", "shipping"):
            row[name] |= body.get(name) or {}
        save_meta(self.shop, row["meta_data"], body.get("meta_data") or ())
        row["date_modified"] = self.shop.now()
        self.shop.happened("customer", "updated", number)
        return row

    def delete_customer(self, number: int, *, force: bool) -> Row:
        """Remove for good."""
        row = self.customer(number)
        if not force:
            raise no_trash("Customers do")
        del self.shop.customers[number]
        return row

    def post_customer(self, call: Call) -> Reply:
        """Register one."""
        return created(self.render(self.create_customer(call.body)), call)

    def batch_customers(self, call: Call) -> Reply:
        """Several at once."""
        return batch(
            call,
            lambda body: self.render(self.create_customer(body)),
            lambda number, body: self.render(self.update_customer(number, body)),
            lambda number: self.render(self.delete_customer(number, force=True)),
        )

    # --- coupons ----------------------------------------------------------------------------------

    def coupons(self, call: Call) -> Reply:
        """The coupons, newest first."""
        rows = list(self.shop.coupons.values())
        if "code" in call.args:
            rows = [row for row in rows if row["code"] == call.args["code"].lower()]
        rows.sort(key=lambda row: -row["id"])
        return page_of(call, [self._coupon_view(row) for row in rows])

    def create_coupon(self, body: Row) -> Row:
        """Make a coupon; its code is unique and in lower case."""
        code = str(body.get("code", "")).lower()
        if not code:
            raise missing("code")
        if any(row["code"] == code for row in self.shop.coupons.values()):
            text = "The coupon code already exists"
            raise RestError(400, "woocommerce_rest_coupon_code_already_exists", text)
        number = self.shop.new_id("post")
        expires = body.get("date_expires")
        self.shop.coupons[number] = row = {
            "id": number,
            "code": code,
            "amount": str(body.get("amount", "0")),
            "discount_type": str(body.get("discount_type", "fixed_cart")),
            "individual_use": bool(body.get("individual_use", False)),
            "free_shipping": bool(body.get("free_shipping", False)),
            "usage_limit_per_user": body.get("usage_limit_per_user"),
            "minimum_amount": str(body.get("minimum_amount", "0")),
            "date_expires": self.shop.to_utc(datetime.fromisoformat(expires)) if expires else None,
            "date_created": self.shop.now(),
        }
        return row

    def _coupon_view(self, row: Row) -> Row:
        return {
            "id": row["id"],
            "code": row["code"],
            "amount": money(exact(row["amount"])),
            "status": "publish",
            **date_pair(self.shop, "date_created", row["date_created"]),
            **date_pair(self.shop, "date_modified", row["date_created"]),
            "discount_type": row["discount_type"],
            "description": "",
            **date_pair(self.shop, "date_expires", row["date_expires"]),
            "usage_count": 0,
            "individual_use": row["individual_use"],
            "product_ids": [],
            "excluded_product_ids": [],
            "usage_limit": None,
            "usage_limit_per_user": row["usage_limit_per_user"],
            "limit_usage_to_x_items": None,
            "free_shipping": row["free_shipping"],
            "product_categories": [],
            "excluded_product_categories": [],
            "exclude_sale_items": False,
            "minimum_amount": money(exact(row["minimum_amount"])),
            "maximum_amount": "0.00",
            "email_restrictions": [],
            "used_by": [],
            "meta_data": [],
            "_links": {},
        }

    def post_coupon(self, call: Call) -> Reply:
        """Make one."""
        return created(self._coupon_view(self.create_coupon(call.body)), call)
