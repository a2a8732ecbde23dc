"""What the addon's marking costs an ordinary write of somebody who has nothing to do with shops."""

import gc
from contextlib import contextmanager

from . import world
from .meter import Cost, Meter

PRODUCTS = 20
ROUNDS = 6
ADDON = "odoo.addons.shop_connector"
HOOKED = ("product.template", "product.product", "stock.quant")
METHODS = ("create", "write", "unlink", "update_field_translations")


def prepare(env, access):
    """Products that are in the shop, with stock."""
    shop, taxes = world.connected_shop(env, access)
    goods = world.products(env, shop, taxes[22], PRODUCTS)
    world.products(env, shop, taxes[22], PRODUCTS, "N").shop_ids = False
    world.stock(env, goods.product_variant_ids, 100.0)
    figures = shop.action_sync_now()
    env.cr.commit()
    return figures


def measure(env):
    """``{operation: {"with": [cost a round], "without": [...]}}``, one transaction a product."""
    products, apart = (
        env["product.product"].search([("default_code", "=like", f"{prefix}%")], order="id")
        for prefix in "PN"
    )
    location = env["stock.quant"].search([("product_id", "in", products.ids)], limit=1).location_id

    def price(product, number):
        product.product_tmpl_id.list_price = 10.0 + number

    def stock(product, _number):
        env["stock.quant"]._update_available_quantity(product, location, 1.0)

    meter = Meter(env.cr)
    return {
        "price of a product of the shop": _compare(env, meter, products, price),
        "price of another product": _compare(env, meter, apart, price),
        "stock of a product of the shop": _compare(env, meter, products, stock),
    }


def _compare(env, meter, products, operation):
    costs = {"with": [], "without": []}
    for number in range(ROUNDS + 1):
        turns = [("with", _nothing), ("without", _without_hooks)]
        for name, context in turns if number % 2 else turns[::-1]:
            _empty_queue(env)
            with context(env):
                cost = _round(env, meter, products, operation, number * 2 + len(name))
            if number:  # the first round of each warms up
                costs[name].append([cost.clock, cost.python, cost.backend, cost.queries])
    return {"transactions": len(products), **costs}


def _round(env, meter, products, operation, number):
    """One small transaction a product, as an employee's clicks are."""
    gc.collect()
    gc.disable()
    total = Cost()
    try:
        for product in products:
            total += meter.measure(lambda product=product: _click(env, operation, product, number))
    finally:
        gc.enable()
    return total


def _click(env, operation, product, number):
    operation(product, number)
    env.cr.commit()


def _empty_queue(env):
    """Every mark of the round is a new one, which costs more than a mark that is there already."""
    env.cr.execute("DELETE FROM shop_job")
    env.cr.execute("DELETE FROM ir_cron_trigger")
    env.cr.commit()


@contextmanager
def _nothing(env):
    yield


@contextmanager
def _without_hooks(env):
    """The same Odoo without the addon's own methods around these writes."""
    removed = []
    for model in HOOKED:
        for cls in type(env[model]).__mro__:
            if cls.__module__.startswith(ADDON):
                for method in METHODS:
                    if method in vars(cls):
                        removed.append((cls, method, vars(cls)[method]))
                        delattr(cls, method)
    try:
        yield
    finally:
        for cls, method, function in removed:
            setattr(cls, method, function)
