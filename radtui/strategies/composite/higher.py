"""What the further timeframes say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from radtui.core.market import TIMEFRAMES, Candle
from radtui.strategies.indicators import Roc, Sma

PERIOD: Final = 10
"""Candles of a further timeframe that its trend is read from."""
_MULTIPLES: Final = (4, 24)


def usual(timeframe: str) -> tuple[str, ...]:
    """Return the further timeframes of one: of those that can be built of it the first 4 and 24 times as long or more.

    1h has 4h and 1d, as the ancestor did.
    """
    own = TIMEFRAMES[timeframe]
    longer = {name: span // own for name, span in TIMEFRAMES.items() if span > own and not span % own}
    found = (next((name for name, times in longer.items() if times >= least), None) for least in _MULTIPLES)
    return tuple(dict.fromkeys(name for name in found if name))


class Trend:
    """Which way one further timeframe goes: up where its close is above its mean and above the one `PERIOD` before."""

    def __init__(self) -> None:
        self._mean = Sma(PERIOD)
        self._change = Roc(PERIOD)
        self.side: int | None = None

    def take(self, candle: Candle) -> None:
        """Take a closed candle. `side` becomes +1, −1, or 0 where its two signs differ; None before `PERIOD` + 1."""
        close = float(candle.close)
        mean, change = self._mean.update(close), self._change.update(close)
        if mean is None or change is None:
            return
        self.side = (close > mean and change > 0) - (close < mean and change < 0)


class Trends:
    """The trends of all further timeframes of a symbol."""

    def __init__(self, frames: Sequence[str]) -> None:
        self._trends = {frame: Trend() for frame in frames}

    def take(self, closed: Mapping[str, Sequence[Candle]]) -> None:
        """Take the candles of each timeframe that have just closed."""
        for frame, candles in closed.items():
            for candle in candles:
                self._trends[frame].take(candle)

    @property
    def known(self) -> bool:
        """Whether every one of them has said which way it goes."""
        return all(trend.side is not None for trend in self._trends.values())

    def balance(self, side: int) -> float:
        """Return how far they are with `side`, from −1, all against it, to 1, all for it; 0 where there are none."""
        sides = [trend.side or 0 for trend in self._trends.values()]
        return side * sum(sides) / len(sides) if sides else 0.0
