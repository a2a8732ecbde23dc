"""A minimal client of the web service for the simulator's own tests, and the world they start
in.
"""

from __future__ import annotations

import re
from typing import Any

import requests
from lxml import etree

from shopapi.systems.prestashop.simulator import PrestaShopSimulator


class ShopClient:
    """Sends documents and looks at what comes back; knows nothing of the connector."""

    def __init__(self, simulator: PrestaShopSimulator) -> None:
        self.simulator = simulator
        self.key = simulator.api_key

    def send(self, method: str, path: str, content: str = "", **options: Any) -> requests.Response:
        """Send records, written without the outer element, to ``/api/<path>``."""
        body = f"<prestashop>{content}</prestashop>".encode() if content else None
        return requests.request(
            method,
            f"{self.simulator.url}/api/{path}",
            data=body,
            auth=(self.key, ""),
            timeout=10,
            allow_redirects=False,
            **options,
        )

    def get(self, path: str) -> etree._Element:
        """Return the document of a successful read."""
        answer = self.send("GET", path)
        assert answer.status_code == 200, answer.text
        return etree.fromstring(answer.content)

    def one(self, path: str) -> dict[str, str]:
        """Return the plain fields of a single record; texts as "name/2"."""
        return fields(self.get(path)[0])

    def ids(self, path: str) -> list[int]:
        """Return the ids of a list."""
        return [int(each.get("id") or each.findtext("id") or 0) for each in self.get(path)[0]]

    def write(self, method: str, path: str, content: str) -> dict[str, str]:
        """Return the fields that a successful write answered."""
        answer = self.send(method, path, content)
        assert answer.status_code in {200, 201}, answer.text
        return fields(etree.fromstring(answer.content)[0])

    def product(self, reference: str, *, price: str = "10", extra: str = "") -> int:
        """Create a product that is on sale; return its id."""
        content = (
            f"<product><price>{price}</price><reference>{reference}</reference><state>1</state>"
            "<active>1</active><available_for_order>1</available_for_order><show_price>1</show_price>"
            "<minimal_quantity>1</minimal_quantity><id_tax_rules_group>1</id_tax_rules_group>"
            "<id_category_default>2</id_category_default>"
            f"{texts('name', 'Wine', 'Vino', 'Bor')}"
            f"<associations><categories><category><id>2</id></category></categories></associations>"
            f"{extra}</product>"
        )
        return int(self.write("POST", "products", content)["id"])

    def combination(self, product: int, reference: str, *, extra: str = "") -> int:
        """Create a combination; return its id."""
        content = (
            f"<combination><id_product>{product}</id_product><reference>{reference}</reference>"
            f"<minimal_quantity>1</minimal_quantity>{extra}</combination>"
        )
        return int(self.write("POST", "combinations", content)["id"])

    def stock_row(self, product: int, combination: int = 0) -> int:
        """Return the id of a stock row, of whatever shop."""
        rows = self.get(f"stock_availables?display=full&filter[id_product]={product}")[0]
        for row in rows:
            if row.findtext("id_product_attribute") == str(combination):
                return int(row.findtext("id") or 0)
        raise LookupError(f"no stock row of product {product}, combination {combination}")

    def stock(self, product: int, quantity: int, combination: int = 0) -> None:
        """Set a quantity."""
        row = self.stock_row(product, combination)
        content = (
            f"<stock_available><id>{row}</id><quantity>{quantity}</quantity></stock_available>"
        )
        self.write("PATCH", "stock_availables", content)


def texts(name: str, *values: str) -> str:
    """Write a translated field: texts of languages 1, 2, 3."""
    inner = "".join(
        f'<language id="{number}">{value}</language>' for number, value in enumerate(values, 1)
    )
    return f"<{name}>{inner}</{name}>"


def fields(record: etree._Element) -> dict[str, str]:
    """Return the plain fields of a record, texts as "name/2"."""
    found: dict[str, str] = {}
    for child in record:
        if child.tag == "associations":
            continue
        if len(child):
            for language in child:
                found[f"{child.tag}/{language.get('id')}"] = language.text or ""
        else:
            found[str(child.tag)] = child.text or ""
    return found


def codes(answer: requests.Response) -> list[int]:
    """Return the codes of an error document, XML or JSON."""
    if answer.headers["Content-Type"].startswith("application/json"):
        return [error["code"] for error in answer.json()["errors"]]
    return [int(code) for code in re.findall(r"<code><!\[CDATA\[(\d+)", answer.text)]
