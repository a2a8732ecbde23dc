"""The visitor's shop: catalogue, product, cart, checkout and order pages as plain HTML.

Pages live under ``/en``, ``/it`` and ``/hu``.  A cart is a cookie (``product-combination:quantity``
joined by dots), so nothing is kept for visitors who never buy.  The checkout form may as well be
posted by a script.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from . import pictures as files
from .cart import ZERO
from .checkout import Checkouts
from .front_texts import LANGUAGES, TEXTS
from .front_views import VISITOR, FrontViews
from .orders import CartLine
from .shop import Shop

_FOLDER = Path(__file__).with_name("templates")
_COOKIE = "cart"
_LINE = re.compile(r"^(?P<product>\d+)-(?P<combination>\d+):(?P<quantity>\d+)$")
_MOST = 999
_BOX = {"company", "delivery", "guest", "gift"}


class Front:
    """Answers requests for pages and pictures."""

    def __init__(self, shop: Shop, checkouts: Checkouts) -> None:
        self.shop = shop
        self.checkouts = checkouts
        self.views = FrontViews(shop, checkouts)
        self.templates = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters["money"] = _money
        self._pages: dict[str, Callable[[Request, str, str], Response]] = {
            "": self._catalogue,
            "category": self._catalogue,
            "product": self._product,
            "cart": self._cart,
            "checkout": self._checkout,
            "confirmation": self._order_page,
            "orders": self._orders,
        }

    def handle(self, request: Request) -> Response:
        """Answer one request; unknown addresses are 404."""
        parts = [part for part in request.path.split("/") if part]
        if not parts:
            return redirect("/it/")
        if parts[0] == "style.css":
            css = (_FOLDER / "style.css").read_bytes()
            return Response(css, content_type="text/css; charset=utf-8")
        if parts[0] == "img" and len(parts) == 3:
            return self._picture(parts[1], parts[2])
        page = self._pages.get(parts[1] if len(parts) > 1 else "")
        if parts[0] not in LANGUAGES or page is None:
            return self._not_found(parts[0])
        return page(request, parts[0], parts[2] if len(parts) > 2 else "")

    # --- catalogue -----------------------------------------------------------------------------

    def _catalogue(self, request: Request, language: str, argument: str) -> Response:
        category = int(argument) if argument.isdigit() else 2
        content = self.views.catalogue(LANGUAGES[language], category, self._group(request))
        if content is None:
            return self._not_found(language)
        return self._page(request, language, "catalogue.html", **content)

    def _product(self, request: Request, language: str, argument: str) -> Response:
        option = request.args.get("option", "")
        content = self.views.product(LANGUAGES[language], argument, option, self._group(request))
        if content is None:
            return self._not_found(language)
        return self._page(request, language, "product.html", **content)

    def _group(self, request: Request) -> int:
        """The customer group of whoever looks: the cookie ``customer`` holds an e-mail address."""
        customer = self.shop.store.first("customers", email=request.cookies.get("customer", ""))
        return customer.number("id_default_group") if customer else VISITOR

    def _picture(self, number: str, size: str) -> Response:
        picture = self.shop.pictures.products.get(int(number) if number.isdigit() else 0)
        if picture is None:
            return Response("", 404)
        data = picture.data
        if size in files.SIZES:
            data = files.sized(data, size)
        return Response(data, content_type=files.mime_of(data))

    # --- cart ----------------------------------------------------------------------------------

    def _cart(self, request: Request, language: str, _argument: str) -> Response:
        amounts = _read_cart(request)
        if request.method == "POST":
            key = f"{request.form.get('product', '0')}-{request.form.get('combination') or '0'}"
            quantity = _quantity(request.form.get("quantity", "1"))
            if request.form.get("action") == "set":
                amounts[key] = quantity
            else:
                amounts[key] = min(_MOST, amounts.get(key, 0) + quantity)
            return _with_cart(redirect(f"/{language}/cart", 303), amounts)
        lines = self._lines(amounts)
        content = self.views.cart(LANGUAGES[language], lines)
        return self._page(request, language, "cart.html", **content)

    def _lines(self, amounts: dict[str, int]) -> list[CartLine]:
        """Find what the cookie names; what is no longer on sale drops out."""
        lines: list[CartLine] = []
        for key, quantity in amounts.items():
            number, _dash, option = key.partition("-")
            product = self.shop.store.get("products", number)
            combination = self.shop.store.get("combinations", option)
            if product is None or quantity < 1 or product.values["active"] != "1":
                continue
            if option != "0" and combination is None:
                continue
            lines.append((product, combination, quantity))
        return lines

    # --- checkout ------------------------------------------------------------------------------

    def _checkout(self, request: Request, language: str, _argument: str) -> Response:
        lines = self._lines(_read_cart(request))
        form: dict[str, str] = {name: value.strip() for name, value in request.form.items()}
        if request.method == "POST" and form.get("lines"):
            # a script may send its lines along instead of a cart
            lines = self._lines(_parse_cart(form["lines"]))
        error = ""
        if request.method == "POST":
            try:
                order = self._place(lines, form, language)
            except (ValueError, KeyError) as refusal:
                error = str(refusal.args[0] if refusal.args else refusal)
            else:
                email = quote(order["email"])
                target = f"/{language}/confirmation/{order['reference']}?email={email}"
                return _with_cart(redirect(target, 303), {})
        content = self.views.checkout(LANGUAGES[language], lines)
        return self._page(
            request,
            language,
            "checkout.html",
            status=400 if error else 200,
            form=form,
            error=error,
            **content,
        )

    def _place(self, lines: list[CartLine], form: dict[str, str], language: str) -> dict[str, str]:
        boxes = {name: form.get(name) in {"1", "on"} for name in _BOX}
        if not form.get("email"):
            raise ValueError(TEXTS[language]["email_missing"])
        customer: dict[str, Any] = {**form, "guest": boxes["guest"]}
        # a script may send the name at once, without ticking the box
        written = "" if boxes["company"] else form.get("company", "")
        customer["company"] = form.get("company_name", "") or written
        if not customer["company"]:
            customer["vat_number"] = ""
        options: dict[str, Any] = {
            "language": language,
            "carrier": form.get("carrier") or 2,
            "payment": form.get("payment") or "ps_wirepayment",
            "currency": form.get("currency") or "EUR",
            "voucher": form.get("voucher", ""),
            "gift": boxes["gift"],
            "gift_message": form.get("gift_message", "") if boxes["gift"] else "",
            "note": form.get("note", ""),
        }
        if boxes["delivery"]:
            options["delivery"] = {
                name.removeprefix("delivery_"): value
                for name, value in form.items()
                if name.startswith("delivery_") and value
            }
        order = self.checkouts.place_lines(lines, customer, options)[0]
        return {"reference": order.values["reference"], "email": form["email"]}

    # --- orders --------------------------------------------------------------------------------

    def _order_page(self, request: Request, language: str, argument: str) -> Response:
        email = request.args.get("email", "")
        orders = self.views.orders(LANGUAGES[language], argument, email)
        if not orders:
            return self._not_found(language)
        return self._page(
            request, language, "confirmation.html", orders=orders, reference=argument, email=email
        )

    def _orders(self, request: Request, language: str, _argument: str) -> Response:
        reference = request.args.get("reference", "").strip().upper()
        email = request.args.get("email", "").strip()
        asked = bool(reference or email)
        orders = self.views.orders(LANGUAGES[language], reference, email) if asked else []
        return self._page(
            request,
            language,
            "orders.html",
            orders=orders,
            asked=asked,
            reference=reference,
            email=email,
        )

    # --- pages ---------------------------------------------------------------------------------

    def _page(
        self, request: Request, language: str, template: str, *, status: int = 200, **content: Any
    ) -> Response:
        number = LANGUAGES[language]
        rest = request.full_path.removeprefix(f"/{language}").rstrip("?")
        html = self.templates.get_template(template).render(
            shop=self.shop.name,
            language=language,
            languages={code: f"/{code}{rest}" for code in LANGUAGES},
            t=TEXTS[language],
            menu=self.views.menu(number),
            cart_count=sum(_read_cart(request).values()),
            **content,
        )
        return Response(html, status=status, content_type="text/html; charset=utf-8")

    def _not_found(self, language: str) -> Response:
        text = TEXTS.get(language, TEXTS["en"])["not_found"]
        return Response(text, 404, content_type="text/plain; charset=utf-8")


def _parse_cart(text: str) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for part in text.split("."):
        match = _LINE.match(part)
        if match:
            amounts[f"{match['product']}-{match['combination']}"] = _quantity(match["quantity"])
    return {key: quantity for key, quantity in amounts.items() if quantity > 0}


def _read_cart(request: Request) -> dict[str, int]:
    return _parse_cart(request.cookies.get(_COOKIE, ""))


def _with_cart(response: Response, amounts: dict[str, int]) -> Response:
    text = ".".join(f"{key}:{quantity}" for key, quantity in amounts.items() if quantity > 0)
    response.set_cookie(_COOKIE, text, samesite="Lax")
    return response


def _quantity(text: str) -> int:
    return min(_MOST, int(text)) if text.isdigit() else 0


def _money(amount: Decimal | str, symbol: str = "€") -> str:
    value = Decimal(amount) if amount else ZERO
    return f"{value:,.2f} {symbol}".replace(",", " ").replace(".", ",")
