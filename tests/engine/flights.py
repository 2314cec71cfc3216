"""One engine put together as headless does it, on virtual time: the real venue, a journal in memory, faults at will.

A `Bot` lives several lives: each is one event loop, which a crash abandons. What survives is what the journal made
durable, and the exchange: as it stood in the journal (paper) or as it went on by itself (like a real one).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from radtui.core.config import CoreConfig, Limits
from radtui.core.facts import Envelope, Fact, OrderChanged
from radtui.core.instruction import Ask, ExitPolicy, Receipt
from radtui.core.instrument import Instrument
from radtui.core.lifecycle import State
from radtui.core.market import MINUTE, SECOND, Candle
from radtui.core.order import OrderReport, OrderRequest
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.signal import HOLD, Signal
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.exchange.paper import PaperExchange
from radtui.exchange.port import Exchange
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock, LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.store.memory import MemoryJournal
from radtui.strategies.base import Strategy, View
from radtui.venue.faults import Fault, FaultPlan
from radtui.venue.model import SeededMarket
from radtui.venue.venue import Venue
from tests.engine.struck import Struck

T = TypeVar("T")
Scenario = Callable[["Flight"], Awaitable[T]]

EPOCH = 1_767_225_600 * SECOND
SYMBOLS = ("XBTUSDTM", "ETHUSDTM")
WARM = 30
UNCHECKED = Limits(losing_streak=1_000, drawdown=Decimal(1), daily_loss=Decimal(1), entries_per_minute=1_000)
"""No breaker trips: what a flight is about is not how well it trades."""
LEAN: dict[str, Any] = {"engine": {"pulse": 5.0, "position_interval": 4.0}, "chunk": 1.0}
"""Looks seldom, so that long flights are short."""
EVERYTHING = {
    Fault.ERROR: 0.08,
    Fault.RATE_LIMIT: 0.04,
    Fault.TIMEOUT_BEFORE: 0.04,
    Fault.TIMEOUT_AFTER: 0.06,
    Fault.SILENCE: 0.002,
    Fault.GAP: 0.003,
}


class Turner:
    """A strategy that turns its position round every `every` candles: many trades in little time."""

    name = "turner"
    timeframe = "1m"
    warmup = 1
    every = 3

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Buy, hold, …, sell, hold, …"""
        turn, beat = divmod(candle.closed_at // MINUTE, self.every)
        return HOLD if beat else lean(candle, buy=bool(turn % 2))


class Buyer(Turner):
    """Buys at every candle."""

    name = "buyer"

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Buy."""
        return lean(candle, buy=True)


class Idle(Turner):
    """Never wants anything."""

    name = "idle"

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Hold."""
        return HOLD


def lean(candle: Candle, *, buy: bool) -> Signal:
    """Return a confident signal with the default stop."""
    return Signal(buy=float(buy), sell=float(not buy), hold=0.0, confidence=0.9, reason=f"turn at {candle.close}")


class Ledgered(Venue):
    """A venue that writes down every placement that reached it, and how often the same id came."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.accepted: Counter[str] = Counter()
        self.arrived: Counter[str] = Counter()
        super().__init__(*args, **options)

    def place(self, request: OrderRequest) -> OrderReport:
        self.arrived[request.client_id] += 1
        report = super().place(request)
        self.accepted[request.client_id] += 1
        return report


def core_config(boot: int = EPOCH, **changed: Any) -> CoreConfig:
    """Return a bot that decides each minute."""
    told: dict[str, Any] = {"bot": "t", "timeframe": "1m", "symbols": SYMBOLS, "limits": UNCHECKED}
    return CoreConfig(boot=boot, **{**told, **changed})


class Bot:
    """One bot over all its lives.

    Args:
        rates: chance of each fault at every place.
        outlives: the exchange goes on while the bot is dead; else it comes back from the journal.
        latency: seconds of a journal's commit.
        chunk: wall seconds between two looks of the exchange at its market.
        start: where both clocks begin, nanoseconds UTC.

    Attributes:
        facts: all that was published, over all lives.
        premature: entries that were sent before recovery was done.
        accepted, arrived: how often each client id was accepted by the exchange, and came to it.
    """

    def __init__(
        self,
        strategy: Callable[[Instrument], Strategy] = Turner,
        *,
        seed: int = 1,
        speed: int = 1,
        rates: dict[Fault, float] | None = None,
        outlives: bool = False,
        latency: float = 0.0,
        chunk: float = 0.1,
        autostart: bool = True,
        start: int = EPOCH,
        exchange: type[PaperExchange] = PaperExchange,
        engine: dict[str, Any] | None = None,
        **core: Any,
    ) -> None:
        self.strategy, self.seed, self.speed, self.rates = strategy, seed, speed, dict(rates or {})
        self.outlives, self.latency, self.autostart, self.exchange = outlives, latency, autostart, exchange
        self.chunk = chunk
        self.engine_told, self.core_told = engine or {}, core
        self.at = self.start = start
        self.venue = self._venue()
        self.accepted: Counter[str] = self.venue.accepted
        self.arrived: Counter[str] = self.venue.arrived
        self.journal = MemoryJournal(latency=latency)
        self.facts: list[Envelope] = []
        self.premature: list[str] = []
        self.lives = 0

    def live(self, scenario: Scenario[T]) -> T:
        """Run one life to the end of `scenario`; whoever does not shut down, crashes there."""

        async def life() -> T:
            flight = Flight(self)
            try:
                return await scenario(flight)
            finally:
                await flight.end()

        return run_virtual(life())

    def crash(self, downtime: float = 3.0) -> None:
        """Bring the exchange and the journal to where the next life finds them."""
        self.journal = self.journal.reopen()
        self.at += round(downtime * SECOND)
        if self.outlives:
            self.venue.advance(self.venue.now + round(downtime * SECOND) * self.speed)
            return
        stored = self.journal.paper()
        self.venue = self._venue()
        self.venue.accepted, self.venue.arrived = self.accepted, self.arrived
        if stored is not None:
            self.venue.restore(stored.state, stored.candles)

    def paper(self, clock: Clock, health: HealthMonitor, faults: FaultPlan) -> PaperExchange:
        """Return the exchange of a life."""
        return self.exchange(
            self.venue,
            clock=clock,
            observer=health.calls,
            faults=faults,
            speed=self.speed,
            chunk=self.chunk,
            keep=self.journal.keep_paper,
        )

    def build(self, clock: Clock, health: HealthMonitor, exchange: Exchange, *, virtual: bool = True) -> Engine:
        """Return the engine of a life."""
        core = core_config(clock.now(), **{"speed": self.speed, "stale_after": 60 * SECOND, **self.core_told})
        told: dict[str, Any] = {"warmup": WARM, "virtual": virtual, "autostart": self.autostart, **self.engine_told}
        return Engine(
            EngineConfig(core=core, **told),
            exchange,
            self.journal,
            health,
            clock,
            self.strategy,
            seed=self.seed,
            fresh=not self.outlives and self.lives > 1 and self.journal.paper() is None,
        )

    def _venue(self) -> Ledgered:
        market = SeededMarket(SYMBOLS, seed=self.seed, start=self.start)
        return Ledgered(market, balance=Decimal(10_000), spans=(MINUTE,), warmup=WARM)


class Flight:
    """One life of a bot, inside its loop."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        bot.lives += 1
        self.loop = asyncio.get_running_loop()
        self.clock = LoopClock(self.loop, bot.at)
        self.health = HealthMonitor(self.clock)
        self.faults = Struck(bot.seed * 1000 + bot.lives, bot.rates)
        self.paper = bot.paper(self.clock, self.health, self.faults)
        self.engine = bot.build(self.clock, self.health, self.paper)
        self.engine.bulletin.watch(self._note)
        self.core = self.engine.core
        self.task = asyncio.create_task(self.engine.run())

    @property
    def venue(self) -> Ledgered:
        return self.bot.venue

    @property
    def state(self) -> State:
        return self.core.control.state

    def facts(self, kind: type[Fact]) -> list[Any]:
        """Return what was published so far of one kind, over all lives."""
        return [envelope.fact for envelope in self.bot.facts if isinstance(envelope.fact, kind)]

    def calls(self, endpoint: str) -> int:
        """Return how often an endpoint was called."""
        return sum(view.calls for view in self.health.api_view().endpoints if view.name == endpoint)

    def orders(self, purpose: Purpose) -> list[Order]:
        """Return the orders in memory of one purpose, oldest first."""
        return [order for order in self.core.trading.orders.all() if order.purpose is purpose]

    def entries(self) -> list[Order]:
        """Return the entries in memory, oldest first."""
        return self.orders(Purpose.ENTRY)

    async def until(self, true: Callable[[], Any], within: float = 600.0, every: float = 0.02) -> float:
        """Wait until `true`, looked at `every` so many seconds, and return the seconds it took; fail after `within`."""
        began = self.loop.time()
        while not true():
            assert self.loop.time() - began < within, f"not within {within} s"
            await asyncio.sleep(every)
        return self.loop.time() - began

    async def ready(self) -> None:
        """Wait until the bot runs (or, where it does not start itself, has recovered) and hears the market."""
        await self.until(lambda: self.core.recovered and self.core.trading.positions.marks)
        if self.bot.autostart:
            await self.until(lambda: self.state is State.RUNNING)

    async def hold(self, symbol: str = SYMBOLS[0]) -> None:
        """Wait until there is a position with a stop that rests."""
        held = self.core.trading.positions.open
        await self.until(lambda: symbol in held and held[symbol].bare_since is None)

    async def ask(self, ask: Ask, *, exits: ExitPolicy | None = None, within: float = 600.0) -> Receipt:
        """Tell the engine and wait for the receipt."""
        asked = self.engine.tell(ask, who="test", exits=exits)
        receipts = self.engine.bulletin.receipts
        await self.until(lambda: asked in receipts, within)
        return receipts[asked]

    def heal(self) -> None:
        """Let nothing fail any more."""
        self.faults.mend()

    async def calm(self, seconds: float = 90.0) -> None:
        """Let nothing fail any more, and time pass until everything is settled."""
        self.heal()
        if self.state in {State.RUNNING, State.PAUSED, State.ERROR}:
            await self.ask(Ask.STOP)
        await asyncio.sleep(seconds)

    async def end(self) -> None:
        """Abandon the loop: nothing that is still queued becomes durable."""
        if not self.task.done():
            self.bot.journal.crash()
        self.bot.at = self.clock.now()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    def check(self) -> None:
        """Compare the books with the exchange: the money to the last digit, positions, stops, orders and ids."""
        venue, trading, snapshot = self.venue, self.core.trading, self.engine.snapshot()
        assert self.core.recovered
        assert not trading.orders.unsettled
        shown = {position.symbol: position.lots for position in venue.positions()}
        assert {symbol: held.lots for symbol, held in trading.positions.open.items()} == shown
        assert snapshot.money.identity == 0, f"off by {snapshot.money.identity}"
        resting = venue.open_orders()
        stops = {order.symbol for order in resting if order.waits and order.close_order}
        assert stops >= shown.keys(), f"no stop rests for {shown.keys() - stops}"
        assert {order.symbol for order in resting} <= shown.keys(), "an order rests where there is no position"
        assert {order.client_id for order in trading.orders.live()} == {order.client_id for order in resting}
        assert not self.bot.premature, "sent before recovery"
        twice = [client_id for client_id, times in self.bot.arrived.items() if times > 1]
        assert not twice, f"sent twice: {twice}"

    def _note(self, envelope: Envelope) -> None:
        self.bot.facts.append(envelope)
        fact = envelope.fact
        if isinstance(fact, OrderChanged) and not self.core.recovered:
            order = fact.order
            if order.purpose is Purpose.ENTRY and order.state is OrderState.SENT:
                self.bot.premature.append(order.client_id)


def fly(scenario: Scenario[T], strategy: Callable[[Instrument], Strategy] = Turner, **told: Any) -> T:
    """Run one life of a bot."""
    return Bot(strategy, **told).live(scenario)


def moves(facts: Sequence[Envelope]) -> list[str]:
    """Return the states a bot went through."""
    return [str(envelope.fact.move.target) for envelope in facts if hasattr(envelope.fact, "move")]
