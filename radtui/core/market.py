"""What the market says: candles and the timeframes they close on."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

SECOND: Final = 1_000_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

TIMEFRAMES: Final = {
    "1m": MINUTE,
    "5m": 5 * MINUTE,
    "15m": 15 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "2h": 2 * HOUR,
    "4h": 4 * HOUR,
    "8h": 8 * HOUR,
    "12h": 12 * HOUR,
    "1d": DAY,
}
"""Nanoseconds of each timeframe a strategy may ask for."""


class Candle(msgspec.Struct, frozen=True, gc=False):
    """One closed candle.

    Attributes:
        opened_at: nanoseconds UTC of its first instant; it covers ``[opened_at, opened_at + span)``.
        span: its length in nanoseconds.
        volume: lots traded.
    """

    symbol: str
    opened_at: int
    span: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal

    @property
    def closed_at(self) -> int:
        """Nanoseconds UTC of the first instant after it."""
        return self.opened_at + self.span


class Ticked(msgspec.Struct, frozen=True, gc=False):
    """The last (and mark) price of a symbol. `at` is the market clock, nanoseconds UTC.

    Attributes:
        bid, ask: the best ones; None where the exchange does not tell them.
    """

    symbol: str
    price: Decimal
    at: int
    bid: Decimal | None = None
    ask: Decimal | None = None
