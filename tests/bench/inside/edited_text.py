"""One text is edited in one language."""

from . import catalogue, world

# Another text altogether, so that nothing of the old one helps to find its translations again.
NEW = "<h3>Tutto nuovo</h3><ul><li>Vigne soleggiate</li><li>Poche bottiglie</li></ul>"


def prepare(env, access):
    """Forty variants with pictures and texts in three languages, in the shop."""
    shop, taxes = world.connected_shop(env, access)
    templates = catalogue.fill(env, shop, taxes[10], 40, pictures=True)
    figures = shop.action_sync_now()
    env.cr.commit()
    return {"figures": figures, "code": templates[3].product_variant_ids[0].default_code}


def edit(env, code):
    """Rewrite the Italian description of the product with that variant, and synchronise."""
    variant = env["product.product"].search([("default_code", "=", code)])
    variant.product_tmpl_id.with_context(lang="it_IT").shop_description = NEW
    env.cr.commit()
    return env["shop.shop"].search([], limit=1).action_sync_now()
