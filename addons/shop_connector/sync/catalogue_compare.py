"""Where our document of a record and the one the shop holds differ, as a person would see it.

Spelling does not count: ``&amp;``, spaces, the markup Odoo cleans away, decimals that Odoo does not
keep, and what our document does not say at all.
"""

import html
from dataclasses import fields
from decimal import Decimal

from odoo.tools import html2plaintext, html_sanitize

from ..shopapi.documents import Price, field_fingerprints

#: fields that say nothing when they are empty: the shop's own value stays
UNSAID = frozenset(
    {
        "sku",
        "barcode",
        "manufacturer",
        "category",
        "categories",
        "weight",
        "color",
        "groups",
        "parent",
    }
)
#: which variant is shown first is the shop's choice until it is made here
SHOPS_CHOICE = frozenset({"is_default", "values", "product", "attribute"})


def differences(ours, held, precision=Decimal("0.005")):
    """``[(field, the shop's value, ours)]`` of the fields that differ; both one kind of document.

    ``precision``: what is lost when a price or weight is rounded to Odoo's decimals.
    """
    found = []
    for item in fields(ours):
        name = item.name
        if not item.metadata.get("fingerprint", True) or name in SHOPS_CHOICE:
            continue
        mine, theirs = getattr(ours, name), getattr(held, name)
        if (name in UNSAID and not mine) or _is_same(name, mine, theirs, precision):
            continue
        found.append((name, theirs, mine))
    return found


def same_prints(ours, held, precision=Decimal("0.005")):
    """The fingerprints of the fields that the shop holds already: these need not be sent."""
    other = {name for name, _theirs, _mine in differences(ours, held, precision)}
    return {name: value for name, value in field_fingerprints(ours).items() if name not in other}


def _is_same(name, mine, theirs, precision):
    if isinstance(mine, Price):
        return abs(mine.net - theirs.net) <= precision
    if isinstance(mine, Decimal):
        return abs(mine - theirs) <= precision
    if isinstance(mine, dict):
        # a text that is empty in every language means that it is not kept here
        return not any(mine.values()) or all(
            same_text(name, text, theirs.get(code, "")) for code, text in mine.items()
        )
    if name == "categories":
        return set(mine) <= set(theirs)
    return (mine or None) == (theirs or None)


def same_text(name, mine, theirs):
    """Whether two texts say the same; a short description is a plain text here."""
    if mine == theirs:
        return True
    if name == "short_description":
        return _words(html2plaintext(mine)) == _words(html2plaintext(theirs))
    if name == "description":
        return _words(_clean(mine)) == _words(_clean(theirs))
    return _words(mine) == _words(theirs)


def _clean(text):
    return str(html_sanitize(text, sanitize_attributes=False)) if text else ""


def _words(text):
    return " ".join(html.unescape(text).split())
