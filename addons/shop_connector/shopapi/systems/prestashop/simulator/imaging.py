"""``/api/images``: upload, replacement, reading and deletion of pictures."""

from __future__ import annotations

from werkzeug.wrappers import Request

from . import pictures as files
from .faults import EmptyAnswer, ServiceError
from .pictures import Pictures
from .store import Store

# a document, or a picture with its content type
Answer = str | tuple[bytes, str]


class Imaging:
    """Answers requests to pictures."""

    def __init__(self, pictures: Pictures, store: Store) -> None:
        self.pictures = pictures
        self.store = store

    def handle(self, request: Request, method: str, parts: list[str], api: str) -> Answer:
        """Answer ``images/<kind>/<id>/<picture>/<size>``; raises ServiceError, EmptyAnswer."""
        if not parts:
            return files.kinds_xml(api)
        kind = parts[0]
        if kind not in files.KINDS:
            raise ServiceError(400, 54, f'Image type "{kind}" does not exist')
        if kind == "products":
            return self._products(request, method, parts[1:], api)
        if len(parts) == 1:
            return files.types_xml(api)
        return self._other(request, method, kind, _number(parts[1]))

    def _products(self, request: Request, method: str, parts: list[str], api: str) -> Answer:
        if not parts:
            with_pictures = sorted({each.product for each in self.pictures.products.values()})
            return files.types_xml(api) + files.products_xml(api, with_pictures)
        product = _number(parts[0])
        if len(parts) == 1:
            return self._of_product(request, method, product, api)
        picture = _number(parts[1])
        if method == "DELETE":
            self.pictures.remove(product, picture)
            return ""
        if method == "POST":
            self.pictures.get(product, picture)
            raise ServiceError(
                400, 65, "This image already exists. To modify it, please use the PUT method"
            )
        found = self.pictures.get(product, picture)
        if method == "PUT":
            found.data = files.as_jpeg(_uploaded(request))
        data = found.data
        if len(parts) > 2 and parts[2] in files.SIZES:
            data = files.sized(data, parts[2])
        return data, files.mime_of(data)

    def _of_product(self, request: Request, method: str, product: int, api: str) -> Answer:
        if method in {"GET", "HEAD"}:
            pictures = self.pictures.of_product(product)
            if not pictures:
                raise EmptyAnswer(404)
            return files.product_xml(api, product, pictures)
        if method == "DELETE":
            self.pictures.remove_product(product)
            return ""
        if self.store.get("products", product) is None:
            raise ServiceError(400, 76, f"Product {product} does not exist")
        picture = self.pictures.add(product, _uploaded(request))
        return files.created_xml(picture, api, self.store.languages)

    def _other(self, request: Request, method: str, kind: str, owner: int) -> Answer:
        if method == "POST":
            self.pictures.others[kind, owner] = _uploaded(request)
        elif method == "PUT":
            self.pictures.others[kind, owner] = files.as_jpeg(_uploaded(request))
        data = self.pictures.others.get((kind, owner))
        if data is None:
            raise EmptyAnswer(404)
        if method == "DELETE":
            del self.pictures.others[kind, owner]
            return ""
        return data, files.mime_of(data)


def _uploaded(request: Request) -> bytes:
    """Return the picture of a form; PHP reads no form in a true PUT."""
    upload = request.files.get("image") if request.method == "POST" else None
    if upload is None:
        return files.check_upload(None, "", "")
    return files.check_upload(upload.read(), upload.mimetype, upload.filename or "")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
