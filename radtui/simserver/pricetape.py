"""A short memory of prices: what the index and premium queries answer from."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.market import SECOND
from radtui.venue.venue import Venue

KEPT: Final = 3_600
"""Samples of a contract, one a second at most."""


class Sample(msgspec.Struct, frozen=True):
    """The prices of one second; `at` is the wall clock, nanoseconds UTC, a whole second."""

    at: int
    mark: Decimal
    index: Decimal


class PriceTape:
    """Samples of every contract's mark and index, once a second of the wall clock while somebody looks."""

    def __init__(self, symbols: Iterable[str]) -> None:
        self._samples: dict[str, deque[Sample]] = {symbol: deque(maxlen=KEPT) for symbol in symbols}
        self._at = -1

    def take(self, venue: Venue, at: int) -> None:
        """Note the prices of this second, unless they are noted already."""
        second = at // SECOND * SECOND
        if second <= self._at:
            return
        self._at = second
        for symbol, samples in self._samples.items():
            prices = venue.prices(symbol)
            samples.append(Sample(second, prices.mark, prices.index))

    def newest_first(self, symbol: str, every: int = SECOND) -> Iterator[Sample]:
        """Yield a contract's samples, one in each span of `every` nanoseconds."""
        seen = -1
        for sample in reversed(self._samples[symbol]):
            if sample.at // every != seen:
                seen = sample.at // every
                yield sample
