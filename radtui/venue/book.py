"""A synthetic order book round one price: what an order that takes finds there."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from radtui.core.instrument import Instrument
from radtui.core.money import ONE
from radtui.core.order import Side

LEVELS: Final = 8
"""Price levels on each side; level k holds 2**k times the depth of the first."""

DEPTH: Final = Decimal(100_000)
"""Value at the first level of each side, in quote currency."""


class Book:
    """Both sides of the market round `middle`, for one moment.

    Level k (from 0) lies ``slippage × (k + 1)`` away from the middle, on the tick that is worse for who takes. So the
    half spread is one slippage, and with a slippage of 0 everything trades at the middle. What one order takes is gone
    for the next. After the last level there is nothing.
    """

    __slots__ = ("_instrument", "_middle", "_slippage", "_taken", "_unit")

    def __init__(self, instrument: Instrument, middle: Decimal, slippage: Decimal) -> None:
        self._instrument = instrument
        self._middle = middle
        self._slippage = slippage
        self._unit = max(1, instrument.lots_for(DEPTH, middle))
        self._taken = {Side.BUY: 0, Side.SELL: 0}

    def crosses(self, side: Side, price: Decimal) -> bool:
        """Return whether an order of `side` with this limit would take at once."""
        return next(self._offers(side, price), None) is not None

    def take(self, side: Side, lots: int, limit: Decimal | None) -> Iterator[tuple[Decimal, int]]:
        """Take up to `lots`, level by level, never through `limit`; yield each price and the lots it gave."""
        for price, offered in self._offers(side, limit):
            taken = min(lots, offered)
            if taken <= 0:
                return
            self._taken[side] += taken
            lots -= taken
            yield price, taken

    def _offers(self, side: Side, limit: Decimal | None) -> Iterator[tuple[Decimal, int]]:
        gone = self._taken[side]
        for level in range(LEVELS):
            held = self._unit << level
            left = held - min(gone, held)
            gone -= held - left
            if not left:
                continue
            price = self._price(side, level)
            if limit is not None and (price - limit) * side.sign > 0:
                return
            yield price, left

    def _price(self, side: Side, level: int) -> Decimal:
        away = self._middle * (ONE + side.sign * self._slippage * (level + 1))
        instrument = self._instrument
        return instrument.above(away) if side is Side.BUY else max(instrument.below(away), instrument.tick)
