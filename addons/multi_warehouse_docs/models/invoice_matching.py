"""Which moved goods an invoice line stands for: the arithmetic, without any record.

All figures of one order line (or of one product outside orders), in one unit. Signs are those of
invoicing: a delivery is positive, a return negative; a line of an invoice is positive, of a credit
note negative. A link of a move and a line carries the sign of the line. So a delivery of 5 that is
invoiced has links of +5 in all, and a return of 2 that is credited has links of -2.
"""

from typing import NamedTuple


class Goods(NamedTuple):
    """A done move. ``quantity`` is above zero for a delivery, below for a return."""

    key: int
    quantity: float


class Line(NamedTuple):
    """An invoice line. ``reverses``: keys of the lines that it credits, if it credits some."""

    key: int
    quantity: float
    reverses: frozenset[int] = frozenset()


Links = dict[tuple[int, int], float]


class Matching:
    """Links moves and lines, oldest first, and keeps what is linked as long as it still fits."""

    def __init__(self, goods: list[Goods], lines: list[Line], links: Links, digits: int):
        self.goods, self.lines, self.digits = goods, lines, digits
        known = {one.key for one in goods}, {one.key for one in lines}
        self.links: Links = {
            pair: quantity
            for pair, quantity in links.items()
            if pair[0] in known[0] and pair[1] in known[1]
        }

    def run(self) -> Links:
        """Return the links as they should be."""
        for line in self.lines:
            self._shrink_line(line)
        for move in self.goods:
            self._shrink_move(move)
        before = None
        while before != self.links:  # what one line sets free may be what another waits for
            before = dict(self.links)
            for line in self.lines:
                self._hand_over_to_returns(line)
                self._fill(line)
        return {pair: quantity for pair, quantity in self.links.items() if quantity}

    # === FIGURES ===

    def _round(self, quantity: float) -> float:
        return round(quantity, self.digits)

    def _of_move(self, move: Goods) -> float:
        return self._round(sum(q for (key, _), q in self.links.items() if key == move.key))

    def _open(self, move: Goods) -> float:
        return self._round(move.quantity - self._of_move(move))

    def _rest(self, line: Line) -> float:
        linked = sum(q for (_, key), q in self.links.items() if key == line.key)
        return self._round(line.quantity - linked)

    def _add(self, move_key: int, line_key: int, quantity: float) -> None:
        pair = move_key, line_key
        self.links[pair] = self._round(self.links.get(pair, 0.0) + quantity)

    # === STEPS ===

    def _shrink_line(self, line: Line) -> None:
        """Take back what the line no longer stands for, the newest goods first."""
        for move in reversed(self.goods):
            linked = self.links.get((move.key, line.key), 0.0)
            if linked * line.quantity < 0:
                self._add(move.key, line.key, -linked)
        for move in reversed(self.goods):
            rest = self._rest(line)
            linked = self.links.get((move.key, line.key), 0.0)
            if rest * linked < 0:
                self._add(move.key, line.key, -_within(-rest, linked))

    def _shrink_move(self, move: Goods) -> None:
        """Take back what is linked beyond the moved quantity, the newest lines first."""
        for line in reversed(self.lines):
            settled = self._of_move(move)
            fitting = max(min(0.0, move.quantity), min(settled, max(0.0, move.quantity)))
            linked = self.links.get((move.key, line.key), 0.0)
            self._add(move.key, line.key, -_within(self._round(settled - fitting), linked))

    def _hand_over_to_returns(self, line: Line) -> None:
        """A credit note written before the goods came back belongs to the return.

        Not if the delivery was invoiced again meanwhile: then the return is still to be credited.
        """
        for back in self.goods:
            if back.quantity >= 0:
                continue
            for move in self.goods:
                linked = self.links.get((move.key, line.key), 0.0)
                moved = _within(self._open(back), max(linked, -self._open(move)))
                if move.quantity > 0 and linked < 0 and moved:
                    self._add(move.key, line.key, -moved)
                    self._add(back.key, line.key, moved)

    def _fill(self, line: Line) -> None:
        if line.quantity > 0:
            for move in self.goods:
                self._take(line, move, max(self._open(move), 0.0) if move.quantity > 0 else 0.0)
            return
        for move in self.goods:
            self._take(line, move, min(self._open(move), 0.0) if move.quantity < 0 else 0.0)
        for move in self._get_creditable(line):
            self._take(line, move, -max(self._of_move(move), 0.0))

    def _take(self, line: Line, move: Goods, possible: float) -> None:
        quantity = _within(self._rest(line), possible)
        if quantity:
            self._add(move.key, line.key, quantity)

    def _get_creditable(self, line: Line) -> list[Goods]:
        """Deliveries that the credit makes open again: those of its own invoice, then newest."""
        own = {move for (move, key), q in self.links.items() if key in line.reverses and q > 0}
        newest_first = [move for move in reversed(self.goods) if move.quantity > 0]
        return sorted(newest_first, key=lambda move: move.key not in own)


def _within(wanted: float, possible: float) -> float:
    """Return as much of ``wanted`` as is possible; both have to point the same way."""
    if wanted * possible <= 0:
        return 0.0
    return min(wanted, possible) if wanted > 0 else max(wanted, possible)
