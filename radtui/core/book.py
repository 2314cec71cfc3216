"""The order book of one moment and the latest trades, as an exchange shows them to whoever asks."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.order import Side


class Level(msgspec.Struct, frozen=True):
    """Whole lots at one price."""

    price: Decimal
    lots: int


class Trade(msgspec.Struct, frozen=True):
    """A trade of anybody; `side` is the taker's. `at` is the market clock, nanoseconds UTC."""

    symbol: str
    side: Side
    lots: int
    price: Decimal
    at: int


class BookShown(msgspec.Struct, frozen=True):
    """Both sides of one contract's book, the best level first.

    Attributes:
        failing: why it could not be read; then both sides are empty.
    """

    symbol: str
    bids: tuple[Level, ...] = ()
    asks: tuple[Level, ...] = ()
    failing: str = ""

    def found_by(self, side: Side) -> tuple[Level, ...]:
        """Return the levels that an order of `side` takes from, the best first."""
        return self.asks if side is Side.BUY else self.bids
