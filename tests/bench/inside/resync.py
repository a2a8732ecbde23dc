"""A large catalogue is compared with the shop although nothing changed."""

from . import catalogue, world
from .meter import Meter, forget_peak, peak_megabytes, resident_megabytes


def prepare(env, access, variants):
    """The catalogue, sent to the shop the ordinary way: every link is what the exporter wrote."""
    shop, taxes = world.connected_shop(env, access)
    catalogue.fill(env, shop, taxes[10], variants)
    figures = shop.action_sync_now()
    env.cr.commit()
    return figures


def measure(env):
    """Compare everything with the shop; the cost and the memory it took."""
    shop = env["shop.shop"].search([], limit=1)
    shop.action_compare_all()
    env.cr.commit()
    meter = Meter(env.cr)
    forget_peak()
    start, before = resident_megabytes(), meter.now()
    figures = shop.action_sync_now()
    cost = meter.now() - before
    return {
        "figures": figures,
        "seconds": cost.clock,
        "processor": cost.processor,
        "queries": cost.queries,
        "start": start,
        "peak": peak_megabytes(),
    }
