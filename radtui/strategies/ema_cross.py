"""EMA crossover: two exponential averages, and how far they get apart (row W2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Self

import msgspec
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.strategies.batch import Floats, History
from radtui.strategies.indicators import Atr, Ema
from radtui.strategies.indicators.ta_lib import batch
from radtui.strategies.leaning import clarity
from radtui.strategies.stops import StopParameters, Stops

_SETTLING: Final = 4
"""Periods of the slow average until its seed weighs less than 1 %."""


class CrossParameters(StopParameters):
    """What the crossover can be told."""

    fast: int = Field(12, ge=2, le=1000, description="candles of the fast average")
    slow: int = Field(26, ge=3, le=2000, description="candles of the slow average")
    atr: int = Field(14, ge=2, le=1000, description="candles of the average true range")
    lookback: int = Field(3, ge=1, le=50, description="candles within which a cross must become clear")
    clear: float = Field(0.15, gt=0, le=10, description="gap in ATRs that gives a confidence of .6")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.fast >= self.slow:
            raise ValueError(f"fast ({self.fast}) must be below slow ({self.slow})")
        return self


class _Averages(msgspec.Struct, frozen=True):
    """The indicators at the close of one candle, in units of the price."""

    fast: float
    slow: float
    atr: float

    @property
    def side(self) -> int:
        """+1 where the fast one is above, −1 where it is below, 0 where they touch."""
        return (self.fast > self.slow) - (self.fast < self.slow)

    @property
    def gap(self) -> float:
        """How far apart they are, in ATRs."""
        return abs(self.fast - self.slow) / self.atr


def turns(sides: Floats) -> NDArray[np.intp]:
    """Return the places at which sides (−1, 0, +1) change from one to the other, whatever zeros lie between."""
    places = np.flatnonzero(sides)
    turned: NDArray[np.intp] = places[1:][np.diff(sides[places]) != 0]
    return turned


class EmaCross:
    """Buys where the fast average rises clearly over the slow one, sells where it falls under it.

    A cross alone says little: most turn back within a few candles. What counts is how far apart the averages get,
    measured in the market's own step, the average true range (ATR):

        gap        = |fast − slow| ÷ ATR
        confidence = gap ÷ (gap + ⅔ × clear)

    It grows from 0 towards 1 and is exactly .6, the least that trades, where the gap is `clear` ATRs. (Measured in the
    price instead it would never get there: a gap of 60 % of the price does not happen.) The signal is given once for
    each cross: as soon as the gap is clear, at the latest on the last of `lookback` candles, with the confidence that
    it then has.
    """

    name = "ema_cross"
    Parameters = CrossParameters

    def __init__(self, instrument: Instrument, parameters: CrossParameters | None = None) -> None:
        self._instrument = instrument
        self._told = parameters or CrossParameters()
        self._stops = Stops(instrument, self._told)
        self._tick = float(instrument.tick)
        self._fast = Ema(self._told.fast)
        self._slow = Ema(self._told.slow)
        self._atr = Atr(self._told.atr)
        self._candles = 0
        self._side = 0
        self._since_cross: int | None = None

    @property
    def timeframe(self) -> str:
        """Whose candles it is fed."""
        return self._told.timeframe

    @property
    def warmup(self) -> int:
        """Candles until the seeds of the averages no longer count."""
        return max(_SETTLING * self._told.slow, self._told.atr + 1)

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Take one closed candle; a signal on a clear cross, else `HOLD`."""
        averages = self._advance(candle)
        self._candles += 1
        if averages is None:
            return HOLD
        self._watch(averages.side)
        if self._since_cross is None or self._candles < self.warmup or not self._ripe(averages.gap):
            return HOLD
        self._since_cross = None
        return self._signal(candle.close, averages)

    def foretell(self, history: History) -> dict[int, Signal]:
        """Return every signal of a history at once."""
        told = self._told
        fast, slow = batch.EMA(history.close, told.fast), batch.EMA(history.close, told.slow)
        atr = batch.ATR(history.high, history.low, history.close, told.atr)
        moving = np.flatnonzero(np.isfinite(fast) & np.isfinite(slow) & (atr >= self._tick))
        sides = np.sign(fast[moving] - slow[moving])
        crosses = turns(sides)
        ends = np.append(crosses, len(moving))[1:]
        said = {}
        for first, end in zip(crosses.tolist(), ends.tolist(), strict=True):
            self._side = int(sides[first])
            for self._since_cross, place in enumerate(moving[first : min(end, first + told.lookback)].tolist(), 1):
                averages = _Averages(float(fast[place]), float(slow[place]), float(atr[place]))
                if place + 1 >= self.warmup and self._ripe(averages.gap):
                    said[place] = self._signal(history.price(place), averages)
                    break
        return said

    def _advance(self, candle: Candle) -> _Averages | None:
        high, low, close = float(candle.high), float(candle.low), float(candle.close)
        fast, slow, atr = self._fast.update(close), self._slow.update(close), self._atr.update(high, low, close)
        # below a tick a candle nothing moves, and averages would only cross in their last bits
        if fast is None or slow is None or atr is None or atr < self._tick:
            return None
        return _Averages(fast, slow, atr)

    def _watch(self, side: int) -> None:
        """Note a cross, or count the candles since the last one and forget it after `lookback`."""
        if self._since_cross is not None:
            self._since_cross += 1
        if side and side == -self._side:
            self._since_cross = 1
        if self._since_cross is not None and self._since_cross > self._told.lookback:
            self._since_cross = None
        self._side = side or self._side

    def _ripe(self, gap: float) -> bool:
        return gap >= self._told.clear or self._since_cross == self._told.lookback

    def _signal(self, close: Decimal, averages: _Averages) -> Signal:
        confidence = clarity(averages.gap, self._told.clear)
        return self._stops.lean(self._side, confidence, self._reason(averages), close=close, atr=averages.atr)

    def _reason(self, averages: _Averages) -> str:
        digits = self._instrument.price_decimals
        crossed = "over" if self._side > 0 else "under"
        return (
            f"fast {averages.fast:,.{digits}f} crossed {crossed} slow {averages.slow:,.{digits}f}, "
            f"{averages.gap:.2f} ATR apart"
        )
