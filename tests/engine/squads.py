"""Several bots on one paper account, on virtual time: the real venue, a journal a bot, one for the account."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from radtui.core.core import Core
from radtui.core.facts import Envelope, Fact
from radtui.core.instruction import Ask, ExitPolicy, Receipt
from radtui.core.instrument import Instrument
from radtui.core.lifecycle import State
from radtui.core.market import MINUTE, SECOND
from radtui.core.money import ZERO
from radtui.core.snapshot import Snapshot
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.engine.local import LocalHandle
from radtui.engine.squad import Making, Squad
from radtui.exchange.paper import PaperExchange
from radtui.exchange.shared.account import SharedAccount
from radtui.exchange.shared.limits import AccountLimits
from radtui.exchange.shared.members import Member, Members
from radtui.exchange.shared.purses import Allotment
from radtui.exchange.shared.share import Share
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.store.memory import MemoryJournal
from radtui.strategies.base import Strategy
from radtui.venue.model import SeededMarket
from radtui.venue.venue import Venue
from tests.engine.flights import EPOCH, WARM, Turner, core_config
from tests.engine.struck import Struck

T = TypeVar("T")
WIDE = AccountLimits(exposure=Decimal(100), margin_share=Decimal(100))
BOTS: dict[str, tuple[str, ...]] = {"alpha": ("XBTUSDTM",), "beta": ("ETHUSDTM",)}


class Account:
    """One account and its bots over all their lives; a life that does not end by itself ends by a crash.

    Args:
        bots: the contracts of each.
        strategies: of each bot; Turner where none is named.
        kept: survives as on disk: a journal a bot, and the account's.
    """

    def __init__(
        self,
        bots: dict[str, tuple[str, ...]] | None = None,
        *,
        strategies: dict[str, Callable[[Instrument], Strategy]] | None = None,
        budgets: dict[str, str] | None = None,
        limits: AccountLimits = WIDE,
        seed: int = 1,
        rates: dict[Any, float] | None = None,
        latency: float = 0.0,
        **core: Any,
    ) -> None:
        self.bots = bots or BOTS
        self.strategies, self.limits, self.seed = strategies or {}, limits, seed
        self.budgets = budgets or dict.fromkeys(self.bots, "0.4")
        self.rates, self.core_told = dict(rates or {}), core
        self.at = EPOCH
        self.venue = self._venue()
        self.journals = {name: MemoryJournal(latency=latency) for name in self.bots}
        self.journal = MemoryJournal(latency=latency)
        self.allotment: Allotment | None = None
        self.facts: list[Envelope] = []

    def live(self, scenario: Callable[[Life], Awaitable[T]]) -> T:
        """Run one life."""

        async def life() -> T:
            flight = Life(self)
            try:
                return await scenario(flight)
            finally:
                await flight.end()

        return run_virtual(life())

    def crash(self, downtime: float = 3.0) -> None:
        """Bring journals and venue to where the next life finds them after a kill -9."""
        self.journals = {name: journal.reopen() for name, journal in self.journals.items()}
        self.journal = self.journal.reopen()
        self.at += round(downtime * SECOND)
        stored = self.journal.paper()
        self.venue = self._venue()
        if stored is not None:
            self.venue.restore(stored.state, stored.candles)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The contracts of all."""
        return tuple(symbol for symbols in self.bots.values() for symbol in symbols)

    def _venue(self) -> Venue:
        market = SeededMarket(self.symbols, seed=self.seed, start=EPOCH)
        return Venue(market, balance=Decimal(10_000), spans=(MINUTE,), warmup=WARM)


