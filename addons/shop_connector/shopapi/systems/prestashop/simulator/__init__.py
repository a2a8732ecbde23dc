"""A simulated PrestaShop: web service with state, and a plain front page for visitors."""

from .server import PrestaShopSimulator
from .service import Key

#: the name the registry looks for
Simulator = PrestaShopSimulator

__all__ = ["Key", "PrestaShopSimulator", "Simulator"]
