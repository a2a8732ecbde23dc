"""Calls of the PrestaShop Webservice: which address, which parameters, which answers are failures.

No shapes of records here (see `wire`), no meaning (see `catalogue`, `orders` ...).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from ...breakdown import Healing, ServerFault
from ...errors import AuthError, DataError, NotFound, Unreachable
from ...paging import pages
from ...transport import Answer, HttpSettings, Transport, normalise_base_url
from .wire import (
    Draft,
    Record,
    Rights,
    ShopFault,
    dump,
    merged,
    parse_faults,
    parse_record,
    parse_records,
    parse_rights,
)

XML = "text/xml; charset=utf-8"
#: resource -> element of one record
ELEMENTS = {
    "addresses": "address",
    "carts": "cart",
    "categories": "category",
    "combinations": "combination",
    "customer_messages": "customer_message",
    "customer_threads": "customer_thread",
    "customers": "customer",
    "manufacturers": "manufacturer",
    "order_carriers": "order_carrier",
    "order_cart_rules": "order_cart_rule",
    "order_details": "order_detail",
    "order_discounts": "order_cart_rule",
    "order_histories": "order_history",
    "order_invoices": "order_invoice",
    "orders": "order",
    "product_option_values": "product_option_value",
    "product_options": "product_option",
    "products": "product",
    "specific_prices": "specific_price",
    "stock_availables": "stock_available",
}
#: what a PUT must not carry back: refused (error 93) or computed by the shop
NOT_WRITABLE = {
    "categories": frozenset({"level_depth", "nb_products_recursive"}),
    "combinations": frozenset({"quantity"}),
    "manufacturers": frozenset({"link_rewrite"}),
    "products": frozenset({"manufacturer_name", "quantity", "position_in_category", "type", "new"}),
}
#: resources whose records say to which store they belong
_OF_ONE_STORE = frozenset({"carts", "orders"})
_KEY_REFUSED = frozenset({18, 19, 20, 21})
_NO_SUCH_RECORD = frozenset({57, 88, 92, 131})
_SPECIAL = re.compile(r"[\[\]|,%]")
#: characters of values in one filter: web servers commonly cut the request line at 8 kB
_FILTER_LENGTH = 3000
_FILTER_VALUES = 300


class Client(Healing):
    """One shop's web service. ``version`` is known after the first answer."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        settings: HttpSettings | None = None,
        store: str | None = None,
    ) -> None:
        #: the store of a multistore that every call is about; None = the one of the address
        self.store = store
        base_url = normalise_base_url(base_url).removesuffix("/api")
        self.transport = Transport(base_url, basic=(api_key, ""), settings=settings)
        self._version: tuple[int, ...] = ()
        self.version_text = ""

    @property
    def version(self) -> tuple[int, ...]:
        """The shop's version, asked for when no answer told it yet."""
        if not self._version:
            self.rights()
        return self._version

    @property
    def can_patch(self) -> bool:
        """PATCH exists since 8.0."""
        return self.version >= (8,)

    # --- reading ----------------------------------------------------------------------------------

    def rights(self) -> Rights:
        """What the key may do."""
        body = self._call("GET", "").body
        try:
            return parse_rights(body)
        except DataError as error:
            raise DataError(
                f"No PrestaShop web service answers at this address: {error}", reason="address"
            ) from error

    def alive(self) -> None:
        """Raise Unreachable when the shop as a whole is out of order."""
        self.rights()

    def get(self, resource: str, external_id: str) -> Record:
        """One record with all its fields. Raises NotFound."""
        return parse_record(self._call("GET", f"{resource}/{_id(external_id)}").body)

    def page(
        self,
        resource: str,
        display: Sequence[str] = (),
        filters: Mapping[str, str] | None = None,
        *,
        sort: str = "id_ASC",
        limit: str | None = None,
    ) -> list[Record]:
        """One list; ``filters`` hold the values in the web service's own notation."""
        params = {"display": f"[{','.join(display)}]" if display else "full", "sort": f"[{sort}]"}
        if self.store and resource in _OF_ONE_STORE:
            # stores may share the orders of their group: its lists show those of all
            filters = {"id_shop": f"[{_id(self.store)}]", **(filters or {})}
        for name, value in (filters or {}).items():
            params[f"filter[{name}]"] = value
            if name.startswith("date_"):
                params["date"] = "1"
        if limit is not None:
            params["limit"] = limit
        return parse_records(self._call("GET", resource, params).body)

    def every(
        self,
        resource: str,
        display: Sequence[str] = (),
        filters: Mapping[str, str] | None = None,
        *,
        size: int = 500,
    ) -> Iterator[Record]:
        """All records of a list, page by page."""
        return pages(
            lambda offset, count: self.page(resource, display, filters, limit=f"{offset},{count}"),
            size,
        )

    def find(
        self,
        resource: str,
        name: str,
        values: Iterable[str],
        display: Sequence[str] = (),
        *,
        spare: float | None = None,
    ) -> list[Record]:
        """All records whose field has one of the values.

        The database compares without case and accents: whoever needs equality must look again.
        ``spare``: so many more values, as a share, may come with them where they are ids.
        """
        found: list[Record] = []
        several = dict.fromkeys(values)
        wanted = _interval(several, spare) if spare is not None else None
        for value in [wanted] if wanted else _filter_values(several):
            found += self.every(resource, display, {name: value}, size=1000)
        return found

    def picture(self, product: str, image: str) -> bytes:
        """The stored picture, as the shop keeps it."""
        return self._call("GET", f"images/products/{_id(product)}/{_id(image)}").body

    # --- writing ----------------------------------------------------------------------------------

    def create(
        self,
        resource: str,
        drafts: Sequence[Draft],
        params: Mapping[str, str] | None = None,
    ) -> list[Record]:
        """Create records in one call; the answer holds them as the shop took them.

        Not a transaction: when one is refused the ones before it exist.
        """
        body = dump(ELEMENTS[resource], drafts)
        answer = self._call("POST", resource, params, body=body)
        records = parse_records(answer.body)
        if len(records) != len(drafts):
            raise DataError(f"The shop made {len(records)} records of {len(drafts)}.")
        return records

    def update(self, resource: str, changes: Mapping[str, Draft]) -> None:
        """Change records (by id) in one writing call, leaving all their other fields alone.

        Since 8.0 by PATCH; before by reading them, putting the changes in and sending them back
        whole, because PUT empties whatever is missing.  Not a transaction.
        """
        if not changes:
            return
        element = ELEMENTS[resource]
        if self.can_patch:
            drafts = [
                Draft(fields={"id": _id(key), **draft.fields}, lists=draft.lists)
                for key, draft in changes.items()
            ]
            self._call("PATCH", resource, body=dump(element, drafts))
            return
        records = {record.id: record for record in self.find(resource, "id", changes)}
        if missing := [key for key in changes if key not in records]:
            raise NotFound(f"The shop has no {element} {', '.join(missing[:5])}.")
        drop = NOT_WRITABLE.get(resource, frozenset())
        whole = [merged(records[key], draft, drop) for key, draft in changes.items()]
        self._call("PUT", resource, body=dump(element, whole))

    def delete(self, resource: str, external_ids: Sequence[str]) -> None:
        """Remove records in one call. Raises NotFound, with nothing removed, when one is gone."""
        if external_ids:
            listed = ",".join(_id(external_id) for external_id in external_ids)
            self._call("DELETE", resource, {"id": f"[{listed}]"})

    def upload(
        self, product: str, content: bytes, media_type: str, image: str | None = None
    ) -> Record | None:
        """Add a picture to a product (answers its record) or replace one (answers None).

        PHP does not read multipart in a PUT, therefore POST with ``ps_method``.
        """
        suffix = media_type.partition("/")[2] or "jpg"
        files = {"image": (f"image.{suffix}", content, media_type)}
        path = f"images/products/{_id(product)}"
        if image is not None:
            self._call("POST", f"{path}/{_id(image)}", {"ps_method": "PUT"}, files=files)
            return None
        records = parse_records(self._call("POST", path, files=files).body)
        if not records:
            raise DataError("The shop took the picture without telling its id.")
        return records[0]

    def delete_picture(self, product: str, image: str) -> None:
        """Remove a picture. Raises NotFound when it is gone already."""
        self._call("DELETE", f"images/products/{_id(product)}/{_id(image)}")

    # --- one call ---------------------------------------------------------------------------------

    def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Answer:
        if self.store:
            params = {**(params or {}), "id_shop": _id(self.store)}
        try:
            answer = self.transport.send(
                method,
                f"/api/{path}",
                params=params,
                body=body,
                content_type=XML if body is not None else None,
                files=files,
            )
        except AuthError as error:
            if not self.store:
                raise
            # an unknown store is answered like a wrong address
            raise AuthError(f"{error} Or the shop has no store {self.store}.") from error
        self._learn_version(answer.headers.get("PSWS-Version", ""))
        if answer.status >= 300:
            raise self._failure(answer, path.partition("/")[0])
        return answer

    def _learn_version(self, text: str) -> None:
        numbers = tuple(int(part) for part in re.findall(r"[0-9]{1,6}", text)[:4])
        if numbers > (0,):  # "0" stands in answers that were refused early
            self._version = numbers
            self.version_text = text

    def _failure(self, answer: Answer, resource: str) -> Exception:
        """What a failure means: decided by the code in the answer, then by its status."""
        faults = parse_faults(answer.body)
        if not faults:
            return self._silent_failure(answer, resource)
        codes = {fault.code for fault in faults}
        said = self.transport.mask(_sentence(faults))
        if codes & _KEY_REFUSED:
            return AuthError(
                "The shop does not accept the key (unknown, inactive or misspelt).", reason="key"
            )
        if 22 in codes:
            return AuthError("The web service of the shop is switched off.", reason="switched_off")
        if 132 in codes:
            return AuthError(f"The key is not good for this store of the shop: {said}")
        if codes & {25, 26} or answer.status == 403:
            return AuthError(f"The key lacks a right: {said}", resource=resource)
        if answer.status == 401:
            return AuthError(f"The shop did not let us in: {said}")
        if codes & _NO_SUCH_RECORD or answer.status == 404:
            return NotFound(f"The shop does not have it: {said}")
        if answer.status in {502, 503, 504}:
            return Unreachable(f"The shop is out of order: {said}", maybe_done=answer.is_writing)
        return DataError(f"The shop refused it: {said}")

    def _silent_failure(self, answer: Answer, resource: str) -> Exception:
        """A failure without explanation: an empty body, or a page made for people."""
        status = answer.status
        if status == 401:
            return AuthError("The shop does not accept the key.", reason="key")
        if status == 403:
            return AuthError(
                "The shop (or what stands before it) forbids access.", resource=resource
            )
        if status == 404 and not resource:
            return AuthError(
                "There is no PrestaShop web service at this address.", reason="address"
            )
        if status == 404:
            return NotFound(f"The shop does not have it ({resource}).")
        if status == 500:
            return ServerFault(
                "The shop broke down without an explanation (500).", maybe_done=answer.is_writing
            )
        if status > 500:
            return Unreachable(
                f"The shop is out of order ({status}).", maybe_done=answer.is_writing
            )
        return DataError(f"The shop refused the request ({status}).")


