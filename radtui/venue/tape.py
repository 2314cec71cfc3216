"""The public tape: prints that a step's volume is told in, and our own trades among them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.money import to_tick
from radtui.core.order import Side
from radtui.venue.chance import bits, stream

KEPT_PRINTS: Final = 200
_MOST: Final = 4
"""Prints of one step at most."""


class Print(msgspec.Struct, frozen=True, array_like=True):
    """One trade that everybody sees.

    Attributes:
        sequence: counts the prints of the symbol. side: the taker's.
        own_order_id: of our order that took part, if any.
    """

    symbol: str
    sequence: int
    side: Side
    lots: int
    price: Decimal
    at: int
    own_order_id: str = ""


class Tape:
    """The last prints of every symbol. Seeded: the same bars give the same prints."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._kept: dict[str, deque[Print]] = {}
        self._counts: dict[str, int] = {}
        self._streams: dict[str, int] = {}

    def told(self, instrument: Instrument, bar: Candle) -> Iterator[Print]:
        """Yield the prints of a bar: some on its way, and the last one at its close."""
        volume = int(bar.volume)
        if volume <= 0:
            return
        chance = bits(self._stream(bar.symbol), bar.opened_at // bar.span)
        count = min(volume, 1 + chance % _MOST)
        before = bar.open
        for number in range(1, count + 1):
            price = bar.close if number == count else _between(instrument, bar, chance >> (8 * number) & 0xFF)
            side = _direction(price - before, chance >> (40 + number) & 1)
            lots = volume // count + (volume % count if number == count else 0)
            yield self._add(bar.symbol, side, lots, price, bar.opened_at + bar.span * number // count)
            before = price

    def own(self, symbol: str, side: Side, lots: int, price: Decimal, at: int, order_id: str) -> Print:
        """Add a trade of ours; `side` is the taker's."""
        return self._add(symbol, side, lots, price, at, order_id)

    def last(self, symbol: str, limit: int) -> list[Print]:
        """Return up to `limit` prints, the newest first."""
        kept = self._kept.get(symbol)
        return list(kept)[::-1][:limit] if kept and limit > 0 else []

    def pack(self) -> dict[str, list[Print]]:
        """Return all of it, the oldest first."""
        return {symbol: list(prints) for symbol, prints in self._kept.items()}

    def restore(self, packed: dict[str, list[Print]]) -> None:
        """Continue from a packed tape."""
        self._kept = {symbol: deque(prints, maxlen=KEPT_PRINTS) for symbol, prints in packed.items()}
        self._counts = {symbol: prints[-1].sequence for symbol, prints in packed.items() if prints}

    def _stream(self, symbol: str) -> int:
        key = self._streams.get(symbol)
        if key is None:
            key = self._streams[symbol] = stream(self._source, symbol, "tape")
        return key

    def _add(self, symbol: str, side: Side, lots: int, price: Decimal, at: int, order_id: str = "") -> Print:
        sequence = self._counts[symbol] = self._counts.get(symbol, 0) + 1
        told = Print(symbol, sequence, side, lots, price, at, order_id)
        self._kept.setdefault(symbol, deque(maxlen=KEPT_PRINTS)).append(told)
        return told


def _between(instrument: Instrument, bar: Candle, share: int) -> Decimal:
    """Return a price of the bar: `share` of 255 of the way from its low to its high."""
    return to_tick(bar.low + (bar.high - bar.low) * share / 255, instrument.tick)


def _direction(change: Decimal, coin: int) -> Side:
    if change:
        return Side.BUY if change > 0 else Side.SELL
    return Side.BUY if coin else Side.SELL
