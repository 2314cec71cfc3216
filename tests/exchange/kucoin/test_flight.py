"""The whole engine on the adapter before the simulated exchange: what it believes is what the venue holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from radtui.core.facts import Envelope
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.market import MINUTE, SECOND
from radtui.core.orders import Purpose
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.exchange.kucoin.adapter import KucoinExchange
from radtui.exchange.kucoin.config import KucoinConfig
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Transient
from radtui.resilience.virtual import run_virtual
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.loopback import Loopback
from radtui.simserver.wirefaults import WireFault, WireFaults
from radtui.store.memory import MemoryJournal
from radtui.venue.model import SeededMarket
from tests.engine.flights import Turner, core_config

EPOCH = 1_767_225_600 * SECOND
SYMBOLS = ("XBTUSDTM", "ETHUSDTM")
BAD_WIRE = {
    WireFault.SLOW: 60.0,
    WireFault.LOST: 0.01,
    WireFault.LOST_AFTER: 0.01,
    WireFault.TWICE: 0.02,
    WireFault.ERROR: 0.02,
    WireFault.ERROR_AFTER: 0.01,
    WireFault.HTML: 0.01,
    WireFault.GAP: 0.01,
    WireFault.DUPLICATE: 0.01,
    WireFault.REORDER: 0.01,
    WireFault.GARBAGE: 0.005,
    WireFault.CUT: 0.0005,
    WireFault.HALF_OPEN: 0.0002,
    WireFault.EXPIRED: 0.05,
}


class Flight:
    """One engine in the air."""

    def __init__(
        self,
        network: Loopback,
        clock: LoopClock,
        seed: int,
        journal: MemoryJournal | None = None,
        symbols: tuple[str, ...] = SYMBOLS,
    ) -> None:
        self.network, self.clock, self.symbols = network, clock, symbols
        self.alone = True  # nobody else's trades moved the account's money
        self.venue, self.faults = network.venue, network.exchange.faults.figures
        self.journal = journal or MemoryJournal()
        self.health, self.facts = HealthMonitor(clock), list[Envelope]()
        key = seeded_key(7)
        self.exchange = KucoinExchange(
            KucoinConfig(symbols=symbols, spans=(MINUTE,)),
            Credentials(key.key, key.secret, key.passphrase),
            clock=clock,
            observer=self.health.calls,
            random=Random(seed),
            transport=network,
            connector=network,
        )
        core = core_config(clock.now(), speed=1, stale_after=60 * SECOND, symbols=symbols)
        self.engine = Engine(
            EngineConfig(core=core, warmup=30, virtual=True, autostart=True),
            self.exchange,
            self.journal,
            self.health,
            clock,
            Turner,
            seed=seed,
        )
        self.engine.bulletin.watch(self.facts.append)
        self.core = self.engine.core
        self.task = asyncio.create_task(self.engine.run())

    async def until(self, true: Callable[[], Any], within: float = 120.0) -> None:
        """Wait until `true`."""
        began = self.clock.monotonic()
        while not true():
            assert self.clock.monotonic() - began < within * SECOND, f"not within {within} s"
            await asyncio.sleep(0.05)

    async def ask(self, ask: Ask, *, foreign: bool = False) -> Any:
        """Tell the engine and wait for the receipt."""
        asked = self.engine.tell(ask, who="test", foreign=foreign)
        await self.until(lambda: asked in self.engine.bulletin.receipts, 600.0)
        return self.engine.bulletin.receipts[asked]

    async def running(self) -> None:
        """Wait until it has recovered and trades."""
        await self.until(lambda: self.core.control.state is State.RUNNING)

    async def crash(self) -> Flight:
        """Kill it where it is, and return the next life on the same journal."""
        self.journal.crash()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        return Flight(self.network, self.clock, 1, self.journal.reopen(), self.symbols)

    async def land(self) -> None:
        """Let the wire be whole again, come to rest, compare, and end."""
        self.faults.clear()
        await self.ask(Ask.PAUSE)
        await asyncio.sleep(60)
        self.check()
        await self.ask(Ask.STOP)
        await self.ask(Ask.SHUTDOWN)
        await asyncio.wait_for(self.task, 60)

    def check(self) -> None:
        """Compare the books with the venue's: positions, stops, orders, ids and the money to the last digit."""
        trading, resting = self.core.trading, self.venue.open_orders()
        held = {symbol: position.lots for symbol, position in trading.positions.open.items()}
        assert held == {position.symbol: position.lots for position in self.venue.positions()}
        assert {order.symbol for order in resting if order.waits and order.close_order} == held.keys()
        assert {order.client_id for order in trading.orders.live()} == {order.client_id for order in resting}
        assert not trading.orders.unsettled
        if not self.alone:
            return
        money = self.engine.snapshot().money
        assert money.identity == 0, f"off by {money.identity}"
        truth = self.venue.account()
        assert trading.purse.account is not None
        assert trading.purse.account.wallet == truth.wallet