# --- helpers --------------------------------------------------------------------------------------


def _id(external_id: str) -> str:
    """An id that may stand in an address: digits only. Raises DataError."""
    if not re.fullmatch(r"[0-9]{1,20}", external_id):
        raise DataError(f"Not an id of this shop system: {external_id[:40]!r}")
    return external_id


def _sentence(faults: Sequence[ShopFault]) -> str:
    return "; ".join(f"{fault.message} (code {fault.code})" for fault in faults)[:500]


def _interval(values: Collection[str], spare: float) -> str | None:
    """Ids that nearly follow each other in the notation of a filter; None when they do not."""
    if not values or not all(re.fullmatch(r"[0-9]{1,20}", value) for value in values):
        return None
    ids = {int(value) for value in values}
    first, last = min(ids), max(ids)
    is_dense = first < last and last - first + 1 <= len(ids) * (1 + spare)
    return f"[{first},{last}]" if is_dense else None


def _filter_values(values: Iterable[str]) -> Iterator[str]:
    """Values in the notation of a filter, as many in one as the address can bear.

    A value with a character of that notation goes alone and bare, which the shop takes literally.
    """
    group: list[str] = []
    length = 0
    for value in dict.fromkeys(values):
        if value.isdecimal() and value.isascii():  # an id: nothing to look for or to quote
            size = len(value) + 3
        elif _SPECIAL.search(value):
            yield value
            continue
        else:
            size = len(quote(value)) + 3
        if group and (length + size > _FILTER_LENGTH or len(group) >= _FILTER_VALUES):
            yield f"[{'|'.join(group)}]"
            group, length = [], 0
        group.append(value)
        length += size
    if group:
        yield f"[{'|'.join(group)}]"
