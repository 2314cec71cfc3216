"""The two feeds: the market's and the account's messages, carried to core and to the strategies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.events import (
    AccountReported,
    Event,
    FeedChanged,
    FillReported,
    FundingReported,
    Measured,
    OrderReported,
    PositionReported,
    PriceMoved,
)
from radtui.core.market import TIMEFRAMES, Candle, Ticked
from radtui.core.order import Fill, OrderReport
from radtui.engine.config import EngineConfig
from radtui.engine.signals import Signals
from radtui.engine.tape import MarketTape
from radtui.exchange.port import Exchange, FeedBack, FeedLost
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.strategies.measuring import measure

MARKET: Final = "market feed"
ACCOUNT: Final = "account feed"
_BEAT: Final = 5.0
"""A worker that only waits beats this often, in seconds."""
_WARM_WITHIN: Final = 30.0
"""Seconds after which a history without an answer is given up; the supervisor has it asked for again."""


class Feeds:
    """Carries the market's and the account's messages to core and to the strategies."""

    def __init__(
        self,
        exchange: Exchange,
        signals: Signals,
        clock: Clock,
        health: HealthMonitor,
        config: EngineConfig,
        *,
        feed: Callable[[Event], None],
        candle_closed: Callable[[], None],
        tape: MarketTape | None = None,
    ) -> None:
        self._exchange = exchange
        self._signals = signals
        self._clock = clock
        self._health = health
        self._config = config
        self._feed = feed
        self._candle_closed = candle_closed
        self._tape = tape or MarketTape()

    async def market(self) -> None:
        """Warm the strategies up, then follow the market."""
        await self._warm()
        self._feed(FeedChanged(self._clock.now(), MARKET, ""))
        async for message in self._exchange.market_feed():
            self._health.beat(MARKET)
            if isinstance(message, FeedBack):
                await self._warm()  # candles may be missing: the strategies start again from whole history
            self._market_message(message)

    async def account(self) -> None:
        """Follow the account."""
        self._feed(FeedChanged(self._clock.now(), ACCOUNT, ""))
        async with _Beating(self._health, ACCOUNT):
            async for message in self._exchange.account_feed():
                self._account_message(message)

    async def _warm(self) -> None:
        span = TIMEFRAMES[self._config.core.timeframe]
        async with asyncio.timeout(_WARM_WITHIN):
            instruments = await self._exchange.instruments()
            histories = await asyncio.gather(
                *(self._exchange.candles(i.symbol, span, self._config.warmup) for i in instruments)
            )
        self._signals.equip(instruments)
        for history in histories:
            self._signals.warm(history)
            self._tape.warm(history)
            if history:
                self._measure(history[0].symbol)

    def _market_message(self, message: Any) -> None:
        match message:
            case Ticked(symbol, price, at, bid, ask):
                self._tape.ticked(message, self._clock.now())
                self._feed(PriceMoved(self._clock.now(), symbol, price, at, bid, ask))
            case Candle():
                if message.span == TIMEFRAMES[self._config.core.timeframe]:
                    self._signals.closed(message)
                    self._tape.closed(message)
                    self._measure(message.symbol)
                    self._candle_closed()
            case FeedLost(why):
                self._feed(FeedChanged(self._clock.now(), MARKET, why))
            case FeedBack():
                self._feed(FeedChanged(self._clock.now(), MARKET, ""))

    def _measure(self, symbol: str) -> None:
        measures = measure(self._tape.candles(symbol))
        if measures is not None:
            self._feed(Measured(self._clock.now(), symbol, measures))

    def _account_message(self, message: Any) -> None:
        now = self._clock.now()
        match message:
            case Fill():
                self._feed(FillReported(now, message))
            case OrderReport():
                self._feed(OrderReported(now, message))
            case PositionReport():
                self._feed(PositionReported(now, message))
            case AccountReport():
                self._feed(AccountReported(now, message))
            case FundingPaid():
                self._feed(FundingReported(now, message))
            case FeedLost(why):
                self._feed(FeedChanged(now, ACCOUNT, why))
            case FeedBack():
                self._feed(FeedChanged(now, ACCOUNT, ""))


class _Beating:
    """Beats for a worker that waits for messages, as long as it waits."""

    def __init__(self, health: HealthMonitor, name: str) -> None:
        self._health = health
        self._name = name
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._beat())

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            self._health.beat(self._name)
            await asyncio.sleep(_BEAT)
