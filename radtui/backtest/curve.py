"""The course of the equity: a straight function of the price from one fill to the next, so that only those are kept."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec
import numpy as np
from numpy.typing import NDArray

from radtui.backtest.series import Series
from radtui.core.holding import Holding
from radtui.core.instrument import Instrument

Curve = NDArray[np.float64]


class Stretch(msgspec.Struct):
    """Candles at whose close the account held the same: how many, its money without open profit, and its position."""

    candles: int
    wallet: Decimal
    holding: Holding


class EquityCurve:
    """The equity at the start, and then at the close of every candle.

    Attributes:
        exposed: candles at whose close a position was open.
    """

    def __init__(self, start: Decimal, instrument: Instrument) -> None:
        self._start, self._instrument = start, instrument
        self._stretches: list[Stretch] = []
        self.candles = self.exposed = 0

    def add(self, candles: int, wallet: Decimal, holding: Holding) -> None:
        """Note that so many candles closed while the account held this."""
        last = self._stretches[-1] if self._stretches else None
        if last is not None and last.holding is holding and last.wallet == wallet:
            last.candles += candles
        else:
            self._stretches.append(Stretch(candles, wallet, holding))
        self.candles += candles
        self.exposed += candles if holding.lots else 0

    def points(self, series: Series, every: int) -> Iterator[tuple[int, Decimal]]:
        """Yield every so-manieth point, and the last one, with its place: 0 is the start."""
        wanted = iter(sorted({*range(0, self.candles, every), self.candles}))
        place = next(wanted)
        if place == 0:
            yield 0, self._start
            place = next(wanted, -1)
        gone = 0
        for stretch in self._stretches:
            gone += stretch.candles
            while 0 < place <= gone:
                close = series.candles.close[series.warm + place - 1] * self._instrument.tick
                yield place, stretch.wallet + stretch.holding.unrealised(close, self._instrument)
                place = next(wanted, -1)

    def floats(self, series: Series) -> Curve:
        """Return all of it, rounded."""
        closes = series.history.close[series.warm - series.begin :]
        curve = np.empty(self.candles + 1)
        curve[0], gone = float(self._start), 0
        for stretch in self._stretches:
            until = gone + stretch.candles
            curve[gone + 1 : until + 1] = self._worth(stretch, closes[gone:until])
            gone = until
        return curve

    def _worth(self, stretch: Stretch, closes: Curve) -> Curve | float:
        held, instrument = stretch.holding, self._instrument
        if not held.lots:
            return float(stretch.wallet)
        if instrument.inverse:
            return float(stretch.wallet + held.cost) - float(abs(instrument.multiplier) * held.lots) / closes
        return float(stretch.wallet - held.cost) + float(instrument.multiplier * held.lots) * closes
