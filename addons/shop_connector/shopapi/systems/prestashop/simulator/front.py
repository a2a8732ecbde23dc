"""placeholder"""
from __future__ import annotations
from werkzeug.wrappers import Request, Response
from .checkout import Checkouts
from .shop import Shop
class Front:
    def __init__(self, shop: Shop, checkouts: Checkouts) -> None:
        self.shop = shop
    def handle(self, request: Request) -> Response:
        return Response("shop", content_type="text/html")
