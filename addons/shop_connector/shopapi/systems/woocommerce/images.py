"""Pictures: uploaded to the library once by content, hung on products by id, placed by the list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ...documents import Entry, Image, Outcome
from ...errors import AuthError, DataError, NotFound
from ...pictures import find_same, kind_of, readable
from ...saving import document, failed, remove_images
from .client import MEDIA, Client, Row
from .shop import Shop


class ImageSaver:
    """Saves the pictures of products, their order and what variants they show."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save all entries; the outcomes stand in the same order."""
        taken = {entry.external_id for entry in entries if entry.external_id}
        outcomes = []
        for entry in entries:
            try:
                outcome = self.client.healed("picture", lambda e=entry: self._save(e, taken))  # type: ignore[misc]
            except DataError as error:
                outcome = failed(entry, error)
            taken.add(outcome.external_id or "")
            outcomes.append(outcome)
        return outcomes

    def _save(self, entry: Entry, taken: set[str]) -> Outcome:
        wanted = document(entry, Image)
        product = self.shop.known_product(wanted.product, _fields="id,images,variations")
        held = {str(each["id"]): str(each["src"]) for each in product.get("images") or ()}
        image, adopted, uploaded = entry.external_id, False, False

        def read(key: str) -> bytes:
            return self.client.files.get(held[key])

        if image is None:
            image = find_same(wanted.content, [key for key in held if key not in taken], read)
            adopted = image is not None
        elif image not in held:
            raise NotFound(f"The shop does not have picture {image} any more.")
        else:
            is_known = entry.changed is not None and not entry.changed & {"digest", "media_type"}
            if not is_known:
                image = find_same(wanted.content, [image], read)
        if image is None:
            image, uploaded = self._upload(wanted, taken | set(held)), True
        order = [image if key == entry.external_id else key for key in held]
        order += [] if image in order else [image]
        if wanted.is_cover:
            order = [image, *(key for key in order if key != image)]
        placed = order != list(held)
        if placed:
            self._arrange(wanted.product, order)
        shown = self._show_on(wanted, image, entry, product)
        return Outcome(
            key=entry.key, external_id=image, adopted=adopted, written=uploaded or placed or shown
        )

    def _upload(self, wanted: Image, taken: set[str]) -> str:
        """Put the bytes into the library; one of an earlier try that got lost is found by name."""
        ending, media_type = kind_of(wanted.content)
        if self.client.media is None:
            raise DataError(
                "Pictures need a WordPress application password: make one for a user of the shop "
                "(Users > Profile) and enter it here as user:password."
            )
        name = hashlib.sha256(wanted.content).hexdigest()[:24]
        for row in self._library("GET", f"{MEDIA}?search={name}&per_page=100"):
            if str(row["id"]) not in taken:
                return str(row["id"])
        headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
        (row,) = self._library("POST", MEDIA, wanted.content, media_type, headers)
        return str(row["id"])

    def _library(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        media_type: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> list[Row]:
        assert self.client.media is not None
        answer = self.client.media.send(
            method, path, body=body, content_type=media_type, headers=headers
        )
        try:
            found = self.client.understood(answer)
        except AuthError as error:
            # the key is good all the same: only pictures cannot be sent
            raise DataError(
                f"The shop does not accept the application password: {error}"
            ) from error
        rows = found if isinstance(found, list) else [found]
        if not all(isinstance(row, dict) and row.get("id") for row in rows):
            raise DataError(f"The shop's answer is not understood: {json.dumps(found)[:80]}")
        return rows

    def _arrange(self, product: str, order: Sequence[str]) -> None:
        images = [{"id": int(key)} for key in order]
        self.client.post(f"products/{product}", {"images": images})

    def _show_on(self, wanted: Image, image: str, entry: Entry, product: Row) -> bool:
        """Hang the picture on its variants (each shows one) and take it off others."""
        changed = entry.changed
        if not wanted.variants and not (changed is not None and "variants" in changed):
            return False
        path = f"products/{wanted.product}/variations"
        rows = (
            list(self.client.rows(path, context="edit", _fields="id,image"))
            if product["variations"]
            else []
        )
        update: list[Row] = []
        for row in rows:
            own = str((row.get("image") or {}).get("id") or "")
            is_old = own in {image, entry.external_id}
            if str(row["id"]) in wanted.variants:
                if own != image:
                    update.append({"id": row["id"], "image": {"id": int(image)}})
            elif is_old:
                update.append({"id": row["id"], "image": {"id": 0}})
        if update:
            self.client.batch(path, [], update)
        return bool(update)

    # --- taking away, placing, reading ------------------------------------------------------------

    def delete(self, images: Sequence[tuple[str, str]]) -> list[Outcome]:
        """Take pictures off products; the files stay in the library, others may use them."""
        return remove_images(images, self._remove)

    def _remove(self, product: str, image: str) -> bool:
        held = self._order(product)
        if image in held:
            self._arrange(product, [key for key in held if key != image])
        return image in held

    def _order(self, product: str) -> list[str]:
        row = self.shop.known_product(product, _fields="id,images")
        return [str(each["id"]) for each in row.get("images") or ()]

    def arrange(self, product: str, images: Sequence[str]) -> list[str]:
        """Bring pictures into this order; those that are gone have to come again."""
        held = self._order(product)
        wanted = [image for image in images if image in held]
        places = iter(wanted)
        order = [next(places) if key in wanted else key for key in held]
        if order != held:
            self._arrange(product, order)
        return [image for image in images if image not in held]

    def read(self, product: str, image: str) -> bytes:
        """The bytes of a picture. Raises NotFound or DataError."""
        row = self.shop.known_product(product, _fields="id,images")
        address = next(
            (str(each["src"]) for each in row.get("images") or () if str(each["id"]) == image), None
        )
        if address is None:
            raise NotFound(f"The shop has no picture {image} of product {product}.")
        return readable(self.client.files.get(address), f"Picture {image} of product {product}")
