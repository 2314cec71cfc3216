"""Closed candles: read by pages, and without gaps.

The exchange lists no row for a span in which nobody traded: such a candle is flat at the last close, with no volume.
A row that is merely late looks the same, so the newest spans are filled only on evidence that nobody traded in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from radtui.core.market import MINUTE, Candle
from radtui.core.money import ZERO
from radtui.exchange.kucoin.rest.calls.market import MarketCalls
from radtui.exchange.kucoin.wire.common import MILLISECOND
from radtui.exchange.kucoin.wire.market import Kline

WORDS: Final = {
    1: "1min", 5: "5min", 15: "15min", 30: "30min", 60: "1hour", 120: "2hour", 240: "4hour", 480: "8hour",
    720: "12hour", 1440: "1day",
}  # fmt: skip
"""The feed's word for a candle of so many minutes."""
MARGIN: Final = 5
"""Candles asked for before the first that is wanted, so that a flat one knows its price."""


class Edge:
    """How far the market has come, as the feed tells it: what closed, and when somebody traded last.

    A candle that opens later than our clock says is believed: a rehearsal's market may run faster than the clock.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._forming: dict[tuple[str, int], int] = {}
        self._traded: dict[str, int] = {}

    def forming(self, symbol: str, span: int) -> int:
        """Return when the candle opened that is still forming: everything before it has closed."""
        now = self._now()
        return max(now - now % span, self._forming.get((symbol, span), 0))

    def pushed(self, symbol: str, span: int, opened_at: int) -> bool:
        """Note a candle that the feed shows forming, and return whether it is a newer one."""
        before = self.forming(symbol, span)
        self._forming[symbol, span] = max(opened_at, self._forming.get((symbol, span), 0))
        return opened_at > before

    def traded(self, symbol: str, at: int) -> None:
        """Note when a symbol traded last."""
        self._traded[symbol] = max(at, self._traded.get(symbol, 0))

    def traded_at(self, symbol: str) -> int | None:
        """Return when a symbol traded last; None where nobody has told."""
        return self._traded.get(symbol)


class CandleReader:
    """Reads closed candles."""

    def __init__(self, market: MarketCalls, edge: Edge) -> None:
        self._market, self._edge = market, edge

    async def last(self, symbol: str, span: int, limit: int) -> list[Candle]:
        """Return up to `limit` closed candles, oldest first and without gaps."""
        end = self._edge.forming(symbol, span)
        return (await self._closed(symbol, span, end - (limit + MARGIN) * span, end))[-limit:] if limit > 0 else []

    async def after(self, symbol: str, span: int, begin: int) -> list[Candle]:
        """Return the closed candles that open at or after `begin`, oldest first, as far as they are certain."""
        end = self._edge.forming(symbol, span)
        found = await self._closed(symbol, span, begin - MARGIN * span, end)
        return [candle for candle in found if candle.opened_at >= begin]

    async def _closed(self, symbol: str, span: int, begin: int, end: int) -> list[Candle]:
        first, last = max(begin, 0) // MILLISECOND, (end + span) // MILLISECOND  # the forming one shows what is certain
        rows = await self._market.klines(symbol, span // MINUTE, first, last)
        closed = [row for row in rows if row.start * MILLISECOND < end]
        return list(filled(symbol, span, closed, self._told_to(symbol, span, rows, end)))

    def _told_to(self, symbol: str, span: int, rows: Sequence[Kline], end: int) -> int:
        """Return until when everything is known: up to the last row, beyond it only where nobody has traded since."""
        last = rows[-1].start * MILLISECOND + span if rows else 0
        traded = self._edge.traded_at(symbol)
        return end if last >= end or (traded is not None and traded < last) else last


def filled(symbol: str, span: int, rows: Iterable[Kline], end: int) -> Iterator[Candle]:
    """Yield a candle for each span from the first row up to `end` (nanoseconds UTC), flat where no row is."""
    before: Candle | None = None
    for row in rows:
        opened_at = row.start * MILLISECOND
        if before is not None:
            yield from _flat(before, opened_at)
        before = Candle(symbol, opened_at, span, row.open, row.high, row.low, row.close, row.volume)
        yield before
    if before is not None:
        yield from _flat(before, end)


def _flat(last: Candle, end: int) -> Iterator[Candle]:
    for opened_at in range(last.closed_at, end, last.span):
        close = last.close
        yield Candle(last.symbol, opened_at, last.span, close, close, close, close, ZERO)
