"""What an edit of a shop's order was going to do, noted before its first write.

An edit is several writes. When it dies between two of them, the order stands half as before and
half as meant. That is told from a change that somebody made in the shop by this trail: every part
stands as it stood, or as it was meant to stand.
"""

from decimal import Decimal

from ..shopapi.documents import fingerprint

ZERO = Decimal(0)
#: what rounding of the shop may differ by in one amount
_CENT = Decimal("0.01")


def trail(document, edit):
    """The trail of an edit of this order, as JSON: each part before and after."""
    before = {line.external_id: _line(line) for line in document.lines}
    after = {line.external_id: _line(line) for line in edit.lines if line.external_id}
    return {
        "rest": _rest(document),
        "carriers": [document.carrier, *_carriers(edit.charges)],
        "lines": {
            key: [found for found in (before.get(key), after.get(key)) if found]
            for key in {**before, **after}
        },
        "removed": sorted(before.keys() - after.keys()),
        "added": [_line(line) for line in edit.lines],
        "charges": [_sums(document.charges), _sums(edit.charges)],
    }


def is_halfway(noted, document):
    """Whether an order stands as an edit with this trail left it that was not finished."""
    if not noted or _rest(document) != noted["rest"]:
        return False
    if document.carrier not in noted["carriers"]:
        return False
    lines = {line.external_id: _line(line) for line in document.lines}
    gone = noted["lines"].keys() - lines.keys() - set(noted["removed"])
    if gone and any(len(noted["lines"][key]) == 2 for key in gone):
        return False
    known = all(
        # a row may have been taken for another line of the same goods
        any(_is_same(line, each) for each in [*noted["lines"].get(key, ()), *noted["added"]])
        for key, line in lines.items()
    )
    return known and _are_known(noted["charges"], _sums(document.charges))


def without_trail(link):
    """What a link remembers, but for the trail of an edit that is done with."""
    return {name: value for name, value in (link.sent or {}).items() if name != "editing"}


def _rest(document):
    """What an edit never touches."""
    return fingerprint((document.billing, document.shipping, document.currency))


def _carriers(charges):
    return [charge.code for charge in charges if charge.kind == "shipping" and charge.code]


def _line(line):
    amounts = (line.quantity, line.unit_net, line.unit_gross)
    return [line.product, line.variant, *map(str, amounts)]


def _is_same(one, other):
    if one[:2] != other[:2]:
        return False
    quantity, *prices = map(Decimal, one[2:])
    other_quantity, *other_prices = map(Decimal, other[2:])
    return quantity == other_quantity and all(
        abs(mine - theirs) * quantity <= _CENT
        for mine, theirs in zip(prices, other_prices, strict=True)
    )


def _sums(charges):
    """``{kind: [net, gross]}``, what is charged beside the goods."""
    sums = {}
    for charge in charges:
        net, gross = sums.get(charge.kind, (ZERO, ZERO))
        sums[charge.kind] = (net + charge.net, gross + charge.gross)
    return {kind: [str(net), str(gross)] for kind, (net, gross) in sums.items()}


def _are_known(noted, sums):
    """Whether the charges of each kind come to what they were, or to what they were to be.

    Of discounts some may be changed and others not yet: then anything in between.
    """
    nothing = ["0", "0"]
    before, after = noted
    for kind in {**before, **after, **sums}:
        for index in (0, 1):
            first, last, found = (
                Decimal(each.get(kind, nothing)[index]) for each in (before, after, sums)
            )
            low, high = min(first, last) - _CENT, max(first, last) + _CENT
            if not low <= found <= high:
                return False
    return True
