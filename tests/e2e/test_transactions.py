"""While we wait for a shop, no transaction of ours is open: a slow shop must not hold up Odoo."""

import time
from typing import Any

from odoo_side import Database, Odoo, prepare

from suite.server import OdooServer

CONNECT = """
for number in range(3):
    names = {{lang: f"Wine {{number}}" for lang in ("en_US", "it_IT", "hu_HU")}}
    stocked(f"WINE-{{number}}", names, 9.99, 20)
shop = env["shop.shop"].create({{
    "name": "Cellar Online", "base_url": {url!r}, "api_key": {key!r}, "pricelist_id": pricelist.id,
    "warehouse_ids": [Command.set(warehouse.ids)], "orders_since": "2020-01-01 00:00:00",
}})
env["product.template"].search([("default_code", "like", "WINE-")]).shop_ids = shop
"""
OPEN = (
    "SELECT (pid, xact_start)::text, query FROM pg_stat_activity"
    " WHERE datname = current_database()"
    " AND state LIKE 'idle in transaction%%' AND pid <> pg_backend_pid()"
)
#: seconds; another thread's transaction may be caught between two statements, but not for so long
MOMENT = 0.2


def test_no_transaction_is_open_while_we_talk_to_the_shop(shop: Any, database: str) -> None:
    prepare(database, CONNECT.format(url=shop.url, key=shop.api_key))
    data = Database(database)
    waiting: list[tuple[str, str]] = []
    handle = shop.handle

    def watch(request: Any) -> Any:
        found = dict(data.rows(OPEN))
        if found:
            time.sleep(MOMENT)
            found = {key: found[key] for key, _query in data.rows(OPEN) if key in found}
        call = f"{request.method} {request.path}"
        waiting.extend((call, query[:200]) for query in found.values())
        return handle(request)

    shop.handle = watch
    try:
        with OdooServer(database, cron=False) as server:
            odoo = Odoo(server.url, database)
            shops = odoo.call("shop.shop", "search", [])
            odoo.call("shop.shop", "action_connect", shops)
            first = odoo.call("shop.shop", "action_sync_now", shops)
            assert first["sent"]["product"] == 3 and not first["failed"]
            order = shop.place_order([("WINE-1", 2)], payment="ps_checkout")
            second = odoo.call("shop.shop", "action_sync_now", shops)
            assert second["received"] == {"order": 1}
            _deliver(odoo)
            third = odoo.call("shop.shop", "action_sync_now", shops)
            assert third["sent"]["shipment"] == 1
            assert shop.order(order)["tracking"] == "TRACK-1"
    finally:
        data.close()
    assert not waiting, waiting[:5]


def _deliver(odoo: Odoo) -> None:
    pickings = odoo.call("stock.picking", "search", [("sale_id.shop_id", "!=", False)])
    moves = odoo.call("stock.move", "search", [("picking_id", "in", pickings)])
    odoo.call("stock.move", "write", moves, {"picked": True})
    odoo.call("stock.picking", "write", pickings, {"carrier_tracking_ref": "TRACK-1"})
    # the question whether to send a text message is not what this is about
    context = {"skip_sms": True}
    odoo.call("stock.picking", "button_validate", pickings, context=context)
