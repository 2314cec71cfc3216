"""How a contract moves, measured from its latest candles by the rim: core has no candles of its own."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Measures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One contract at the close of one candle.

    Attributes:
        closed_at: of that candle, market clock, nanoseconds UTC.
        volatility: standard deviation of the returns from close to close, scaled to an hour by the root of time: a
            share of the price.
        momentum: change of the close over the last ten candles, a share of the price; a fall is negative.
    """

    closed_at: int
    volatility: Decimal
    momentum: Decimal
