"""What some recorded exchanges met that they do not show themselves."""

from __future__ import annotations

import re
from collections.abc import Callable

from recorded_state import RecordedState

from shopapi.systems.prestashop.simulator import Key
from shopapi.systems.prestashop.simulator.orders import Checkout
from shopapi.systems.prestashop.simulator.store import Record


def _fresh_shop(state: RecordedState) -> None:
    """Before the forint and the resellers were there, with the taxes of one country."""
    store = state.store
    for resource, number in (("currencies", 2), ("groups", 4)):
        if store.get(resource, number) is not None:
            store.delete(resource, number)


def _first_provinces(state: RecordedState) -> None:
    state._keep_order("states")


def _only_italian_rules(state: RecordedState) -> None:
    shown = {int(number) for number in re.findall(r"^\t<id><!\[CDATA\[(\d+)", state.answer, re.M)}
    for each in list(state.store.all("tax_rules")):
        if each.id not in shown:
            state.store.delete("tax_rules", each.id)


def _only_shown_categories(state: RecordedState) -> None:
    for number in (900, 901):
        if state.store.get("categories", number) is not None:
            state.store.delete("categories", number)


def _known_email(state: RecordedState) -> None:
    values = {"email": "anna.verdi@shop.example", "lastname": "Verdi", "firstname": "Anna"}
    state.store.add("customers", values, record_id=2)


def _combination_price(state: RecordedState) -> None:
    state.ensure("combinations", "4", price="-1")


def _honey(state: RecordedState) -> None:
    for number in (25, 26, 27, 28):
        record = state.ensure("products", str(number), active=1)
        changed = record.copy()
        changed.texts["name"] = {1: "Honey", 2: "Miele", 3: "Méz"}
        changed.associations["categories"] = [{"id": "2"}, {"id": "11"}]
        state.store.replace("products", changed)


def _category_of_seven(state: RecordedState) -> None:
    for number in range(1, 8):
        state.put_in_category(number if number < 7 else 37, 7)


def _left_over_stock(state: RecordedState) -> None:
    state.ensure("products", "37")
    state.ensure("stock_availables", "69", id_product=37, id_shop=0)


def _second_default(state: RecordedState) -> None:
    state.ensure("products", "15")
    state.ensure("combinations", "23", id_product=15, default_on=1)


def _one_in_category(state: RecordedState) -> None:
    """The product's default category has fewer products than the position that is sent."""
    state.put_in_category(1, 6)


def _two_in_category(state: RecordedState) -> None:
    state.ensure("products", "8", id_category_default=12)
    state.put_in_category(8, 12)


def _used_address(state: RecordedState) -> None:
    state.ensure("addresses", "13", id_customer=2)
    state.ensure("orders", "2", id_address_invoice=13, id_customer=2)


def _cart(state: RecordedState, number: int, *, option: str = '{"14":"2,"}') -> Record:
    """The cart that the recorded orders over the web service came from."""
    store = state.store
    state.ensure("customers", "3", secure_key="8" * 32, id_default_group=3, email="l@shop.example")
    state.ensure("addresses", "14", id_customer=3, id_country=10)
    sold = {"active": 1, "id_tax_rules_group": 1}
    state.ensure("products", "12", reference="TES-001", price="49.180328", **sold)
    state.ensure("combinations", "7", id_product=12, reference="TES-001-M-NAT")
    state.ensure("products", "25", reference="MIE-001", price="8.181818", active=1)
    store.set("products", store.one("products", 25), id_tax_rules_group=2)
    rows = [
        {"id_product": "12", "id_product_attribute": "7", "quantity": "1"},
        {"id_product": "25", "id_product_attribute": "0", "quantity": "2"},
    ]
    if store.get("carts", number) is not None:
        store.delete("carts", number)
    cart = store.add(
        "carts",
        {
            "id_customer": 3,
            "id_address_delivery": 14,
            "id_address_invoice": 14,
            "id_currency": 1,
            "id_lang": 2,
            "id_carrier": 2,
            "delivery_option": option,
        },
        associations={"cart_rows": rows},
        record_id=number,
    )
    _names_of_row(state)
    return cart


def _names_of_row(state: RecordedState) -> None:
    """Texts and codes that the rows of order 21 show."""
    store = state.store
    state.ensure("product_options", "1")
    state.ensure("product_options", "2")
    for number, group, name in ((2, 1, "M"), (5, 2, "Naturale")):
        value = state.ensure("product_option_values", str(number), id_attribute_group=group)
        value.texts["name"] = {2: name}
    for number, name in ((1, "Taglia"), (2, "Colore")):
        store.one("product_options", number).texts["public_name"] = {2: name}
    combination = store.one("combinations", 7)
    combination.associations["product_option_values"] = [{"id": "2"}, {"id": "5"}]
    store.set("combinations", combination, ean13="2000000022239")
    store.set("products", store.one("products", 25), ean13="2000000010243")
    for number, name in ((12, "Camicia di lino"), (25, "Miele di acacia")):
        store.one("products", number).texts["name"] = {2: name}


