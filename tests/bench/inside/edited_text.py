"""One text is edited in one language."""

from . import catalogue, world

# One word more in a long text: Odoo then knows the paragraph again and keeps its other languages.
OLD, NEW = "</p>", " soleggiate</p>"


def prepare(env, access):
    """Forty variants with pictures and texts in three languages, in the shop."""
    shop, taxes = world.connected_shop(env, access)
    templates = catalogue.fill(env, shop, taxes[10], 40, pictures=True)
    figures = shop.action_sync_now()
    env.cr.commit()
    return {"figures": figures, "code": templates[3].product_variant_ids[0].default_code}


def edit(env, code):
    """Edit the Italian description of the product with that variant, and synchronise."""
    variant = env["product.product"].search([("default_code", "=", code)])
    template = variant.product_tmpl_id.with_context(lang="it_IT")
    template.shop_description = str(template.shop_description).replace(OLD, NEW)
    env.cr.commit()
    return env["shop.shop"].search([], limit=1).action_sync_now()
