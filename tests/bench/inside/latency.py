"""A connected shop with goods, for the measurement of how fast news travels."""

from . import world

PRODUCTS = 20


def prepare(env, access):
    """Id and webhook secret of a shop whose products are on sale; ids of the stock rows by SKU."""
    shop, taxes = world.connected_shop(env, access)
    goods = world.products(env, shop, taxes[22], PRODUCTS)
    variants = goods.product_variant_ids
    world.stock(env, variants, 1000.0)
    figures = shop.action_sync_now()
    quants = env["stock.quant"].search(
        [("product_id", "in", variants.ids), ("location_id.usage", "=", "internal")]
    )
    found = {
        "shop": shop.id,
        "secret": shop.hint_secret,
        "quants": {quant.product_id.default_code: quant.id for quant in quants},
        "failed": figures["failed"],
    }
    env.cr.commit()
    return found
