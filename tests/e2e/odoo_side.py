"""What end-to-end tests do in Odoo besides clicking: prepare a company, call it, wait for it."""

import itertools
import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg2
import requests

from suite import databases, environment

Result = TypeVar("Result")

# A company in euro with an Italian-like tax, a price list, a warehouse. Given: `env`.
COMPANY = """
from odoo.fields import Command

company, euro = env.company, env.ref("base.EUR")
euro.active = True
company.write({"name": "Enoteca Prova", "currency_id": euro.id})
pricelist = env["product.pricelist"].create({"name": "Web", "currency_id": euro.id})
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
tax_group = env["account.tax.group"].create(
    {"name": "VAT", "country_id": company.account_fiscal_country_id.id}
)
vat = env["account.tax"].create({
    "name": "IVA 22 %", "amount": 22, "type_tax_use": "sale", "tax_group_id": tax_group.id,
    "country_id": company.account_fiscal_country_id.id, "price_include_override": "tax_excluded",
})

def stocked(sku, names, price, quantity, **values):
    template = env["product.template"].with_context(lang="en_US").create({
        "name": names["en_US"], "default_code": sku, "list_price": price, "is_storable": True,
        "taxes_id": [Command.set(vat.ids)], "weight": 1.2, **values,
    })
    for lang, name in names.items():
        template.with_context(lang=lang).name = name
    env["stock.quant"].with_context(inventory_mode=True).create({
        "product_id": template.product_variant_id.id, "inventory_quantity": quantity,
        "location_id": warehouse.lot_stock_id.id,
    }).action_apply_inventory()
    return template
"""


class Odoo:
    """Calls a running server as one of its users does, over HTTP. Raises RuntimeError with the
    server's message when it refuses."""

    def __init__(self, url: str, database: str, login: str = "admin", password: str = "admin"):
        self._url, self._database, self._password = url, database, password
        self._numbers = itertools.count(1)
        self._uid = self._send("common", "login", database, login, password)
        if not self._uid:
            raise RuntimeError(f"{login} cannot log in to {database}")

    def call(self, model: str, method: str, *arguments: Any, **options: Any) -> Any:
        """Call a method of a model; the first argument of most is a list of ids."""
        access = (self._database, self._uid, self._password)
        return self._send("object", "execute_kw", *access, model, method, arguments, options)

    def _send(self, service: str, method: str, *arguments: Any) -> Any:
        params = {"service": service, "method": method, "args": arguments}
        body = {"jsonrpc": "2.0", "method": "call", "params": params, "id": next(self._numbers)}
        answer = requests.post(f"{self._url}/jsonrpc", json=body, timeout=120).json()
        if "error" in answer:
            error = answer["error"]
            raise RuntimeError(error.get("data", {}).get("message") or error["message"])
        return answer.get("result")


class Database:
    """Reads a database beside Odoo, one short transaction a query."""

    def __init__(self, name: str) -> None:
        variables = environment.variables()
        access = {
            keyword: variables[variable]
            for keyword, variable in (
                ("host", "PGHOST"),
                ("port", "PGPORT"),
                ("user", "PGUSER"),
                ("password", "PGPASSWORD"),
            )
            if variable in variables
        }
        self.name = name
        self._connections = [psycopg2.connect(dbname=each, **access) for each in (name, "postgres")]
        for connection in self._connections:
            connection.autocommit = True

    def rows(self, query: str, *values: Any) -> list[tuple]:
        """All rows of a query."""
        with self._connections[0].cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def value(self, query: str, *values: Any) -> Any:
        """The first column of the only row."""
        ((result,),) = self.rows(query, *values)
        return result

    def wake_shop(self) -> None:
        """Let the shop's scheduled action start now instead of within a minute."""
        self.rows(
            "INSERT INTO ir_cron_trigger (call_at, cron_id)"
            " SELECT now() AT TIME ZONE 'UTC', s.cron_id FROM shop_shop s WHERE NOT EXISTS"
            " (SELECT 1 FROM ir_cron_trigger t WHERE t.cron_id = s.cron_id)"
        )
        with self._connections[1].cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", (self.name,))

    def close(self) -> None:
        """Let go of the server."""
        for connection in self._connections:
            connection.close()


def prepare(database: str, code: str) -> str:
    """Run code in Odoo's shell after :data:`COMPANY`, keep what it did, return what it printed."""
    return databases.shell(database, f"{COMPANY}\n{code}\nenv.cr.commit()\n")


def wait_until(
    condition: Callable[[], Result],
    what: str,
    *,
    seconds: float = 60,
    pause: float = 0.05,
    meanwhile: Callable[[], object] | None = None,
) -> Result:
    """Wait until ``condition`` gives something true and return it.

    ``meanwhile`` is called about twice a second. Raises AssertionError naming ``what`` after
    ``seconds``.
    """
    deadline = time.monotonic() + seconds
    next_call = 0.0
    while not (result := condition()):
        now = time.monotonic()
        assert now < deadline, f"waited {seconds} s for {what}"
        if meanwhile and now >= next_call:
            meanwhile()
            next_call = now + 0.5
        time.sleep(pause)
    return result
