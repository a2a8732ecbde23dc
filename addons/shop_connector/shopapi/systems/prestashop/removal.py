"""Deleting a product, which the shop does in every store of a multistore at once."""

from __future__ import annotations

from ...breakdown import ServerFault
from ...errors import DataError, NotFound
from .client import Client


def delete_product(client: Client, product: str) -> bool:
    """Delete a product with all that hangs on it; False when the shop does not have it.

    PrestaShop deletes combinations, pictures, stock and price rules with it. It may say that the
    product was not deleted (error 88) although it is gone: what counts is whether it is there.
    """
    try:
        client.delete("products", [product])
    except NotFound:
        return False
    except (DataError, ServerFault):
        if client.find("products", "id", [product], ["id"]):
            raise
    return True