Story = Callable[[Flight], Awaitable[Flight]]


def fly(
    story: Story,
    seed: int = 1,
    *,
    symbols: tuple[str, ...] = SYMBOLS,
    before: Callable[[Loopback], None] = lambda network: None,
) -> Flight:
    """Fly as `story` says, land, and return the last life for what it told; `before` prepares the account."""

    async def main() -> Flight:
        clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        exchange = open_exchange(
            SeededMarket(SYMBOLS, seed=seed, start=clock.now()),
            [seeded_key(7)],
            now=clock.now,
            seed=seed,
            balances={"USDT": Decimal(10_000)},
            warmup=60,
            faults=WireFaults(seed),
        )
        async with Loopback(exchange, turn=1.0) as network:
            before(network)
            flight = Flight(network, clock, seed, symbols=symbols)
            await flight.running()
            flight = await story(flight)
            await flight.land()
            ids = [order.client_id for order in network.venue.done_orders()]
            assert len(ids) == len(set(ids)), "an intent was accepted twice"
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"left behind: {left}"
        return flight

    return run_virtual(main())


def entries(flight: Flight) -> int:
    return len([order for order in flight.core.trading.orders.all() if order.purpose is Purpose.ENTRY])


@pytest.mark.long
def test_ten_minutes_on_a_good_wire():
    async def story(flight: Flight) -> Flight:
        await asyncio.sleep(600)
        return flight

    flight = fly(story)
    assert entries(flight) >= 4
    calls = {view.name: view.calls for view in flight.health.api_view().endpoints}
    assert not calls.get("orders.get"), "whose a fill is was told by its push"
    used = 2000 - min(pool.remaining for pool in flight.exchange.link().pools if pool.name == "futures")
    assert used < 25 * 30


@pytest.mark.parametrize("seed", [2, pytest.param(3, marks=pytest.mark.long)])
def test_a_bad_wire(seed):
    async def story(flight: Flight) -> Flight:
        flight.faults.update(BAD_WIRE)
        await asyncio.sleep(700)
        return flight

    assert entries(fly(story, seed)) >= 2


def test_outages_of_a_minute():
    async def story(flight: Flight) -> Flight:
        for _ in range(3):
            await asyncio.sleep(100)
            flight.network.down = True
            await asyncio.sleep(55)
            flight.network.down = False
        await asyncio.sleep(100)
        return flight

    assert entries(fly(story)) >= 2


def test_a_start_without_a_feed_recovers_and_protects_and_enters_nothing():
    async def story(flight: Flight) -> Flight:
        await flight.until(lambda: flight.venue.positions() and not flight.core.trading.exposed(), 600)
        connect = flight.network.connect

        async def refuse(url: str) -> Any:
            raise Transient("No connection to the feed: refused.")

        flight.network.connect = refuse
        later = await flight.crash()
        for order in later.venue.open_orders():
            later.venue.cancel(order.symbol, order.client_id)
        await later.until(lambda: later.core.recovered and not later.core.trading.exposed(), 20)
        assert {order.symbol for order in later.venue.open_orders() if order.waits} == {
            position.symbol for position in later.venue.positions()
        }
        await asyncio.sleep(120)
        assert {"market feed", "account feed"} <= later.core.conditions.feeds_lost.keys()
        assert not later.core.trading.orders.live(Purpose.ENTRY)
        later.network.connect = connect
        await later.until(lambda: not later.core.conditions.feeds_lost, 120)
        return later

    fly(story)


def test_crashes_with_positions_open():
    async def story(flight: Flight) -> Flight:
        for _ in range(3):
            flight.faults.update(BAD_WIRE)
            await flight.until(flight.venue.positions, 600)
            await asyncio.sleep(7)
            flight = await flight.crash()
            await asyncio.sleep(20)
            await flight.running()
        return flight

    fly(story, 5)
