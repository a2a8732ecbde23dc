"""What the addon's marking costs an ordinary write of somebody who has nothing to do with shops."""

import functools
import gc
import random
import time
from contextlib import contextmanager
from itertools import count, cycle
from types import SimpleNamespace

import psycopg2

from odoo.tools import SQL

from . import world
from .meter import Meter

PRODUCTS = 20
#: how long each kind of write is tried
SECONDS = 25
LEAST_PAIRS = 100
#: pairs at the beginning that are left out
WARM_UP = 10
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
    """``{operation: {"with": [cost of a transaction], "without": [...]}}``, in pairs."""
    products, apart = (
        env["product.product"].search([("default_code", "=like", f"{prefix}%")], order="id")
        for prefix in "PN"
    )
    held = env["stock.quant"].search([("product_id", "in", products.ids), ("quantity", ">", 0)])
    quants = {quant.product_id: quant.with_context(inventory_mode=True) for quant in held}

    def price(product, number):
        product.product_tmpl_id.list_price = 10.0 + number

    def stock(product, number):
        # what a person does to stock: here a count, the least of it
        quants[product].inventory_quantity = 100.0 + number
        quants[product].action_apply_inventory()

    # this thread only, which is what a person waits for: another one makes exchanges of the marks
    # and wakes runners, twice a second whoever saves how much
    meter = Meter(env.cr, time.thread_time)
    return {
        "price of a product of the shop": _compare(env, meter, products, price),
        "price of another product": _compare(env, meter, apart, price),
        "count of a product of the shop": _compare(env, meter, products, stock),
    }


def _compare(env, meter, products, operation):
    """Pairs of transactions with and without hooks, in random order, until time is over."""
    costs, numbers = {True: [], False: []}, count(1)
    chance, goods = random.Random(1), cycle(products)
    ends = time.monotonic() + SECONDS
    with _switchable_hooks(env) as switch, _no_collector():
        while time.monotonic() < ends or len(costs[True]) < LEAST_PAIRS:
            product = next(goods)
            for state in chance.sample(list(costs), k=2):
                switch.on = state
                cost = _one(env, meter, product, operation, next(numbers))
                costs[state].append([cost.clock, cost.python, cost.backend, cost.queries])
    return {"with": costs[True][WARM_UP:], "without": costs[False][WARM_UP:]}


def _one(env, meter, product, operation, number):
    """One small transaction, as an employee's click is."""
    _empty_queue(env)
    gc.collect(0)
    return meter.measure(lambda: _click(env, operation, product, number))


def _click(env, operation, product, number):
    operation(product, number)
    env.cr.commit()


def _empty_queue(env):
    """Each transaction begins with the same: nothing noted, nothing waiting."""
    while True:
        try:
            for table in ("shop_mark", "shop_job", "ir_cron_trigger"):
                env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
            env.cr.commit()
            return
        except psycopg2.errors.SerializationFailure:
            # the bell has just taken what was noted
            env.cr.rollback()


@contextmanager
def _no_collector():
    """What was made before is not looked at, and nothing is collected amid a measurement."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


@contextmanager
def _switchable_hooks(env):
    """Let the addon's own methods around these writes be passed over while ``switch.on`` is False.

    Both ways go through the same short function, so that they differ by the hooks alone. To take
    the methods off and put them back would make the interpreter look up everything anew.
    """
    switch, replaced = SimpleNamespace(on=True), []
    for model in HOOKED:
        for cls in type(env[model]).__mro__:
            if cls.__module__.startswith(ADDON):
                replaced += [(cls, name, vars(cls)[name]) for name in METHODS if name in vars(cls)]
    for cls, name, function in replaced:
        setattr(cls, name, _switched(switch, cls, name, function))
    try:
        yield switch
    finally:
        for cls, name, function in replaced:
            setattr(cls, name, function)


def _switched(switch, cls, name, function):
    @functools.wraps(function)
    def method(self, *args, **kwargs):
        if switch.on:
            return function(self, *args, **kwargs)
        return getattr(super(cls, self), name)(*args, **kwargs)

    return method
