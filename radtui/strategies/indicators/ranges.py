"""How far candles reach, and whether they reach the same way. Both by J. Welles Wilder, 1978."""

from __future__ import annotations

from radtui.strategies.indicators.streamed import OfCandle, finite
from radtui.strategies.indicators.ta_lib import stream


class Atr(OfCandle[float, float]):
    """Average true range by Wilder's smoothing over `period` candles, in units of the price (as talib.ATR).

    The true range looks back at the close before it, so that the first candle has none.
    """

    def __init__(self, period: int = 14) -> None:
        super().__init__(
            lambda highs, lows, closes: stream.ATR(highs, lows, closes, period),
            2 if period == 1 else period + 1,
            finite,
        )


class Adx(OfCandle[float, float]):
    """Average directional index over `period` candles, 0–100 (as talib.ADX): how strong a trend is, up or down."""

    def __init__(self, period: int = 14) -> None:
        super().__init__(lambda highs, lows, closes: stream.ADX(highs, lows, closes, period), 2 * period, finite)
