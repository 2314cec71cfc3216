"""All indicators of the composite at the close of one candle."""

from __future__ import annotations

import msgspec

from radtui.core.market import Candle
from radtui.strategies.composite.parameters import CompositeParameters
from radtui.strategies.indicators import (
    Atr,
    BandValue,
    Bollinger,
    Ema,
    Macd,
    MacdValue,
    Roc,
    Rsi,
    Stochastic,
    StochasticValue,
    VolumeRatio,
)

_PERCENT = 100


class Readings(msgspec.Struct, frozen=True):
    """What the indicators say.

    Attributes:
        move: of the price over `momentum` candles, as a share. candle: of the price within the candle, in its units.
        crowd: volume against the usual one; 0 where nothing was traded.
    """

    close: float
    candle: float
    fast: float
    slow: float
    macd: MacdValue
    rsi: float
    stochastic: StochasticValue
    bands: BandValue
    move: float
    atr: float
    crowd: float


class Instruments:
    """The indicators themselves, on one symbol."""

    def __init__(self, told: CompositeParameters) -> None:
        self._fast = Ema(told.fast)
        self._slow = Ema(told.slow)
        self._macd = Macd(told.fast, told.slow, told.signal)
        self._rsi = Rsi(told.rsi)
        self._stochastic = Stochastic(told.stochastic)
        self._bands = Bollinger(told.bands, told.deviations)
        self._change = Roc(told.momentum)
        self._atr = Atr(told.atr)
        self._crowd = VolumeRatio(told.volume)

    def read(self, candle: Candle) -> Readings | None:
        """Take a candle and return what all say; None while one of them says nothing."""
        high, low, close = float(candle.high), float(candle.low), float(candle.close)
        fast, slow, macd = self._fast.update(close), self._slow.update(close), self._macd.update(close)
        rsi, stochastic = self._rsi.update(close), self._stochastic.update(high, low, close)
        bands, change = self._bands.update(close), self._change.update(close)
        atr, crowd = self._atr.update(high, low, close), self._crowd.update(float(candle.volume))
        if fast is None or slow is None or macd is None or rsi is None:
            return None
        if stochastic is None or bands is None or change is None or atr is None:
            return None
        within = float(candle.close - candle.open)
        return Readings(close, within, fast, slow, macd, rsi, stochastic, bands, change / _PERCENT, atr, crowd or 0.0)
