"""The routes of the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .aftermath import Aftermath
from .configuration import Configuration
from .media import Media
from .order_filters import STATUSES
from .orders import Orders
from .people import People
from .products import Products
from .rest import Call, Reply, created, no_route
from .shop import BRANDS, CATEGORIES, TAGS, Shop
from .terms import Terms, attribute_taxonomy
from .webhooks import Webhooks

Handler = Callable[..., Any]
_EDITING = ("PUT", "PATCH", "POST")
_NAMES = {
    "pending": "Pending payment", "processing": "Processing", "on-hold": "On hold",
    "completed": "Completed", "cancelled": "Cancelled", "refunded": "Refunded",
    "failed": "Failed", "checkout-draft": "Draft",
}  # fmt: skip


class Routes:
    """Finds who answers a call."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.media = Media(shop)
        self.terms = Terms(shop)
        self.products = Products(shop, self.media, self.terms)
        self.orders = Orders(shop, self.products)
        self.aftermath = Aftermath(self.orders)
        self.people = People(shop)
        self.configuration = Configuration(shop)
        self.webhooks = Webhooks(shop, self._body_of)
        self._table: list[tuple[re.Pattern[str], dict[str, Handler]]] = []
        self._add_configuration()
        self._add_terms()
        self._add_products()
        self._add_orders()
        self._add_people()

    def answer(self, call: Call) -> Reply:
        """Answer a call. Raises RestError."""
        path = call.path.removeprefix("/wp-json").rstrip("/").lower() or "/"
        for pattern, handlers in self._table:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            handler = handlers.get("GET" if call.method == "HEAD" else call.method)
            if handler is None:
                break
            answer = handler(call, *(int(part) for part in match.groups()))
            return answer if isinstance(answer, Reply) else Reply(content=answer)
        raise no_route()

    def _add(self, pattern: str, **handlers: Handler) -> None:
        """Add a route: # is a number, ``edit`` stands for PUT, PATCH and POST."""
        edit = handlers.pop("edit", None)
        if edit is not None:
            handlers |= {name: edit for name in _EDITING if name not in handlers}
        text = pattern.replace("#", r"(\d+)")
        self._table.append((re.compile(text), handlers))

    def _body_of(self, resource: str, number: int, call: Call) -> dict[str, Any] | None:
        """What a webhook tells of a record, None when it is gone."""
        if resource == "order" and number in self.shop.orders:
            return self.orders.view.order(self.shop.orders[number], call)
        row = self.shop.products.get(number) if resource == "product" else None
        if row is None:
            return None
        if row["parent_id"]:
            call.path = "/wp-json/wc/v3/products/0/variations"
        return self.products.view.render(row, call)

    # --- tables -----------------------------------------------------------------------------------

    def _add_configuration(self) -> None:
        own = self.configuration
        self._add("/", GET=own.index)
        self._add("/wc/v3", GET=lambda call: {"namespace": "wc/v3", "routes": {}})
        self._add("/wc/v3/system_status", GET=lambda call: own.system_status())
        for group in ("general", "tax", "products"):
            self._add(f"/wc/v3/settings/{group}", GET=lambda call, g=group: own.settings(g))
        self._add(
            r"/wc/v3/settings/tax/woocommerce_\w+",
            edit=lambda call: own.change_setting(call.path.rpartition("/")[2], call.body),
        )
        self._add("/wc/v3/data/currencies/current", GET=lambda call: own.currency())
        self._add("/wc/v3/payment_gateways", GET=lambda call: own.gateways())
        self._add(
            "/wc/v3/taxes/classes",
            GET=lambda call: own.tax_classes(),
            POST=own.create_tax_class,
        )
        self._add("/wc/v3/taxes", GET=own.tax_rates, POST=own.create_rate)
        self._add("/wc/v3/shipping/zones", GET=lambda call: own.zones(), POST=own.create_zone)
        self._add(
            "/wc/v3/shipping/zones/#/methods",
            GET=lambda call, zone: own.methods(zone),
            POST=lambda call, zone: own.create_method(zone, call),
        )
        self._add(
            "/wc/v3/shipping/zones/#/methods/#",
            edit=lambda call, zone, number: own.update_method(number, call.body),
        )
        self._add("/wp/v2/media", GET=self.media.listed, POST=self.media.upload)
        hooks = self.webhooks
        self._add("/wc/v3/webhooks", GET=hooks.listed, POST=hooks.post)
        self._add(
            "/wc/v3/webhooks/#",
            GET=lambda call, number: hooks.render(hooks.get(number)),
            edit=lambda call, number: hooks.update(number, call.body),
            DELETE=lambda call, number: hooks.delete(number, force=call.flag("force")),
        )

    def _add_terms(self) -> None:
        for taxonomy in (CATEGORIES, TAGS, BRANDS):
            if taxonomy != BRANDS or self.shop.since(9, 4):
                self._add_taxonomy(f"/wc/v3/products/{taxonomy}", lambda t=taxonomy: t)
        self._add_taxonomy("/wc/v3/products/attributes/#/terms", attribute_taxonomy)
        own = self.terms
        self._add(
            "/wc/v3/products/attributes",
            GET=lambda call: own.list_attributes(),
            POST=own.create_attribute,
        )
        self._add("/wc/v3/products/attributes/batch", edit=own.batch_attributes)
        self._add(
            "/wc/v3/products/attributes/#",
            GET=lambda call, number: own.attribute(number),
            edit=lambda call, number: own.update_attribute(number, call.body),
        )

    def _add_taxonomy(self, base: str, name: Callable[..., str]) -> None:
        own = self.terms

        def create(call: Call, *above: int) -> Reply:
            return created(own.create(name(*above), call.body), call)

        self._add(base, GET=lambda call, *above: own.listed(call, name(*above)), POST=create)
        self._add(f"{base}/batch", edit=lambda call, *above: own.batch(call, name(*above)))
        self._add(
            f"{base}/#",
            GET=lambda call, *ids: own.one(name(*ids[:-1]), ids[-1]),
            edit=lambda call, *ids: own.update(name(*ids[:-1]), ids[-1], call.body),
            DELETE=lambda call, *ids: own.delete(
                name(*ids[:-1]), ids[-1], force=call.flag("force")
            ),
        )

    def _add_products(self) -> None:
        own = self.products
        base = "/wc/v3/products"
        self._add(base, GET=own.listed, POST=own.post)
        self._add(f"{base}/batch", edit=own.batch)
        self._add(f"{base}/#", **self._one(None))
        self._add("/wc/v3/variations", GET=lambda call: own.variations(call, None))
        self._add(f"{base}/#/variations", GET=own.variations, POST=own.post)
        self._add(f"{base}/#/variations/batch", edit=own.batch)
        self._add(f"{base}/#/variations/#", **self._one(0))

    def _one(self, depth: int | None) -> dict[str, Handler]:
        own = self.products

        def parent(ids: tuple[int, ...]) -> int | None:
            return None if depth is None else ids[depth]

        return {
            "GET": lambda call, *ids: own.view.render(own.get(ids[-1], parent(ids)), call),
            "edit": lambda call, *ids: own.view.render(
                own.update(ids[-1], call.body, parent(ids)), call
            ),
            "DELETE": lambda call, *ids: own.view.render(
                own.delete(ids[-1], force=call.flag("force"), parent=parent(ids)), call
            ),
        }

    def _add_orders(self) -> None:
        own, after = self.orders, self.aftermath
        self._add("/wc/v3/orders", GET=own.listed, POST=own.post)
        self._add("/wc/v3/orders/batch", edit=own.batch)
        if self.shop.since(9, 6):
            self._add("/wc/v3/orders/statuses", GET=lambda call: _statuses())
        self._add(
            "/wc/v3/orders/#",
            GET=lambda call, number: own.view.order(own.get(number), call),
            edit=lambda call, number: own.view.order(own.update(number, call.body), call),
            DELETE=lambda call, number: own.view.order(
                own.delete(number, force=call.flag("force")), call
            ),
        )
        self._add(
            "/wc/v3/orders/#/notes",
            GET=lambda call, order: after.notes(order),
            POST=lambda call, order: after.add_note(order, call),
        )
        self._add(
            "/wc/v3/orders/#/notes/#",
            DELETE=lambda call, order, number: after.delete_note(
                order, number, force=call.flag("force")
            ),
        )
        self._add(
            "/wc/v3/orders/#/refunds",
            GET=lambda call, order: after.refunds(order, call),
            POST=lambda call, order: after.add_refund(order, call),
        )
        if self.shop.since(9):
            self._add("/wc/v3/refunds", GET=lambda call: after.refunds(None, call))

    def _add_people(self) -> None:
        own = self.people
        self._add("/wc/v3/customers", GET=own.listed, POST=own.post_customer)
        self._add("/wc/v3/customers/batch", edit=own.batch_customers)
        self._add(
            "/wc/v3/customers/#",
            GET=lambda call, number: own.render(own.customer(number)),
            edit=lambda call, number: own.render(own.update_customer(number, call.body)),
            DELETE=lambda call, number: own.render(
                own.delete_customer(number, force=call.flag("force"))
            ),
        )
        self._add("/wc/v3/coupons", GET=own.coupons, POST=own.post_coupon)


def _statuses() -> list[dict[str, str]]:
    return [{"slug": status, "name": _NAMES[status]} for status in STATUSES]
