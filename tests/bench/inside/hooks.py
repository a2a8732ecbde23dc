"""What the addon's marking costs an ordinary write of somebody who has nothing to do with shops."""

import gc
import random
import time
from contextlib import contextmanager
from itertools import count, cycle, islice

from . import world
from .meter import Cost, Meter

PRODUCTS = 20
#: how long each kind of write is tried
SECONDS = 25
LEAST_PAIRS = 100
#: pairs at the beginning that are left out
WARM_UP = 5
#: counted transactions in each half of a pair
TRANSACTIONS = 4
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
    """``{operation: {"with": [cost of a pair's half], "without": [...]}}``; a pair is one entry."""
    products, apart = (
        env["product.product"].search([("default_code", "=like", f"{prefix}%")], order="id")
        for prefix in "PN"
    )
    location = env["stock.quant"].search([("product_id", "in", products.ids)], limit=1).location_id

    def price(product, number):
        product.product_tmpl_id.list_price = 10.0 + number

    def stock(product, _number):
        env["stock.quant"]._update_available_quantity(product, location, 1.0)

    # this thread only: runners are woken by another one, twice a second whoever saves how much
    meter = Meter(env.cr, time.thread_time)
    return {
        "price of a product of the shop": _compare(env, meter, products, price),
        "price of another product": _compare(env, meter, apart, price),
        "stock of a product of the shop": _compare(env, meter, products, stock),
    }


def _compare(env, meter, products, operation):
    """Pairs of a few transactions with and without hooks, in random order, until time is over."""
    costs, numbers = {"with": [], "without": []}, count(1)
    chance, goods = random.Random(1), cycle(products)
    ends = time.monotonic() + SECONDS
    gc.collect()
    gc.freeze()
    try:
        while time.monotonic() < ends or len(costs["with"]) < LEAST_PAIRS:
            chosen = list(islice(goods, 1 + TRANSACTIONS))
            for name in chance.sample(list(costs), k=2):
                with _nothing(env) if name == "with" else _without_hooks(env):
                    cost = _half(env, meter, chosen, operation, numbers)
                costs[name].append([cost.clock, cost.python, cost.backend, cost.queries])
    finally:
        gc.unfreeze()
    return {
        "transactions": TRANSACTIONS,
        **{name: halves[WARM_UP:] for name, halves in costs.items()},
    }


def _half(env, meter, products, operation, numbers):
    """One small transaction a product, as an employee's clicks are; the first one is not counted.

    It warms up what the interpreter looks up anew when methods come or go.
    """
    _empty_queue(env)
    total = Cost()
    gc.collect(0)
    gc.disable()
    try:
        for turn, product in enumerate(products):
            number = next(numbers)
            cost = meter.measure(lambda p=product, n=number: _click(env, operation, p, n))
            total += cost if turn else Cost()
    finally:
        gc.enable()
    return total


def _click(env, operation, product, number):
    operation(product, number)
    env.cr.commit()


def _empty_queue(env):
    """Every mark is a new one, which costs more than a mark that is there already."""
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