class Life:
    """One life of all bots, inside its loop."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.loop = asyncio.get_running_loop()
        self.clock = LoopClock(self.loop, account.at)
        self.health = {name: HealthMonitor(self.clock) for name in account.bots}
        self.faults = Struck(account.seed * 1000, account.rates)
        first = next(iter(self.health.values()))
        self.paper = PaperExchange(
            account.venue,
            clock=self.clock,
            observer=first.calls,
            faults=self.faults,
            speed=1,
            chunk=1.0,
            keep=account.journal.keep_paper,
        )
        members = Members(
            Member(name=name, symbols=symbols, budget=Decimal(account.budgets[name]))
            for name, symbols in account.bots.items()
        )
        self.shared = SharedAccount(
            self.paper,
            members,
            account.limits,
            self.clock,
            settled=account.journal.durable,
            before=account.allotment,
            keep=self._allot,
        )
        self.shares: dict[str, Share] = {}
        self.buried: dict[str, Snapshot] = {}
        self.engines = {name: self._engine(name) for name in account.bots}
        self.taken_up_for: list[Ask] = []
        self.unready: Exception | None = None
        self.handles = {name: LocalHandle(engine.snapshot()) for name, engine in self.engines.items()}
        for name, handle in self.handles.items():
            handle.attach(self.engines[name], self.loop)
        self.squad = Squad(self.engines, self._bury, self._again)
        self.task = asyncio.create_task(self.squad.run())

    def core(self, name: str) -> Core:
        return self.engines[name].core

    def facts(self, name: str, kind: type[Fact]) -> list[Any]:
        """Return what one bot published, over all lives."""
        return [each.fact for each in self.account.facts if each.bot == name and isinstance(each.fact, kind)]

    async def until(self, true: Callable[[], Any], within: float = 1200.0) -> float:
        """Wait until `true`; fail after `within`."""
        began = self.loop.time()
        while not true():
            assert self.loop.time() - began < within, f"not within {within} s"
            await asyncio.sleep(0.05)
        return self.loop.time() - began

    async def ready(self) -> None:
        """Wait until all run."""
        await self.until(lambda: all(self.core(name).control.state is State.RUNNING for name in self.squad.flying))

    async def hold(self, name: str) -> None:
        """Wait until a bot has a position with a stop that rests."""
        held = self.core(name).trading.positions.open
        await self.until(lambda: any(each.bare_since is None for each in held.values()))

    async def ask(self, name: str, ask: Ask, *, exits: ExitPolicy | None = None) -> Receipt:
        """Tell one bot and wait for its receipt."""
        asked = self.engines[name].tell(ask, who="test", exits=exits)
        receipts = self.engines[name].bulletin.receipts
        await self.until(lambda: asked in receipts)
        return receipts[asked]

    def strike(self, name: str, error: Exception) -> None:
        """Kill one engine: what it waits for raises."""
        self.engines[name]._ended._waiters[0].set_exception(error)

    async def calm(self, seconds: float = 60.0) -> None:
        """Let nothing fail any more, stop all that fly, and let it settle."""
        self.faults.mend()
        for name in self.squad.flying:
            if self.core(name).control.state in {State.RUNNING, State.PAUSED, State.ERROR}:
                await self.ask(name, Ask.STOP)
        await asyncio.sleep(seconds)

    def check(self) -> None:
        """Compare all books with the exchange: positions, stops, orders, and the money to the last digit."""
        venue = self.account.venue
        shown = {position.symbol: position.lots for position in venue.positions()}
        books: dict[str, int] = {}
        brought = ZERO
        for name in self.account.bots:
            trading, sums = self.core(name).trading, self.core(name).trading.purse.sums
            assert self.engines[name].snapshot().money.identity == 0, name
            assert set(trading.positions.open) <= set(self.account.bots[name])
            books |= {symbol: held.lots for symbol, held in trading.positions.open.items()}
            brought += sums.realised - sums.fees + sums.funding
        assert books == shown
        assert venue.account().wallet == 10_000 + brought
        resting = venue.open_orders()
        assert {order.symbol for order in resting if order.waits and order.close_order} >= shown.keys()
        for order in resting:
            assert order.symbol in self.account.bots[order.client_id.partition("-")[0]]

    async def end(self) -> None:
        """Abandon the loop: nothing that is still queued becomes durable."""
        if not self.task.done():
            for journal in (*self.account.journals.values(), self.account.journal):
                journal.crash()
        self.account.at = self.clock.now()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def send(self, name: str, ask: Ask) -> Receipt:
        """Tell a bot through its door and wait for its receipt."""
        handle = self.handles[name]
        id_ = handle.send(ask, who="test").id
        await self.until(lambda: handle.receipt(id_) is not None)
        receipt = handle.receipt(id_)
        assert receipt is not None
        return receipt

    def _engine(self, name: str, *, autostart: bool = True) -> Engine:
        self.health[name] = HealthMonitor(self.clock)
        share = Share(self.shared, name, clock=self.clock, observer=self.health[name].calls)
        told = {"bot": name, "symbols": self.account.bots[name], "stale_after": 60 * SECOND, **self.account.core_told}
        config = EngineConfig(
            core=core_config(self.clock.now(), **told),
            warmup=WARM,
            virtual=True,
            autostart=autostart,
            pulse=5.0,
            position_interval=4.0,
        )
        engine = Engine(
            config,
            share,
            self.account.journals[name],
            self.health[name],
            self.clock,
            self.account.strategies.get(name, Turner),
            seed=self.account.seed,
        )
        share.follow(engine.core)
        engine.bulletin.watch(share.heard)
        engine.bulletin.watch(self.account.facts.append)
        self.shares[name] = share
        return engine

    def _bury(self, name: str, seen: Snapshot) -> None:
        self.buried[name] = seen
        self.handles[name].bury(seen, lambda ask: self.loop.call_soon_threadsafe(self.squad.take_up, name, ask))

    async def _again(self, name: str, ask: Ask) -> Making:
        """Open the journal anew, which takes a while."""
        self.taken_up_for.append(ask)
        self.account.journals[name] = self.account.journals[name].reopen()
        await asyncio.sleep(0.2)

        def make() -> Engine:
            if self.unready is not None:
                raise self.unready
            engine = self.engines[name] = self._engine(name, autostart=ask is Ask.STOP)
            self.handles[name].attach(engine, self.loop)
            return engine

        return make

    def _allot(self, allotment: Allotment) -> None:
        self.account.allotment = msgspec.msgpack.decode(msgspec.msgpack.encode(allotment), type=Allotment)
