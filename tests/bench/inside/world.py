"""The world the benchmarks work in: a company in euro, three languages, one connected shop."""

import time

from odoo import Command

LANGUAGES = ("en_US", "it_IT", "hu_HU")
PLENTY = 1_000_000.0


def connected_shop(env, access):
    """A shop on the address and key in ``access``, with price list, warehouse and mapped taxes."""
    company = env.company
    euro = env.ref("base.EUR")
    euro.active = True
    company.currency_id = euro
    taxes = {rate: _tax(env, rate) for rate in (22, 10)}
    pricelist = env["product.pricelist"].create({"name": "Web", "currency_id": euro.id})
    shop = env["shop.shop"].create(
        {
            "name": "Cellar Online",
            "pricelist_id": pricelist.id,
            "warehouse_ids": [Command.set(_warehouse(env).ids)],
            "orders_since": "2020-01-01 00:00:00",
            **access,
        }
    )
    shop.action_connect()
    env.cr.commit()
    return shop, taxes


def _tax(env, rate):
    country = env.company.account_fiscal_country_id
    group = env["account.tax.group"].create({"name": f"VAT {rate}", "country_id": country.id})
    return env["account.tax"].create(
        {
            "name": f"VAT {rate} %",
            "amount": rate,
            "type_tax_use": "sale",
            "tax_group_id": group.id,
            "country_id": country.id,
            "price_include_override": "tax_excluded",
        }
    )


def _warehouse(env):
    return env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)


def settle(env):
    """Commit, and wait until what was noted has become exchanges, by the bell or by us."""
    env.cr.commit()
    env.cr.execute("SELECT FROM shop_mark LIMIT 1")
    while env.cr.rowcount:
        env["shop.job"]._flush_marks()
        env.cr.commit()
        time.sleep(0.1)
        env.cr.execute("SELECT FROM shop_mark LIMIT 1")
    env.cr.commit()


def products(env, shop, tax, count, prefix="P"):
    """Storable products without variants, codes ``P0``, ``P1`` ..., sold in the shop."""
    return env["product.template"].create(
        [
            {
                "name": f"Product {prefix}{number}",
                "default_code": f"{prefix}{number}",
                "list_price": 5.0 + number % 40 + 0.17,
                "is_storable": True,
                "taxes_id": [Command.set(tax.ids)],
                "shop_ids": [Command.set(shop.ids)],
            }
            for number in range(count)
        ]
    )


def stock(env, variants, quantity=PLENTY):
    """Put so many units of each variant on the first warehouse."""
    location = _warehouse(env).lot_stock_id
    quants = env["stock.quant"].with_context(inventory_mode=True)
    quants.create(
        [
            {"product_id": v.id, "location_id": location.id, "inventory_quantity": quantity}
            for v in variants
        ]
    ).action_apply_inventory()
