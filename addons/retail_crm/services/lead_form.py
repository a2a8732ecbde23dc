"""What somebody sent through a web form, made safe and put in order. Nothing here needs Odoo.

Whatever comes is text from a stranger: control characters go, lengths are cut, nothing is believed.
A thing that cannot be used is kept as a note rather than lost; only a message without any way to
answer it is refused.
"""

import hashlib
import json
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

#: what a field of a form can mean, with the most characters kept
TARGETS = {
    "title": 120,
    "contact_name": 120,
    "partner_name": 120,
    "email": 254,
    "phone": 40,
    "message": 20_000,
    "street": 200,
    "zip": 20,
    "city": 100,
    "country": 60,
    "lang": 20,
    "consent": 500,
    "sku": 100,
    "quantity": 20,
    "source": 100,
    "medium": 100,
    "campaign": 100,
    "term": 200,
    "content": 200,
    "landing": 2000,
    "referrer": 2000,
    "client_id": 200,
    "click_id": 200,
    "external_id": 200,
    "note": 2000,
    "ignore": 0,
}
#: names that forms usually have, and what they mean unless the form says otherwise
USUAL_NAMES = {
    "subject": "title",
    "title": "title",
    "name": "contact_name",
    "contact_name": "contact_name",
    "full_name": "contact_name",
    "company": "partner_name",
    "email": "email",
    "e-mail": "email",
    "mail": "email",
    "phone": "phone",
    "tel": "phone",
    "telephone": "phone",
    "mobile": "phone",
    "message": "message",
    "comment": "message",
    "comments": "message",
    "text": "message",
    "street": "street",
    "address": "street",
    "zip": "zip",
    "postcode": "zip",
    "city": "city",
    "country": "country",
    "lang": "lang",
    "consent": "consent",
    "sku": "sku",
    "product": "sku",
    "qty": "quantity",
    "quantity": "quantity",
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "campaign",
    "utm_term": "term",
    "utm_content": "content",
    "landing": "landing",
    "page": "landing",
    "referrer": "referrer",
    "client_id": "client_id",
    "gclid": "click_id",
    "fbclid": "click_id",
    "external_id": "external_id",
    "_charset_": "ignore",
    "csrf_token": "ignore",
}
#: parts of a submission that describe a visit, as touchpoints name them
VISIT = (
    "source",
    "medium",
    "campaign",
    "term",
    "content",
    "landing",
    "referrer",
    "client_id",
    "click_id",
)
#: lines of interest and other fields kept of one submission
MAX_LINES, MAX_FIELDS, MAX_QUANTITY = 50, 60, 1_000_000
#: more links than this in one message are junk
MAX_LINKS = 3

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_ADDRESS = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_LINK = re.compile(r"(?:https?://|www\.|\[url|<a\s)", re.IGNORECASE)
_YES = {"1", "true", "yes", "on", "y"}


class FormFault(Exception):
    """The request cannot be read; ``code`` says how: "json" or "shape"."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Submission:
    """One message: ``values`` by target, ``lines`` as (code, quantity), the rest as notes."""

    values: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    lines: list[tuple[str, float]] = field(default_factory=list)
    visits: list[dict] = field(default_factory=list)
    #: name of the field in the form -> "required", "email" or "contact"
    errors: dict[str, str] = field(default_factory=dict)
    has_consent: bool = False
    is_trap: bool = False

    @property
    def fingerprint(self):
        """Equal for two submissions that say the same."""
        said = {name: text for name, text in self.values.items() if name not in VISIT}
        content = json.dumps([said, self.notes, self.lines], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def junk(self):
        """Why this looks like advertising ("links", "name_link"), or None."""
        texts = [self.values.get("message", ""), *(text for _name, text in self.notes)]
        if sum(len(_LINK.findall(text)) for text in texts) > MAX_LINKS:
            return "links"
        names = self.values.get("contact_name", "") + self.values.get("partner_name", "")
        return "name_link" if _LINK.search(names) else None


def clean(value, size, lines=False):
    """Plain text of at most ``size`` characters; with ``lines`` it may have line breaks.

    >>> clean("Anna\\r\\nBcc: x@example.test\\x00", 40)
    'Anna Bcc: x@example.test'
    """
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not lines:
        text = " ".join(text.split())
    return text.strip()[:size].strip()


def read_json(body):
    """The object in this JSON text. Raises FormFault when it is not one."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FormFault("json") from error
    if not isinstance(data, dict):
        raise FormFault("shape")
    return data


def is_address(text):
    """Whether this is one plain e-mail address."""
    return bool(_ADDRESS.fullmatch(text)) and ".." not in text


def is_number(text):
    """Whether somebody could be called by this: 6 to 15 digits, and what people write between."""
    digits = re.sub(r"\D", "", text)
    return 6 <= len(digits) <= 15 and not re.search(r"[^\d\s()+./x#-]", text, re.IGNORECASE)


