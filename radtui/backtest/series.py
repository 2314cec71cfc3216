"""The candles of a strategy's timeframe, made of a recorded market's bars at once."""

from __future__ import annotations

from array import array
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from radtui.core.market import SECOND
from radtui.core.measures import Measures
from radtui.core.money import ZERO
from radtui.strategies.batch import Floats, History
from radtui.strategies.measuring import LOOK_BACK, measure_closes
from radtui.venue.candles import KEPT
from radtui.venue.columns import Columns
from radtui.venue.history import BadHistory, RecordedMarket

Ints = NDArray[np.int64]


class Series:
    """What closes at which bar.

    A candle opens at a multiple of its span; one whose first or last bars are missing is not made, as in a flight.

    Attributes:
        candles: from the first of the warm-up on. warm: how many of them closed before the market's first step.
        each: bars of a candle. first: the bar that the first one opens with.
    """

    def __init__(self, market: RecordedMarket, span: int, warmup: int) -> None:
        """Make them.

        Raises:
            BadHistory: candles of `span` cannot be made of the market's bars.
        """
        bars, step = market.bars, market.step_span
        if span % step:
            raise BadHistory(
                f"the bars are {step // SECOND} s long: no candles of {span // SECOND} s can be made of them. "
                "Choose a timeframe that is a multiple of the bars, or a finer file."
            )
        self.each = span // step
        oldest = max(market.now - market.now % span - min(warmup, KEPT) * span, bars.opened_at)
        self.first = (-(-oldest // span) * span - bars.opened_at) // step
        self.candles = bars if self.each == 1 else Folded(bars, self.first, market.end, self.each)
        self._skipped = self.first if self.each == 1 else 0
        self._end = market.end
        self.warm = self.closed(market.passed)

    def closed(self, passed: int) -> int:
        """Return the place behind the last candle that closed once `passed` bars are over."""
        return self._skipped + max(0, (passed - self.first) // self.each)

    def closes(self, place: int) -> int:
        """Return the bar whose close is that of a candle."""
        return self.first + (place - self._skipped + 1) * self.each - 1

    @cached_property
    def history(self) -> History:
        """All of them, as a strategy looks at its history."""
        bars, since, until = self.candles, self._skipped, self.closed(self._end)
        exact = bars.tick.as_integer_ratio()

        def rounded(column: array[int]) -> Floats:
            """Return the floats nearest to the prices: a quotient of whole numbers is rounded once."""
            return ticks(column)[since:until] * exact[0] / exact[1]

        return History(
            open=rounded(bars.open),
            high=rounded(bars.high),
            low=rounded(bars.low),
            close=rounded(bars.close),
            volume=np.frombuffer(bars.volume)[since:until],
            ticks=ticks(bars.close)[since:until],
            tick=bars.tick,
        )

    def measures(self, place: int) -> Measures | None:
        """Return how the contract moved up to the close of a candle; None where too few closed before."""
        until = place + 1 - self._skipped
        closes = self.history.close[max(0, until - LOOK_BACK - 1) : until].tolist()
        return measure_closes(closes, self.candles.span, self.candles.begins(place + 1))

    @property
    def begin(self) -> int:
        """The place of the first candle."""
        return self._skipped


def ticks(column: array[int]) -> Ints:
    """Return a column of prices as it lies there, without a copy."""
    return np.frombuffer(column, dtype=np.int64)


class Folded(Columns):
    """Candles of several bars each. Volumes are added up exactly where they are looked at; the floats are near."""

    __slots__ = ("_bars", "_each", "_first")

    def __init__(self, bars: Columns, first: int, end: int, each: int) -> None:
        super().__init__(bars.symbol, bars.tick, bars.begins(first), each * bars.span)
        self._bars, self._first, self._each = bars, first, each
        count = max(0, (end - first) // each)
        part = slice(first, first + count * each)
        highs, lows = (ticks(column)[part].reshape(count, each) for column in (bars.high, bars.low))
        self.open, self.close = bars.open[part][::each], bars.close[part][each - 1 :: each]
        self.high, self.low = _column(highs.max(axis=1)), _column(lows.min(axis=1))
        volumes = np.frombuffer(bars.volume)[part].reshape(count, each).sum(axis=1)
        self.volume = array("d", volumes.tobytes())

    def lots(self, at: int) -> Decimal:
        """Return the volume of a candle."""
        begun = self._first + at * self._each
        return sum(map(self._bars.lots, range(begun, begun + self._each)), ZERO)


def _column(values: Ints) -> array[int]:
    return array("q", np.ascontiguousarray(values).tobytes())
