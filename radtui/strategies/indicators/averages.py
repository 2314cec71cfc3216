"""Moving averages, and how far two of them are apart."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from radtui.strategies.indicators.streamed import OfOne, finite
from radtui.strategies.indicators.ta_lib import stream


class Sma(OfOne[float, float]):
    """Simple moving average: the mean of the last `period` values (as talib.SMA)."""

    def __init__(self, period: int) -> None:
        super().__init__(lambda values: stream.SMA(values, period), period, finite)


class Ema(OfOne[float, float]):
    """Exponential moving average, seeded with the mean of its first `period` values (as talib.EMA).

    A new value weighs ``2 ÷ (period + 1)``.
    """

    def __init__(self, period: int) -> None:
        super().__init__(lambda values: stream.EMA(values, period), period, finite)


class MacdValue(NamedTuple):
    """What `Macd` says, in units of what it is fed."""

    line: float
    signal: float
    histogram: float


class Macd(OfOne[tuple[float, float, float], MacdValue]):
    """Convergence and divergence of two exponential averages, after Gerald Appel (as talib.MACD).

    The line is the fast average − the slow one, the signal its own average over `signal` candles, the histogram the
    line − the signal.
    """

    def __init__(self, fast: int = 12, slow: int = 26, signal: int = 9) -> None:
        super().__init__(
            lambda values: stream.MACD(values, fast, slow, signal), max(fast, slow) + signal - 1, self._value
        )

    @staticmethod
    def _value(raw: tuple[float, float, float]) -> MacdValue | None:
        return MacdValue(*raw) if all(map(isfinite, raw)) else None
