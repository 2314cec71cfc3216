"""RSI: the relative strength index, against the move (row W2)."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.strategies.indicators import Atr
from radtui.strategies.indicators import Rsi as Index
from radtui.strategies.leaning import BUYS, SELLS
from radtui.strategies.stops import StopParameters, Stops

_SETTLING: Final = 5
"""Periods until the seed of Wilder's smoothing weighs less than 1 %."""
_LEAST: Final = 0.6
"""Confidence at the bounds: the least that trades."""


class RsiParameters(StopParameters):
    """What it can be told."""

    period: int = Field(14, ge=2, le=1000, description="candles of the index")
    overbought: float = Field(70, gt=50, lt=100, description="index at and above which it sells, 0–100")
    oversold: float = Field(30, gt=0, lt=50, description="index at and below which it buys, 0–100")
    atr: int = Field(14, ge=2, le=1000, description="candles of the average true range")


class Rsi:
    """Sells where the relative strength index says overbought, buys where it says oversold.

    The index, by J. Welles Wilder (New Concepts in Technical Trading Systems, 1978), is 100 where every candle of the
    last few rose and 0 where every one fell. At `overbought` and above the next move is expected down, at `oversold`
    and below up. How far it went beyond tells how sure that is:

        depth      = (RSI − overbought) ÷ (100 − overbought), or (oversold − RSI) ÷ oversold
        confidence = .6 + .4 × depth

    so that the bounds themselves are just enough to trade. The signal stands as long as the index does, unless a
    position on that side is there already. A market that trends stays overbought for days: this strategy loses there,
    and lives by its stop.
    """

    name = "rsi"
    Parameters = RsiParameters

    def __init__(self, instrument: Instrument, parameters: RsiParameters | None = None) -> None:
        self._told = parameters or RsiParameters()
        self._stops = Stops(instrument, self._told)
        self._tick = float(instrument.tick)
        self._index = Index(self._told.period)
        self._atr = Atr(self._told.atr)
        self._candles = 0

    @property
    def timeframe(self) -> str:
        """Whose candles it is fed."""
        return self._told.timeframe

    @property
    def warmup(self) -> int:
        """Candles until the seeds of the averages no longer count."""
        return _SETTLING * max(self._told.period, self._told.atr)

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Take one closed candle; a signal beyond the bounds, else `HOLD`."""
        close = float(candle.close)
        index, atr = self._index.update(close), self._atr.update(float(candle.high), float(candle.low), close)
        self._candles += 1
        # where nothing moves the index says 0, which is no fall
        if index is None or atr is None or atr < self._tick or self._candles < self.warmup:
            return HOLD
        side = self._side(index)
        if not side or view.lots * side > 0:
            return HOLD
        return self._stops.lean(side, self._confidence(index), self._reason(index), close=candle.close, atr=atr)

    def _side(self, index: float) -> int:
        if index >= self._told.overbought:
            return SELLS
        return BUYS if index <= self._told.oversold else 0

    def _confidence(self, index: float) -> float:
        over, under = self._told.overbought, self._told.oversold
        depth = (index - over) / (100 - over) if index >= over else (under - index) / under
        return _LEAST + (1 - _LEAST) * min(1.0, depth)

    def _reason(self, index: float) -> str:
        if index >= self._told.overbought:
            return f"RSI {index:.1f}: overbought, ≥ {self._told.overbought:g}"
        return f"RSI {index:.1f}: oversold, ≤ {self._told.oversold:g}"
