"""A simulated WooCommerce shop: REST API with state, checkout, webhooks."""

from .server import WooCommerceSimulator

#: the name the registry looks for
Simulator = WooCommerceSimulator

__all__ = ["Simulator", "WooCommerceSimulator"]
