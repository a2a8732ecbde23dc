"""What a move from one kind of place to another does to the figures of a warehouse: pure facts.

The figures are those of ``stock.availability``. A place is named by its usage as in
``stock.causal``: "internal" lies in one of our warehouses, "third_party" is ours but in none.
"""

from typing import NamedTuple

OURS = {"internal", "third_party", "transit", "inventory", "production"}
VALUED = {"internal", "third_party", "transit"}


class Change(NamedTuple):
    """Signs (-1, 0, 1) of what happens to a figure once the move is planned and once it is done."""

    planned: int = 0
    done: int = 0


NOTHING = Change()
AT_ONCE_LESS = Change(0, -1)
AT_ONCE_MORE = Change(0, 1)
PROMISED = Change(1, -1)  # planned, and settled when done


def get_source_changes(source, destination):
    """Return ``{figure: Change}`` for the warehouse that the goods leave; empty = none is left."""
    if source != "internal":
        return {}
    changes = {"on_hand": AT_ONCE_LESS, "committed": PROMISED}
    if destination == "customer":
        changes["committed_customer"] = PROMISED
    return changes


def get_destination_changes(source, destination):
    """Return ``{figure: Change}`` for the warehouse that the goods reach; empty = none."""
    if destination != "internal":
        return {}
    expected = "ordered" if source == "supplier" else "incoming_other"
    return {"on_hand": AT_ONCE_MORE, expected: PROMISED}


def get_value_change(source, destination):
    """Return what the finished move does to the value of our stock: -1, 0 or 1."""
    return (destination in VALUED) - (source in VALUED)


def get_direction(source, destination):
    """Return "in", "out", "transfer" or "none", as seen from all that is ours and somewhere."""
    leaves, arrives = source in VALUED, destination in VALUED
    if leaves and arrives:
        return "transfer"
    return "out" if leaves else "in" if arrives else "none"


def get_owners(source, destination):
    """Return who owns the goods before and after: "us", "customer" or "vendor"."""
    return _get_owner(source), _get_owner(destination)


def _get_owner(usage):
    return "us" if usage in OURS else "customer" if usage == "customer" else "vendor"
