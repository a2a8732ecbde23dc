"""The stock of each shop system by its bare calls: the best that anybody could do there."""

import json
from dataclasses import dataclass

import requests
from requests_oauthlib import OAuth1


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Rows a second that a real shop was seen to read and to write."""

    read: float
    written: float


class PrestaShopStock:
    """Documents of 200 rows, the best batch form of the web service."""

    levels = 10000
    pace = Pace(read=6600, written=2500)
    rows_at_once = 200
    _FIELDS = "id,id_product,id_product_attribute,id_shop,id_shop_group,quantity,out_of_stock"

    def __init__(self, shop):
        self.shop = shop
        self.products, self._rows = [], []

    def fill(self, count):
        """Put so many products with a stock row into the shop."""
        inside = self.shop.shop
        for number in range(count):
            product = inside.store.add("products", {"reference": f"P{number}", "active": "1"})
            self.products.append(str(product.id))
            self._rows.append(inside.stock.create(product.id).id)

    def session(self):
        """A session of HTTP that the shop lets in."""
        session = requests.Session()
        session.auth = (self.shop.api_key, "")
        return session

    def calls(self, quantity):
        """``(reading, writing)`` requests of one quantity in all rows, as many at once as best."""
        address = f"{self.shop.url}/api/stock_availables"
        for at in range(0, len(self._rows), self.rows_at_once):
            ids = self.products[at : at + self.rows_at_once]
            wanted = f"{ids[0]},{ids[-1]}"  # they follow each other
            elements = "".join(
                f"<stock_available><id>{row}</id><quantity>{quantity}</quantity></stock_available>"
                for row in self._rows[at : at + self.rows_at_once]
            )
            query = f"display=[{self._FIELDS}]&filter[id_product]=[{wanted}]"
            yield (
                requests.Request("GET", f"{address}?{query}"),
                requests.Request("PATCH", address, data=f"<prestashop>{elements}</prestashop>"),
            )

    def rows_in(self, request, response):
        """How many stock rows a call is about."""
        if "stock_availables" not in request.path:
            return 0
        body = response.get_data() if request.method == "GET" else request.get_data()
        return body.count(b"</quantity>")

    def held(self):
        """The quantities that there are in the shop."""
        stock = self.shop.shop.stock
        return {stock.row(int(product), 0).number("quantity") for product in self.products}


class WooCommerceStock:
    """Batches of 100 records, more are refused."""

    #: it is slow: as many as take some twenty seconds
    levels = 1000
    pace = Pace(read=450, written=43)
    rows_at_once = 100
    _FIELDS = "id,type,parent_id,manage_stock,stock_quantity,backorders,variations"

    def __init__(self, shop):
        self.shop = shop
        self.products = []

    def fill(self, count):
        """Put so many products with managed stock into the shop."""
        for number in range(count):
            made = self.shop.routes.products.create(
                {
                    "name": f"Product {number}",
                    "sku": f"P{number}",
                    "regular_price": "10.00",
                    "manage_stock": True,
                    "stock_quantity": 0,
                }
            )
            self.products.append(str(made["id"]))

    def session(self):
        """A session of HTTP that the shop lets in; on plain http it wants each call signed."""
        session = requests.Session()
        session.auth = OAuth1(
            self.shop.api_key,
            self.shop.api_secret,
            signature_method="HMAC-SHA256",
            signature_type="QUERY",
        )
        return session

    def calls(self, quantity):
        """``(reading, writing)`` requests of one quantity in all products."""
        address = f"{self.shop.url}/wp-json/wc/v3/products"
        headers = {"Content-Type": "application/json"}
        for at in range(0, len(self.products), self.rows_at_once):
            ids = self.products[at : at + self.rows_at_once]
            update = [{"id": int(key), "stock_quantity": quantity} for key in ids]
            content = json.dumps({"update": update}).encode()
            wanted = {"include": ",".join(ids), "per_page": "100", "_fields": self._FIELDS}
            yield (
                requests.Request("GET", address, params=wanted),
                requests.Request("POST", f"{address}/batch", data=content, headers=headers),
            )

    def rows_in(self, request, response):
        """How many products a call is about."""
        if not request.path.startswith("/wp-json/wc/v3/products"):
            return 0
        if request.method == "GET":
            return len(request.args.get("include", "").split(","))
        return request.get_data().count(b'"stock_quantity"')

    def held(self):
        """The quantities that there are in the shop."""
        return {self.shop.shop.products[int(key)]["stock_quantity"] for key in self.products}


BARE = {"prestashop": PrestaShopStock, "woocommerce": WooCommerceStock}
