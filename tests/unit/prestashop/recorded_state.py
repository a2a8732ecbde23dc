"""Puts a simulated shop in the state that a recorded exchange met, and replays the exchange.

The state comes out of the exchange itself: what its answer shows is stored first, what its request
points at exists, and what it is about to create does not.  `SETUPS` adds what cannot be seen there.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import requests
from lxml import etree
from PIL import Image
from setups import SETUPS
from shopapi.exchange import Exchange
from shopapi.systems.prestashop.simulator import PrestaShopSimulator
from shopapi.systems.prestashop.simulator.schema import Field, Resource
from shopapi.systems.prestashop.simulator.store import Record, Store, stored

_API = re.compile(r"^/api/?(?P<rest>[^?]*)")
_HOST = re.compile(r"http://127\.0\.0\.1:\d+")
# 30 products as the recorded shop had them when it was read; 29 is the inactive one
_PRODUCTS = range(1, 31)
_INACTIVE = 29
_BOUNDARY = re.compile(r"\((\d+) bytes of image\)")


class Replay:
    """One exchange against one fresh simulator."""

    def __init__(self, exchange: Exchange, simulator: PrestaShopSimulator) -> None:
        self.exchange = exchange
        self.simulator = simulator
        self.store = simulator.shop.store
        self.schema = self.store.schema

    def prepare(self) -> None:
        """Bring the shop into the state before the exchange."""
        self.store.one("shops", 1).values["name"] = "Bottega Lab"
        self._add_companions()
        for resource, element in self._shown_records():
            self._load(resource, element)
        if self.exchange.status < 400:
            self._load_pointed_at()
        self._forget_created()
        setup = SETUPS.get(self.exchange.name)
        if setup is not None:
            setup(self.simulator)

    # --- state ---------------------------------------------------------------------------------

    @property
    def resource(self) -> Resource | None:
        """The resource that the request names."""
        match = _API.match(self.exchange.target)
        return self.schema.resources.get(match["rest"].split("/")[0]) if match else None

    def _add_companions(self) -> None:
        """Add the shop's other products to lists in its own order, but not to sorted ones."""
        target = self.exchange.target
        is_list = re.match(r"^/api/products(\?|$)", target) is not None
        if self.exchange.method not in {"GET", "HEAD"} or not is_list or "sort=" in target:
            return
        if self.exchange.status == 200 and "<products>\n</products>" in self._answer_text():
            if "?" not in target:
                return
        for number in _PRODUCTS:
            active = "0" if number == _INACTIVE else "1"
            values = {"active": active, "indexed": active, "id_shop_default": "1"}
            self.store.add("products", values, record_id=number)

    def _answer_text(self) -> str:
        return self.exchange.response_body.decode("utf-8", "replace")

    def _shown_records(self) -> Iterator[tuple[Resource, etree._Element]]:
        """Find the records in the answer of a read, or that a write changes."""
        if self.resource is None or "schema=" in self.exchange.target:
            return
        text = self._answer_text() if self.exchange.status < 400 else ""
        if self.exchange.method in {"PUT", "PATCH"} and self.exchange.status >= 400:
            text = self.exchange.body.decode()
        is_patch = self.exchange.query and ("ps_method", "PATCH") in self.exchange.query
        if self.exchange.method == "POST" and not is_patch:
            return
        if not text.lstrip().startswith("<"):
            return
        try:
            root = etree.fromstring(text.encode())
        except etree.XMLSyntaxError:
            return
        for element in root.iter(self.resource.node):
            parent = element.getparent()
            if parent is not None and parent.tag in {"prestashop", self.resource.list_node}:
                yield self.resource, element

    def _load(self, resource: Resource, element: etree._Element) -> None:
        identifier = element.get("id") or element.findtext("id")
        if not identifier:
            return
        number = int(identifier)
        if self.exchange.status == 404:
            return
        values: dict[str, str] = {}
        texts: dict[str, dict[int, str]] = {}
        for field in resource.fields.values():
            node = element.find(field.name)
            if node is None:
                continue
            if field.translated:
                texts[field.name] = {int(each.get("id")): each.text or "" for each in node}
            else:
                values[field.name] = node.text or ""
        rows = self._rows(resource, element)
        known = self.store.get(resource.name, number)
        if known is not None:
            self.store.delete(resource.name, number)
        record = self.store.add(
            resource.name, values, texts=texts, associations=rows, record_id=number
        )
        self._load_companions(resource, record, rows)

    def _rows(
        self, resource: Resource, element: etree._Element
    ) -> dict[str, list[dict[str, str]]]:
        rows: dict[str, list[dict[str, str]]] = {}
        for association in resource.associations.values():
            node = element.find(f"associations/{association.name}")
            if node is not None:
                rows[association.name] = [
                    {part.tag: part.text or "" for part in row} for row in node
                ]
        return rows

    def _load_companions(
        self, resource: Resource, record: Record, rows: dict[str, list[dict[str, str]]]
    ) -> None:
        """Make the records from which the shop computes what a record shows."""
        if resource.name == "products":
            self._load_product_parts(record, rows)
        elif resource.name == "categories":
            for row in rows.get("categories", ()):
                self._ensure("categories", row["id"], id_parent=record.id)
            for row in rows.get("products", ()):
                self._put_in_category(int(row["id"]), record.id)
            self._fill_tree(record)
        elif resource.name == "orders":
            for row in rows.get("order_rows", ()):
                self._ensure("order_details", row.pop("id"), id_order=record.id, **row)
        elif resource.name == "product_options":
            for row in rows.get("product_option_values", ()):
                self._ensure("product_option_values", row["id"], id_attribute_group=record.id)
        elif resource.name == "combinations":
            for row in rows.get("images", ()):
                self._picture(record.number("id_product"), int(row["id"]))
        elif resource.name == "customer_threads":
            for row in rows.get("customer_messages", ()):
                self._ensure("customer_messages", row["id"], id_customer_thread=record.id)

    def _load_product_parts(
        self, record: Record, rows: dict[str, list[dict[str, str]]]
    ) -> None:
        default = record.values.get("id_default_combination", "")
        values = rows.get("product_option_values", [])
        for number, row in enumerate(rows.get("combinations", ())):
            self._ensure("combinations", row["id"], id_product=record.id)
            if row["id"] == default:
                combination = self.store.one("combinations", default)
                self.store.set("combinations", combination, default_on=1)
            if number == 0:
                # all values on the first one: together they show the same list
                first = self.store.one("combinations", row["id"])
                first.associations["product_option_values"] = list(values)
        for row in rows.get("stock_availables", ()):
            self._ensure(
                "stock_availables",
                row["id"],
                id_product=record.id,
                id_product_attribute=row["id_product_attribute"],
                id_shop=1,
            )
        for row in rows.get("images", ()):
            self._picture(record.id, int(row["id"]))
        cover = record.values.get("id_default_image", "")
        if cover.isdigit():
            self._picture(record.id, int(cover))
            self.simulator.shop.pictures.choose_cover(record.id, int(cover))
        maker = record.values.get("manufacturer_name")
        if maker:
            self._ensure("manufacturers", record.values["id_manufacturer"], name=maker)
        position = record.values.get("position_in_category", "")
        for number in range(1, int(position or 1)):
            self._put_in_category(1000 + number, record.number("id_category_default"))
        if position:
            category = record.number("id_category_default")
            members = self.store.products_of_category.setdefault(category, {})
            members.pop(record.id, None)
            members[record.id] = None

    def _fill_tree(self, record: Record) -> None:
        """Give a category the depth and the number of products that it showed."""
        depth = record.number("level_depth")
        if record.number("id_parent") and self.store.get("categories", record.values["id_parent"]) is None:
            parent = 2 if depth == 2 else 900
            self._ensure("categories", record.values["id_parent"], id_parent=parent)
            if parent == 900:
                self._ensure("categories", "900", id_parent=1)
        missing = record.number("nb_products_recursive")
        for number in range(missing):
            below = self.simulator.shop.views.complete("categories", record)
            if below.number("nb_products_recursive") >= missing:
                break
            child = self._ensure("categories", "901", id_parent=record.id)
            self._put_in_category(2000 + number, child.id)

    def _put_in_category(self, product: int, category: int) -> None:
        record = self._ensure("products", str(product), active=1)
        rows = [*record.associations.get("categories", []), {"id": str(category)}]
        changed = record.copy()
        changed.associations["categories"] = rows
        self.store.replace("products", changed)

    def _ensure(self, resource: str, number: str, **values: object) -> Record:
        known = self.store.get(resource, number)
        if known is not None:
            self.store.set(resource, known, **values)
            return known
        return self.store.add(resource, values, record_id=int(number))

    def _picture(self, product: int, number: int) -> None:
        pictures = self.simulator.shop.pictures
        if number not in pictures.products:
            pictures.add(product, sample_picture(), number)

    def _load_pointed_at(self) -> None:
        """Make what the links of the answer point at, as far as writes need it."""
        text = self._answer_text()
        for resource, number in re.findall(r'xlink:href="[^"]*/api/(\w+)/(\d+)"', text):
            if resource not in {"customers", "addresses", "products", "categories", "carts"}:
                continue
            if number == "0" or self.store.get(resource, number) is not None:
                continue
            if resource == "categories":
                self._ensure(resource, number, id_parent=2)
            elif resource == "products" and self.exchange.method == "GET":
                continue
            else:
                self._ensure(resource, number)

    def _forget_created(self) -> None:
        """A POST must find its id free, and the next number to be that id."""
        resource = self.resource
        if self.exchange.method != "POST" or resource is None or self.exchange.status != 201:
            return
        numbers = re.findall(r"^\t<id><!\[CDATA\[(\d+)", self._answer_text(), re.MULTILINE)
        if not numbers:
            return
        first = min(int(number) for number in numbers)
        for each in list(self.store.all(resource.name)):
            if each.id >= first:
                self.store.delete(resource.name, each.id)
        set_last_id(self.store, resource.name, first - 1)
        if resource.name == "products":
            row = re.search(r"<stock_available .*?<id><!\[CDATA\[(\d+)", self._answer_text(), re.S)
            if row:
                set_last_id(self.store, "stock_availables", int(row[1]) - 1)
            self._make_neighbours()

    def _make_neighbours(self) -> None:
        position = re.search(r"<position_in_category[^>]*><!\[CDATA\[(\d+)", self._answer_text())
        category = re.search(r"<id_category_default[^>]*><!\[CDATA\[(\d+)", self._answer_text())
        maker = re.search(r"<manufacturer_name[^>]*><!\[CDATA\[([^\]]+)", self._answer_text())
        number = re.search(r"<id_manufacturer[^>]*><!\[CDATA\[(\d+)", self._answer_text())
        if maker and number:
            self._ensure("manufacturers", number[1], name=maker[1])
        if position and category:
            first = self.store._last_ids["products"]
            for each in range(int(position[1]) - 1):
                self._put_in_category(500 + each, int(category[1]))
            set_last_id(self.store, "products", first)

    # --- replay --------------------------------------------------------------------------------

    def send(self) -> requests.Response:
        """Send the recorded request to the simulator."""
        exchange = self.exchange
        headers = {
            name: value
            for name, value in exchange.headers.items()
            if name not in {"host", "authorization", "content-length"}
        }
        if exchange.headers.get("host", "").startswith("other"):
            headers["Host"] = exchange.headers["host"]
        keys = {
            "FULL-KEY": self.simulator.api_key,
            "READ-KEY": self.simulator.read_only_key,
            "INACTIVE-KEY": self.simulator.inactive_key,
            "UNKNOWN-KEY": "U" * 32,
        }
        if exchange.key:
            token = base64.b64encode(f"{keys.get(exchange.key, exchange.key)}:".encode()).decode()
            headers["Authorization"] = f"Basic {token}"
        target = exchange.target.replace("FULL-KEY", self.simulator.api_key)
        return requests.request(
            exchange.method,
            self.simulator.url + target,
            data=self._body(),
            headers=headers,
            timeout=10,
            allow_redirects=False,
        )

    def _body(self) -> bytes:
        body = self.exchange.body
        if b"multipart/form-data" in self.exchange.headers.get("content-type", "").encode():
            body = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"
            return _BOUNDARY.sub("PICTURE", body.decode()).encode().replace(
                b"PICTURE", sample_picture()
            )
        if self.exchange.headers.get("content-type", "").startswith("application/x-www-form"):
            name, _equals, value = body.decode().partition("=")
            return requests.models.RequestEncodingMixin._encode_params({name: value}).encode()
        return body


def set_last_id(store: Store, resource: str, number: int) -> None:
    """Make the next record of a table get the number after this one."""
    store._last_ids[resource] = number


def sample_picture() -> bytes:
    """Return a small PNG."""
    output = io.BytesIO()
    Image.new("RGB", (40, 40), "darkred").save(output, "PNG")
    return output.getvalue()


def query_of(target: str) -> dict[str, str]:
    """Return the query of a target."""
    return dict(parse_qsl(urlsplit(target).query))


def stored_value(field: Field, value: str) -> str:
    """Return a value as the database would show it."""
    return stored(field, value)


def without_host(text: str) -> str:
    """Take the address of the shop out of a document."""
    return _HOST.sub("http://SHOP", text)
