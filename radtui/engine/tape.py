"""What the market said lately, for whoever looks on: the last price and the closed candles of each contract."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import msgspec

from radtui.core.market import Candle, Ticked

KEPT: Final = 1000
"""Closed candles kept of each contract."""


class Heard(msgspec.Struct, frozen=True, gc=False):
    """A price, and when it was heard: wall clock, nanoseconds UTC."""

    tick: Ticked
    at: int


class MarketTape:
    """Written on the engine's thread, read from any; nothing in it decides anything."""

    def __init__(self) -> None:
        self._last: dict[str, Heard] = {}
        self._candles: dict[str, deque[Candle]] = {}

    def warm(self, candles: Sequence[Candle]) -> None:
        """Take one contract's history, oldest first, in place of what was there."""
        if candles:
            self._candles[candles[0].symbol] = deque(candles, maxlen=KEPT)

    def ticked(self, tick: Ticked, at: int) -> None:
        """Take a price."""
        self._last[tick.symbol] = Heard(tick, at)

    def closed(self, candle: Candle) -> None:
        """Take a candle that has just closed; one that is known already is passed over."""
        kept = self._candles.get(candle.symbol)
        if kept is None:
            kept = self._candles[candle.symbol] = deque(maxlen=KEPT)
        if not kept or candle.opened_at > kept[-1].opened_at:
            kept.append(candle)

    def last(self, symbol: str) -> Heard | None:
        """Return the last price; None before the first."""
        return self._last.get(symbol)

    def latest(self, symbol: str) -> Candle | None:
        """Return the candle that closed last; None before the first."""
        kept = self._candles.get(symbol)
        return kept[-1] if kept else None

    def candles(self, symbol: str) -> tuple[Candle, ...]:
        """Return the closed candles, oldest first, of the bot's timeframe; empty before the first."""
        return tuple(self._candles.get(symbol, ()))
