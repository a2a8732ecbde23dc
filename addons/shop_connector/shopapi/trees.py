"""Trees that a shop tells as a plain list of nodes, each with its parent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def below(
    root: str, nodes: Iterable[T], id_of: Callable[[T], str], parent_of: Callable[[T], str]
) -> Iterator[tuple[T, int]]:
    """The nodes below a root with their depth (1 = its children), parents first.

    Brothers keep the order in which they were given; a circle is walked once.

    >>> list(below("0", ["1<0", "2<1", "9<8"], lambda n: n[0], lambda n: n[2]))
    [('1<0', 1), ('2<1', 2)]
    """
    children: dict[str, list[T]] = {}
    for node in nodes:
        children.setdefault(parent_of(node), []).append(node)
    level, depth, seen = [root], 1, {root}
    while level:
        found = [node for parent in level for node in children.get(parent, ())]
        fresh = [node for node in found if id_of(node) not in seen]
        yield from ((node, depth) for node in fresh)
        level, depth = [id_of(node) for node in fresh], depth + 1
        seen.update(level)
