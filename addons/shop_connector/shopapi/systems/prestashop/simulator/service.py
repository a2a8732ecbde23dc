"""The web service under ``/api``: keys and rights, resources, formats, headers."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from werkzeug.wrappers import Request, Response

from .deletes import Deleter
from .faults import Crash, EmptyAnswer, ServiceError
from .imaging import Imaging
from .multistore import DEFAULT
from .prices import computed_prices
from .query import closest, parse_display, select
from .render import Display, Renderer, Shown, dump_json
from .schema import Resource
from .search import search_xml
from .shop import Shop
from .store import Record
from .writes import Writer

_KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
_NEVER = {"stock_availables": {"POST", "DELETE"}, "stock_movements": {"POST", "PUT", "DELETE"}}
_REALM = (
    'Basic realm="Welcome to PrestaShop Webservice, please enter the authentication key as the '
    'login. No password required."'
)
_XML = "text/xml;charset=utf-8"
_HTML = "text/html; charset=utf-8"
_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the web service; `rights` per resource and `stores`, None for all of them."""

    is_active: bool = True
    rights: dict[str, frozenset[str]] | None = None
    #: stores of a multistore that the key is good for, None for all
    stores: frozenset[int] | None = None

    def allows(self, resource: str, method: str) -> bool:
        """Tell whether the key may use a method on a resource."""
        if self.rights is None:
            return True
        return method in self.rights.get(resource, ())


