"""Hiding what a shop shows: nothing but its being inactive is said, nothing else of it changes."""

from decimal import Decimal

from ..shopapi.documents import Entry, Price, Product, field_fingerprints

_ONLY = frozenset({"active"})


def hiding_entries(links, hidden):
    """Entries for those of the links that the shop was not told to hide yet.

    ``links``: ``{record id: link}``; ``hidden``: an inactive document of their kind.
    """
    inactive = field_fingerprints(hidden)["active"]
    return [
        Entry(key=str(res_id), document=hidden, external_id=link.external_id, changed=_ONLY)
        for res_id, link in links.items()
        if (link.sent or {}).get("active") != inactive
    ]


def note_hidden(link, hidden):
    """Remember on a link that the shop hides it now."""
    link.sent = (link.sent or {}) | {"active": field_fingerprints(hidden)["active"]}


def hidden_product():
    """A product of which only its being hidden counts."""
    nothing = Price(net=Decimal(0), gross=Decimal(0))
    return Product(sku=None, name={}, price=nothing, tax="", active=False)
