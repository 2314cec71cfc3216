"""The market's side of the feed: last prices as they come, and every candle once it has closed.

A candle is read over REST, not taken from its push: the push tells when it is time to look, and so does the clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Final

from radtui.core.market import MINUTE, SECOND, Candle, Ticked
from radtui.exchange.kucoin.candles import WORDS, CandleReader, Edge
from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.topics import Topic
from radtui.exchange.kucoin.wire.common import MILLISECOND
from radtui.exchange.kucoin.wire.feed import CandlePush, MarkIndex, TickerPush
from radtui.exchange.kucoin.wire.market import Ticker
from radtui.exchange.port import MarketMessage
from radtui.resilience.backoff import Backoff
from radtui.resilience.failures import ExchangeFailure

SETTLE: Final = SECOND
"""After its end a candle is given this long to be complete."""
AGAIN: Final = Backoff(base=0.5, maximum=5.0)
"""Between two looks for a candle that is not listed yet."""
Put = Callable[[MarketMessage], None]


def market_topics(symbols: Iterable[str], spans: Iterable[int]) -> list[Topic]:
    """Return what tells the market of `symbols`: last trades, mark prices, and candles of `spans`."""
    spans = tuple(spans)
    found = []
    for symbol in symbols:
        found += [topics.last_ticker(symbol), topics.instrument(symbol)]
        found += [topics.candles(symbol, WORDS[span // MINUTE]) for span in spans]
    return found


class Prices:
    """Last prices on their way to core."""

    def __init__(self, edge: Edge, put: Put) -> None:
        self._edge, self._put = edge, put
        self._last: dict[str, Ticked] = {}

    def ticker(self, told: TickerPush | Ticker) -> None:
        """Take a ticker; one without a trade tells nothing."""
        if told.price is None:
            return
        self._edge.traded(told.symbol, told.ts)
        self._say(told.symbol, told.price, told.ts, told.best_bid_price, told.best_ask_price)

    def mark(self, symbol: str, told: MarkIndex) -> None:
        """Take a mark price: the last price still stands, and is this much younger than the last trade."""
        last = self._last.get(symbol)
        if last is not None:
            self._say(symbol, last.price, told.timestamp * MILLISECOND, last.bid, last.ask)

    def _say(self, symbol: str, price: Decimal, at: int, bid: Decimal | None, ask: Decimal | None) -> None:
        before = self._last.get(symbol)
        if before is None or at > before.at:
            self._last[symbol] = Ticked(symbol, price, at, bid, ask)
            self._put(self._last[symbol])


class CandleTail:
    """The closed candles of one symbol and span, each told once, in order, without gaps.

    Where the exchange lists none for longer than a flat one could be made from, they go on with the next that it lists.

    Args:
        now: the exchange's time, nanoseconds UTC.
        draw: random numbers in [-1, 1], for the jitter.
    """

    def __init__(
        self,
        symbol: str,
        span: int,
        *,
        reader: CandleReader,
        edge: Edge,
        now: Callable[[], int],
        put: Put,
        draw: Callable[[], float],
    ) -> None:
        self.symbol, self.span = symbol, span
        self._reader, self._edge, self._now, self._put, self._draw = reader, edge, now, put, draw
        self._next = edge.forming(symbol, span)
        self._woken = asyncio.Event()

    def pushed(self, told: CandlePush) -> None:
        """Take a candle that is forming: where it is a newer one, those before it have closed."""
        if self._edge.pushed(self.symbol, self.span, told.start * MILLISECOND):
            self._woken.set()

    async def run(self) -> None:
        """Tell closed candles until cancelled."""
        attempt = 0
        while True:
            if self._edge.forming(self.symbol, self.span) <= self._next:
                await self._until_closed()
            attempt = 0 if await self._tell() else attempt + 1
            if attempt:
                await asyncio.sleep(AGAIN.wait(attempt - 1, self._draw()))

    async def _until_closed(self) -> None:
        self._woken.clear()
        left = self._next + self.span + SETTLE - self._now()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(left, MILLISECOND) / SECOND):
                await self._woken.wait()

    async def _tell(self) -> bool:
        """Tell what has closed; return whether that was all of it."""
        try:
            found: Sequence[Candle] = await self._reader.after(self.symbol, self.span, self._next)
        except ExchangeFailure:
            return False  # the observer was told, and it is asked again
        for candle in found:  # the first one may open later than it should: what is not listed by now never is
            self._next = candle.closed_at
            self._put(candle)
        return self._next >= self._edge.forming(self.symbol, self.span)
