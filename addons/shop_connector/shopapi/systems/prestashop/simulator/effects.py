"""What the shop does around a write, resource by resource: defaults, checks, consequences."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from .cart import six
from .faults import Crash, ServiceError
from .multistore import MultiStore
from .orders import Orders
from .pictures import Pictures
from .placing import Placing
from .schema import Resource
from .special_prices import special_key
from .stock import Stock
from .store import Record
from .validation import empty_field, slug
from .views import Views

_NEW_GENERATION = 6  # hours in the past that the shop notes for a new password
# what PHP's constructors set before the document is read
_MEMORY_DEFAULTS = {
    "products": {"id_shop_default": "1", "condition": "new", "visibility": "both"},
    "categories": {"id_shop_default": "1"},
    "customers": {"id_lang": "1", "id_shop": "1", "id_shop_group": "1"},
    "cart_rules": {"reduction_currency": "1"},
    "currencies": {"precision": "2"},
}
_CURRENCY_NUMBERS = {"EUR": "978", "HUF": "348", "USD": "840", "GBP": "826", "CHF": "756"}
_COMPUTED = {
    "products": ("position_in_category", "id_default_image", "id_default_combination"),
}

Preparation = Callable[[Resource, Record, Record | None], None]


class Effects:
    """Hooks of the writer; one instance per shop."""

    def __init__(
        self, store: MultiStore, views: Views, pictures: Pictures, orders: Orders, stock: Stock
    ) -> None:
        self.store = store
        self.views = views
        self.pictures = pictures
        self.orders = orders
        self.stock = stock
        self.placing = Placing(store, orders)
        self._preparations: dict[str, Preparation] = {
            "products": self._prepare_product,
            "customers": self._prepare_customer,
            "currencies": self._prepare_currency,
            "carts": self._prepare_cart,
            "order_slip": self._prepare_slip,
            "order_details": self._prepare_detail,
            "combinations": self._prepare_combination,
            "categories": self._prepare_category,
        }

    # --- before --------------------------------------------------------------------------------

    def prepare(self, resource: Resource, written: Record, current: Record | None) -> None:
        """Complete or refuse what was sent, before it is validated; `current` is None for POST."""
        for name, value in _MEMORY_DEFAULTS.get(resource.name, {}).items():
            if not written.values.get(name):
                own_store = name in {"id_shop", "id_shop_default"} and self.store.has_several
                written.values[name] = str(self.store.current) if own_store else value
        prepare = self._preparations.get(resource.name)
        if prepare is not None:
            prepare(resource, written, current)

    def _prepare_product(self, resource: Resource, written: Record, current: Record | None) -> None:
        if not self.store.schema.at_least(1, 7):
            if not any(written.texts.get("link_rewrite", {}).values()):
                named = current is None and any(written.texts.get("name", {}).values())
                raise empty_field(resource, "link_rewrite", "not valid" if named else "empty")
            return
        links = written.texts.get("link_rewrite")
        if current is None:
            names = written.texts.get("name", {})
            # a name without language nodes gives no address at all
            made = {} if -1 in names else {key: slug(name) for key, name in names.items()}
            links = links or dict.fromkeys(self.store.languages, "")
            written.texts["link_rewrite"] = {
                key: slug(link) if link else made.get(key, "") for key, link in links.items()
            }
        elif links:
            written.texts["link_rewrite"] = {key: slug(link) for key, link in links.items()}

    def _prepare_cart(self, _resource: Resource, written: Record, _current: Record | None) -> None:
        """Order the rows as the key of their table does, and complete them."""
        rows = written.associations.get("cart_rows", [])
        for row in rows:
            row["id_customization"] = row.get("id_customization") or "0"
        rows.sort(
            key=lambda row: (
                int(row.get("id_product") or 0),
                int(row.get("id_product_attribute") or 0),
            )
        )

    def _prepare_slip(self, _resource: Resource, written: Record, _current: Record | None) -> None:
        """Number the rows of a refund over all refunds."""
        last = max(
            (
                int(row.get("id") or 0)
                for slip in self.store.all("order_slip")
                for row in slip.associations.get("order_slip_details", ())
            ),
            default=0,
        )
        for number, row in enumerate(written.associations.get("order_slip_details", ()), last + 1):
            row["id"] = row.get("id") or str(number)
            for name in ("amount_tax_excl", "amount_tax_incl"):
                row[name] = str(six(Decimal(row.get(name) or 0)))

    def _prepare_currency(
        self, _resource: Resource, written: Record, _current: Record | None
    ) -> None:
        code = written.values.get("iso_code", "")
        if not written.values.get("numeric_iso_code"):
            written.values["numeric_iso_code"] = _CURRENCY_NUMBERS.get(code, "")

    def _prepare_detail(self, _resource: Resource, written: Record, current: Record | None) -> None:
        product = self.store.get("products", written.values.get("product_id", ""))
        if product is not None and current is None:
            written.values["original_wholesale_price"] = product.values["wholesale_price"]

    def _prepare_combination(
        self, _resource: Resource, written: Record, _current: Record | None
    ) -> None:
        if written.values.get("default_on") == "0":
            written.values["default_on"] = ""

    def _prepare_category(
        self, resource: Resource, written: Record, current: Record | None
    ) -> None:
        if current is None and not any(written.texts.get("link_rewrite", {}).values()):
            escape = self.store.schema.at_least(8)
            raise empty_field(resource, "link_rewrite", "not valid", escape=escape)

    def position_error(self, written: Record, current: Record) -> tuple[int, str] | None:
        """Return the complaint about a position in the category that is too large."""
        position = written.values.get("position_in_category", "")
        category = int(written.values.get("id_category_default") or 0)
        category = category or current.number("id_category_default")
        if not position.isdigit():
            return None
        total = len(self.store.products_of_category.get(category, {}))
        if self.store.schema.at_least(1, 7):
            text = "starting at 1."
            too_large = int(position) > total
        else:
            text = "minus 1 (position numbering starts at 0)."
            too_large = int(position) > total - 1
        if not too_large:
            return None
        message = "You cannot set a position greater than the total number of products in the"
        return 135, f"{message} category, {text}"

    def _prepare_customer(
        self, _resource: Resource, written: Record, current: Record | None
    ) -> None:
        values = written.values
        if values.get("newsletter") == "1" and not values.get("newsletter_date_add"):
            values["newsletter_date_add"] = self.store.now()
        if current is None:
            values["secure_key"] = values.get("secure_key") or secrets.token_hex(16)
            moment = datetime.strptime(self.store.now(), "%Y-%m-%d %H:%M:%S")
            moment -= timedelta(hours=_NEW_GENERATION)
            values["last_passwd_gen"] = moment.strftime("%Y-%m-%d %H:%M:%S")
        known = current.values.get("passwd") if current else None
        if values.get("passwd") and values["passwd"] != known:
            values["passwd"] = self._hashed(values["passwd"])

    def _hashed(self, password: str) -> str:
        if not self.store.schema.at_least(1, 7):
            return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
        # looks like bcrypt; nobody logs in with it
        return "$2y$10$" + hashlib.sha256(password.encode()).hexdigest()[:53]

    def check_change(self, resource: Resource, written: Record, current: Record) -> None:
        """Refuse a change that the shop's classes refuse."""
        if resource.name == "products":
            error = self.position_error(written, current)
            if error:
                raise ServiceError(500, *error)
        elif resource.name == "combinations":
            self._refuse_second_default(written, current.id)
        elif resource.name == "customers":
            self._refuse_known_email(written, current.id)
        elif resource.name == "specific_prices":
            self._refuse_same_price(written, current.id)

    def _refuse_second_default(self, written: Record, record_id: int) -> None:
        if written.values.get("default_on") != "1":
            return
        product = int(written.values.get("id_product") or 0)
        default = self.views.default_combination(product)
        if default is not None and default.id != record_id:
            raise Crash  # a unique key of the database

    def _refuse_same_price(self, written: Record, record_id: int) -> None:
        product = int(written.values.get("id_product") or 0)
        for other in self.store.find("specific_prices", id_product=product):
            if other.id != record_id and special_key(other) == special_key(written):
                raise Crash  # a unique key of the database

    def _refuse_known_email(self, written: Record, record_id: int) -> None:
        if not self.store.schema.at_least(1, 7):
            return
        email = written.values.get("email", "")
        same_store = {"id_shop": written.values["id_shop"]} if self.store.has_several else {}
        for other in self.store.find("customers", email=email, **same_store):
            if other.id != record_id and other.values["is_guest"] != "1":
                text = "The email is already used, please choose another one"
                raise ServiceError(500, 140, text, (46, "Unable to save resource"))

    # --- creating ------------------------------------------------------------------------------

    def create(self, resource: Resource, written: Record) -> Record:
        """Store what was sent and do what the shop does with a new record of that kind."""
        if resource.name == "orders":
            return self.placing.place(written)
        if resource.name == "order_histories":
            return self._create_history(written)
        if resource.name == "combinations":
            self._refuse_second_default(written, 0)
        if resource.name == "customers":
            self._refuse_known_email(written, 0)
        if resource.name == "specific_prices":
            self._refuse_same_price(written, 0)
        record = self.store.add(
            resource.name,
            {name: value for name, value in written.values.items() if value},
            texts={
                name: {key: text for key, text in texts.items() if key != -1}
                for name, texts in written.texts.items()
            },
            associations=written.associations,
        )
        self._after_create(resource.name, record)
        return record

    def _after_create(self, resource: str, record: Record) -> None:
        if resource == "products":
            self.stock.create(record.id)
            self._finish_product(record)
        elif resource == "combinations":
            self.stock.create(record.number("id_product"), record.id)
            self._note_default(record.number("id_product"))
        elif resource == "categories":
            siblings = self.store.find("categories", id_parent=record.values["id_parent"])
            self.store.set(resource, record, position=len(siblings) - 1)
        elif resource == "product_options":
            self.store.set(resource, record, position=len(self.store.tables[resource]) - 1)
        elif resource == "product_option_values":
            group = record.values["id_attribute_group"]
            siblings = self.store.find(resource, id_attribute_group=group)
            self.store.set(resource, record, position=len(siblings) - 1)
        elif resource == "carts":
            customer = self.store.get("customers", record.values["id_customer"])
            key = customer.values["secure_key"] if customer else ""
            self.store.set(resource, record, secure_key=key)
        elif resource == "carriers":
            self.store.set(resource, record, id_reference=record.id)
        elif resource == "order_carriers":
            self._note_tracking(record)

    def _create_history(self, written: Record) -> Record:
        order = self.store.get("orders", written.values.get("id_order", ""))
        state = self.store.get("order_states", written.values.get("id_order_state", ""))
        if order is None or state is None:
            raise Crash
        self.orders.apply_state(order, state, order.number("current_state"))
        return self.store.add("order_histories", written.values)

    # --- after a change ------------------------------------------------------------------------

    def changed(self, resource: Resource, record: Record, before: Record, written: Record) -> None:
        """Do what follows from a stored change."""
        if resource.name == "products":
            self._choose_defaults(record, written)
            self._finish_product(record)
        elif resource.name == "combinations":
            self._note_default(record.number("id_product"))
        elif resource.name == "stock_availables":
            if record.number("id_product_attribute"):
                self.stock.refresh_sum(record.number("id_product"))
        elif resource.name == "order_carriers":
            self._note_tracking(record)
        elif resource.name == "orders":
            self._state_written(record, before)

    def _choose_defaults(self, record: Record, written: Record) -> None:
        image = written.values.get("id_default_image", "")
        if image.isdigit():
            self.pictures.choose_cover(record.id, int(image))
        chosen = written.values.get("id_default_combination", "")
        combination = self.store.get("combinations", chosen)
        if combination is None or combination.number("id_product") != record.id:
            return
        for each in self.store.find("combinations", id_product=record.id):
            self.store.set(
                "combinations", each, default_on="1" if each.id == combination.id else ""
            )

    def _finish_product(self, record: Record) -> None:
        """Blank what is computed at every showing, and mark active products as indexed."""
        blank = dict.fromkeys(_COMPUTED["products"], "")
        self.store.set("products", record, **blank)
        if record.values["active"] == "1":
            self.store.set("products", record, indexed=1)
        if not record.values["condition"]:
            self.store.set("products", record, condition="new")
        if not record.values["visibility"]:
            self.store.set("products", record, visibility="both")
        self._note_default(record.id)

    def _note_default(self, product_id: int) -> None:
        product = self.store.get("products", product_id)
        default = self.views.default_combination(product_id)
        if product is not None:
            self.store.set(
                "products", product, cache_default_attribute=default.id if default else 0
            )

    def _note_tracking(self, record: Record) -> None:
        """Copy a tracking number to the order's old field; the order's date does not move."""
        order = self.store.get("orders", record.values["id_order"])
        if order is not None and record.values["tracking_number"]:
            number = record.values["tracking_number"]
            self.store.set("orders", order, shipping_number=number)

    def _state_written(self, record: Record, before: Record) -> None:
        old, new = before.number("current_state"), record.number("current_state")
        if old == new or not new:
            return
        state = self.store.get("order_states", new)
        if state is None:
            raise Crash
        self.orders.apply_state(record, state, old)
        self.orders.add_history(record, new)

    # --- answers -------------------------------------------------------------------------------

    def answer_created(self, resource: Resource, written: Record, record: Record) -> None:
        """Turn what was sent into the object that PHP has in memory after a POST."""
        written.associations = {**record.associations}
        for name in ("date_add", "date_upd"):
            if name in resource.fields and resource.name != "orders":
                written.values[name] = record.values[name]
        self._compute(resource, written)
        if resource.name in {"products", "combinations"} and "quantity" in resource.fields:
            written.values["quantity"] = ""
        if resource.name == "categories":
            written.values["nb_products_recursive"] = "-1"
        elif resource.name in {"product_options", "product_option_values", "product_features"}:
            written.values["position"] = "0"
            if written.values.get("is_color_group") == "0":
                written.values["is_color_group"] = ""
        elif resource.name == "suppliers":
            written.values["link_rewrite"] = ""
        elif resource.name == "carriers":
            written.values["id_tax_rules_group"] = "0"
            written.values["position"] = str(len(self.store.tables["carriers"]) - 1)

    def answer_changed(
        self, resource: Resource, written: Record, record: Record, *, patch: bool
    ) -> None:
        """Turn what was sent into the object that PHP has in memory after a PUT or PATCH."""
        written.associations = {**record.associations}
        for name in ("date_add", "date_upd"):
            if name in resource.fields:
                written.values[name] = record.values[name]
        if resource.name == "orders":
            for name in ("current_state", "valid", "invoice_number", "invoice_date"):
                written.values[name] = record.values[name]
            for name in ("delivery_number", "delivery_date", "total_paid_real"):
                written.values[name] = record.values[name]
        self._compute(resource, written)
        if resource.name == "products":
            if not patch:
                written.values["quantity"] = ""
            if self.store.schema.at_least(8) and not written.values.get("unit_price_ratio"):
                written.values["unit_price_ratio"] = "0"

    def _compute(self, resource: Resource, written: Record) -> None:
        new, cached = written.values.get("new", ""), written.values.get("cache_default_attribute")
        shown = self.views.complete(resource.name, written)
        written.values.update(shown.values)
        written.associations = shown.associations
        if resource.name == "products":
            written.values["new"] = new
            written.values["cache_default_attribute"] = cached or ""
