"""Every indicator beside TA-Lib's batch function, and candles that are hard on both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import talib
from hypothesis import strategies as st
from numpy.typing import NDArray

from radtui.strategies.indicators import Adx, Atr, Bollinger, Ema, Macd, Momentum, Roc, Rsi, Sma, Stochastic

Column = NDArray[np.float64]
LENGTH = 120


class Case(NamedTuple):
    made: Callable[[], Any]
    batch: Callable[..., Any]
    columns: int


CASES = {
    "sma": Case(lambda: Sma(20), lambda close: talib.SMA(close, 20), 1),
    "sma 2": Case(lambda: Sma(2), lambda close: talib.SMA(close, 2), 1),
    "ema": Case(lambda: Ema(12), lambda close: talib.EMA(close, 12), 1),
    "ema 26": Case(lambda: Ema(26), lambda close: talib.EMA(close, 26), 1),
    "macd": Case(Macd, talib.MACD, 1),
    "macd 3 9 2": Case(lambda: Macd(3, 9, 2), lambda close: talib.MACD(close, 3, 9, 2), 1),
    "bollinger": Case(Bollinger, lambda close: talib.BBANDS(close, 20, 2.0, 2.0), 1),
    "bollinger 5": Case(lambda: Bollinger(5, 2.5), lambda close: talib.BBANDS(close, 5, 2.5, 2.5), 1),
    "rsi": Case(Rsi, talib.RSI, 1),
    "rsi 2": Case(lambda: Rsi(2), lambda close: talib.RSI(close, 2), 1),
    "momentum": Case(Momentum, talib.MOM, 1),
    "roc": Case(Roc, talib.ROC, 1),
    "stochastic": Case(Stochastic, lambda *bars: talib.STOCH(*bars, 14, 3, 0, 3, 0), 3),
    "stochastic 5 1 4": Case(lambda: Stochastic(5, 1, 4), lambda *bars: talib.STOCH(*bars, 5, 1, 0, 4, 0), 3),
    "atr": Case(Atr, talib.ATR, 3),
    "atr 1": Case(lambda: Atr(1), lambda *bars: talib.ATR(*bars, 1), 3),
    "adx": Case(Adx, talib.ADX, 3),
    "adx 2": Case(lambda: Adx(2), lambda *bars: talib.ADX(*bars, 2), 3),
}


def _walk(chance: np.random.Generator, scale: float) -> Column:
    return scale * np.exp(np.cumsum(chance.normal(0, 0.01, LENGTH)))


def _rests(chance: np.random.Generator, scale: float) -> Column:
    walk = _walk(chance, scale)
    walk[30:70] = walk[30]
    return walk


def _jumps(chance: np.random.Generator, scale: float) -> Column:
    return scale * 10.0 ** chance.uniform(-9, 9, LENGTH)


def _steps(chance: np.random.Generator, scale: float) -> Column:
    return scale * np.round(100 + np.cumsum(chance.integers(-1, 2, LENGTH)) * 0.1, 1)


def _constant(_: np.random.Generator, scale: float) -> Column:
    return np.full(LENGTH, 1.1 * scale)


@st.composite
def bars(draw: st.DrawFn) -> tuple[Column, Column, Column]:
    """Return highs, lows and closes: walks, rests, steps, jumps over 18 decades, constants, of any size."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    close = draw(st.sampled_from([_walk, _rests, _jumps, _steps, _constant]))(chance, draw(st.floats(1e-12, 1e12)))
    reach = draw(st.sampled_from([0.0, 0.001, 0.3]))
    above, below = chance.uniform(0, 1, (2, LENGTH)) * reach
    return close * (1 + above), close * (1 - below), close


def fed(case: Case, columns: tuple[Column, ...]) -> list[Any]:
    """Return what an indicator says, candle by candle."""
    indicator = case.made()
    return [indicator.update(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def batch(case: Case, columns: tuple[Column, ...]) -> list[Any]:
    """Return what TA-Lib says of the whole; None where it says nothing."""
    told = case.batch(*columns)
    rows = list(zip(*(column.tolist() for column in told), strict=True)) if isinstance(told, tuple) else told.tolist()
    return [None if np.isnan(row).any() else row for row in rows]


def chosen(case: Case, of: tuple[Column, Column, Column]) -> tuple[Column, ...]:
    """Return the columns that an indicator takes."""
    return of if case.columns == 3 else of[2:]
