"""The main job of the demo. ``suite.demo`` feeds this file to ``odoo shell``.

Given: ``env`` and ``SHOP`` (system, base_url, api_key). The last line printed is a JSON object
``{"figures": {...}, "faults": [...]}``; a fault is a sentence about a figure that is not what the
demo shop holds.
"""

import json

shop = env["shop.shop"].create({"name": "Demo Shop", **SHOP})  # noqa: F821 - both are given
shop.action_connect()
env.cr.commit()  # noqa: F821
first = shop.action_sync_now()
env.cr.commit()  # noqa: F821
second = shop.action_sync_now()
env.cr.commit()  # noqa: F821

figures = {
    "products_exported": first["sent"].get("product", 0),
    "variants_exported": first["sent"].get("variant", 0),
    "orders_imported": first["received"].get("order", 0),
    "stock_levels_pushed": first["sent"].get("stock", 0),
    "second_run_writes": sum(second["sent"].values()),
}
faults = [f"{name} is 0" for name, value in figures.items() if not value and "writes" not in name]
if figures["second_run_writes"]:
    faults.append(f"the second run wrote {figures['second_run_writes']} times")
print(json.dumps({"figures": figures, "faults": faults}))
