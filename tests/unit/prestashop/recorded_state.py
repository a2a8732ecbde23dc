"""Puts a simulated shop in the state that a recorded exchange met.

The state comes out of the exchange itself: what its answer shows is stored first, what its request
points at exists, and what it is about to create does not.  `recorded_setups` adds what cannot be
seen there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from lxml import etree
from PIL import Image
from recorded_records import Shown, shown_json, shown_xml

from shopapi.exchange import Exchange
from shopapi.systems.prestashop.simulator import PrestaShopSimulator
from shopapi.systems.prestashop.simulator.schema import Resource
from shopapi.systems.prestashop.simulator.store import Record, Rows

# the recorded shop had 30 products when it was read; 29 was the inactive one
PRODUCTS = range(1, 31)
INACTIVE = 29


class RecordedState:
    """Fills one fresh simulator for one exchange."""

    def __init__(self, exchange: Exchange, simulator: PrestaShopSimulator) -> None:
        self.exchange = exchange
        self.simulator = simulator
        self.shop = simulator.shop
        self.store = simulator.shop.store
        parts = [part for part in exchange.path.split("/") if part][1:]
        self.parts = parts
        self.resource = self.store.schema.resources.get(parts[0]) if parts else None
        self.answer = exchange.response_body.decode("utf-8", "replace")
        override = dict(exchange.query).get("ps_method")
        self.method = override if exchange.method == "POST" and override else exchange.method

    def fill(self) -> None:
        """Bring the shop into the state before the exchange."""
        self.store.one("shops", 1).values["name"] = self._shop_name()
        if self.parts[:1] == ["images"]:
            self._fill_pictures()
        if self.resource is None or "schema=" in self.exchange.target:
            return
        self._add_companions(self.resource)
        if self.exchange.status != 404:
            for shown in self._shown_records(self.resource):
                self._load(self.resource, shown)
        self._fit_filters(self.resource)
        if self.exchange.status < 400:
            self._load_pointed_at()
            self._make_targets(self.resource)
        if self.method == "POST" and self.exchange.status == 201:
            self._forget_created(self.resource)

    def _shop_name(self) -> str:
        match = re.search(r'<api shopName="([^"]+)"|<shop_address><!\[CDATA\[([^\]]+)', self.answer)
        return next((part for part in match.groups() if part), "") if match else "Bottega Lab"

    # --- records -------------------------------------------------------------------------------

    def _add_companions(self, resource: Resource) -> None:
        """Add the shop's other products to lists in its own order, but not to sorted ones."""
        is_list = self.method in {"GET", "HEAD"} and len(self.parts) == 1
        if resource.name != "products" or not is_list or "sort=" in self.exchange.target:
            return
        if (
            self.exchange.remarks.startswith("no product yet")
            or self.store.schema.version != "8.2.1"
        ):
            return
        if self.exchange.name.startswith("104"):
            return
        for number in PRODUCTS:
            active = "0" if number == INACTIVE else "1"
            values = {"active": active, "indexed": active, "id_shop_default": "1"}
            self.store.add("products", values, record_id=number)

    def _shown_records(self, resource: Resource) -> Iterator[Shown]:
        """Find the records in the answer of a read, or those that a write is about to change."""
        text = self.answer if self.exchange.status < 400 else ""
        if self.method in {"PUT", "PATCH"} and self.exchange.status >= 400:
            text = self.exchange.body.decode()
        if self.method == "POST":
            return
        if self.exchange.content_type == "application/json":
            yield from shown_json(resource, self.answer)
            return
        try:
            root = etree.fromstring(text.encode())
        except (etree.XMLSyntaxError, ValueError):
            return
        for element in root.iter(resource.node):
            parent = element.getparent()
            if parent is not None and parent.tag in {"prestashop", resource.list_node}:
                shown = shown_xml(resource, element)
                if shown is not None:
                    yield shown

    def _load(self, resource: Resource, shown: Shown) -> None:
        number, values, texts, rows = shown
        if resource.name == "products" and "active" not in values:
            active = "0" if number == INACTIVE else "1"
            values = {"active": active, "indexed": active, **values}
        known = self.store.get(resource.name, number)
        if known is not None:
            values = {**known.values, **values}
            texts = {**known.texts, **texts}
            rows = {**known.associations, **rows}
            self.store.delete(resource.name, number)
        record = self.store.add(
            resource.name, values, texts=texts, associations=rows, record_id=number
        )
        if resource.name in {"order_states", "groups", "categories", "currencies"}:
            self._keep_order(resource.name)
        self._load_parts(resource, record, rows)

    def _keep_order(self, table: str) -> None:
        ordered = dict(sorted(self.store.tables[table].items()))
        self.store.tables[table].clear()
        self.store.tables[table].update(ordered)

    def _load_parts(self, resource: Resource, record: Record, rows: dict[str, Rows]) -> None:
        """Make the records from which the shop computes what a record shows."""
        if resource.name == "products":
            self._load_product_parts(record, rows)
        elif resource.name == "categories":
            self._load_category_parts(record, rows)
        # association -> (resource of its rows, field that points back)
        owners = {
            "order_rows": ("order_details", "id_order"),
            "product_option_values": ("product_option_values", "id_attribute_group"),
            "customer_messages": ("customer_messages", "id_customer_thread"),
        }
        for name in rows.keys() & owners.keys():
            if resource.name in {"products", "combinations"}:
                continue
            child, field = owners[name]
            for row in rows[name]:
                values = {key: value for key, value in row.items() if key != "id"}
                self.ensure(child, row["id"], **{field: record.id}, **values)
        if resource.name == "combinations":
            for row in rows.get("images", ()):
                self.picture(record.number("id_product"), int(row["id"]))

    def _load_category_parts(self, record: Record, rows: dict[str, Rows]) -> None:
        for row in rows.get("categories", ()):
            self.ensure("categories", row["id"], id_parent=record.id)
        for row in rows.get("products", ()):
            self.put_in_category(int(row["id"]), record.id)
        self._fill_tree(record)

    def _load_product_parts(self, record: Record, rows: dict[str, Rows]) -> None:
        default = record.values.get("id_default_combination", "")
        if default not in {"", "0"}:
            self.ensure("combinations", default, id_product=record.id, default_on=1)
        for number, row in enumerate(rows.get("combinations", ())):
            combination = self.ensure("combinations", row["id"], id_product=record.id)
            if number == 0:
                # all values on the first one: together they show the same list
                values = rows.get("product_option_values", [])
                combination.associations["product_option_values"] = list(values)
        for row in rows.get("stock_availables", ()):
            attribute = row["id_product_attribute"]
            self.ensure(
                "stock_availables",
                row["id"],
                id_product=record.id,
                id_product_attribute=attribute,
                id_shop=1,
            )
        for row in rows.get("images", ()):
            self.picture(record.id, int(row["id"]))
        cover = record.values.get("id_default_image", "")
        if cover.isdigit():
            self.picture(record.id, int(cover))
            self.shop.pictures.choose_cover(record.id, int(cover))
        maker = record.values.get("manufacturer_name")
        if maker:
            number = record.values["id_manufacturer"].strip("0") or "1"
            self.ensure("manufacturers", number, name=maker)
            self.store.set("products", record, id_manufacturer=number)
        self._place_in_category(record)

    def _place_in_category(self, record: Record) -> None:
        position = record.values.get("position_in_category", "")
        category = record.number("id_category_default")
        if not position.isdigit() or self.exchange.status >= 400:
            return
        members = self.store.products_of_category.setdefault(category, {})
        members.pop(record.id, None)
        others = [each for each in members if each >= 1000]
        for each in range(len(others), int(position) - 1):
            self.put_in_category(1000 * category + each, category, active=2)
        before = list(members)[: int(position) - 1]
        after = list(members)[int(position) - 1 :]
        members.clear()
        members.update(dict.fromkeys([*before, record.id, *after]))

    def _fill_tree(self, record: Record) -> None:
        """Give a category the depth and the number of products that it showed."""
        parent = record.values.get("id_parent", "0")
        depth = record.number("level_depth")
        if parent not in {"", "0"} and self.store.get("categories", parent) is None:
            grandparent = {2: 1, 3: 2}.get(depth, 1)
            self.ensure("categories", parent, id_parent=grandparent if parent != "2" else 1)
        if "display=" in self.exchange.target:
            return
        missing = record.number("nb_products_recursive")
        for number in range(missing):
            below = self.shop.views.complete("categories", record)
            if below.number("nb_products_recursive") >= missing:
                break
            # in a category of no list: below an existing child, else the record's own
            child = next(
                (each.id for each in self.store.find("categories", id_parent=record.id)), 0
            )
            self.put_in_category(2000 + number, child or record.id)

    def put_in_category(self, product: int, category: int, *, active: int = 1) -> None:
        """Make sure that a product exists and is in a category."""
        record = self.ensure("products", str(product), active=active)
        changed = record.copy()
        rows = changed.associations.setdefault("categories", [])
        if {"id": str(category)} not in rows:
            rows.append({"id": str(category)})
        self.store.replace("products", changed)

    def ensure(self, resource: str, number: str, **values: object) -> Record:
        """Return a record with these values; made when it is missing."""
        known = self.store.get(resource, number)
        if known is not None:
            self.store.set(resource, known, **values)
            return known
        last = self.store._last_ids[resource]
        record = self.store.add(resource, values, record_id=int(number))
        if int(number) >= 1000:
            self.set_last_id(resource, last)
        return record

    def set_last_id(self, resource: str, number: int) -> None:
        """Make the next record of a table get the number after this one."""
        self.store._last_ids[resource] = number

    def _fit_filters(self, resource: Resource) -> None:
        """What a list found has the values that were asked for, even if it does not show them."""
        if self.method != "GET" or self.exchange.status != 200:
            return
        shown = {number: values for number, values, *_rest in self._shown_records(resource)}
        for name, value in self.exchange.query:
            match = re.fullmatch(r"filter\[(\w+)\]", name)
            literal = re.fullmatch(r"\[?([^\[\]|,%]+)[\],]?.*", value)
            if match is None or literal is None or match[1] == "id":
                continue
            field = resource.fields.get(match[1])
            if field is None or field.translated or value[:1] in "><!%":
                continue
            for number, values in shown.items():
                if match[1] not in values:
                    record = self.store.one(resource.name, number)
                    self.store.set(resource.name, record, **{match[1]: literal[1]})

    # --- what writes need ----------------------------------------------------------------------

    def _load_pointed_at(self) -> None:
        """Make what the links of an answer to a write point at."""
        if self.method == "GET":
            return
        for resource, number in re.findall(r'xlink:href="[^"]*/api/(\w+)/(\d+)"', self.answer):
            if resource not in {"customers", "addresses", "products", "categories", "orders"}:
                continue
            if number == "0" or self.store.get(resource, number) is not None:
                continue
            parent = {"id_parent": 2} if resource == "categories" else {}
            self.ensure(resource, number, **parent)
            if resource == "orders":
                self.store.set(resource, self.store.one(resource, number), current_state=2)

    def _make_targets(self, resource: Resource) -> None:
        """DELETE and HEAD answer for records that exist."""
        if self.method not in {"DELETE", "HEAD"} and self.exchange.status != 304:
            return
        listed = dict(self.exchange.query).get("id", "").strip("[]").split(",")
        for number in [*self.parts[1:2], *listed]:
            if number.isdigit():
                self.ensure(resource.name, number)

    def _forget_created(self, resource: Resource) -> None:
        """A POST must find its id free, and the next number to be that id."""
        root = etree.fromstring(self.exchange.response_body)
        numbers = [int(each.findtext("id") or 0) for each in root]
        first = min(numbers)
        for each in list(self.store.all(resource.name)):
            if first <= each.id < 1000:
                self.store.delete(resource.name, each.id)
        self.set_last_id(resource.name, first - 1)
        if resource.name == "products":
            rows = [int(each.text) for each in root.findall(".//stock_available/id")]
            self.set_last_id("stock_availables", min(rows) - 1)
            for element in root:
                self._make_neighbours(element)
        elif resource.name == "categories":
            for each in list(self.store.all("products")):
                self.store.delete("products", each.id)

    def _make_neighbours(self, product: etree._Element) -> None:
        maker, number = product.findtext("manufacturer_name"), product.findtext("id_manufacturer")
        if maker and number:
            self.ensure("manufacturers", number, name=maker)
        category = product.findtext("id_category_default")
        for each in range(int(product.findtext("position_in_category") or 1) - 1):
            self.put_in_category(1000 + each, int(category or 0))

    # --- pictures ------------------------------------------------------------------------------

    def _fill_pictures(self) -> None:
        if len(self.parts) > 1 and self.parts[1] != "products":
            if len(self.parts) > 2 and self.method == "GET" and self.exchange.status == 200:
                self.shop.pictures.others[self.parts[1], int(self.parts[2])] = sample_picture()
            return
        for number in re.findall(r'<image id="(\d+)" ', self.answer):
            self.picture(int(number), 100 + int(number))
        product = int(self.parts[2]) if len(self.parts) > 2 else 0
        for number in re.findall(r'<declination id="(\d+)"', self.answer):
            self.picture(product, int(number))
        if product and "does not exist" not in self.answer:
            self.ensure("products", str(product))
        if len(self.parts) > 3 and "id does not exist" not in self.answer:
            as_jpeg = self.exchange.content_type == "image/jpeg"
            self.picture(product, int(self.parts[3]), "JPEG" if as_jpeg else "PNG")
        if self.method == "POST" and self.exchange.status == 200:
            self._make_room_for_picture(product)

    def _make_room_for_picture(self, product: int) -> None:
        number, position = (
            int(match[1])
            for match in (
                re.search(rf"<{name}><!\[CDATA\[(\d+)", self.answer) for name in ("id", "position")
            )
            if match
        )
        for each in range(1, position):
            self.picture(product, 1000 + each)
        self.shop.pictures._last_id = number - 1

    def picture(self, product: int, number: int, kind: str = "PNG") -> None:
        """Make sure that a product has a picture with that id."""
        if number not in self.shop.pictures.products:
            self.shop.pictures.add(product, sample_picture(kind), number)


def sample_picture(kind: str = "PNG") -> bytes:
    """Return a small picture."""
    output = io.BytesIO()
    Image.new("RGB", (40, 40), "darkred").save(output, kind)
    return output.getvalue()
