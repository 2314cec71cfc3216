"""Bars in columns: a year of minutes in 25 MB, where as many candles would take 300."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import overload

from radtui.core.market import Candle


class Columns(Sequence[Candle]):
    """The bars of one contract, without gaps. A candle is made when it is looked at.

    Attributes:
        symbol: the contract. tick: its price grid.
        opened_at: when the first one opened, nanoseconds UTC. span: nanoseconds of each.
        open, high, low, close: prices in ticks. volume: lots.
        exact: the volumes that a float cannot tell, by place.
    """

    __slots__ = ("close", "exact", "high", "low", "open", "opened_at", "span", "symbol", "tick", "volume")

    def __init__(self, symbol: str, tick: Decimal, opened_at: int, span: int) -> None:
        self.symbol, self.tick, self.opened_at, self.span = symbol, tick, opened_at, span
        self.open, self.high, self.low, self.close = array("q"), array("q"), array("q"), array("q")
        self.volume = array("d")
        self.exact: dict[int, Decimal] = {}

    def add(self, opened: int, high: int, low: int, close: int, volume: Decimal) -> None:
        """Put a bar behind the last one; prices are in ticks."""
        self.open.append(opened)
        self.high.append(high)
        self.low.append(low)
        self.close.append(close)
        self.note(volume)

    def note(self, volume: Decimal) -> None:
        """Put a volume behind the last one."""
        rounded = float(volume)
        if _lots(rounded) != volume:
            self.exact[len(self.volume)] = volume
        self.volume.append(rounded)

    def begins(self, at: int) -> int:
        """Return when a bar opens, nanoseconds UTC; also one that is still to come."""
        return self.opened_at + at * self.span

    def before(self, moment: int) -> int:
        """Return how many bars open before a moment, nanoseconds UTC."""
        return min(max(-((self.opened_at - moment) // self.span), 0), len(self))

    def lots(self, at: int) -> Decimal:
        """Return the volume of a bar."""
        return self.exact[at] if at in self.exact else _lots(self.volume[at])

    def __len__(self) -> int:
        return len(self.close)

    @overload
    def __getitem__(self, at: int) -> Candle: ...

    @overload
    def __getitem__(self, at: slice) -> list[Candle]: ...

    def __getitem__(self, at: int | slice) -> Candle | list[Candle]:
        places = range(len(self))[at]
        return self._candle(places) if isinstance(places, int) else [self._candle(place) for place in places]

    def __iter__(self) -> Iterator[Candle]:
        return map(self._candle, range(len(self)))

    def _candle(self, at: int) -> Candle:
        tick = self.tick
        return Candle(
            self.symbol,
            self.opened_at + at * self.span,
            self.span,
            self.open[at] * tick,
            self.high[at] * tick,
            self.low[at] * tick,
            self.close[at] * tick,
            self.lots(at),
        )


def _lots(volume: float) -> Decimal:
    return Decimal(int(volume)) if volume.is_integer() else Decimal(repr(volume))
