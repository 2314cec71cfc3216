"""Indicators that grow by one candle at a time; the only module that imports TA-Lib.

A handle of TA-Lib's streaming API continues a batch calculation to the bit, so that live and history agree. Handles do
not pickle: after a restart an indicator is fed its history again.
"""

from __future__ import annotations

from math import isfinite

import numpy as np
from talib import stream


class Ema:
    """Exponential moving average, seeded with the mean of its first `period` values (as talib.EMA)."""

    def __init__(self, period: int) -> None:
        self._period = period
        self._history: list[float] = []
        self._handle: stream.EMA | None = None

    def update(self, value: float) -> float | None:
        """Take the next value and return the average; None before `period` values.

        A value that is not finite is not taken: None is returned and the average stays where it stood.
        """
        if not isfinite(value):
            return None
        if self._handle is not None:
            return _finite(self._handle.update(value))
        self._history.append(value)
        if len(self._history) < self._period:
            return None
        self._handle = stream.EMA(np.array(self._history), self._period)
        self._history.clear()
        return _finite(self._handle.value)

    def peek(self, value: float) -> float | None:
        """Return what `update` would return, for a candle that is still open, and take nothing; None before warm."""
        return _finite(self._handle.peek(value)) if self._handle is not None and isfinite(value) else None


class Atr:
    """Average true range by Wilder's smoothing over `period` candles (as talib.ATR), in units of the price."""

    def __init__(self, period: int) -> None:
        self._period = period
        self._history: list[tuple[float, float, float]] = []
        self._handle: stream.ATR | None = None

    def update(self, high: float, low: float, close: float) -> float | None:
        """Take the next candle and return the range; None before ``period + 1`` candles.

        A candle that is not finite is not taken: None is returned and the range stays where it stood.
        """
        if not (isfinite(high) and isfinite(low) and isfinite(close)):
            return None
        if self._handle is not None:
            return _finite(self._handle.update(high, low, close))
        self._history.append((high, low, close))
        # a true range looks back at the close before it: the first candle has none
        if len(self._history) <= self._period:
            return None
        highs, lows, closes = np.array(self._history).T.copy()
        self._handle = stream.ATR(highs, lows, closes, self._period)
        self._history.clear()
        return _finite(self._handle.value)

    def peek(self, high: float, low: float, close: float) -> float | None:
        """Return what `update` would return, for a candle that is still open, and take nothing; None before warm."""
        if self._handle is None or not (isfinite(high) and isfinite(low) and isfinite(close)):
            return None
        return _finite(self._handle.peek(high, low, close))


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
