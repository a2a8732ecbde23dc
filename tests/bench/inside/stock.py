"""All quantities of a large catalogue change and are sent to the shop."""

from odoo import fields
from odoo.tools import SQL

from . import world
from .meter import Meter

CHUNK = 1000


def prepare(env, access, external_ids):
    """A product here for each one in the shop, linked, with stock, nothing left to send."""
    shop, taxes = world.connected_shop(env, access)
    quiet = env(context=dict(env.context, tracking_disable=True))
    for start in range(0, len(external_ids), CHUNK):
        ids = external_ids[start : start + CHUNK]
        templates = world.products(quiet, shop, taxes[22], len(ids), prefix=f"P{start}-")
        variants = templates.product_variant_ids
        rows = [(v.id, f"{external}/", None) for v, external in zip(variants, ids, strict=True)]
        env["shop.binding"]._remember(shop, "variant", "product.product", rows)
        env["stock.quant"].create(
            [
                {"product_id": v.id, "location_id": shop.warehouse_ids.lot_stock_id.id}
                for v in variants
            ]
        )
        env.cr.commit()
    # the products themselves are in step: no daily comparison is due, nothing else waits
    shop.last_run_at = fields.Datetime.now()
    world.settle(env)
    env["shop.job"].search([]).unlink()
    env.cr.commit()
    set_quantity(env, 1)
    figures = shop.action_sync_now()
    env.cr.commit()
    return figures


def measure(env, quantity, held):
    """Send the new quantity of every product to a shop that holds ``held``; what it cost."""
    shop = env["shop.shop"].search([], limit=1)
    # a server that has been running knows its models' tables and the shop's system already
    shop.action_sync_now()
    env.cr.commit()
    set_quantity(env, quantity)
    # what the bare calls wrote is no surprise
    env.cr.execute(SQL("UPDATE shop_binding SET stock_expected = %s WHERE kind = 'variant'", held))
    env.cr.commit()
    env["product.product"].search([], limit=1).mapped("free_qty")
    meter = Meter(env.cr)
    before = meter.now()
    figures = shop.action_sync_now()
    env.cr.commit()
    cost = meter.now() - before
    return {
        "figures": figures,
        "seconds": cost.clock,
        "python": cost.python,
        "backend": cost.backend,
        "queries": cost.queries,
    }


def set_quantity(env, quantity):
    """The outcome of a stocktaking of everything, marked as the moves would."""
    env.cr.execute(
        SQL(
            "UPDATE stock_quant SET quantity = %s FROM stock_location l"
            " WHERE l.id = stock_quant.location_id AND l.usage = 'internal'",
            quantity,
        )
    )
    env.invalidate_all()
    env["shop.job"]._mark_shops("stock", env["shop.shop"].search([]))
    world.settle(env)
