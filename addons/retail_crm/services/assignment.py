"""Who gets the next order: plain numbers in, a person out. Nothing here knows of records.

A ``Dealer`` deals any number of orders among the candidates of one rule; what it has dealt counts
for the next one, so a thousand orders need one look at the database.
"""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from random import Random
from typing import Protocol

#: methods that choose among the candidates of a rule (the others name nobody or one person)
METHODS = ("least_loaded", "round_robin", "weighted", "random")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may get orders now: present, not paused, working for the company.

    ``weight`` is the share of the orders that this person should have, relative to the others';
    ``capacity`` the most open orders at a time (0: no limit); ``load`` the open orders now;
    ``given`` how many of the latest orders of the rule this person got; ``turn`` the place in
    the queue of those who take turns, the lowest first.
    """

    user_id: int
    weight: float = 1.0
    capacity: int = 0
    load: int = 0
    given: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One order for one person, with what the reason has to tell: the load before this order."""

    user_id: int
    load: int


class _Chooser(Protocol):
    def pick(self, allowed: Collection[int] | None) -> int | None: ...


class _Queue:
    """The candidate with the lowest key is next; whoever got an order is queued again."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._by_id = {one.user_id: one for one in candidates}
        self._dealt = dict.fromkeys(self._by_id, 0)
        self._heap = [(self._key(one), one.user_id) for one in self._by_id.values()]
        heapq.heapify(self._heap)

    def _key(self, one: Candidate) -> tuple[float, ...]:
        raise NotImplementedError  # who comes first is what the methods differ in

    def pick(self, allowed: Collection[int] | None) -> int | None:
        passed_over, chosen = [], None
        while self._heap and chosen is None:
            entry = heapq.heappop(self._heap)
            if allowed is None or entry[1] in allowed:
                chosen = entry[1]
            else:
                passed_over.append(entry)
        for entry in passed_over:
            heapq.heappush(self._heap, entry)
        if chosen is None:
            return None
        self._dealt[chosen] += 1
        one = self._by_id[chosen]
        if not one.capacity or one.load + self._dealt[chosen] < one.capacity:
            heapq.heappush(self._heap, (self._key(one), chosen))
        return chosen


class _LeastLoaded(_Queue):
    """The fewest open orders for one's weight. The half makes shares exact however few there are
    (Sainte-Laguë's divisors, as for seats in a parliament).
    """

    def _key(self, one: Candidate) -> tuple[float, ...]:
        return ((one.load + self._dealt[one.user_id] + 0.5) / one.weight, one.turn)


class _Weighted(_Queue):
    """The fewest orders given for one's weight, open or not."""

    def _key(self, one: Candidate) -> tuple[float, ...]:
        return ((one.given + self._dealt[one.user_id] + 0.5) / one.weight, one.turn)


class _RoundRobin(_Queue):
    """Whose last order is longest ago."""

    def _key(self, one: Candidate) -> tuple[float, ...]:
        return (self._dealt[one.user_id], one.turn)


class _Lottery:
    """Everybody has the same chance each time."""

    def __init__(self, candidates: Iterable[Candidate], random: Random) -> None:
        self._left = {
            one.user_id: one.capacity - one.load if one.capacity else None for one in candidates
        }
        self._random = random

    def pick(self, allowed: Collection[int] | None) -> int | None:
        hat = [
            user_id
            for user_id, left in self._left.items()
            if left != 0 and (allowed is None or user_id in allowed)
        ]
        if not hat:
            return None
        chosen = self._random.choice(hat)
        left = self._left[chosen]
        if left is not None:
            self._left[chosen] = left - 1
        return chosen


class Dealer:
    """Deals orders among candidates by a method of ``METHODS``."""

    def __init__(self, method: str, candidates: Iterable[Candidate], random: Random) -> None:
        fit = [
            one
            for one in candidates
            if one.weight > 0 and (not one.capacity or one.load < one.capacity)
        ]
        queues = {
            "least_loaded": _LeastLoaded,
            "weighted": _Weighted,
            "round_robin": _RoundRobin,
        }
        self._chooser: _Chooser = (
            _Lottery(fit, random) if method == "random" else queues[method](fit)
        )
        self._loads = {one.user_id: one.load for one in fit}
        self.count = len(fit)

    def deal(self, allowed: Collection[int] | None = None) -> Deal | None:
        """The next order goes to ...; None when nobody (of ``allowed``, if given) may get it."""
        chosen = self._chooser.pick(allowed)
        if chosen is None:
            return None
        load = self._loads[chosen]
        self._loads[chosen] += 1
        return Deal(user_id=chosen, load=load)


class Regulars:
    """Deals orders to the person who looks after their customer."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._by_id = {one.user_id: one for one in candidates}
        self._loads = {one.user_id: one.load for one in self._by_id.values()}

    def deal(self, user_id: int) -> Deal | None:
        """The order goes to that person; None when they are not here or have their hands full."""
        one = self._by_id.get(user_id)
        if one is None:
            return None
        load = self._loads[user_id]
        if one.capacity and load >= one.capacity:
            return None
        self._loads[user_id] = load + 1
        return Deal(user_id=user_id, load=load)
