"""Saving pictures: by content, so that one is neither sent twice nor doubled by a repeated call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...documents import Entry, Image, Outcome
from ...errors import DataError, NotFound
from ...pictures import find_same
from ...saving import document, failed, remove_images
from .client import Client
from .wire import Draft, Record


@dataclass(slots=True)
class _Held:
    """The pictures that a product has in the shop."""

    images: list[str] = field(default_factory=list)
    cover: str | None = None
    #: combination -> its pictures
    variants: dict[str, tuple[str, ...]] = field(default_factory=dict)


class ImageSaver:
    """Saves the pictures of products, their cover and what variants they show."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save all entries; the outcomes stand in the same order."""
        held = self._held([document(entry, Image) for entry in entries])
        taken: set[str | None] = {entry.external_id for entry in entries}
        outcomes = []
        for entry in entries:
            outcome = self._save_one(entry, held, taken)
            taken.add(outcome.external_id)
            outcomes.append(outcome)
        return outcomes

    def delete(self, images: Sequence[tuple[str, str]]) -> list[Outcome]:
        """Remove pictures; one that is gone counts as done."""
        return remove_images(images, self._delete)

    def _delete(self, product: str, image: str) -> bool:
        self.client.delete_picture(product, image)
        return True

    def arrange(self, product: str, images: Sequence[str]) -> list[str]:
        """Which pictures have to be sent again so that all stand in this order.

        The web service cannot move a picture: a new one is always the last.  So those stay that
        begin the order and stand so already; all after them follow once more.  (The cover is
        chosen, wherever it stands: the caller leaves it out.)
        """
        records = self.client.find("products", "id", [product], ["id", "images[id]"])
        standing = iter(records[0].ids("images") if records else ())
        for number, image in enumerate(images):
            # the rest of the iterator are the pictures that stand behind the one before
            if image not in standing:
                return list(images[number:])
        return []

    def _held(self, images: Sequence[Image]) -> dict[str, _Held]:
        """What the shop has of all the products, in one call or two."""
        products = [image.product for image in images]
        display = ["id", "id_default_image", "images[id]"]
        held = {
            record.id: _Held(images=list(record.ids("images")), cover=_cover(record))
            for record in self.client.find("products", "id", products, display)
        }
        shown = [image.product for image in images if image.variants]
        display = ["id", "id_product", "images[id]"]
        for record in self.client.find("combinations", "id_product", shown, display):
            product = record.reference("id_product")
            if product in held:
                held[product].variants[record.id] = record.ids("images")
        return held

    def _save_one(self, entry: Entry, held: dict[str, _Held], taken: set[str | None]) -> Outcome:
        """As with the other records: after an empty 500 look again and try once more."""
        is_again = False

        def work() -> Outcome:
            nonlocal is_again
            if is_again:
                held.update(self._held([document(entry, Image)]))
            is_again = True
            return self._write(entry, held, taken)

        try:
            return self.client.healed("picture", work)
        except DataError as error:
            return failed(entry, error)

    def _write(self, entry: Entry, held: Mapping[str, _Held], taken: set[str | None]) -> Outcome:
        image = document(entry, Image)
        product = held.get(image.product)
        if product is None:
            raise NotFound(f"The shop has no product {image.product}.")
        if entry.external_id is None:
            return self._add(entry, image, product, taken)
        return self._change(entry, entry.external_id, image, product)

    def _add(self, entry: Entry, wanted: Image, product: _Held, taken: set[str | None]) -> Outcome:
        image = self._stored(wanted, [image for image in product.images if image not in taken])
        if image is not None:
            written = self._place(wanted, image, product, entry.changed)
            return Outcome(key=entry.key, external_id=image, adopted=True, written=written)
        record = self.client.upload(wanted.product, wanted.content, wanted.media_type)
        if record is None:
            raise DataError("The shop took the picture without telling its id.")
        product.images.append(record.id)
        if record.flag("cover"):
            product.cover = record.id
        self._place(wanted, record.id, product, entry.changed)
        return Outcome(key=entry.key, external_id=record.id)

    def _change(self, entry: Entry, image: str, wanted: Image, product: _Held) -> Outcome:
        if image not in product.images:
            raise NotFound(f"The shop does not have picture {image} any more.")
        if entry.changed is None:
            is_new = self._stored(wanted, [image]) is None
        else:
            is_new = bool(entry.changed & {"digest", "media_type"})
        if is_new:
            self.client.upload(wanted.product, wanted.content, wanted.media_type, image)
        placed = self._place(wanted, image, product, entry.changed)
        return Outcome(key=entry.key, external_id=image, written=is_new or placed)

    def _stored(self, wanted: Image, images: Sequence[str]) -> str | None:
        """The first of these that shows the same."""
        return find_same(
            wanted.content, images, lambda image: self.client.picture(wanted.product, image)
        )

    def _place(
        self, wanted: Image, image: str, product: _Held, changed: frozenset[str] | None
    ) -> bool:
        """Make it the cover and hang it on its variants, as far as that is not so already."""
        written = False
        if wanted.is_cover and product.cover != image:
            draft = Draft(fields={"id_default_image": image})
            self.client.update("products", {wanted.product: draft})
            product.cover = image
            written = True
        if wanted.variants or (changed is not None and "variants" in changed):
            written = self._show_on(wanted, image, product) or written
        return written

    def _show_on(self, wanted: Image, image: str, product: _Held) -> bool:
        if not product.variants:
            display = ["id", "images[id]"]
            records = self.client.find("combinations", "id_product", [wanted.product], display)
            product.variants = {record.id: record.ids("images") for record in records}
        changes = {}
        for variant, images in product.variants.items():
            if (variant in wanted.variants) == (image in images):
                continue
            shown = tuple(other for other in images if other != image)
            shown += (image,) if variant in wanted.variants else ()
            changes[variant] = Draft(fields={}, lists={"images": shown})
            product.variants[variant] = shown
        self.client.update("combinations", changes)
        return bool(changes)


def _cover(record: Record) -> str | None:
    return record.reference("id_default_image")
