"""What a merchant has set: index, versions, settings, taxes, shipping, ways to pay."""

from __future__ import annotations

from .rest import Call, Reply, RestError, created, no_route, page_of, whole
from .shop import Row, Shop, slugify

_METHOD_TITLES = {
    "flat_rate": "Flat rate",
    "free_shipping": "Free shipping",
    "local_pickup": "Local pickup",
}


class Configuration:
    """The settings of a shop over the API."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        #: languages of a multilingual plugin, added to what the shop says of itself
        self.extra_namespaces: list[str] = []
        self.extra_plugins: list[str] = []

    def index(self, call: Call) -> Row:
        """The site's index, open to everybody."""
        offset = self.shop.clock.now().astimezone(self.shop.zone).utcoffset()
        return {
            "name": self.shop.settings.name,
            "description": "",
            "url": call.home,
            "home": call.home,
            "gmt_offset": int(offset.total_seconds() // 3600) if offset is not None else 0,
            "timezone_string": self.shop.settings.timezone,
            "namespaces": [
                "oembed/1.0",
                "wc/v3",
                "wc/v1",
                "wc/v2",
                "wp/v2",
                *self.extra_namespaces,
            ],
            "routes": {"/": ["GET"], "/wc/v3": ["GET"]},
        }

    def system_status(self) -> Row:
        """Version, plugins, and how orders are stored."""
        plugins = ["woocommerce/woocommerce.php", *self.extra_plugins]
        return {
            "environment": {
                "version": self.shop.version,
                "wp_version": "7.1.4" if self.shop.since(9) else "6.8.7",
                "language": self.shop.settings.locale,
            },
            "active_plugins": [{"plugin": name} for name in plugins],
            "settings": {
                "currency": self.shop.settings.currency,
                "HPOS_enabled": self.shop.since(8, 3),
            },
        }

    def settings(self, group: str) -> Reply:
        """A group of settings."""
        own = self.shop.settings
        yes = {True: "yes", False: "no"}
        values = {
            "tax": {
                "woocommerce_prices_include_tax": yes[own.prices_include_tax],
                "woocommerce_tax_based_on": "shipping",
                "woocommerce_shipping_tax_class": "",
                "woocommerce_tax_round_at_subtotal": yes[own.round_at_subtotal],
            },
            "general": {
                "woocommerce_default_country": f"{own.country}:TO",
                "woocommerce_currency": own.currency,
                "woocommerce_price_num_decimals": str(own.decimals),
            },
            "products": {"woocommerce_weight_unit": own.weight_unit},
        }
        if group not in values:
            text = "Invalid setting group."
            raise RestError(404, "rest_setting_setting_group_invalid", text)
        return Reply(content=[{"id": key, "value": text} for key, text in values[group].items()])

    def change_setting(self, name: str, body: Row) -> Row:
        """Set one of those that matter here."""
        fields = {
            "woocommerce_prices_include_tax": "prices_include_tax",
            "woocommerce_tax_round_at_subtotal": "round_at_subtotal",
        }
        setattr(self.shop.settings, fields[name], body["value"] == "yes")
        return {"id": name, "value": body["value"], "group_id": "tax"}

    def currency(self) -> Row:
        """The one currency of the shop."""
        own = self.shop.settings.currency
        return {"code": own, "name": "Euro", "symbol": "&euro;", "_links": {}}

    def gateways(self) -> Reply:
        """The ways to pay."""
        return whole([dict(row) for row in self.shop.gateways])

    # --- taxes ------------------------------------------------------------------------------------

    def tax_classes(self) -> Reply:
        """Standard and all others."""
        rows = [{"slug": "standard", "name": "Standard rate"}]
        others = sorted(self.shop.tax_classes.items())
        rows += [{"slug": slug, "name": name} for slug, name in others]
        return whole([{**row, "_links": {}} for row in rows])

    def create_tax_class(self, call: Call) -> Reply:
        """Make a class; a name twice is refused."""
        name = str(call.body.get("name", ""))
        slug = slugify(name)
        if slug in self.shop.tax_classes:
            text = "Tax class already exists"
            raise RestError(400, "woocommerce_rest_tax_class_exists", text)
        self.shop.tax_classes[slug] = name
        return Reply(content={"slug": slug, "name": name, "_links": {}}, status=201)

    def tax_rates(self, call: Call) -> Reply:
        """All rates."""
        rows = [{**row, "_links": {}} for row in self.shop.tax_rates.values()]
        if "class" in call.args:
            rows = [row for row in rows if row["class"] == call.args["class"]]
        return page_of(call, rows)

    def create_rate(self, call: Call) -> Reply:
        """Make a rate."""
        body = call.body
        number = self.shop.new_id("rate")
        self.shop.tax_rates[number] = row = {
            "id": number,
            "country": str(body.get("country", "")),
            "state": "",
            "postcode": "",
            "city": "",
            "rate": str(body.get("rate", "0.0000")),
            "name": str(body.get("name", "")),
            "priority": int(body.get("priority", 1)),
            "compound": False,
            "shipping": bool(body.get("shipping", True)),
            "order": int(body.get("order", 0)),
            "class": str(body.get("class") or "standard"),
            "postcodes": [],
            "cities": [],
        }
        return created({**row, "_links": {}}, call)

    # --- shipping ---------------------------------------------------------------------------------

    def zones(self) -> Reply:
        """The zones; 0 is the rest of the world."""
        rows = [{"id": 0, "name": "Locations not covered by your other zones", "order": 0}]
        rows += self.shop.zones.values()
        return whole([{**row, "_links": {}} for row in rows])

    def create_zone(self, call: Call) -> Reply:
        """Make a zone."""
        number = self.shop.new_id("zone")
        order = int(call.body.get("order", 0))
        row = {"id": number, "name": str(call.body.get("name", "")), "order": order}
        self.shop.zones[number] = row
        return created({**row, "_links": {}}, call)

    def methods(self, zone: int) -> Reply:
        """The shipping methods of a zone."""
        if zone and zone not in self.shop.zones:
            text = "Resource does not exist."
            raise RestError(404, "woocommerce_rest_shipping_zone_invalid", text)
        rows = [row for row in self.shop.methods.values() if row["zone"] == zone]
        return whole([self._method_view(row) for row in rows])

    def create_method(self, zone: int, call: Call) -> Row:
        """Add a method to a zone."""
        number = self.shop.new_id("method")
        kind = str(call.body["method_id"])
        self.shop.methods[number] = row = {
            "id": number,
            "zone": zone,
            "method_id": kind,
            "title": _METHOD_TITLES.get(kind, kind),
            "cost": "",
        }
        return self._method_view(row)

    def update_method(self, number: int, body: Row) -> Row:
        """Set title and cost."""
        row = self.shop.methods.get(number)
        if row is None:
            raise no_route()
        for name in ("title", "cost"):
            if name in body.get("settings", {}):
                row[name] = str(body["settings"][name])
        return self._method_view(row)

    def _method_view(self, row: Row) -> Row:
        title = _METHOD_TITLES.get(row["method_id"], row["method_id"])
        return {
            "id": row["id"],
            "instance_id": row["id"],
            "title": row["title"],
            "order": row["id"],
            "enabled": True,
            "method_id": row["method_id"],
            "method_title": title,
            "settings": {
                "title": {"id": "title", "value": row["title"]},
                "cost": {"id": "cost", "value": row["cost"]},
            },
            "_links": {},
        }
