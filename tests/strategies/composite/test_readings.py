from __future__ import annotations

import numpy as np
import pytest
import talib

from radtui.strategies.composite.parameters import CompositeParameters
from radtui.strategies.composite.readings import Instruments
from radtui.strategies.proving import market


def test_the_readings_are_those_of_the_batch() -> None:
    candles, instruments = market(3, 120), Instruments(CompositeParameters())
    said = [instruments.read(candle) for candle in candles]
    high, low, close, volume = (
        np.array([float(getattr(candle, column)) for candle in candles])
        for column in ("high", "low", "close", "volume")
    )
    assert [reading is not None for reading in said].index(True) == 33
    last = said[-1]
    assert last is not None
    assert last.fast == talib.EMA(close, 12)[-1]
    assert last.slow == talib.EMA(close, 26)[-1]
    assert last.macd == tuple(column[-1] for column in talib.MACD(close))
    assert last.rsi == talib.RSI(close)[-1]
    assert last.stochastic == tuple(column[-1] for column in talib.STOCH(high, low, close, 14, 3, 0, 3, 0))
    assert last.bands == tuple(column[-1] for column in talib.BBANDS(close, 20, 2.0, 2.0))
    assert last.atr == talib.ATR(high, low, close)[-1]
    assert last.move == pytest.approx(close[-1] / close[-11] - 1)
    assert last.crowd == pytest.approx(volume[-1] / volume[-20:].mean())
    assert last.candle == float(candles[-1].close - candles[-1].open)
