"""History where none was recorded: bars of the paper market's model, the same for the same seed and the same time."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from radtui.core.market import DAY, MINUTE, TIMEFRAMES
from radtui.venue.history import RecordedMarket, Recording
from radtui.venue.model import SeededMarket
from radtui.venue.rows import Row

SPAN: Final = 30 * DAY
"""What is flown where nobody says how much."""
_FINEST: Final = 15 * MINUTE
"""The longest timeframe whose candles are made of minutes; those of a longer one are made of fewer, longer bars."""
_BARS: Final = 12


def bar_span(timeframe: str) -> int:
    """Return nanoseconds of the bars that candles of a timeframe are made of."""
    span = TIMEFRAMES[timeframe]
    return MINUTE if span <= _FINEST else span // _BARS


def made_up(seed: int, symbol: str, timeframe: str, begin: int, end: int, warmup: int = 500) -> RecordedMarket:
    """Return a market that begins at `begin` and ends at `end`, nanoseconds UTC, with `warmup` candles before.

    Raises:
        BadHistory: nothing lies between them.
    """
    span, candle = bar_span(timeframe), TIMEFRAMES[timeframe]
    first = begin - begin % candle - warmup * candle
    name = f"made-up market, seed {seed}"
    digest = sha256(f"{seed}:{symbol}:{span}:{first}".encode()).hexdigest()
    market = RecordedMarket(Recording(name, digest, _rows(seed, symbol, span, first, end)), (symbol,), 0)
    market.narrow(begin, end)
    return market


def _rows(seed: int, symbol: str, span: int, first: int, end: int) -> Iterator[Row]:
    market = SeededMarket((symbol,), seed, first, span, grid=span)
    while market.now < end:
        (bar,) = market.step()
        yield bar.opened_at, bar.open, bar.high, bar.low, bar.close, bar.volume
