"""The simulated PrestaShop shop behind a real HTTP server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from werkzeug.wrappers import Request, Response

from ....simulation import ShopSimulator
from .aftermath import Aftermath
from .checkout import Checkouts
from .front import Front
from .recorded import fill_recorded
from .seed import fill
from .service import Key, Service
from .shop import Shop
from .store import Record

_DISPATCHER = "/webservice/dispatcher.php"
_GET = frozenset({"GET"})


class PrestaShopSimulator(Aftermath, ShopSimulator):
    """PrestaShop 1.6.1.24, 1.7.8.11, 8.2.1 (the default) or 9.0 (as 8) on 127.0.0.1.

    Web service under ``/api``, the visitor's shop under ``/``.  seed "empty" and "demo" are the
    same shop without products: a connector fills it; "recorded" is the shop of the exchanges.
    Three keys: `api_key` may do everything, `read_only_key` may GET and HEAD products and GET
    stock_availables, `inactive_key` nothing.
    """

    system = "prestashop"
    api_key = "ENOTECA0COLLINE0FULL0KEY00000001"
    read_only_key = "ENOTECA0COLLINE0READ0KEY00000002"
    inactive_key = "ENOTECA0COLLINE0IDLE0KEY00000003"

    def __init__(self, port: int = 0, *, version: str = "8.2.1", seed: str = "empty") -> None:
        if seed not in {"empty", "demo", "recorded"}:
            raise ValueError(f"unknown seed {seed!r}: use empty, demo or recorded")
        super().__init__(port, version=version, seed=seed)
        self.shop = Shop(version, self.clock)
        fill(self.shop)
        if seed == "recorded":
            fill_recorded(self.shop)
        self.service = Service(self.shop, lambda: self.host)
        self.service.keys = {
            self.api_key: Key(),
            self.read_only_key: Key(
                rights={"products": frozenset({"GET", "HEAD"}), "stock_availables": _GET}
            ),
            self.inactive_key: Key(is_active=False),
        }
        self.checkouts = Checkouts(self.shop)
        self.front = Front(self.shop, self.checkouts)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        store, path = self.shop.store_of(request.path)
        with self.shop.store.within([store]):
            if path == "/api" or path.startswith("/api/"):
                return self.service.handle(request, path[4:])
            if path == _DISPATCHER:
                return self.service.handle(request, request.args.get("url", ""))
            return self.front.handle(request)

    def is_write(self, request: Request) -> bool:
        """Tell whether the request asks the web service to change something."""
        _store, path = self.shop.store_of(request.path)
        return path.startswith(("/api", _DISPATCHER)) and super().is_write(request)

    # --- several stores ------------------------------------------------------------------------

    def add_store(self, name: str, *, shares_stock: bool = False) -> int:
        """Open another store, with the categories and without the products of the first.

        shares_stock: the stores sell from one stock, which starts with the rows of the first.
        """
        with self.lock:
            shop = self.shop.store.add_store(name)
            if shares_stock:
                self.shop.stock.share()
            return shop

    @contextmanager
    def in_store(self, store: int) -> Iterator[None]:
        """Do everything in one of the stores for a while: orders, what is held, states."""
        with self.lock, self.shop.store.within([store]):
            yield

    def reserve_category(self, category: int | str, groups: Sequence[int | str]) -> None:
        """Let only these customer groups see a category, as a merchant does in the back office."""
        with self.lock:
            self.shop.category_groups[int(category)] = frozenset(int(group) for group in groups)

    def edit_texts(self, sku: str, field: str, texts: Mapping[int | str, str]) -> None:
        """Rewrite a text of a product by language id, as a merchant does in the back office."""
        with self.lock:
            product, _combination = self.checkouts.by_sku(sku)
            product.texts[field].update({int(key): text for key, text in texts.items()})
            self.shop.store.set("products", product, date_upd=self.shop.store.now())

    # --- the neutral part ----------------------------------------------------------------------

    def place_order(
        self,
        lines: Sequence[tuple[str, int]],
        customer: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> int:
        """Check out as a visitor does; return the id of the (first) order.

        customer: ``email``, ``firstname``, ``lastname``, ``company``, ``vat_number``, ``dni``,
        ``address1``, ``address2``, ``postcode``, ``city``, ``country`` (ISO code), ``state`` (ISO
        code of the province), ``phone``, ``guest`` (true), ``group`` (id); a known e-mail of a
        registered customer attaches to it.  Missing ones are made up.
        options: ``delivery`` (another address, same names), ``carrier`` (id), ``payment`` (module),
        ``voucher`` (code or codes), ``gift`` (true), ``gift_message``, ``note``, ``language`` (ISO
        code), ``currency`` (ISO code), ``state`` (id, else what the payment gives), ``paid``.
        Raises ValueError when the shop would not accept it, KeyError for an unknown sku.
        """
        with self.lock:
            return self.checkouts.place(lines, customer or {}, options)[0].id

    def product_by_sku(self, sku: str) -> dict[str, Any]:
        """Return product or combination: plain fields, texts per language id, ``product_id``."""
        with self.lock:
            product, combination = self.checkouts.by_sku(sku)
            found = self.shop.views.complete("products", product)
            content = _as_dict(found)
            content["product_id"] = product.id
            content["combination_id"] = combination.id if combination else 0
            content["images"] = self.shop.pictures.of_product(product.id)
            if combination is not None:
                content["combination"] = _as_dict(combination)
            return content

    def stock_of(self, sku: str) -> int:
        """Return the quantity in the stock row of a product or combination."""
        with self.lock:
            product, combination = self.checkouts.by_sku(sku)
            row = self.shop.stock.row(product.id, combination.id if combination else 0)
            if row is None:
                raise KeyError(f"{sku} has no stock row in the shop")
            return row.number("quantity")

    def order(self, order_id: int) -> dict[str, Any]:
        """Return an order with ``rows``, ``history`` (state ids), ``tracking`` and ``payments``."""
        store = self.shop.store
        with self.lock:
            record = store.one("orders", order_id)
            content = _as_dict(record)
            rows = store.find("order_details", id_order=order_id)
            content["rows"] = [_as_dict(row) for row in rows]
            history = store.find("order_histories", id_order=order_id)
            content["history"] = [each.number("id_order_state") for each in history]
            carriers = store.find("order_carriers", id_order=order_id)
            content["tracking"] = carriers[0].values["tracking_number"] if carriers else ""
            reference = record.values["reference"]
            payments = store.find("order_payments", order_reference=reference)
            content["payments"] = [each.values["amount"] for each in payments]
            return content

    def set_order_state(self, order_id: int, state: int | str) -> None:
        """Move an order to a state, given by id or by its English name."""
        store = self.shop.store
        with self.lock:
            if isinstance(state, str) and not state.isdigit():
                wanted = state.casefold()
                found = [
                    each.id
                    for each in store.all("order_states")
                    if each.text("name", 1).casefold() == wanted
                ]
                if not found:
                    raise KeyError(f"no order state is called {state!r}")
                state = found[0]
            self.shop.orders.change_state(store.one("orders", order_id), int(state))

    def holdings(self) -> dict[str, int]:
        """Count what the shop holds; ``variants`` are combinations and products without any."""
        store = self.shop.store
        with self.lock:
            counts = {name: len(table) for name, table in store.tables.items()}
            with_combinations = {each.number("id_product") for each in store.all("combinations")}
            simple = counts["products"] - len(with_combinations & set(store.tables["products"]))
            return {
                "products": counts["products"],
                "variants": counts["combinations"] + simple,
                "combinations": counts["combinations"],
                "categories": counts["categories"],
                "manufacturers": counts["manufacturers"],
                "images": len(self.shop.pictures.products),
                "languages": counts["languages"],
                "currencies": counts["currencies"],
                "customers": counts["customers"],
                "addresses": counts["addresses"],
                "orders": counts["orders"],
                "stock_rows": counts["stock_availables"],
            }


def _as_dict(record: Record) -> dict[str, Any]:
    return {"id": record.id, **record.values, **record.texts}
