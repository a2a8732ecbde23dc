"""PrestaShop 1.7.8 and 8.x through its Webservice (see README.md in this folder)."""

from .adapter import Adapter

__all__ = ["Adapter"]
