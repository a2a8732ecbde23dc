"""WooCommerce 8.2 and later through its REST API (see README.md in this folder)."""

from .adapter import Adapter

__all__ = ["Adapter"]
