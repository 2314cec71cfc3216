"""Indicators that grow by one candle at a time and say, to the last bit, what TA-Lib says of the whole series.

All have one shape: `update` takes what the newest candle brings and returns the value, or None as long as TA-Lib has
none (its lookback), and `peek` says the same of a candle that is still open, and takes nothing. What is not finite is
not taken: None is returned, and the indicator stays where it stood.

Each stands on a handle of TA-Lib's streaming API, which continues the batch calculation, so that live and history
agree: an exponential average never forgets, and one over a window of the last candles would differ. The cost is the
same for every candle and every period. Handles do not pickle: after a restart an indicator is fed its history again.

`radtui.strategies.indicators` is the only importer of TA-Lib; a strategy that needs none of it does not wait for it.
"""

from radtui.strategies.indicators.averages import Ema, Macd, MacdValue, Sma
from radtui.strategies.indicators.bands import BandValue, Bollinger
from radtui.strategies.indicators.momentum import Momentum, Roc, Rsi, Stochastic, StochasticValue
from radtui.strategies.indicators.ranges import Adx, Atr
from radtui.strategies.indicators.volume import VolumeRatio

__all__ = [
    "Adx",
    "Atr",
    "BandValue",
    "Bollinger",
    "Ema",
    "Macd",
    "MacdValue",
    "Momentum",
    "Roc",
    "Rsi",
    "Sma",
    "Stochastic",
    "StochasticValue",
    "VolumeRatio",
]