def _cart_for_order(cart: int, order: int, details: int) -> Callable[[RecordedState], None]:
    def setup(state: RecordedState) -> None:
        _cart(state, cart)
        for each in list(state.store.all("orders")):
            state.store.delete("orders", each.id)
        state.set_last_id("orders", order - 1)
        state.set_last_id("order_details", details - 1)

    return setup


def _customer_without_key(state: RecordedState) -> None:
    _cart(state, 17)
    state.store.set("customers", state.store.one("customers", 3), secure_key="")


def _cart_already_ordered(state: RecordedState) -> None:
    cart = _cart(state, 19)
    store = state.store
    address = store.one("addresses", 14)
    state.shop.orders.place(
        Checkout(
            cart=cart,
            customer=store.one("customers", 3),
            lines=[(store.one("products", 25), None, 1)],
            delivery=address,
            invoice=address,
            carrier=2,
            module="ps_wirepayment",
            payment="Bonifico bancario",
            state=10,
            language=2,
        )
    )


def _histories(number: int) -> Callable[[RecordedState], None]:
    def setup(state: RecordedState) -> None:
        state.set_last_id("order_histories", number - 1)

    return setup


def _detail_of_product(state: RecordedState) -> None:
    state.ensure("products", "9", wholesale_price="5.412")
    state.ensure("orders", "2", id_lang=2)


def _earlier_refund(state: RecordedState) -> None:
    rows = [{"id": "1", "id_order_detail": "13", "product_quantity": "1"}]
    state.store.add("order_slip", {}, associations={"order_slip_details": rows}, record_id=1)


def _default_last(state: RecordedState) -> None:
    state.ensure("combinations", "1", id_product=4, default_on=1)


def _first_active(state: RecordedState) -> None:
    for number in (2, 3):
        state.ensure("products", str(number), active=0, indexed=0)


def _key_without_vouchers(state: RecordedState) -> None:
    service, key = state.simulator.service, state.simulator.api_key
    methods = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE"})
    names = [name for name in service.schema.names if name != "order_discounts"]
    service.keys[key] = Key(rights=dict.fromkeys(names, methods))


def _two_stores(*products: int, only: bool = False) -> Callable[[RecordedState], None]:
    """A second store; it has these products, and the first one has them too unless ``only``."""

    def setup(state: RecordedState) -> None:
        for number in products:
            state.ensure("products", str(number))
        if state.store.get("shops", 2) is not None:
            state.store.delete("shops", 2)
        state.simulator.add_store("Outlet")
        for number in products:
            state.store._members["products", number] = {2} if only else {1, 2}

    return setup


def _key_of_first_store(state: RecordedState) -> None:
    _two_stores(1)(state)
    state.simulator.service.keys[state.simulator.api_key] = Key(stores=frozenset({1}))


# by the number that begins the name of the exchange, per version
SETUPS: dict[str, dict[str, Callable[[RecordedState], None]]] = {
    "8.2.1": {
        "106": _fresh_shop,
        "109": _fresh_shop,
        "112": _only_italian_rules,
        "114": _first_provinces,
        "145": _known_email,
        "146": _known_email,
        "231": _combination_price,
        "240": _only_shown_categories,
        "271": _honey,
        "300": _category_of_seven,
        "301": _category_of_seven,
        "313": _category_of_seven,
        "422": _histories(29),
        "424": _histories(30),
        "425": _histories(31),
        "442": _customer_without_key,
        "444": _customer_without_key,
        "445": _customer_without_key,
        "492": _default_last,
        "447": _left_over_stock,
        "466": _cart_for_order(19, 18, 31),
        "470": _cart_already_ordered,
        "471": _cart_for_order(20, 19, 33),
        "482": _detail_of_product,
        "499": _cart_for_order(22, 21, 37),
        "385": _used_address,
        "518": _key_of_first_store,
        "519": _two_stores(),
        "520": _two_stores(1),
        "521": _two_stores(1),
        "533": _two_stores(1),
        "535": _two_stores(),
        "538": _two_stores(),
        "539": _two_stores(993, only=True),
        "540": _two_stores(993, only=True),
        "541": _two_stores(993, only=True),
        "542": _one_in_category,
        "563": _earlier_refund,
        "578": _second_default,
    },
    "1.7.8.11": {"067": _known_email, "072": _first_active},
    "1.6.1.24": {
        "002": _key_without_vouchers,
        "019": _key_without_vouchers,
        "044": _two_in_category,
        "045": _two_in_category,
    },
}
