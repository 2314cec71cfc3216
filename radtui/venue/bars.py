"""One step of a contract as all three of its prices lived it."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.market import Candle
from radtui.core.order import PriceType


class Prices(msgspec.Struct, frozen=True, array_like=True):
    """Where a contract stands, in quote currency."""

    last: Decimal
    mark: Decimal
    index: Decimal

    def of(self, kind: PriceType) -> Decimal:
        """Return the price of a kind."""
        return self.mark if kind is PriceType.MARK else self.index if kind is PriceType.INDEX else self.last


class Bars(msgspec.Struct, frozen=True, gc=False):
    """The bars of one step; the same bar three times where mark and index are the last price."""

    last: Candle
    mark: Candle
    index: Candle

    def of(self, kind: PriceType) -> Candle:
        """Return the bar of a kind of price."""
        return self.mark if kind is PriceType.MARK else self.index if kind is PriceType.INDEX else self.last

    @property
    def closes(self) -> Prices:
        """The prices at the end of the step."""
        return Prices(self.last.close, self.mark.close, self.index.close)


def alike(bar: Candle) -> Bars:
    """Return the bars of a market whose mark and index are its last price."""
    return Bars(bar, bar, bar)
