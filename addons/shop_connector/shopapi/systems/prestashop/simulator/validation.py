"""Checks of written values: the formats of the synopsis, sizes and required fields.

Messages and codes as recorded: 84 for a translated field, 85 for a plain one; the first bad field
ends the check.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .faults import ServiceError
from .schema import Field, Resource
from .store import Record

_PATTERNS = {
    "isgenericname": r"[^<>={}]*",
    "iscatalogname": r"[^<>;=#{}]*",
    "iscarriername": r"[^<>;=#{}]*",
    "iscustomername": r'[^0-9!\[\]<>,;?=+()@#"°{}_$%:¤|]*',
    "isname": r'[^0-9!<>,;?=+()@#"°{}_$%:¤|]*',
    "isprice": r"[0-9]{1,10}(\.[0-9]{1,9})?",
    "isnegativeprice": r"-?[0-9]{1,10}(\.[0-9]{1,9})?",
    "isunsignedfloat": r"[0-9]*\.?[0-9]+",
    "isfloat": r"[+-]?[0-9]*\.?[0-9]+",
    "ispercentage": r"[0-9]*\.?[0-9]+",
    "isunsignedid": r"[0-9]{1,10}",
    "isunsignedint": r"[0-9]{1,10}",
    "ispositiveint": r"[0-9]{1,10}",
    "isnullorunsignedid": r"[0-9]{1,10}",
    "isint": r"-?[0-9]{1,10}",
    "isbool": r"[01]",
    "isean13": r"[0-9]{0,13}",
    "isupc": r"[0-9]{0,12}",
    "isisbn": r"[0-9-]{0,32}",
    "ismpn": r".{0,40}",
    "isreference": r"[^<>;={}]*",
    "isemail": r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+",
    "ispostcode": r"[a-zA-Z 0-9-]+",
    "isphonenumber": r"[+0-9. ()/-]*",
    "isaddress": r"[^!<>?=+@{}_$%]*",
    "iscityname": r'[^!<>;?=+@#"°{}_$%]*',
    "ismd5": r"[a-f0-9A-F]{32}",
    "issha1": r"[a-f0-9A-F]{40}",
    "isdate": r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?",
    "isdateornull": r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?",
    "isdateformat": r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?",
    "isbirthdate": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "isape": r"[0-9]{3,4}[a-zA-Z]",
    "iscolor": r"(#[0-9a-fA-F]{6}|[a-zA-Z0-9-]*)",
    "ismodulename": r"[a-zA-Z0-9_-]+",
    "istrackingnumber": r"[~:#,%&_=()\[\]@.?+\-a-zA-Z0-9 ]*",
    "isdnilite": r"[0-9A-Za-z\-.]{1,16}",
    "isreductiontype": r"(amount|percentage)",
    "isproductvisibility": r"(both|catalog|search|none)",
    "islanguageisocode": r"[a-zA-Z]{2,3}",
    "isnumericisocode": r"[0-9]{3}",
    "islocale": r"[a-z]{2}-[A-Z]{2}",
    "islanguagecode": r"[a-zA-Z]{2}(-[a-zA-Z]{2})?",
    "iszipcodeformat": r"[NLCnlc 0-9-]+",
    "isstateisocode": r"[a-zA-Z0-9]{1,4}(-[a-zA-Z0-9]{1,4})?",
    "isconfigname": r"[a-zA-Z_0-9-]+",
    "ismessage": r"[^<>{}]*",
    "islinkrewrite": r"[_a-zA-Z0-9-]+",
}
_COMPILED = {name: re.compile(pattern, re.DOTALL) for name, pattern in _PATTERNS.items()}
_SCRIPT = re.compile(
    r"<\s*(script|i?frame|form|input|embed|object)|\son[a-z]+\s*=|javascript\s*:", re.I
)
_TAGS = re.compile(r"<[a-z]", re.I)
_SLUG_RUBBISH = re.compile(r"[^\s'\:/\[\]a-z0-9_-]")
_SLUG_GAPS = re.compile(r"[\s'\:/\[\]-]+")
_LETTERS = str.maketrans("àáâãäåèéêëìíîïòóôõöőùúûüűçñýß", "aaaaaaeeeeiiiioooooouuuuucnys")


def _is_clean_html(value: str) -> bool:
    return _SCRIPT.search(value) is None


def fits(format_name: str, value: str) -> bool:
    """Tell whether a value has one of the formats of the synopsis; unknown ones take anything."""
    special: dict[str, Callable[[str], bool]] = {"iscleanhtml": _is_clean_html}
    name = format_name.lower()
    if name in special:
        return special[name](value)
    pattern = _COMPILED.get(name)
    return pattern is None or pattern.fullmatch(value) is not None


def validate(resource: Resource, written: Record, *, escape: bool) -> None:
    """Check a record as it was sent; raises ServiceError for the first bad field.

    escape: newer shops write ``-&gt;`` in the message.
    """
    arrow = "-&gt;" if escape else "->"
    for field in resource.fields.values():
        if field.translated:
            for value in written.texts.get(field.name, {}).values():
                _check(resource, field, value, 84, arrow)
    for field in resource.fields.values():
        if not field.translated and field.name in written.values:
            _check(resource, field, written.values[field.name], 85, arrow)


def _check(resource: Resource, field: Field, value: str, code: int, arrow: str) -> None:
    subject = f"{resource.class_name}{arrow}{field.name}"
    if value == "":
        return
    if field.max and len(value) > field.max:
        raise ServiceError(
            400,
            code,
            f'Validation error: "The length of property {subject} is currently {len(value)} chars.'
            f' It must be between 0 and {field.max} chars."',
        )
    if field.format == "isInt" and not any(letter.isdigit() for letter in value):
        raise ServiceError(
            400,
            code,
            f'Validation error: "The range of property {subject} is currently 0. '
            'It must be between -2147483648 and 2147483647."',
        )
    if field.format and not fits(field.format, value):
        raise ServiceError(400, code, f'Validation error: "Property {subject} is not valid"')


def empty_field(
    resource: Resource, name: str, complaint: str = "empty", *, escape: bool = False
) -> ServiceError:
    """Return the refusal of a translated field that must not be empty."""
    arrow = "-&gt;" if escape else "->"
    text = f'Validation error: "Property {resource.class_name}{arrow}{name} is {complaint}"'
    return ServiceError(400, 84, text)


def slug(text: str) -> str:
    """Return the address form of a name, as the shop makes it: ``Reggelizőtál`` -> reggelizotal."""
    plain = _SLUG_RUBBISH.sub("", text.strip().lower().translate(_LETTERS))
    return _SLUG_GAPS.sub("-", plain)


def clean_html(value: str) -> str:
    """Return a rich text as the shop's HTML filter stores it: bare ampersands are escaped."""
    if not _TAGS.search(value):
        return value
    return re.sub(r"&(?!#?\w+;)", "&amp;", value)
