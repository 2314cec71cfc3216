"""Where mark and index prices come from, where they are not the last price itself: a seeded model that trails it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Protocol

from radtui.core.instrument import Instrument
from radtui.core.market import SECOND, Candle
from radtui.core.money import ZERO
from radtui.venue.bars import Bars, Prices
from radtui.venue.chance import normal, stream

_FINER: Final = Decimal(10)
"""Index and mark lie on a grid that much finer than the tick."""
_LAG: Final = 3.0
"""Seconds in which the index makes up for all but a third of its distance to the last price."""
_SMOOTH: Final = 20.0
"""The same for the basis, mark − index."""
_NOISE: Final = 2e-5
"""Standard deviation of the index's own noise, as a share of the price."""


class Marks(Protocol):
    """Makes the bars of mark and index price out of the last price's. Deterministic; it moves only when told to."""

    def follow(self, instrument: Instrument, bar: Candle) -> Bars:
        """Return the step's bars, given the last price's."""
        ...

    def settle(self, prices: Mapping[str, Prices]) -> None:
        """Continue from these prices."""
        ...


class SeededMarks:
    """An index that trails the last price with some noise of its own, and a mark of index + smoothed basis.

    Implements `Marks`. Source of the shape: KuCoin's mark price is its spot index plus a moving average of the basis.
    The state is nothing but the present prices.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._known: dict[str, Prices] = {}
        self._streams: dict[str, int] = {}
        self._grids: dict[str, tuple[Decimal, float]] = {}

    def follow(self, instrument: Instrument, bar: Candle) -> Bars:
        """Return the step's bars: mark and index run straight from where they were to where they go."""
        before = self._known.get(bar.symbol) or Prices(bar.open, bar.open, bar.open)
        after = self._known[bar.symbol] = self._next(instrument, bar, before)
        mark = _straight(bar, before.mark, after.mark)
        return Bars(bar, mark, _straight(bar, before.index, after.index))

    def settle(self, prices: Mapping[str, Prices]) -> None:
        """Continue from these prices."""
        self._known = dict(prices)

    def _next(self, instrument: Instrument, bar: Candle, before: Prices) -> Prices:
        key = self._streams.get(bar.symbol)
        if key is None:
            key = self._streams[bar.symbol] = stream(self._seed, bar.symbol, "index")
        seconds, last, index = bar.span / SECOND, float(bar.close), float(before.index)
        noise = _NOISE * last * normal(key, bar.opened_at // bar.span)
        index += (last - index) * min(1.0, seconds / _LAG) + noise
        basis = float(before.mark - before.index)
        basis += (last - index - basis) * min(1.0, seconds / _SMOOTH)
        return Prices(bar.close, self._on_grid(index + basis, instrument), self._on_grid(index, instrument))

    def _on_grid(self, price: float, instrument: Instrument) -> Decimal:
        grid = self._grids.get(instrument.symbol)
        if grid is None:
            step = instrument.tick / _FINER
            grid = self._grids[instrument.symbol] = step, float(step)
        return max(1, round(price / grid[1])) * grid[0]


def _straight(bar: Candle, first: Decimal, last: Decimal) -> Candle:
    return Candle(bar.symbol, bar.opened_at, bar.span, first, max(first, last), min(first, last), last, ZERO)
