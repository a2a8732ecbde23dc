"""Seed "recorded": the shop of the recorded exchanges, with its 30 products and 17 orders.

Everything comes out of the exchange files as it was answered.  What they do not show is made up
here and nowhere else: names and e-mails of customers, fields of products that were not sold, and
the one row that stands for the goods of orders 6, 10 and 15, of which totals, shipping and payment
were recorded but not the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from lxml import etree

from ....exchange import read_exchange
from .cart import cents, six
from .shop import Shop

_FOLDER = Path(__file__).parent.parent / "exchanges" / "8.2.1"
_PRODUCTS = range(1, 31)
#: order -> exchange that shows it whole
_WHOLE = {
    1: "392", 2: "436", 3: "393", 4: "394", 5: "395", 7: "396", 8: "397", 9: "398", 11: "399",
    12: "400", 13: "401", 14: "402", 16: "403", 17: "404",
}  # fmt: skip
_DETAILS = ("410", "411", "412")
#: tax group (and tax) by percent
_GROUPS = {22: 1, 10: 2, 0: 0}
#: payment module of the orders that were recorded as a list only
_MODULE = "ps_wirepayment"


def fill_recorded(shop: Shop) -> None:
    """Add what was recorded to a freshly filled shop."""
    orders = [*_whole_orders(), *_listed_orders()]
    _add_products(shop, orders)
    for order in sorted(orders, key=lambda each: int(each.findtext("id") or 0)):
        _add_people(shop, order)
        _add_order(shop, order)
    for name, resource in (
        ("414", "order_payments"),
        ("415", "order_carriers"),
        ("417", "order_slip"),
        ("418", "order_cart_rules"),
        *((name, "order_details") for name in _DETAILS),
    ):
        for record in _records(name):
            _store(shop, resource, record)


def _records(number: str) -> list[etree._Element]:
    """The records that an exchange answered."""
    (path,) = _FOLDER.glob(f"{number}-*.http")
    root = etree.fromstring(read_exchange(path).response_body)
    first = root[0]
    return [first] if first.find("id") is not None else list(first)


def _whole_orders() -> Iterator[etree._Element]:
    for number in _WHOLE.values():
        yield from _records(number)


def _listed_orders() -> Iterator[etree._Element]:
    """The orders that only a list shows, with shipping from their parcel and one row of goods."""
    parcels = {each.findtext("id_order"): each for each in _records("415")}
    template = _records(_WHOLE[12])[0]
    for order in _records("391"):
        number = order.findtext("id") or ""
        if int(number) not in _WHOLE:
            yield _completed(order, parcels[number], template)


def _completed(
    order: etree._Element, parcel: etree._Element, template: etree._Element
) -> etree._Element:
    shipping = {
        kind: Decimal(parcel.findtext(f"shipping_cost_{kind}") or 0)
        for kind in ("tax_incl", "tax_excl")
    }
    gross = Decimal(order.findtext("total_paid_tax_incl") or 0) - shipping["tax_incl"]
    net = gross / Decimal("1.22")
    number = order.findtext("id") or "0"
    values: dict[str, object] = {
        **{str(each.tag): each.text or "" for each in template if not len(each)},
        **{str(each.tag): each.text or "" for each in order},
        "module": _MODULE,
        "id_carrier": parcel.findtext("id_carrier"),
        "gift": "0",
        "gift_message": "",
        "total_paid_tax_excl": six(cents(net) + shipping["tax_excl"]),
        "total_products": six(cents(net)),
        "total_products_wt": six(gross),
        **{f"total_shipping_{kind}": six(amount) for kind, amount in shipping.items()},
        **{
            f"total_{what}_{kind}": six(Decimal(0))
            for what in ("discounts", "wrapping")
            for kind in shipping
        },
    }
    made = etree.Element("order")
    _fill_element(made, values)
    _add_goods(made, number, net, gross)
    return made


def _add_goods(order: etree._Element, number: str, net: Decimal, gross: Decimal) -> None:
    """One line for everything that was bought."""
    rows = etree.SubElement(etree.SubElement(order, "associations"), "order_rows")
    row = etree.SubElement(rows, "order_row")
    goods: dict[str, object] = {
        "id": 100 + int(number),
        "product_id": 1,
        "product_attribute_id": 0,
        "product_quantity": 1,
        "product_name": "Goods that were not recorded",
        "product_reference": "CER-001",
        "product_price": six(net),
        "unit_price_tax_incl": six(gross),
        "unit_price_tax_excl": six(net),
    }
    _fill_element(row, goods)


def _fill_element(element: etree._Element, values: dict[str, object]) -> None:
    for name, value in values.items():
        etree.SubElement(element, name).text = str(value)


# --- into the shop --------------------------------------------------------------------------------


def _store(shop: Shop, resource: str, record: etree._Element) -> None:
    """Keep a record as it was answered, in the place of one made up before."""
    number = int(record.findtext("id") or 0)
    if shop.store.get(resource, number) is not None:
        shop.store.delete(resource, number)
    fields = shop.store.schema.resources[resource].fields
    values = {
        name: record.findtext(name) or ""
        for name, field in fields.items()
        if not field.translated and record.find(name) is not None
    }
    associations = {
        str(group.tag): [{str(part.tag): part.text or "" for part in row} for row in group]
        for group in record.iterfind("associations/*")
        if group.tag != "order_rows"
    }
    shop.store.add(resource, values, associations=associations, record_id=number)


def _add_products(shop: Shop, orders: list[etree._Element]) -> None:
    rows = [row for order in orders for row in order.iter("order_row")]
    sold = {int(row.findtext("product_id") or 0): row for row in rows}
    store = shop.store
    for number in _PRODUCTS:
        row = sold.get(number, etree.Element("order_row"))
        is_plain = row.findtext("product_attribute_id") == "0"
        name = row.findtext("product_name") or f"Product {number}"
        texts = dict.fromkeys(store.languages, name.partition(" (")[0])
        product = store.add(
            "products",
            {
                "reference": (row.findtext("product_reference") or "") if is_plain else "",
                "price": row.findtext("product_price") or "10",
                "id_tax_rules_group": _group(row) or 1,
                "id_category_default": 2,
                "active": 1,
                "state": 1,
                "available_for_order": 1,
                "show_price": 1,
                "visibility": "both",
            },
            texts={"name": texts},
            associations={"categories": [{"id": "2"}]},
            record_id=number,
        )
        shop.stock.create(product.id)
    for row in rows:
        number = int(row.findtext("product_attribute_id") or 0)
        if number and store.get("combinations", number) is None:
            product_id = int(row.findtext("product_id") or 0)
            values = {
                "id_product": product_id,
                "reference": row.findtext("product_reference"),
                "minimal_quantity": 1,
            }
            store.add("combinations", values, record_id=number)
            shop.stock.create(product_id, number)


def _add_people(shop: Shop, order: etree._Element) -> None:
    store = shop.store
    customer = int(order.findtext("id_customer") or 0)
    if store.get("customers", customer) is None:
        values = {
            "email": f"customer{customer}@shop.example",
            "firstname": "Customer",
            "lastname": f"Number {customer}",
            "id_default_group": 3,
            "id_lang": order.findtext("id_lang"),
            "secure_key": order.findtext("secure_key"),
            "active": 1,
            "id_shop": 1,
        }
        store.add("customers", values, record_id=customer)
    for name in ("id_address_invoice", "id_address_delivery"):
        address = int(order.findtext(name) or 0)
        if store.get("addresses", address) is None:
            values = {
                "id_customer": customer,
                "id_country": shop.home_country,
                "firstname": "Customer",
                "lastname": f"Number {customer}",
                "address1": f"Via Roma {address}",
                "postcode": "37121",
                "city": "Verona",
            }
            store.add("addresses", values, record_id=address)


def _add_order(shop: Shop, order: etree._Element) -> None:
    _store(shop, "orders", order)
    for row in order.iter("order_row"):
        quantity = Decimal(row.findtext("product_quantity") or 0)
        values = {
            name: row.findtext(name) or ""
            for name in (
                "product_id",
                "product_attribute_id",
                "product_name",
                "product_quantity",
                "product_reference",
                "product_ean13",
                "product_price",
                "unit_price_tax_incl",
                "unit_price_tax_excl",
            )
        }
        for kind in ("tax_incl", "tax_excl"):
            # round_type 2: each line is rounded
            unit = Decimal(values[f"unit_price_{kind}"])
            values[f"total_price_{kind}"] = str(six(cents(unit * quantity)))
        group = _group(row)
        shop.store.add(
            "order_details",
            {"id_order": order.findtext("id"), "id_tax_rules_group": group, "id_shop": 1, **values},
            associations={"taxes": [{"id": str(group)}] if group else []},
            record_id=int(row.findtext("id") or 0),
        )


def _group(row: etree._Element) -> int:
    """The tax group that a row's prices tell."""
    net = Decimal(row.findtext("unit_price_tax_excl") or 0)
    gross = Decimal(row.findtext("unit_price_tax_incl") or 0)
    percent = ((gross / net - 1) * 100).quantize(Decimal(1), ROUND_HALF_UP) if net else Decimal(0)
    return _GROUPS[int(percent)]
