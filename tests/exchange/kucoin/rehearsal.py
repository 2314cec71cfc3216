"""The adapter before the whole simulated exchange, in memory and in virtual time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from radtui.core.market import MINUTE, SECOND, Candle, Ticked
from radtui.core.order import Cross, OrderRequest, OrderType, Side, Trigger
from radtui.exchange.kucoin.adapter import KucoinExchange
from radtui.exchange.kucoin.config import KucoinConfig
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.loopback import Loopback
from radtui.simserver.wirefaults import WireFault, WireFaults
from radtui.venue.model import SeededMarket

T = TypeVar("T")
EPOCH = 1_767_225_600 * SECOND
SYMBOLS = ("XBTUSDTM", "ETHUSDTM")


class Heard:
    """Notes what both feeds and the observer tell."""

    def __init__(self) -> None:
        self.market: list[Any] = []
        self.account: list[Any] = []
        self.calls: Counter[str] = Counter()
        self.failures: list[tuple[str, str]] = []
        self.reconnects: list[str] = []

    def call(self, endpoint: str, ended_at: int, nanoseconds: int, failure: str = "") -> None:
        self.calls[endpoint] += 1
        if failure:
            self.failures.append((endpoint, failure))

    def topic(self, name: str, at: int) -> None: ...

    def reconnect(self, at: int, why: str) -> None:
        self.reconnects.append(why)

    def of(self, kind: type[T]) -> list[T]:
        """Return what was told of one kind, in order."""
        return [message for message in [*self.market, *self.account] if isinstance(message, kind)]


class Stage:
    """One adapter, one exchange, one network between them."""

    def __init__(self, network: Loopback, clock: LoopClock, secret: str = "", **config: Any) -> None:
        self.network, self.clock, self.heard = network, clock, Heard()
        key = seeded_key(7)
        self.exchange = KucoinExchange(
            KucoinConfig(**{"symbols": SYMBOLS, "spans": (MINUTE,), **config}),
            Credentials(key.key, secret or key.secret, key.passphrase),
            clock=clock,
            observer=self.heard,
            random=Random(1),
            transport=network,
            connector=network,
        )
        self.listening: list[asyncio.Task[None]] = []

    @property
    def venue(self) -> Any:
        return self.network.venue

    @property
    def faults(self) -> dict[WireFault, float]:
        return self.network.exchange.faults.figures

    async def open(self) -> None:
        """Open it and listen to both feeds."""
        await self.exchange.open()
        self.listening = [asyncio.create_task(self._market()), asyncio.create_task(self._account())]

    async def close(self) -> None:
        """Close it; both iterations end by that."""
        await self.exchange.close()
        await asyncio.gather(*self.listening)

    async def until(self, true: Callable[[], Any], within: float = 30.0) -> float:
        """Wait until `true`, and return the seconds it took."""
        began = self.clock.monotonic()
        while not true():
            assert self.clock.monotonic() - began < within * SECOND, f"not within {within} s"
            await asyncio.sleep(0.01)
        return (self.clock.monotonic() - began) / SECOND

    def ticks(self) -> list[Ticked]:
        return self.heard.of(Ticked)

    def candles(self, symbol: str = SYMBOLS[0]) -> list[Candle]:
        return [candle for candle in self.heard.of(Candle) if candle.symbol == symbol]

    async def _market(self) -> None:
        async for message in self.exchange.market_feed():
            self.heard.market.append(message)

    async def _account(self) -> None:
        async for message in self.exchange.account_feed():
            self.heard.account.append(message)


def rehearse(
    story: Callable[[Stage], Awaitable[T]],
    *,
    faults: dict[WireFault, float] | None = None,
    speed: float = 1.0,
    opened: bool = True,
    secret: str = "",
    start: int = EPOCH,
    turn: float = 0.1,
    **config: Any,
) -> T:
    """Live a story, and see that it leaves no task behind."""

    async def main() -> T:
        clock = LoopClock(asyncio.get_running_loop(), start)
        exchange = open_exchange(
            SeededMarket(SYMBOLS, seed=7, start=clock.now()),
            [seeded_key(7)],
            now=clock.now,
            speed=speed,
            seed=7,
            balances={"USDT": Decimal(10_000)},
            warmup=60,
            faults=WireFaults(7, faults or {}),
        )
        async with Loopback(exchange, turn=turn) as network:
            stage = Stage(network, clock, secret, **config)
            if opened:
                await stage.open()
            told = await story(stage)
            began = clock.monotonic()
            await stage.close()
            assert clock.monotonic() - began < 5 * SECOND
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"left behind: {left}"
        return told

    return run_virtual(main())


def order(client_id: str = "b-1", lots: int = 3, side: Side = Side.BUY, **told: Any) -> OrderRequest:
    """Return a market order of the first symbol."""
    usual: dict[str, Any] = {"symbol": SYMBOLS[0], "type": OrderType.MARKET, "leverage": 3}
    return OrderRequest(client_id=client_id, lots=lots, side=side, **{**usual, **told})


def closing(client_id: str = "b-9", side: Side = Side.SELL, stop: Trigger | None = None) -> OrderRequest:
    """Return an order, or with a trigger a stop, that closes the position."""
    return order(client_id, 0, side, leverage=0, close_order=True, stop=stop)


def below(stage: Stage, share: str = "0.97") -> Trigger:
    """Return a trigger below the market."""
    instrument = next(i for i in stage.venue.instruments if i.symbol == SYMBOLS[0])
    last = stage.venue.prices(SYMBOLS[0]).last
    return Trigger(Cross.DOWN, instrument.below(last * Decimal(share)))
