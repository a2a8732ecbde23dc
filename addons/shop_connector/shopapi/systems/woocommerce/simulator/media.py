"""Pictures: uploaded as bytes to ``wp/v2/media``, or fetched by the shop from an address."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from PIL import Image as Picture
from werkzeug.wrappers import Request

from .rest import Call, Reply, RestError, created, page_of
from .shop import Row, Shop, date_pair, iso, slugify

_KINDS = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
_SAFE_PORTS = {None, 80, 443, 8080}


class Media:
    """The shop's library of files."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        #: without it WordPress refuses private addresses and odd ports
        self.trusts_local = True

    # --- wp/v2/media ------------------------------------------------------------------------------

    def upload(self, call: Call) -> Reply:
        """Store raw bytes; the name stands in ``Content-Disposition``."""
        match = re.search(r'filename="?([^";]+)', call.headers.get("content-disposition", ""))
        if match is None:
            raise RestError(
                400, "rest_upload_no_content_disposition", "No Content-Disposition supplied."
            )
        row = self._store(match[1], call.raw)
        return created(self._rendered(row, call), call)

    def listed(self, call: Call) -> Reply:
        """The files, newest first; ``search`` looks into their titles."""
        rows = sorted(self.shop.media.values(), key=lambda row: -row["id"])
        wanted = call.args.get("search", "").lower()
        found = [self._rendered(row, call) for row in rows if wanted in row["title"].lower()]
        return page_of(call, found)

    def _rendered(self, row: Row, call: Call) -> Row:
        source = f"{call.home}{row['path']}"
        return {
            "id": row["id"],
            **date_pair(self.shop, "date", row["created"]),
            "slug": row["slug"],
            "status": "inherit",
            "type": "attachment",
            "title": {"raw": row["title"], "rendered": row["title"]},
            "alt_text": row["alt"],
            "media_type": "image",
            "mime_type": row["mime"],
            "source_url": source,
        }

    def _store(self, name: str, content: bytes, alt: str = "", title: str = "") -> Row:
        ending = name.rpartition(".")[2].lower()
        try:
            with Picture.open(io.BytesIO(content)) as picture:
                width = picture.width
        except (OSError, ValueError, SyntaxError):
            width = 0
        if ending not in _KINDS or not width:
            text = "Sorry, you are not allowed to upload this file type."
            raise RestError(400, "rest_upload_unknown_error", text)
        stem = slugify(name.rpartition(".")[0])
        taken = {row["path"] for row in self.shop.media.values()}
        folder = f"/wp-content/uploads/{self.shop.now():%Y/%m}"
        path, number = f"{folder}/{stem}.{ending}", 1
        while path in taken:
            path, number = f"{folder}/{stem}-{number}.{ending}", number + 1
        key = self.shop.new_id("post")
        self.shop.media[key] = row = {
            "id": key,
            "path": path,
            "title": title or name.rpartition(".")[0],
            "slug": stem,
            "alt": alt,
            "mime": _KINDS[ending],
            "width": width,
            "content": content,
            "created": self.shop.now(),
        }
        return row

    # --- pictures of products ---------------------------------------------------------------------

    def chosen(self, wanted: Any) -> list[int]:
        """The ids of the pictures a product shall have; those given by address are fetched."""
        numbers = []
        for item in wanted or ():
            number = int(item.get("id") or 0)
            if number:
                if number not in self.shop.media:
                    text = f"#{number} is an invalid image ID."
                    raise RestError(400, "woocommerce_product_invalid_image_id", text)
            elif item.get("src"):
                number = self._fetch(str(item["src"]), item)["id"]
            if number:
                numbers.append(number)
        return numbers

    def _fetch(self, address: str, item: Row) -> Row:
        """Download a picture as the shop does."""
        parts = urlsplit(address)
        is_local = parts.hostname in {"127.0.0.1", "localhost"} or parts.port not in _SAFE_PORTS
        if is_local and not self.trusts_local:
            raise _fetch_error(address, "A valid URL was not provided.")
        try:
            answer = requests.get(address, timeout=5)
        except requests.RequestException as error:
            raise _fetch_error(address, f"cURL error 7: {error}"[:80]) from error
        if answer.status_code != 200:
            raise _fetch_error(address, answer.reason)
        name = parts.path.rpartition("/")[2]
        alt, title = str(item.get("alt", "")), str(item.get("name", ""))
        try:
            return self._store(name, answer.content, alt=alt, title=title)
        except RestError as error:
            text = "Invalid image: Sorry, you are not allowed to upload this file type."
            raise RestError(400, "woocommerce_product_image_upload_error", text) from error

    def shown(self, number: int, home: str, *, of_product: bool = True) -> Row | None:
        """A picture as it stands on a product."""
        row = self.shop.media.get(number)
        if row is None:
            return None
        shown = {
            "id": number,
            **self._twice_local("date_created", row["created"]),
            **self._twice_local("date_modified", row["created"]),
            "src": f"{home}{row['path']}",
            "name": row["title"],
            "alt": row["alt"],
        }
        if of_product and self.shop.since(9):
            width = row["width"]
            shown |= {
                "srcset": "",
                "sizes": f"(max-width: {width}px) 100vw, {width}px",
                "thumbnail": shown["src"],
            }
        return shown

    def _twice_local(self, name: str, moment: datetime) -> Row:
        """A date of a picture on a product, where the offset is added twice."""
        return {
            name: iso(self.shop.local(self.shop.local(moment))),
            f"{name}_gmt": iso(moment),
        }

    def file(self, request: Request) -> Row | None:
        """The file at an address of the shop."""
        return next((row for row in self.shop.media.values() if row["path"] == request.path), None)


def _fetch_error(address: str, reason: str) -> RestError:
    text = f"Error getting remote image {address}. Error: {reason}"
    return RestError(400, "woocommerce_product_image_upload_error", text)
