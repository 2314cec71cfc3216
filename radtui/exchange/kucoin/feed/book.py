"""One order book from a snapshot and deltas, by KuCoin's sequence rule. Pure: no clock, no I/O.

The rule: keep the deltas, load a snapshot, drop those not newer than it, and require every next one to be the
last + 1. A book in which anything is missing or crossed is *not usable*, and says why; it never guesses.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

BUFFERED: Final = 5_000
"""Deltas kept while a snapshot is on its way: more than a minute of a busy market."""
REPEATS: Final = 20
"""Old deltas in a row after which the exchange has started to count anew rather than repeated itself."""
_TEXTS: Final = 4_096
"""Prices whose text is remembered: a market moves over a few hundred at a time."""
_NOTHING: Final = Decimal("-Infinity")
"""The rank of the best level where there is none: below every other."""
_NEAR: Final = 16
"""Levels from the best within which most changes happen."""


class Level(NamedTuple):
    """A price and the lots that rest there."""

    price: Decimal
    lots: int


class BadDelta(ValueError):
    """A delta that says nothing sensible."""


class _Cell:
    """One price and the lots that rest there, 0 for none. `rank` is the price, negated on the ask side."""

    __slots__ = ("lots", "price", "rank")

    def __init__(self, price: Decimal, rank: Decimal) -> None:
        self.price, self.rank, self.lots = price, rank, 0


class _Side:
    """The levels of one side.

    Ranks rise towards the best level, which is the last. Most changes are to the lots of a level that is there: they
    cost two look-ups by text and no arithmetic at all.

    Attributes:
        best: the best level.
    """

    __slots__ = ("_cells", "_ranks", "_sign", "_texts", "_top", "best")

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._cells: dict[Decimal, _Cell] = {}
        self._ranks: list[Decimal] = []
        self._texts: dict[str, _Cell] = {}
        self._top = _NOTHING
        self.best: Level | None = None

    def load(self, rows: Iterable[Sequence[Decimal | int]]) -> None:
        """Replace every level by `rows` of price and lots."""
        self._cells, self._texts = {}, {}
        for price, lots in rows:
            self._cell(Decimal(price)).lots = max(int(lots), 0)
        self._ranks = sorted(cell.rank for cell in self._cells.values() if cell.lots > 0)
        self._find_best()

    def change(self, text: str, lots: int) -> bool:
        """Set a level's lots and return whether the best price may have moved.

        Raises:
            ValueError, InvalidOperation: the text is no price.
        """
        cell = self._texts.get(text) or self._read(text)
        before, cell.lots = cell.lots, lots
        if not before:
            if not lots:
                return False
            self._ranks.insert(self._place(cell.rank), cell.rank)
        elif not lots:
            del self._ranks[self._place(cell.rank)]
        if cell.rank < self._top:
            return False
        self._find_best()
        return not (before and lots)

    def top(self, count: int) -> tuple[Level, ...]:
        """Return the best `count` levels, best first."""
        cells = (self._cells[rank * self._sign] for rank in reversed(self._ranks[-count:] if count else []))
        return tuple(Level(cell.price, cell.lots) for cell in cells)

    def _find_best(self) -> None:
        if not self._ranks:
            self._top, self.best = _NOTHING, None
            return
        self._top = self._ranks[-1]
        best = self._cells[self._top * self._sign]
        self.best = Level(best.price, best.lots)

    def _place(self, rank: Decimal) -> int:
        ranks = self._ranks
        near = len(ranks) - _NEAR
        return bisect_left(ranks, rank, near if near > 0 and ranks[near] < rank else 0)

    def _read(self, text: str) -> _Cell:
        price = Decimal(text)
        if not (price.is_finite() and price > 0):
            raise ValueError(text)
        if len(self._texts) >= _TEXTS:
            self._texts.clear()
            self._cells = {price: cell for price, cell in self._cells.items() if cell.lots}
        cell = self._texts[text] = self._cell(price)
        return cell

    def _cell(self, price: Decimal) -> _Cell:
        cell = self._cells.get(price)
        if cell is None:
            cell = self._cells[price] = _Cell(price, price * self._sign)
        return cell


class Book:
    """The book of one symbol. It starts out not usable and becomes usable by a snapshot that the deltas continue.

    Attributes:
        sequence: of the last change it holds.
        usable: whether it equals the exchange's book as of `sequence`.
        why: why it is not usable; empty while it is.
        gaps, repeats: deltas found missing (times) and dropped as old, since it was made.
    """

    __slots__ = (
        "_asks",
        "_bids",
        "_buffer",
        "_old",
        "_sides",
        "gaps",
        "repeats",
        "sequence",
        "symbol",
        "usable",
        "why",
    )

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.sequence = 0
        self.usable = False
        self.why = "no snapshot has been loaded yet"
        self.gaps = self.repeats = 0
        self._bids, self._asks = _Side(1), _Side(-1)
        self._buffer: list[tuple[int, str]] = []
        self._sides = {"buy": self._bids, "sell": self._asks}
        self._old = 0

    def delta(self, sequence: int, change: str) -> bool:
        """Take one delta, ``price,side,lots``, and return whether the book is usable.

        Raises:
            BadDelta: it cannot be read; the book is not usable any more.
        """
        if not self.usable:
            self._keep(sequence, change)
            return False
        if sequence == self.sequence + 1:
            self.sequence = sequence
            self._old = 0
            return self._apply(change)
        if sequence <= self.sequence:
            return self._repeated(sequence)
        self._gap(self.sequence, sequence)
        self._buffer = [(sequence, change)]
        return False

    def snapshot(
        self, sequence: int, bids: Iterable[Sequence[Decimal | int]], asks: Iterable[Sequence[Decimal | int]]
    ) -> bool:
        """Take a whole book as of `sequence`, rows of price and lots, and return whether it is usable now.

        It is not where the deltas that were kept do not continue it; a later snapshot is wanted then.
        """
        self._bids.load(bids)
        self._asks.load(asks)
        self.sequence = sequence
        self._old = 0
        kept = [delta for delta in self._buffer if delta[0] > sequence]
        if kept and kept[0][0] != sequence + 1:
            self._gap(sequence, kept[0][0])
            return False
        self._buffer = []
        self.usable, self.why = True, ""
        for number, change in kept:
            self.sequence = number
            if not self._apply(change):
                return False
        return self._check()

    def lose(self, why: str) -> None:
        """Declare it not usable: whatever comes now is kept for the next snapshot."""
        self.usable, self.why = False, why
        self._buffer = []

    @property
    def best_bid(self) -> Level | None:
        """The highest bid; None where there is none or the book is not usable."""
        return self._bids.best if self.usable else None

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask; None where there is none or the book is not usable."""
        return self._asks.best if self.usable else None

    def bids(self, count: int) -> tuple[Level, ...]:
        """Return the best bids, best first; none while the book is not usable."""
        return self._bids.top(count) if self.usable else ()

    def asks(self, count: int) -> tuple[Level, ...]:
        """Return the best asks, best first; none while the book is not usable."""
        return self._asks.top(count) if self.usable else ()

    def _apply(self, change: str) -> bool:
        """Carry out a change and return whether the book is usable still."""
        try:
            text, name, size = change.split(",")
            side, lots = self._sides[name], int(size)
            moved = lots >= 0 and side.change(text, lots)
        except (ValueError, KeyError, InvalidOperation) as error:
            raise self._bad(change) from error
        if lots < 0:
            raise self._bad(change)
        return not moved or self._check()

    def _check(self) -> bool:
        bid, ask = self._bids.best, self._asks.best
        if bid is not None and ask is not None and bid.price >= ask.price:
            self.lose(f"its bid {bid.price} is not below its ask {ask.price}")
            return False
        return True

    def _keep(self, sequence: int, change: str) -> None:
        """Keep an unbroken run of deltas; what came before a break is of no use to any snapshot that fits."""
        buffer = self._buffer
        if buffer and sequence <= buffer[-1][0]:
            self.repeats += 1
            return
        if buffer and (sequence != buffer[-1][0] + 1 or len(buffer) >= BUFFERED):
            buffer.clear()
        buffer.append((sequence, change))

    def _repeated(self, sequence: int) -> bool:
        self.repeats += 1
        self._old += 1
        if self._old >= REPEATS:
            self.lose(f"the exchange counts anew: {sequence} came after {self.sequence}")
        return self.usable

    def _gap(self, last: int, sequence: int) -> None:
        self.gaps += 1
        self.usable = False
        self.why = f"a gap: {sequence} came after {last}, {sequence - last - 1} changes are missing"

    def _bad(self, change: str) -> BadDelta:
        self.lose(f"a change could not be read: {change[:60]!r}")
        return BadDelta(self.why)
