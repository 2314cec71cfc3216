"""EMA crossover: buys where the fast average rises over the slow one, sells where it falls below (row W2).

A cross alone says little: most turn back within a few candles. What counts is how far apart the averages get, measured
in the market's own step, the average true range (ATR):

    gap        = |fast − slow| ÷ ATR
    confidence = gap ÷ (gap + ⅔ × clear)

It grows from 0 towards 1 and is exactly .6, the least that trades, where the gap is `clear` ATRs. (The ancestor divided
by the price instead: a gap of 60 % of the price does not happen.) The signal is given once for each cross: as soon as
the gap is clear, at the latest on the last of `lookback` candles, with the confidence it then has.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Self

import msgspec
from pydantic import Field, model_validator

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.money import to_tick
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import Parameters, View
from radtui.strategies.indicators import Atr, Ema

_SETTLING: Final = 4
"""Periods of the slow average until its seed weighs less than 1 %."""


class CrossParameters(Parameters):
    """What the crossover can be told."""

    fast: int = Field(12, ge=2, le=1000, description="candles of the fast average")
    slow: int = Field(26, ge=3, le=2000, description="candles of the slow average")
    atr: int = Field(14, ge=2, le=1000, description="candles of the average true range")
    lookback: int = Field(3, ge=1, le=50, description="candles within which a cross must become clear")
    clear: float = Field(0.15, gt=0, le=10, description="gap in ATRs that gives a confidence of .6")
    stop_atrs: Decimal = Field(Decimal(2), gt=0, le=20, description="distance of the stop in ATRs")
    stop_least: Decimal = Field(Decimal("0.006"), gt=0, le=Decimal("0.2"), description="least distance, share of price")
    stop_most: Decimal = Field(
        Decimal("0.05"), gt=0, le=Decimal("0.2"), description="greatest distance, share of price"
    )
    reward: Decimal = Field(Decimal(2), gt=0, le=4, description="distance of the target in distances of the stop")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.fast >= self.slow:
            raise ValueError(f"fast ({self.fast}) must be below slow ({self.slow})")
        if self.stop_least > self.stop_most:
            raise ValueError(f"stop_least ({self.stop_least}) must not be above stop_most ({self.stop_most})")
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


class EmaCross:
    """The crossover on one symbol."""

    name = "ema_cross"
    Parameters = CrossParameters

    def __init__(self, instrument: Instrument, parameters: CrossParameters | None = None) -> None:
        self._instrument = instrument
        self._told = parameters or CrossParameters()
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
        confidence = averages.gap / (averages.gap + self._told.clear * 2 / 3)
        likely, other = 0.5 + confidence / 2, (1 - confidence) / 4
        rising = self._side > 0
        distance = self._distance(close, averages.atr)
        return Signal(
            buy=likely if rising else other,
            sell=other if rising else likely,
            hold=other,
            confidence=confidence,
            reason=self._reason(averages),
            stop=self._on_tick(close - self._side * distance),
            target=self._on_tick(close + self._side * distance * self._told.reward),
        )

    def _distance(self, close: Decimal, atr: float) -> Decimal:
        wanted = self._told.stop_atrs * Decimal(repr(atr))
        least, most = close * self._told.stop_least, close * self._told.stop_most
        return max(self._instrument.above(least), min(self._instrument.below(most), self._on_tick(wanted)))

    def _on_tick(self, price: Decimal) -> Decimal:
        return to_tick(price, self._instrument.tick)

    def _reason(self, averages: _Averages) -> str:
        digits = self._instrument.price_decimals
        crossed = "over" if self._side > 0 else "under"
        return (
            f"fast {averages.fast:,.{digits}f} crossed {crossed} slow {averages.slow:,.{digits}f}, "
            f"{averages.gap:.2f} ATR apart"
        )
