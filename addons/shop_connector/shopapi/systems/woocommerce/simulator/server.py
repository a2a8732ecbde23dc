"""The simulated WooCommerce shop behind a real HTTP server."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Request, Response

from ....simulation import ShopSimulator
from .access import Access, Key
from .checkout import Checkout
from .rest import Call, Reply, RestError, cut, dumps
from .routes import Routes
from .seed import fill, fill_bare
from .shop import Row, Shop
from .totals import line_tax, rounded

_OPEN = {"/wp-json", "/wp-json/", "/wp-json/wc/v3"}
_JSON = "application/json; charset=UTF-8"


class WooCommerceSimulator(ShopSimulator):
    """WooCommerce 11.0.1 (the default) or 8.2.2 on 127.0.0.1, plain http, so OAuth is verified.

    REST API under ``/wp-json/wc/v3``, files under ``/wp-content``.  seed "empty" and "demo" are the
    same set-up shop without products: a connector fills it; "bare" is a new installation.
    `deliver_webhooks` sends what happened, as WordPress' cron does once a minute.
    """

    system = "woocommerce"
    api_key = "ck_" + "a1b2c3d4" * 5
    api_secret = "cs_" + "e5f6a7b8" * 5
    #: user and application password
    media_login = "erp:abcd EFGH 1234 ijkl MNOP 5678"
    read_only_key = "ck_" + "0ead0000" * 5
    write_only_key = "ck_" + "0017e000" * 5
    customer_key = "ck_" + "c0570000" * 5
    inactive_key = "ck_" + "dead0000" * 5

    def __init__(self, port: int = 0, *, version: str = "11.0.1", seed: str = "empty") -> None:
        if seed not in {"empty", "demo", "bare"}:
            raise ValueError(f"unknown seed {seed!r}: use empty, demo or bare")
        super().__init__(port, version=version, seed=seed)
        self.shop = Shop(version, self.clock)
        (fill_bare if seed == "bare" else fill)(self.shop)
        self.routes = Routes(self.shop)
        self.checkouts = Checkout(self.shop, self.routes.orders, self.routes.people)
        user, _colon, password = self.media_login.partition(":")
        keys = {
            self.api_key: Key(secret=self.api_secret),
            self.read_only_key: Key(secret=self.api_secret, permissions="read"),
            self.write_only_key: Key(secret=self.api_secret, permissions="write"),
            self.customer_key: Key(secret=self.api_secret, role="customer"),
        }
        self.access = Access(self.shop, keys, (user, password))

    # --- answering --------------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        path = request.path
        if path.startswith("/index.php/"):
            path = path.removeprefix("/index.php")
        if not path.startswith("/wp-json"):
            return self._page(request)
        method = request.args.get("_method", request.method).upper()
        self.routes.products.view.sales.settle()
        try:
            self._check_access(request, path, method)
            call = self._call(request, path, method)
            return self._written(self.routes.answer(call), call, request)
        except RestError as error:
            return Response(dumps(error.body()), status=error.status, content_type=_JSON)

    def is_write(self, request: Request) -> bool:
        """Tell whether the request asks the web service to change something."""
        method = request.args.get("_method", request.method).upper()
        return "/wp-json" in request.path and method not in {"GET", "HEAD", "OPTIONS"}

    def _check_access(self, request: Request, path: str, method: str) -> None:
        if path.rstrip("/").lower() in {each.rstrip("/") for each in _OPEN}:
            return
        if path.startswith("/wp-json/wp/"):
            if method != "GET":
                self.access.check_media(request)
            return
        key = self.access.user(request, method)
        if key is None or key.role != "administrator":
            what, verb = ("view", "list") if method in {"GET", "HEAD"} else ("create", "create")
            text = f"Sorry, you cannot {verb} resources."
            if verb == "create":
                text = "Sorry, you are not allowed to create resources."
            status = 401 if key is None else 403
            raise RestError(status, f"woocommerce_rest_cannot_{what}", text)

    def _call(self, request: Request, path: str, method: str) -> Call:
        lists: dict[str, list[str]] = {}
        for name, values in request.args.lists():
            match = re.fullmatch(r"(\w+)\[\d*\]", name)
            if match is not None:
                lists.setdefault(match[1], []).extend(values)
        return Call(
            method="GET" if method == "HEAD" else method,
            path=path,
            args=request.args.to_dict(),
            lists=lists,
            body=_body(request),
            raw=request.get_data(),
            headers={name.lower(): value for name, value in request.headers.items()},
            home=self.home,
        )

    @property
    def home(self) -> str:
        """The shop's address as it writes it itself."""
        scheme = "https" if self.access.is_https else "http"
        return f"{scheme}://{self.host}"

    def _written(self, reply: Reply, call: Call, request: Request) -> Response:
        content = cut(reply.content, call.args.get("_fields"))
        if "_envelope" in call.args:
            envelope = {"body": content, "status": reply.status, "headers": reply.headers}
            return Response(dumps(envelope), status=200, content_type=_JSON)
        body = b"" if request.method == "HEAD" else dumps(content)
        headers = reply.headers
        return Response(body, status=reply.status, headers=headers, content_type=_JSON)

    def _page(self, request: Request) -> Response:
        """What visitors see: files and, very plainly, products."""
        if request.path == "/checkout" and request.method == "POST":
            return self._checkout(request)
        row = self.routes.media.file(request)
        if row is not None:
            return Response(row["content"], content_type=row["mime"])
        slug = request.path.removeprefix("/product/").strip("/")
        for product in self.shop.products.values():
            if product["slug"] == slug and product["status"] == "publish" and slug:
                return Response(product["name"], content_type="text/html")
        if request.path == "/":
            return Response(self.shop.settings.name, content_type="text/html")
        return Response("<html>Not found</html>", status=404, content_type="text/html")

    def _checkout(self, request: Request) -> Response:
        """A visitor buys: ``lines`` (``SKU:units.SKU:units``), ``payment`` and who he is."""
        form = request.form.to_dict()
        options: Row = {
            name: form.pop(name) for name in ("payment", "voucher", "note") if name in form
        }
        wanted = [item.rpartition(":") for item in form.pop("lines", "").split(".") if item]
        try:
            lines = [(sku, int(units)) for sku, _colon, units in wanted]
            number = self.checkouts.place(lines, form, options)
        except (ValueError, RestError) as error:
            return Response(f"<p class='error'>{error}</p>", status=400, content_type="text/html")
        return Response(status=303, headers={"Location": f"/checkout/order-received/{number}/"})

    # --- beside the API ---------------------------------------------------------------------------

    def deliver_webhooks(self) -> list[int]:
        """Send what happened since, as the cron does; the statuses answered (0: nobody there).

        Not under the lock: whoever is called may call back.
        """
        return self.routes.webhooks.deliver(self.home)

    def refund_order(
        self, order_id: int, lines: Mapping[int, int], *, shipping: bool = False
    ) -> int:
        """Pay back pieces of lines (by number, from 0), as the merchant does; the refund's id."""
        with self.lock:
            order = self.routes.orders.get(order_id)
            items = [_refunded(order["line_items"][place], units) for place, units in lines.items()]
            if shipping:
                items += [_refunded(line, 1) for line in order["shipping_lines"]]
            made = self.routes.aftermath.refund(order, {"line_items": items})
            return int(made["id"])

    def add_languages(self, *codes: str) -> None:
        """Switch WPML on (READ): the main language first."""
        with self.lock:
            self.shop.languages = codes
            self.routes.configuration.extra_plugins = ["sitepress-multilingual-cms/sitepress.php"]

    def edit_product(self, sku: str, **fields: str) -> None:
        """Change a product as a merchant does in the back office."""
        with self.lock:
            row = self.checkouts.by_sku(sku)
            self.routes.products.update(row["id"], fields, row["parent_id"] or None)

    # --- the neutral part -------------------------------------------------------------------------

    def place_order(
        self,
        lines: Sequence[tuple[str, int]],
        customer: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> int:
        """Check out as a visitor does; return the id of the order.

        customer: ``email``, ``firstname``, ``lastname``, ``company``, ``vat_number``, ``dni``,
        ``address1``, ``address2``, ``postcode``, ``city``, ``country`` (ISO code), ``state`` (ISO
        code of the province), ``phone``, ``guest`` (true); others get an account.
        options: ``delivery`` (another address, same names), ``carrier`` (method:instance),
        ``payment`` (gateway), ``voucher`` (code or codes), ``note``, ``state``, ``paid``.
        """
        with self.lock:
            return self.checkouts.place(lines, customer or {}, options)

    def product_by_sku(self, sku: str) -> dict[str, Any]:
        """Return what the shop holds about the product or variation with that code."""
        with self.lock:
            return dict(self.checkouts.by_sku(sku))

    def stock_of(self, sku: str) -> int:
        """Return the quantity that the shop may still sell."""
        with self.lock:
            holder = self.routes.products.view.stock_holder(self.checkouts.by_sku(sku))
            return int(holder["stock_quantity"] or 0)

    def order(self, order_id: int) -> dict[str, Any]:
        """Return what the shop holds about an order."""
        with self.lock:
            return dict(self.shop.orders[order_id])

    def set_order_state(self, order_id: int, state: int | str) -> None:
        """Move an order to another status as the back office does."""
        with self.lock:
            self.routes.orders.update(order_id, {"status": str(state)})

    def holdings(self) -> dict[str, int]:
        """Count what the shop holds."""
        rows = list(self.shop.products.values())
        variants = sum(bool(row["parent_id"]) for row in rows)
        makers = self.shop.terms.get("brands" if self.shop.since(9, 4) else "tags", {})
        return {
            "products": len(rows) - variants,
            "variants": variants,
            "combinations": variants,
            "categories": len(self.shop.terms["categories"]),
            "manufacturers": len(makers),
            "images": len(self.shop.media),
            "orders": len(self.shop.orders),
            "customers": len(self.shop.customers),
            "languages": 1,
        }


def _refunded(line: Row, units: int) -> Row:
    share = rounded(line["total"] * units / line.get("quantity", 1))
    whole = line_tax(line)
    return {
        "id": line["id"],
        "quantity": units if "quantity" in line else 0,
        "refund_total": str(share),
        "refund_tax": [
            {"id": rate, "refund_total": str(rounded(whole * units / line.get("quantity", 1)))}
            for rate in line["taxes"]
        ],
    }


def _body(request: Request) -> Row:
    """The fields of a request's body; JSON with another content type is not read at all."""
    kind = request.content_type or ""
    if kind.startswith("application/json"):
        text = request.get_data()
        if not text:
            return {}
        try:
            found = json.loads(text)
        except ValueError:
            raise RestError(
                400,
                "rest_invalid_json",
                "Invalid JSON body passed.",
                json_error_code=4,
                json_error_message="Syntax error",
            ) from None
        return found if isinstance(found, dict) else {}
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(request.form.to_dict())
    return {}
