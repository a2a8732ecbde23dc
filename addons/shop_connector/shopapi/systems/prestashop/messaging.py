"""Writing to the customer on an order: the conversation that the account in the shop shows.

PrestaShop keeps no files of others; a document is a message with a link.
"""

from __future__ import annotations

import html
import re
import secrets

from ...documents import Message, OrderDocument
from ...errors import DataError, NotFound
from .client import Client
from .settling import settle
from .shop import Shop
from .wire import Draft, Record

_TAGS = re.compile(r"[<>{}]+")


class MessageWriter:
    """Writes messages on the orders of one shop, each once."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def send_document(self, document: OrderDocument) -> bool:
        """Tell the customer where the document is, unless a message with that link is there."""
        text = (
            document.text if document.url in document.text else f"{document.text}\n{document.url}"
        )
        return settle(self.client, lambda: self._write(document.order, text, document.url))

    def send_message(self, order: str, message: Message) -> bool:
        """Write a message, unless the same text is there."""
        return settle(
            self.client, lambda: self._write(order, message.text, message.text, message.is_private)
        )

    def _write(self, order_id: str, text: str, mark: str, is_private: bool = False) -> bool:
        thread = self._thread(order_id)
        text = _TAGS.sub(" ", text).strip()
        if not text:
            raise DataError("There is no text to send.")
        held = self.client.find("customer_messages", "id_customer_thread", [thread])
        if any(_plain(_TAGS.sub(" ", mark)) in _plain(row.text("message") or "") for row in held):
            return False
        fields = {
            # somebody of the shop: without an employee it would be the customer's own message
            "id_employee": self._employee(),
            "id_customer_thread": thread,
            "message": text,
            "private": "1" if is_private else "0",
            "ip_address": "0",
        }
        self.client.create("customer_messages", [Draft(fields=dict(fields))])
        return True

    def _thread(self, order_id: str) -> str:
        """The conversation of the order, opened when there is none yet."""
        found = self.client.find("customer_threads", "id_order", [order_id], ["id", "id_order"])
        if found:
            return found[0].id
        rows = self.client.find(
            "orders", "id", [order_id], ["id", "id_customer", "id_lang", "id_shop"]
        )
        if not rows or rows[0].id != order_id:
            raise NotFound(f"The shop has no order {order_id}.")
        order = rows[0]
        fields = {
            "id_lang": order.reference("id_lang") or self.shop.default_language,
            "id_shop": order.reference("id_shop") or "1",
            "id_customer": order.reference("id_customer") or "0",
            "id_order": order_id,
            "id_contact": "0",
            "email": self._email(order),
            "token": secrets.token_hex(6),
            "status": "open",
        }
        (made,) = self.client.create("customer_threads", [Draft(fields=dict(fields))])
        return made.id

    def _email(self, order: Record) -> str:
        key = order.reference("id_customer")
        rows = self.client.find("customers", "id", [key] if key else [], ["id", "email"])
        if not rows or not rows[0].text("email"):
            raise DataError("The customer of this order is not in the shop any more.")
        return rows[0].text("email") or ""

    def _employee(self) -> str:
        rows = self.client.page("employees", ["id"], limit="1")
        if not rows:
            raise DataError("The shop shows no employee in whose name to write.")
        return rows[0].id


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).split())
