"""Pictures of products, categories, manufacturers and suppliers, and their part of the API."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field

from PIL import Image, UnidentifiedImageError

from .faults import ServiceError

# width and height of the sizes that a fresh shop makes of every picture
SIZES = {
    "small_default": (98, 98),
    "cart_default": (125, 125),
    "home_default": (250, 250),
    "medium_default": (452, 452),
    "large_default": (800, 800),
}
KINDS = (
    "general",
    "products",
    "categories",
    "manufacturers",
    "suppliers",
    "stores",
    "customizations",
)
MIMES = "image/gif, image/jpg, image/jpeg, image/pjpeg, image/png, image/webp, image/x-png"
_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


@dataclass(slots=True)
class Picture:
    """One product picture; `data` is the file as stored, `position` starts at 1."""

    id: int
    product: int
    data: bytes
    position: int
    is_cover: bool
    legend: dict[int, str] = field(default_factory=dict)


class Pictures:
    """All pictures of the shop."""

    def __init__(self) -> None:
        self.products: dict[int, Picture] = {}
        self.others: dict[tuple[str, int], bytes] = {}
        self._last_id = 0
        self._by_product: dict[int, list[int]] = {}

    def of_product(self, product: int) -> list[int]:
        """Return the ids of a product's pictures."""
        return list(self._by_product.get(product, ()))

    def cover(self, product: int) -> int | None:
        """Return the id of the picture that is shown first."""
        for each in self._by_product.get(product, ()):
            if self.products[each].is_cover:
                return each
        return None

    def choose_cover(self, product: int, picture: int) -> None:
        """Make a picture of the product its cover; unknown ones are ignored."""
        if picture in self._by_product.get(product, ()):
            for each in self._by_product[product]:
                self.products[each].is_cover = each == picture

    def add(self, product: int, data: bytes, picture_id: int | None = None) -> Picture:
        """Store another picture of a product; the first one is the cover. No check for doubles."""
        self._last_id = max(self._last_id + 1, picture_id or 0)
        siblings = self._by_product.setdefault(product, [])
        last = max((self.products[each].position for each in siblings), default=0)
        picture = Picture(picture_id or self._last_id, product, data, last + 1, not siblings)
        self.products[picture.id] = picture
        siblings.append(picture.id)
        return picture

    def get(self, product: int, picture: int) -> Picture:
        """Return a picture; raises ServiceError 57 when the product has none with that id."""
        found = self.products.get(picture)
        if found is None or found.product != product:
            raise ServiceError(400, 57, "This image id does not exist")
        return found

    def remove(self, product: int, picture: int) -> None:
        """Delete a picture; the next one becomes the cover."""
        found = self.get(product, picture)
        del self.products[picture]
        siblings = self._by_product[product]
        siblings.remove(picture)
        if found.is_cover and siblings:
            self.products[siblings[0]].is_cover = True

    def remove_product(self, product: int) -> None:
        """Delete all pictures of a product."""
        for each in self._by_product.pop(product, []):
            del self.products[each]


def check_upload(data: bytes | None, mime: str, filename: str) -> bytes:
    """Return an uploaded picture; raises ServiceError 76 as the shop does."""
    if data is None:
        raise ServiceError(400, 76, 'Please set an "image" parameter with image data for value')
    ending = filename.rpartition(".")[2].lower()
    if ending not in {"gif", "jpg", "jpeg", "jpe", "png", "webp"} or not mime.startswith("image/"):
        raise ServiceError(
            400,
            76,
            "Image upload error : Image format not recognized, allowed formats are: "
            "gif, jpg, jpeg, jpe, png, webp",
        )
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ServiceError(400, 76, "An error occurred while copying image") from error
    return data


def mime_of(data: bytes) -> str:
    """Return the content type of a stored picture."""
    with Image.open(io.BytesIO(data)) as picture:
        return _FORMATS.get(picture.format or "", "image/jpeg")


def as_jpeg(data: bytes) -> bytes:
    """Return a picture as JPEG, which the shop makes of every replaced one."""
    with Image.open(io.BytesIO(data)) as picture:
        output = io.BytesIO()
        picture.convert("RGB").save(output, "JPEG", quality=90)
    return output.getvalue()


def sized(data: bytes, name: str) -> bytes:
    """Return a picture in one of the shop's sizes, on a white ground."""
    width, height = SIZES[name]
    with Image.open(io.BytesIO(data)) as picture:
        kind = picture.format or "PNG"
        small = picture.convert("RGB")
        small.thumbnail((width, height))
        ground = Image.new("RGB", (width, height), "white")
        ground.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
        output = io.BytesIO()
        ground.save(output, kind)
    return output.getvalue()


def created_xml(picture: Picture, api: str, languages: list[int]) -> str:
    """Write the answer to an upload: the picture's data and the picture itself in base64."""
    legend = "".join(
        f'<language id="{each}" xlink:href="{api}/languages/{each}"><![CDATA[]]></language>'
        for each in languages
    )
    content = base64.b64encode(picture.data).decode()
    cover = "1" if picture.is_cover else ""
    return (
        f"<image>\n<id><![CDATA[{picture.id}]]></id>\n"
        f"<id_product><![CDATA[{picture.product}]]></id_product>\n"
        f"<position><![CDATA[{picture.position}]]></position>\n"
        f"<cover><![CDATA[{cover}]]></cover>\n<legend>{legend}</legend>\n</image>\n"
        f'<content encode="base64"><![CDATA[{content}]]></content>\n'
    )


def kinds_xml(api: str) -> str:
    """Write the list of picture kinds; it says "false" to methods that work all the same."""
    lines = [
        f'<{kind} xlink:href="{api}/images/{kind}" get="true" put="false" post="false" '
        f'patch="false" delete="false" head="true" upload_allowed_mimetypes="{MIMES}"/>\n'
        for kind in KINDS
    ]
    return f"<image_types>\n{''.join(lines)}</image_types>\n"


def types_xml(api: str) -> str:
    """Write the sizes of product pictures, by name as the shop lists them."""
    ids = {"cart_default": 1, "small_default": 2, "medium_default": 3}
    ids |= {"home_default": 4, "large_default": 5}
    lines = [
        f'<image_type id="{ids[name]}" name="{name}" xlink:href="{api}/image_types/{ids[name]}"/>\n'
        for name in sorted(SIZES)
    ]
    return f"<image_types>\n{''.join(lines)}</image_types>\n"


def products_xml(api: str, products: list[int]) -> str:
    """Write the products that have pictures."""
    lines = [
        f'<image id="{each}" xlink:href="{api}/images/products/{each}"/>\n' for each in products
    ]
    return f"<images>\n{''.join(lines)}</images>\n"


def product_xml(api: str, product: int, pictures: list[int]) -> str:
    """Write the pictures of one product."""
    lines = [
        f'<declination id="{each}" xlink:href="{api}/images/products/{product}/{each}"/>\n'
        for each in pictures
    ]
    return f'<image id="{product}">\n{"".join(lines)}</image>\n'
