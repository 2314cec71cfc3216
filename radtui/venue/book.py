"""A synthetic order book round one price: what an order that takes finds there."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import ceil, floor
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.money import ONE
from radtui.core.order import Side

Row = tuple[Decimal, int]
"""A price and the lots that are to be had there."""

LEVELS: Final = 20
"""Price levels on each side."""
_MORE: Final = 10
"""Levels behind these in a book that people look at: when the first are gone there are still twenty."""

DEPTH: Final = Decimal(100_000)
"""Value at the first level of each side, in quote currency."""
TOUCH: Final = Decimal(25_000)
"""The same in a book that people look at: less than the lowest risk level admits, so that orders can walk the book."""
_DOUBLINGS: Final = 7
"""Level k holds 2**k times the depth of the first, up to this one; those behind it hold as much as it does."""


class BookView(msgspec.Struct, frozen=True):
    """The book of one moment: rows of price and lots, the best first, our own resting orders included.

    Whoever looks twice while nothing has changed gets the same one.
    """

    symbol: str
    bids: list[Row]
    asks: list[Row]


class Look(msgspec.Struct, frozen=True):
    """What a book was made of when somebody looked last: while all of it is as it was, so is the view."""

    book: Book
    taken: tuple[int, int]
    resting: tuple[list[Row], list[Row]]
    view: BookView


class Book:
    """Both sides of the market round `middle`, for one moment.

    Level k (from 0) lies ``slippage × (k + 1)`` away from the middle, on the tick that is worse for who takes. So the
    half spread is one slippage, and with a slippage of 0 everything trades at the middle. What one order takes is gone
    for the next. After the last level there is nothing.

    With `spread`, as a book that people look at has it, no two levels share a tick, and bids lie below asks.

    Attributes:
        taken: lots that are gone, by the side of who took them.
    """

    __slots__ = ("_instrument", "_ladders", "_middle", "_slippage", "_spread", "_unit", "taken")

    def __init__(self, instrument: Instrument, middle: Decimal, slippage: Decimal, *, spread: bool = False) -> None:
        self._instrument = instrument
        self._middle = middle
        self._slippage = slippage
        self._spread = spread
        value = TOUCH if spread else DEPTH
        depth = value / middle if instrument.inverse else value
        self._unit = max(1, instrument.lots_for(depth, middle))
        self._ladders: dict[Side, list[Decimal]] = {}
        self.taken = {Side.BUY: 0, Side.SELL: 0}

    def crosses(self, side: Side, price: Decimal) -> bool:
        """Return whether an order of `side` with this limit would take at once."""
        return next(self.offers(side, price), None) is not None

    def take(self, side: Side, lots: int, limit: Decimal | None) -> Iterator[tuple[Decimal, int]]:
        """Take up to `lots`, level by level, never through `limit`; yield each price and the lots it gave."""
        for price, offered in self.offers(side, limit):
            taken = min(lots, offered)
            if taken <= 0:
                return
            self.taken[side] += taken
            lots -= taken
            yield price, taken

    def offers(self, side: Side, limit: Decimal | None = None) -> Iterator[tuple[Decimal, int]]:
        """Iterate over what an order of `side` finds up to its limit: price and lots, the best first."""
        gone = self.taken[side]
        for level, price in enumerate(self._ladder(side) if self._spread else self._prices(side)):
            held = self._unit << min(level, _DOUBLINGS)
            left = held - min(gone, held)
            gone -= held - left
            if not left:
                continue
            if limit is not None and (price - limit) * side.sign > 0:
                return
            yield price, left

    def _prices(self, side: Side) -> Iterator[Decimal]:
        return (self._price(side, level) for level in range(LEVELS))

    def _ladder(self, side: Side) -> list[Decimal]:
        """Return the prices of a side, each at least a tick from the one before; worked out once, for many looks."""
        if side not in self._ladders:
            self._ladders[side] = list(self._spread_out(side))
        return self._ladders[side]

    def _spread_out(self, side: Side) -> Iterator[Decimal]:
        """Yield the prices of a side, reckoned in ticks: this is worked out at every step of a market."""
        tick, sign = self._instrument.tick, side.sign
        middle = self._middle / tick
        wide = middle * self._slippage
        last = int(middle) + (sign < 0)
        for level in range(1, LEVELS + _MORE + 1):
            away = middle + sign * wide * level
            last = max(ceil(away), last + 1) if sign > 0 else min(floor(away), last - 1)
            if last < 1:
                return
            yield last * tick

    def _price(self, side: Side, level: int) -> Decimal:
        away = self._middle * (ONE + side.sign * self._slippage * (level + 1))
        instrument = self._instrument
        return instrument.above(away) if side is Side.BUY else max(instrument.below(away), instrument.tick)