@dataclass(slots=True)
class Content:
    """The body of an answer before headers are put around it."""

    body: str | bytes = ""
    status: int = 200
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Service:
    """Answers requests to the web service of one shop."""

    def __init__(self, shop: Shop, host: Callable[[], str]) -> None:
        self.shop = shop
        self.schema = shop.store.schema
        self.keys: dict[str, Key] = {}
        self._host = host
        self.writer = Writer(shop.store, shop.effects)
        self.deleter = Deleter(shop.store, shop.effects)
        self.imaging = Imaging(shop.pictures, shop.store)

    # --- the frame of every answer -------------------------------------------------------------

    def handle(self, request: Request, path: str) -> Response:
        """Answer one request; `path` is what stands after ``/api``."""
        started = time.perf_counter()
        if request.host != self._host() or not self._knows_shop(request):
            return self._redirect(request, path)
        with self.shop.store.within(self._stores(request)):
            return self._handle(request, path, started)

    def _handle(self, request: Request, path: str, started: float) -> Response:
        key_text = _key_of(request)
        if key_text is None:
            return Response(
                "401 Unauthorized", 401, {"WWW-Authenticate": _REALM}, content_type=_HTML
            )
        version = self.schema.version
        try:
            key = self._authenticate(key_text)
        except ServiceError as error:
            content = self._refusal(request, error)
            content.headers["WWW-Authenticate"] = _REALM
            # newer shops do not give their version away here
            version = "0" if self.schema.at_least(8) else version
        else:
            content = self._answer(request, path, key)
        return self._respond(request, content, version, started)

    def _answer(self, request: Request, path: str, key: Key) -> Content:
        try:
            if key.stores is not None and not key.stores.issuperset(self.shop.store.context):
                raise ServiceError(403, 132, "No permission for this key on this shop")
            return self._dispatch(request, path, key)
        except ServiceError as error:
            return self._refusal(request, error)
        except EmptyAnswer as answer:
            return Content(status=answer.status)
        except Crash as crash:
            return Content(crash.body, 500, _HTML)

    def _respond(
        self, request: Request, content: Content, version: str, started: float
    ) -> Response:
        body = content.body.encode() if isinstance(content.body, str) else content.body
        response = Response(body, status=content.status, headers=content.headers)
        if content.content_type:
            response.headers["Content-Type"] = content.content_type
        else:
            del response.headers["Content-Type"]
        if content.content_type == _HTML:
            return response
        response.headers["Access-Time"] = str(int(self.shop.store.clock.now().timestamp()))
        response.headers["X-Powered-By"] = "PrestaShop Webservice"
        response.headers["PSWS-Version"] = version
        response.headers["Execution-Time"] = f"{time.perf_counter() - started:.3f}"
        if body and content.status < 400:
            sha1 = hashlib.sha1(body, usedforsecurity=False).hexdigest()
            response.headers["Content-Sha1"] = sha1
            if request.headers.get("Local-Content-Sha1") == sha1:
                response.status_code = 304
                response.set_data(b"")
                del response.headers["Content-Type"]
        return response

    def _knows_shop(self, request: Request) -> bool:
        wanted = request.args.get("id_shop", "all")
        return wanted == "all" or self.shop.store.get("shops", wanted) is not None

    def _stores(self, request: Request) -> list[int]:
        """Return the stores that a request is about: it says so, or its address does."""
        store = self.shop.store
        if not store.has_several:
            return [DEFAULT]
        wanted = request.args.get("id_shop", "")
        if wanted == "all":
            return store.stores
        if wanted:
            return [int(wanted)]
        group = request.args.get("id_group_shop", "")
        if group:
            return [shop for shop in store.stores if str(store.group_of(shop)) == group]
        return list(store.context)

    def _redirect(self, request: Request, path: str) -> Response:
        rest = [(name, value) for name, value in request.args.items() if name != "id_shop"]
        query = f"&{urlencode(rest)}" if rest else ""
        url = f"http://{self._host()}/?url={quote(path.strip('/'))}{query}"
        return Response("", 302, {"Location": url}, content_type=_HTML)

    def _authenticate(self, text: str) -> Key:
        if len(text) != _KEY_LENGTH:
            raise ServiceError(401, 18, "Invalid authentication key format")
        key = self.keys.get(text)
        if key is None or not key.is_active:
            raise ServiceError(
                401,
                20,
                "Authentification key is not active",
                (21, "No permission for this authentication key"),
            )
        return key

    def _refusal(self, request: Request, error: ServiceError) -> Content:
        renderer = self._renderer()
        if _wants_json(request):
            return Content(renderer.errors_json(error.errors), error.status, "application/json")
        return Content(renderer.errors(error.errors), error.status, _XML)

    def _renderer(self) -> Renderer:
        base = f"http://{self._host()}{self.shop.store_path(self.shop.store.current)}"
        return Renderer(self.schema, base, self.shop.store.languages)

    # --- which resource, which method ----------------------------------------------------------

    def _dispatch(self, request: Request, path: str, key: Key) -> Content:
        method = request.method
        if method == "POST":
            method = request.args.get("ps_method", "POST").upper()
        if method not in _KNOWN_METHODS or (method == "PATCH" and not self.schema.at_least(8)):
            raise ServiceError(405, 23, f"Method {method} is not valid")
        parts = [part for part in path.split("/") if part]
        if not parts:
            return self._root(request, key)
        name = parts[0]
        self._check_rights(name, method, key)
        if name == "images":
            return self._images(request, method, parts[1:])
        if name == "search":
            return self._search(request)
        resource = self.schema.resource(name)
        if method in {"GET", "HEAD"}:
            return self._read(request, resource, parts[1] if len(parts) > 1 else None)
        if method == "DELETE":
            self.deleter.delete(resource, _ids_to_delete(request, parts))
            return Content()
        return self._write(request, method, resource)

    def _check_rights(self, name: str, method: str, key: Key) -> None:
        names = self.schema.names
        if name not in names:
            listed = ", ".join(f'"{each}"' for each in names)
            raise ServiceError(
                400,
                27,
                f'Resource of type "{name}" does not exists. Did you mean: '
                f'"{closest(name, names)}"? The full list is: {listed}',
            )
        if key.rights is not None and name not in key.rights:
            raise ServiceError(
                401,
                26,
                f'Resource of type "{name}" is not allowed with this authentication key',
            )
        if not key.allows(name, method):
            raise ServiceError(
                405,
                25,
                f"Method {method} is not allowed for the resource {name} "
                "with this authentication key",
            )
        if method in _NEVER.get(name, ()):
            text = f"Method {method} is not allowed for the resource {name}"
            raise ServiceError(405, 101, text)

    def _root(self, request: Request, key: Key) -> Content:
        if _wants_json(request):
            if self.schema.at_least(8):
                raise Crash  # a type error of PHP on the server that was recorded
            seen = [n for n in self.schema.names if key.rights is None or n in key.rights]
            return Content(dump_json(seen), 200, "application/json")
        renderer = self._renderer()
        lines = [f'<api shopName="{self.shop.name}">\n']
        for name, text, has_schema in self.schema.listing:
            if key.rights is None or name in key.rights:
                lines.append(self._root_entry(renderer, name, text, has_schema, key))
        lines.append("</api>\n")
        return Content(renderer.document("".join(lines)), 200, _XML)

    def _root_entry(
        self, renderer: Renderer, name: str, text: str, has_schema: bool, key: Key
    ) -> str:
        methods = ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"]
        if not self.schema.at_least(8):
            methods.remove("PATCH")
        rights = " ".join(
            f'{method.lower()}="{str(key.allows(name, method)).lower()}"' for method in methods
        )
        link = f'xlink:href="{renderer.api}/{name}"'
        schemas = ""
        if has_schema:
            schemas = "".join(
                f'<schema xlink:href="{renderer.api}/{name}?schema={kind}" type="{kind}"/>\n'
                for kind in ("blank", "synopsis")
            )
        return (
            f"<{name} {link} {rights}>\n<description {link} {rights}>\n{text}</description>\n"
            f"{schemas}</{name}>\n"
        )

    # --- reading -------------------------------------------------------------------------------

    def _read(self, request: Request, resource: Resource, record_id: str | None) -> Content:
        as_json = _wants_json(request)
        content_type = "application/json" if as_json else _XML
        renderer = self._renderer()
        if "schema" in request.args:
            return Content(self._schema(request, renderer, resource, as_json), 200, content_type)
        display = parse_display(resource, request.args, single=record_id is not None)
        if record_id is not None:
            record = self._one(resource, record_id)
            shown = self._shown(request, resource, record)
            write_one = renderer.one_json if as_json else renderer.one
            return Content(write_one(resource, shown, display), 200, content_type)
        records = select(self.shop.store, resource, request.args, display)
        if display.ids_only:
            rows = [Shown(record, {}) for record in records]
        else:
            rows = [self._shown(request, resource, record) for record in records]
        write_many = renderer.many_json if as_json else renderer.many
        return Content(write_many(resource, rows, display), 200, content_type)

    def _one(self, resource: Resource, record_id: str) -> Record:
        store = self.shop.store
        record = store.get(resource.name, record_id)
        if record is not None and store.is_member(resource.name, record.id):
            return record
        if store.attachable(resource.name, record_id) is None:
            raise EmptyAnswer(404)
        text = f"This {resource.class_name} ({record_id}) does not exists on this shop"
        raise ServiceError(404, 131, text)

    def _shown(self, request: Request, resource: Resource, record: Record) -> Shown:
        extra: dict[str, str] = {}
        if resource.name == "products":
            extra = computed_prices(self.shop, record, request.args)
        return Shown(self.shop.views.complete(resource.name, record), extra)

    def _schema(
        self, request: Request, renderer: Renderer, resource: Resource, as_json: bool
    ) -> str:
        if as_json:
            return renderer.blank_json(resource)
        if request.args["schema"] == "synopsis":
            return renderer.synopsis(resource)
        return renderer.blank(resource)

    def _search(self, request: Request) -> Content:
        renderer = self._renderer()
        content = search_xml(self.shop.store, request.args, renderer.api)
        return Content(renderer.document(content), 200, _XML)

    # --- writing -------------------------------------------------------------------------------

    def _write(self, request: Request, method: str, resource: Resource) -> Content:
        body = request.get_data()
        if request.mimetype == "application/x-www-form-urlencoded":
            body = request.form.get("xml", "").encode()
        if request.args.get("sendemail") == "1":
            self.shop.mails.append((resource.name, method))
        written = self.writer.save(method, resource, body)
        renderer = self._renderer()
        display = Display()
        as_json = _wants_json(request)
        status = 201 if method == "POST" else 200
        if as_json:
            rows = [Shown(record, {}) for record in written]
            if len(rows) == 1:
                text = renderer.one_json(resource, rows[0], display)
            else:
                text = renderer.many_json(resource, rows, display)
            return Content(text, status, "application/json")
        elements = "".join(
            renderer.element(resource, Shown(record, {}), display) for record in written
        )
        return Content(renderer.document(elements), status, _XML)

    def _images(self, request: Request, method: str, parts: list[str]) -> Content:
        renderer = self._renderer()
        answer = self.imaging.handle(request, method, parts, renderer.api)
        if isinstance(answer, str):
            return Content(renderer.document(answer), 200, _XML) if answer else Content()
        data, mime = answer
        return Content(data, 200, mime)


def _key_of(request: Request) -> str | None:
    """Return the key of a request, by HTTP Basic or by parameter."""
    authorization = request.authorization
    if authorization is not None and authorization.username:
        return authorization.username
    return request.args.get("ws_key")


def _wants_json(request: Request) -> bool:
    asked = (
        request.args.get("output_format")
        or request.args.get("io_format")
        or request.headers.get("Output-Format")
        or request.headers.get("Io-Format")
        or ""
    )
    return asked.upper() == "JSON"


def _ids_to_delete(request: Request, parts: list[str]) -> list[int]:
    listed = request.args.get("id", "").strip("[]")
    texts = [parts[1]] if len(parts) > 1 else listed.split(",")
    return [int(text) if text.strip().isdigit() else 0 for text in texts]