def read(data, names=(), trap=None, now=None):
    """The `Submission` in ``data``: an object from JSON, or ``{name: [text, ...]}`` from a form.

    ``names``: the form's own fields as ``{name: (target, whether required)}``; other names mean
    what they usually do, and unknown ones become notes. ``trap``: the field no person fills in.
    """
    names = dict(names)
    found = Submission()
    found.is_trap = bool(trap and _first_text(data.get(trap)))
    _read_lines(found, data.get("lines"))
    given = {"quantity"} if found.lines else set()
    _read_visits(found, data, names, now or datetime.now(UTC))
    codes, quantities = [], []
    for name, value in list(data.items())[:MAX_FIELDS]:
        target = _target(name, names)
        if name == trap or (name in ("lines", "utm", "first_touch") and name not in names):
            continue
        if target == "sku":
            codes += _texts(value, TARGETS["sku"])
        elif target == "quantity":
            quantities += _texts(value, TARGETS["quantity"])
        elif target != "ignore":
            _keep(found, name, target, value)
    for place, code in enumerate(codes[:MAX_LINES]):
        _add_line(found, code, quantities[place] if place < len(quantities) else 1)
    found.lines = found.lines[:MAX_LINES]
    _read_consent(found)
    given |= {"sku"} if found.lines else set()
    given |= {"quantity"} if quantities else set()
    _check(found, names, data, given | found.values.keys())
    return found


def _target(name, names):
    """What a field means to this form, else what its name usually does."""
    return names.get(name, (USUAL_NAMES.get(name.lower(), "note"), False))[0]


def _texts(value, size, lines=False):
    values = value if isinstance(value, list) else [value]
    return list(filter(None, (clean(one, size, lines) for one in values)))


def _first_text(value):
    return next(iter(_texts(value, 2000)), "")


def _keep(found, name, target, value):
    size = TARGETS[target]
    if isinstance(value, dict):
        try:
            value = json.dumps(value, default=str)
        except RecursionError:  # it was read one level nearer to the limit
            value = "{...}"
    texts = _texts(value, size, lines=target in ("message", "note"))
    if not texts:
        return
    if target == "note":
        found.notes.append((clean(name, 100), ", ".join(texts)[:size]))
    elif target == "message":
        known = found.values.get("message")
        found.values["message"] = "\n".join(filter(None, [known, *texts]))[:size]
    else:
        found.values.setdefault(target, texts[0])


def _read_lines(found, rows):
    """``[{"sku": text, "qty": number}]``, as programs send them."""
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            code = clean(row.get("sku"), TARGETS["sku"])
            if code:
                _add_line(found, code, row.get("qty", 1))


def _add_line(found, code, quantity):
    try:
        number = float(str(quantity).replace(",", "."))
    except ValueError:
        number = math.nan
    if not 0 < number <= MAX_QUANTITY:  # false for "not a number", too
        found.notes.append((code, clean(quantity, 40)))
        number = 1.0
    found.lines.append((code, number))


def _read_visits(found, data, names, now):
    """First and last visit: ``first_touch`` and ``utm`` as objects, or fields apart."""
    first, last = data.get("first_touch"), data.get("utm")
    if isinstance(first, dict):
        found.visits.append(_visit(first, _moment(first.get("at"), now)))
    last = _visit(last, now) if isinstance(last, dict) else {}
    for name, value in data.items():
        target = _target(name, names)
        if target in VISIT and (texts := _texts(value, TARGETS[target])):
            last.setdefault(target, texts[0])
    if last:
        found.visits.append(last | {"at": now})


def _visit(data, moment):
    texts = {name: clean(data.get(name), TARGETS[name]) for name in VISIT}
    return {name: text for name, text in texts.items() if text} | {"at": moment}


def _moment(text, now):
    """The moment written as ISO 8601; nobody came later than now."""
    try:
        moment = datetime.fromisoformat(clean(text, 40))
    except ValueError:
        return now
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    # the later ones first: a year at the end of the calendar has no UTC
    return min(moment, now).astimezone(UTC) if moment.year > 2000 else now


def _read_consent(found):
    """A ticked box is "on"; what else was written there is the text that was agreed to."""
    consent = found.values.pop("consent", "")
    found.has_consent = bool(consent) and consent.lower() not in ("0", "false", "no", "off")
    if consent.lower() not in _YES | {"0", "false", "no", "off", ""}:
        found.notes.append(("consent", consent))


def _check(found, names, data, given):
    """Note what is wrong: a way to answer must be there, the rest may be amiss.

    ``given``: the targets that something was written for.
    """
    by_target = {target: name for name, (target, _required) in names.items()}
    for name, (target, required) in names.items():
        if required and not (
            target in given
            or (target == "consent" and found.has_consent)
            or (target in ("note", "ignore") and _first_text(data.get(name)))
        ):
            found.errors[name] = "required"
    for target, is_good in (("email", is_address), ("phone", is_number)):
        text = found.values.get(target)
        if text and not is_good(text):
            del found.values[target]
            found.notes.append((target, text))
            name = by_target.get(target, target)
            if names.get(name, (target, False))[1] or not _has_way(found):
                found.errors[name] = target
    if not _has_way(found) and not found.errors:
        found.errors[by_target.get("email", "email")] = "contact"


def _has_way(found):
    email, phone = found.values.get("email", ""), found.values.get("phone", "")
    return is_address(email) or is_number(phone)
