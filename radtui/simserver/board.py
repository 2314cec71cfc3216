"""One contract's order book as a row of numbered changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import IntEnum
from typing import Final

import msgspec

from radtui.core.money import ZERO
from radtui.core.order import Side

Row = tuple[Decimal, int]
"""A price and the lots that rest at it."""
Rows = tuple[Row, ...]
"""One side of a book, best price first."""

_NOTHING: Final[Row] = (ZERO, 0)


class Change(msgspec.Struct, frozen=True, gc=False):
    """One level of a book has a new size; 0 lots: it is gone. `at` is the wall clock, nanoseconds UTC."""

    symbol: str
    sequence: int
    side: Side
    price: Decimal
    lots: int
    at: int


class Board:
    """What a book looked like last, and how it came to look as it does now.

    Attributes:
        sequence: of the last change.
        bids, asks: best price first.
    """

    __slots__ = ("asks", "bids", "sequence", "symbol")

    def __init__(self, symbol: str, sequence: int) -> None:
        self.symbol = symbol
        self.sequence = sequence
        self.bids: Rows = ()
        self.asks: Rows = ()

    @property
    def best(self) -> tuple[Row, Row]:
        """The best bid and the best ask; price and lots are 0 where there is none."""
        return (self.bids[0] if self.bids else _NOTHING, self.asks[0] if self.asks else _NOTHING)

    def show(self, bids: Iterable[Row], asks: Iterable[Row], at: int) -> list[Change]:
        """Take the book's present look and return the changes that lead to it.

        Applied one by one they never cross the book, nor empty a side that is not empty in the end.
        """
        new_bids, new_asks = tuple(bids), tuple(asks)
        if new_bids == self.bids and new_asks == self.asks:
            return []
        steps = [
            *_steps(Side.SELL, self.asks, new_asks, _best(self.bids), _best(new_bids)),
            *_steps(Side.BUY, self.bids, new_bids, _best(self.asks), _best(new_asks)),
        ]
        steps.sort(key=lambda step: step.turn)
        self.bids, self.asks = new_bids, new_asks
        return [self._change(step.side, step.price, step.lots, at) for step in steps]

    def touch(self, price: Decimal, side: Side, at: int) -> Change:
        """Return a change that says again what rests at a price: a trade there has its number."""
        rows = self.bids if side is Side.BUY else self.asks
        return self._change(side, price, dict(rows).get(price, 0), at)

    def _change(self, side: Side, price: Decimal, lots: int, at: int) -> Change:
        self.sequence += 1
        return Change(self.symbol, self.sequence, side, price, lots, at)


class _Turn(IntEnum):
    """In which order a book's levels change."""

    ROOM = 0
    """New sizes where nothing is in the way."""
    CLEAR = 1
    """Levels go that would cross the other side's new ones."""
    FOLLOW = 2
    """New sizes where something was in the way."""
    TIDY = 3
    """The other levels that are gone."""


class _Step(msgspec.Struct, frozen=True, gc=False):
    turn: _Turn
    side: Side
    price: Decimal
    lots: int


def _steps(side: Side, old: Rows, new: Rows, other_old: Decimal | None, other_new: Decimal | None) -> Iterator[_Step]:
    """Yield what changes on one side; the others are the best prices of the other side, before and after."""
    before, after = dict(old), dict(new)
    for price, lots in new:
        if before.get(price) != lots:
            yield _Step(_Turn.FOLLOW if _crosses(side, price, other_old) else _Turn.ROOM, side, price, lots)
    for price in before:
        if price not in after:
            yield _Step(_Turn.CLEAR if _crosses(side, price, other_new) else _Turn.TIDY, side, price, 0)


def _crosses(side: Side, price: Decimal, other: Decimal | None) -> bool:
    return other is not None and (price - other) * side.sign >= 0


def _best(rows: Rows) -> Decimal | None:
    return rows[0][0] if rows else None
