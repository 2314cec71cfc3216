"""KuCoin Futures behind the exchange port: REST and feed put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from functools import partial
from random import Random
from typing import Final

from radtui.core.account import AccountReport, FundingPaid, PositionReport, Transfer
from radtui.core.book import BookShown, Trade
from radtui.core.instrument import Instrument
from radtui.core.link_view import LinkView
from radtui.core.listed import Listed
from radtui.core.market import Candle
from radtui.core.order import Fill, MarginMode, OrderReport, OrderRequest
from radtui.exchange.kucoin import contracts as listing
from radtui.exchange.kucoin import convert, link
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.candles import CandleReader, Edge
from radtui.exchange.kucoin.config import KucoinConfig
from radtui.exchange.kucoin.dealing import Dealing
from radtui.exchange.kucoin.feed.alarms import LineAlert
from radtui.exchange.kucoin.feed.socket import Connector
from radtui.exchange.kucoin.feed_over import feed_over
from radtui.exchange.kucoin.hearing import Hearing
from radtui.exchange.kucoin.listing import Listing
from radtui.exchange.kucoin.modes import Modes
from radtui.exchange.kucoin.readings import Readings
from radtui.exchange.kucoin.rest.compose import rest_at
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.exchange.kucoin.rest.transport import Hosts, Transport
from radtui.exchange.port import AccountMessage, MarketMessage
from radtui.resilience.breaker import BreakerChange
from radtui.resilience.clock import Clock
from radtui.resilience.observe import Observer

CONNECT_WITHIN: Final = 6.0
"""Seconds that `open` waits for the feed; whoever opens tries again, and the feed goes on connecting meanwhile."""
CLOSE_WITHIN: Final = 4.0
"""Seconds after which whatever does not want to close is left behind."""


class KucoinExchange:
    """One account on KuCoin Futures. Implements `radtui.exchange.port.Exchange`.

    Attributes:
        rest: the client it uses, for whoever checks the account beside it.
        on_alert: told of what a person should know of connections and breakers; must not fail.

    Args:
        random: of every jitter.
        transport, connector: None for the network.
    """

    name = "kucoin"
    speed = 1

    def __init__(
        self,
        config: KucoinConfig,
        credentials: Credentials,
        *,
        clock: Clock,
        observer: Observer,
        random: Random,
        transport: Transport | None = None,
        connector: Connector | None = None,
    ) -> None:
        draw = partial(random.uniform, -1.0, 1.0)
        self.on_alert: Callable[[LineAlert], None] = _unheard
        self._clock = clock
        self.rest = rest = rest_at(
            config.hosts,
            credentials,
            clock=clock,
            observer=observer,
            draw=draw,
            transport=transport,
            tripped=self._tripped,
        )
        now, blotter, edge = rest.time.now, Blotter(), Edge(rest.time.now)
        self._candles, self._browsing = CandleReader(rest.market, edge), CandleReader(rest.browsing, edge)
        self._listing = Listing(rest, config.symbols, clock)
        self._modes = Modes(rest.positions, config.margin_mode)
        self._readings = Readings(rest, blotter, now)
        self._dealing = Dealing(rest.orders, self._modes, blotter, now)
        self._feed = feed_over(
            rest, connector, clock=clock, observer=observer, draw=draw, alert=self._alert, topics=config.topics
        )
        parts = (self._feed, rest, self._readings, self._listing, self._modes, blotter, edge)
        self._hearing = Hearing(*parts, spans=config.spans, clock=clock, observer=observer, draw=draw)
        self._keeping: asyncio.Task[None] | None = None
        self._told_missing: set[str] = set()

    def _alert(self, alert: LineAlert) -> None:
        self.on_alert(alert)

    def _tripped(self, change: BreakerChange) -> None:
        text = f"{change.name}: {change.old} → {change.new}, {change.why}"
        self.on_alert(LineAlert(change.name, "breaker", text, self._clock.monotonic()))

    def _tell_missing(self) -> None:
        """Say once of each configured contract why it is not traded."""
        for symbol, why in self._listing.missing.items():
            if symbol not in self._told_missing:
                self._told_missing.add(symbol)
                text = f"{why} The others are traded; what is open in {symbol} is looked after"
                self.on_alert(LineAlert(symbol, "contract", text, self._clock.monotonic()))

    @classmethod
    def at(
        cls,
        hosts: Hosts,
        credentials: Credentials,
        *,
        clock: Clock,
        observer: Observer,
        symbols: Sequence[str] = (),
        spans: Sequence[int],
        margin_mode: MarginMode = MarginMode.ISOLATED,
        max_topics: int = 100,
        seed: int = 0,
    ) -> KucoinExchange:
        """Return one over the network; see `KucoinConfig` for what is told."""
        config = KucoinConfig(
            symbols=tuple(symbols), spans=tuple(spans), margin_mode=margin_mode, hosts=hosts, topics=max_topics
        )
        return cls(config, credentials, clock=clock, observer=observer, random=Random(seed))

    def market_now(self) -> int:
        """Return the exchange's time, nanoseconds UTC."""
        return self.rest.time.now()

    def skew(self) -> float | None:
        """Return seconds by which the exchange's clock is ahead of this machine's; None until it was read."""
        return self.rest.time.skew

    def link(self) -> LinkView:
        """Return how the line is: budgets, connections, clock and breakers."""
        rest = self.rest
        return link.view(self._clock.now(), rest.time, rest.rates, rest.breakers, self._feed.connections())

    def press(self, pressing: Callable[[], bool]) -> None:
        """Tell what says whether something waits for what is read: such reads pass an open breaker."""
        self.rest.press(pressing)

    async def open(self) -> None:
        """Read clock, contracts and modes, and connect both feeds; to be called again where it fails.

        Feeds that do not connect in time are told as lost and go on trying.
        """
        await self.rest.sync_time()
        await self._listing.read()
        self._tell_missing()
        self._readings.settlements.scheduled(self._listing.contracts)
        await self._modes.read(self._listing.traded)
        if self._keeping is None:
            self._keeping = asyncio.create_task(self.rest.keep_time(), name="exchange's clock")
        await self._hearing.open(CONNECT_WITHIN, self._unconnected)

    async def close(self) -> None:
        """Disconnect within seconds. Orders and stops stay where they rest."""
        if self._keeping is not None:
            self._keeping.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_WITHIN):
                try:
                    await self._hearing.close()
                finally:
                    await self.rest.close()

    async def instruments(self) -> Sequence[Instrument]:
        """Return the contracts this account trades, with its own fees."""
        return await self._listing.fresh()

    async def contract(self, symbol: str) -> Instrument:
        """Return one contract that is listed, traded here or not; see the port for what it raises."""
        return await self._listing.describe(symbol)

    async def candles(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        """Return up to `limit` closed candles of `span` nanoseconds, oldest first and without gaps."""
        return await self._candles.last(symbol, span, limit)

    async def listed(self) -> Sequence[Listed]:
        """Return every open contract of the kind that is traded here, with its turnover."""
        return listing.listed(await self.rest.market.contracts())

    async def browse(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        """Return what `candles` does, of any listed contract, by the lane that gives way to all others."""
        return await self._browsing.last(symbol, span, limit)

    async def book(self, symbol: str) -> BookShown:
        """Return the best 20 levels of both sides."""
        return convert.book_shown(await self.rest.market.depth(symbol))

    async def trades(self, symbol: str) -> Sequence[Trade]:
        """Return the last 100 trades, newest first."""
        return convert.trades(symbol, await self.rest.market.trades(symbol))

    async def place(self, request: OrderRequest) -> str:
        """Send an order once and return its id; see the port for what it raises."""
        return await self._dealing.place(request)

    async def cancel(self, symbol: str, client_id: str) -> None:
        """Cancel an order or an untriggered stop; see the port for what it raises."""
        await self._dealing.cancel(symbol, client_id)

    async def cancel_by_id(self, symbol: str, order_id: str) -> None:
        """Cancel an order or an untriggered stop by the exchange's id; see the port for what it raises."""
        await self.rest.orders.cancel(order_id)

    async def order(self, symbol: str, client_id: str) -> OrderReport | None:
        """Return the order with this client id in any state, or None where the exchange knows none."""
        return await self._dealing.find(symbol, client_id)

    async def open_orders(self) -> Sequence[OrderReport]:
        """Return every active order of the account, untriggered stops included, ours or not."""
        return await self._readings.open_orders()

    async def fills(self, since: int) -> Sequence[Fill]:
        """Return the fills at or after `since`, oldest first."""
        return await self._readings.fills(since)

    async def funding(self, since: int) -> Sequence[FundingPaid]:
        """Return the funding settled at or after `since`, oldest first."""
        return await self._readings.funding(since)

    async def transfers(self, since: int) -> Sequence[Transfer]:
        """Return deposits, withdrawals and transfers at or after `since`, oldest first."""
        return await self._readings.transfers(since)

    async def positions(self) -> Sequence[PositionReport]:
        """Return the open positions."""
        return await self._readings.positions()

    async def account(self) -> AccountReport:
        """Return the account's money."""
        return await self._readings.account()

    def market_feed(self) -> AsyncIterator[MarketMessage]:
        """Iterate over last prices and closed candles until closed."""
        return self._hearing.market

    def account_feed(self) -> AsyncIterator[AccountMessage]:
        """Iterate over what happens to the account until closed."""
        return self._hearing.account

    def _unconnected(self) -> str:
        said = [f"{view.name}: {view.why}" for view in self._feed.connections() if view.why and view.state != "open"]
        why = f" ({'; '.join(said)})" if said else ""
        return f"the exchange's feed is not connected yet{why}; it is tried again by itself"


def _unheard(_: LineAlert) -> None:
    """Until somebody asks to be told: the observer counts reconnects, and `link` shows the figures."""
