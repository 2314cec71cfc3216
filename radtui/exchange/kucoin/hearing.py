"""The feed put together: topics in, both of the port's iterators out, and the tasks that keep them honest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from radtui.core.market import SECOND
from radtui.exchange.kucoin.account_feed import Account, Fills
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.candles import CandleReader, Edge
from radtui.exchange.kucoin.convert import margin_mode
from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.feed import Feed
from radtui.exchange.kucoin.feed.mailbox import FeedMessage, Heard, Mailbox, TopicLive, TopicLost
from radtui.exchange.kucoin.feed.topics import Topic
from radtui.exchange.kucoin.listing import Listing
from radtui.exchange.kucoin.market_feed import CandleTail, Prices, market_topics
from radtui.exchange.kucoin.modes import Modes
from radtui.exchange.kucoin.readings import Readings
from radtui.exchange.kucoin.rest.client import Rest
from radtui.exchange.kucoin.standing import Standing
from radtui.exchange.kucoin.wire import feed as wire
from radtui.exchange.outbox import Outbox
from radtui.exchange.port import AccountMessage, MarketMessage
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure
from radtui.resilience.observe import Observer
from radtui.resilience.redaction import named

AGAIN: Final = 1.0
"""Seconds after which a task that broke down is begun anew."""
ACCOUNT_TOPICS: Final = (topics.orders(), topics.stops(), topics.wallet(), topics.positions())
MODE_TOPICS: Final = (topics.margin_modes(), topics.cross_leverages())
"""Useful, but nothing is lost without them: modes are read at the start, and changed by hand."""


class Hearing:
    """Both of the port's feeds, from one feed of the exchange.

    Attributes:
        market, account: what is to be told to the engine.

    Args:
        spans: of the candles to tell, nanoseconds.
        draw: random numbers in [-1, 1], for the jitter.
    """

    def __init__(
        self,
        feed: Feed,
        rest: Rest,
        readings: Readings,
        listing: Listing,
        modes: Modes,
        blotter: Blotter,
        edge: Edge,
        *,
        spans: Sequence[int],
        clock: Clock,
        observer: Observer,
        draw: Callable[[], float],
    ) -> None:
        self._feed, self._rest, self._readings, self._listing, self._modes = feed, rest, readings, listing, modes
        self._edge, self._spans, self._clock, self._observer, self._draw = edge, tuple(spans), clock, observer, draw
        self.market: Outbox[MarketMessage] = Outbox(clock, observer, "market feed")
        self.account: Outbox[AccountMessage] = Outbox(clock, observer, "account feed")
        self._mailbox = Mailbox()
        self._prices = Prices(edge, self.market.put)
        self._tails: dict[str, CandleTail] = {}
        self._fills = Fills(readings.recent_fills, listing.traded, clock=clock, put=self.account.put, draw=draw)
        self._market_standing = Standing("market", catch_up=self._read_market, put=self.market.put, draw=draw)
        self._account_standing = Standing("account", catch_up=self._read_account, put=self.account.put, draw=draw)
        self._told = Account(blotter, self._fills, put=self.account.put, unclear=self._account_standing.unclear)
        self._began_at = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._takers = self._all_takers()

    async def open(self, within: float, why: Callable[[], str]) -> None:
        """Subscribe, and wait until everything is told, but no longer than `within` seconds.

        A feed that does not come then is lost for now, as `why` says: positions are looked after without it.

        Raises:
            Refused: a topic will never be told.
        """
        if not self._tasks:
            self._begin()
        try:
            async with asyncio.timeout(within):
                await self._market_standing.first()
                await self._account_standing.first()
        except TimeoutError:
            self._market_standing.begin(why())
            self._account_standing.begin(why())
        with suppress(ExchangeFailure):  # the observer was told, and prices come with the feed
            await self._read_market()

    async def close(self) -> None:
        """End the tasks and both feeds."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        self._mailbox.close()
        self.market.close()
        self.account.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._feed.close()

    def _begin(self) -> None:
        symbols = tuple(self._listing.traded)
        market = market_topics(symbols, self._spans)
        self._market_standing.expect(market)
        self._account_standing.expect(ACCOUNT_TOPICS)
        self._began_at = self._rest.time.now()
        self._tails = {topic.name: tail for tail in self._new_tails(symbols) for topic in (_candles(tail),)}
        self._feed.open()
        self._feed.subscribe((*market, *ACCOUNT_TOPICS, *MODE_TOPICS), self._mailbox)
        works: dict[str, Callable[[], Awaitable[None]]] = {
            "feed": self._take_all,
            "fills": self._fills.run,
            "market standing": self._market_standing.run,
            "account standing": self._account_standing.run,
            **{f"candles {tail.symbol} {tail.span // SECOND}": tail.run for tail in self._tails.values()},
        }
        self._tasks = [asyncio.create_task(self._lasting(name, work), name=name) for name, work in works.items()]

    def _new_tails(self, symbols: Sequence[str]) -> list[CandleTail]:
        reader = CandleReader(self._rest.market, self._edge)
        return [
            CandleTail(
                symbol, span, reader=reader, edge=self._edge, now=self._rest.time.now, put=self.market.put,
                draw=self._draw,
            )
            for symbol in symbols
            for span in self._spans
        ]  # fmt: skip

    async def _lasting(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` for ever: where a fault of ours ends it, both feeds say that something was lost, and it goes on."""
        while True:
            try:
                await work()
            except Exception as error:  # supervision point: no fault of one message ends the feed
                why = f"{name} broke down ({named(error)}) and is begun anew"
                self._observer.reconnect(self._clock.now(), why)
                self._market_standing.stumbled(why)
                self._account_standing.stumbled(why)
            else:
                return
            await asyncio.sleep(AGAIN)

    async def _take_all(self) -> None:
        async for message in self._mailbox:
            self._take(message)

    def _take(self, message: FeedMessage) -> None:
        if isinstance(message, Heard):
            taker = self._takers.get(type(message.data)) or self._takers.get(message.topic.base)
            if taker is not None:
                taker(message.topic, message.data)
            return
        if message.topic in MODE_TOPICS:
            return
        standing = self._account_standing if message.topic.private else self._market_standing
        if isinstance(message, TopicLive):
            standing.live(message.topic)
        elif isinstance(message, TopicLost):
            standing.lost(message.topic, message.why)
        else:
            standing.refused(message.topic, message.why)

    def _all_takers(self) -> dict[object, Callable[[Topic, Any], object]]:
        """Return who takes which data; what is not among them is not needed."""
        told, prices, settlements = self._told, self._prices, self._readings.settlements
        return {
            wire.TickerPush: lambda _, data: prices.ticker(data),
            wire.MarkIndex: lambda topic, data: prices.mark(topic.symbol, data),
            wire.CandlePush: lambda topic, data: self._tails[topic.name].pushed(data),
            wire.OrderChange: lambda _, data: told.order(data),
            wire.StopChange: lambda _, data: told.stop(data),
            wire.WalletChange: lambda _, data: told.wallet(data),
            wire.PositionChange: lambda _, data: self._position(data),
            wire.PositionSettled: lambda _, data: settlements.settled(data.symbol),
            "/contract/marginMode": lambda _, data: self._margin_modes(data),
            "/contract/crossLeverage": lambda _, data: self._cross_leverages(data),
        }

    def _position(self, change: wire.PositionChange) -> None:
        if symbol := self._told.position(change):
            self._readings.settlements.held(symbol)

    def _margin_modes(self, modes: wire.MarginModes) -> None:
        self._modes.margin_changed({symbol: margin_mode(word) for symbol, word in modes.items()})

    def _cross_leverages(self, leverages: wire.CrossLeverages) -> None:
        for symbol, told in leverages.items():
            self._modes.leverage_changed(symbol, told.leverage)

    async def _read_market(self) -> None:
        """Read the last prices; the candles look after themselves."""
        for symbol in self._listing.traded:
            self._prices.ticker(await self._rest.market.ticker(symbol))

    async def _read_account(self) -> None:
        """Read what may have been missed, and tell all of it: what was told before is known to whoever hears it."""
        readings = self._readings
        orders = [*await readings.open_orders(), *await readings.ended_orders()]
        fills = [fill for fill in await readings.recent_fills() if fill.at >= self._began_at]
        positions, account = await readings.positions(), await readings.account()
        self._fills.tell(fills)
        self._told.all_shown(positions)
        self._told.tell([*orders, account, *await readings.funding(self._began_at)])


def _candles(tail: CandleTail) -> Topic:
    return next(topic for topic in market_topics([tail.symbol], [tail.span]) if topic.base.endswith("limitCandle"))
