"""How far and how one-sidedly the price has moved lately."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from radtui.strategies.indicators.streamed import OfCandle, OfOne, finite
from radtui.strategies.indicators.ta_lib import stream


class Rsi(OfOne[float, float]):
    """Relative strength index by Wilder's smoothing over `period` candles, 0–100 (as talib.RSI).

    100 − 100 ÷ (1 + mean rise ÷ mean fall). J. Welles Wilder, *New Concepts in Technical Trading Systems*, 1978.
    Where nothing moves at all TA-Lib says 0: whoever acts on it makes sure that something does.
    """

    def __init__(self, period: int = 14) -> None:
        super().__init__(lambda values: stream.RSI(values, period), period + 1, finite)


class Momentum(OfOne[float, float]):
    """The value − the one `period` candles before, in units of what it is fed (as talib.MOM)."""

    def __init__(self, period: int = 10) -> None:
        super().__init__(lambda values: stream.MOM(values, period), period + 1, finite)


class Roc(OfOne[float, float]):
    """Rate of change over `period` candles, in percent (as talib.ROC); 0 where the older value is 0."""

    def __init__(self, period: int = 10) -> None:
        super().__init__(lambda values: stream.ROC(values, period), period + 1, finite)


class StochasticValue(NamedTuple):
    """What `Stochastic` says, 0–100."""

    k: float
    d: float


class Stochastic(OfCandle[tuple[float, float], StochasticValue]):
    """Where the close lies between the extremes of the last `period` candles, after George Lane (as talib.STOCH).

    k is the mean of that over `slow` candles, d the mean of k over `signal` candles; both are simple means.
    """

    def __init__(self, period: int = 14, slow: int = 3, signal: int = 3) -> None:
        super().__init__(
            lambda highs, lows, closes: stream.STOCH(highs, lows, closes, period, slow, 0, signal, 0),
            period + slow + signal - 2,
            self._value,
        )

    @staticmethod
    def _value(raw: tuple[float, float]) -> StochasticValue | None:
        return StochasticValue(*raw) if all(map(isfinite, raw)) else None
