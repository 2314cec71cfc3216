"""What anybody may ask: contracts, prices, books, candles, rates, and the exchange's own state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from radtui.exchange.kucoin.rest import endpoints
from radtui.exchange.kucoin.rest.asking import Query
from radtui.exchange.kucoin.rest.door import Door
from radtui.exchange.kucoin.rest.endpoints import Endpoint
from radtui.exchange.kucoin.wire import market
from radtui.exchange.kucoin.wire.common import Slice

MOST_KLINES: Final = 200
"""Rows asked for at once: some sources say 500 are served, all say 200 are."""
GRANULARITIES: Final = frozenset({1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 10080})
"""Minutes of a candle that the exchange knows."""
_MINUTE: Final = 60_000


class MarketCalls:
    """The market over REST; all times in milliseconds UTC. Everything raises only `ExchangeFailure`.

    Args:
        klines: by which of its endpoints candles are asked for: in turn, or giving way to others.
    """

    def __init__(self, door: Door, *, klines: Endpoint[list[market.Kline]] = endpoints.KLINES) -> None:
        self._door, self._klines = door, klines

    async def time(self) -> int:
        """Return the exchange's time."""
        return await self._door.call(endpoints.TIMESTAMP)

    async def status(self) -> market.ServiceStatus:
        """Return whether the exchange is open."""
        return await self._door.call(endpoints.STATUS)

    async def contracts(self) -> Sequence[market.Contract]:
        """Return every contract that is listed."""
        return await self._door.call(endpoints.CONTRACTS)

    async def contract(self, symbol: str) -> market.Contract:
        """Return one contract."""
        return await self._door.call(endpoints.CONTRACT, path={"symbol": symbol})

    async def ticker(self, symbol: str) -> market.Ticker:
        """Return the last trade and the best of both sides."""
        return await self._door.call(endpoints.TICKER, query={"symbol": symbol})

    async def tickers(self) -> Sequence[market.Ticker]:
        """Return the ticker of every contract."""
        return await self._door.call(endpoints.TICKERS)

    async def book(self, symbol: str) -> market.Book:
        """Return the whole book, with the sequence at which the feed's deltas go on."""
        return await self._door.call(endpoints.BOOK, query={"symbol": symbol})

    async def depth(self, symbol: str, levels: int = 20) -> market.Book:
        """Return the best 20 levels of both sides, or 100 where more than 20 are wanted."""
        endpoint = endpoints.DEPTH_20 if levels <= 20 else endpoints.DEPTH_100
        return await self._door.call(endpoint, query={"symbol": symbol})

    async def trades(self, symbol: str) -> Sequence[market.Trade]:
        """Return the last 100 trades, newest first."""
        return await self._door.call(endpoints.TRADES, query={"symbol": symbol})

    async def klines(self, symbol: str, minutes: int, begin: int, end: int) -> Sequence[market.Kline]:
        """Return the candles that open in [begin, end), oldest first, each once: page by page where there are many.

        Args:
            minutes: one of `GRANULARITIES`.

        Raises:
            ValueError: the exchange knows no such candle.
        """
        if minutes not in GRANULARITIES:
            raise ValueError(f"the exchange has no candles of {minutes} minutes, only of {sorted(GRANULARITIES)}")
        found: dict[int, market.Kline] = {}
        span = minutes * _MINUTE
        for start in range(begin - begin % span, end, MOST_KLINES * span):
            rows = await self._klines_once(symbol, minutes, start, min(end, start + MOST_KLINES * span) - 1)
            found.update((row.start, row) for row in rows if begin <= row.start < end)
        return [found[start] for start in sorted(found)]

    async def mark_price(self, symbol: str) -> market.MarkPrice:
        """Return the mark price and the index price."""
        return await self._door.call(endpoints.MARK_PRICE, path={"symbol": symbol})

    async def funding_rate(self, symbol: str) -> market.FundingRate:
        """Return the funding rate of now."""
        return await self._door.call(endpoints.FUNDING_RATE, path={"symbol": symbol})

    async def funding_rates(self, symbol: str, begin: int, end: int) -> Sequence[market.SettledRate]:
        """Return the rates settled in [begin, end], newest first."""
        return await self._door.call(endpoints.FUNDING_RATES, query={"symbol": symbol, "from": begin, "to": end})

    async def risk_limits(self, symbol: str) -> Sequence[market.RiskLimit]:
        """Return the levels of isolated margin, the smallest position first."""
        return await self._door.call(endpoints.RISK_LIMITS, path={"symbol": symbol})

    async def index(self, symbol: str, begin: int | None = None, end: int | None = None) -> Slice[market.IndexPoint]:
        """Return values of an index such as ``.KXBTUSDT``, newest first."""
        return await self._door.call(endpoints.INDEX, query={"symbol": symbol, "startAt": begin, "endAt": end})

    async def interest(self, symbol: str, begin: int | None = None, end: int | None = None) -> Slice[market.IndexPoint]:
        """Return values of an interest rate such as ``.XBTINT``, newest first."""
        return await self._door.call(endpoints.INTEREST, query={"symbol": symbol, "startAt": begin, "endAt": end})

    async def premium(self, symbol: str, begin: int | None = None, end: int | None = None) -> Slice[market.IndexPoint]:
        """Return values of a premium index such as ``.XBTUSDTMPI``, newest first."""
        return await self._door.call(endpoints.PREMIUM, query={"symbol": symbol, "startAt": begin, "endAt": end})

    async def day_statistics(self) -> market.DayStatistics:
        """Return the turnover of all contracts in the last day; needs a key."""
        return await self._door.call(endpoints.DAY_STATISTICS)

    async def bullet(self, *, private: bool) -> market.Bullet:
        """Return a fresh token for the feed; one for private topics needs a key."""
        return await self._door.call(endpoints.BULLET_PRIVATE if private else endpoints.BULLET_PUBLIC)

    async def _klines_once(self, symbol: str, minutes: int, begin: int, end: int) -> Sequence[market.Kline]:
        query: Query = {"symbol": symbol, "granularity": minutes, "from": begin, "to": end}
        return await self._door.call(self._klines, query=query)
