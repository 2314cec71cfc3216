"""One life of the engine in a world: put together as the program does it, on the real adapter."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from radtui.core.commands import Command
from radtui.core.config import CoreConfig, Limits
from radtui.core.events import Event
from radtui.core.exit_terms import LADDER, ExitTerms
from radtui.core.facts import Envelope
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.instrument import Instrument
from radtui.core.lifecycle import State
from radtui.core.market import MINUTE, SECOND
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.exchange.kucoin.adapter import KucoinExchange
from radtui.exchange.kucoin.config import KucoinConfig
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.health.monitor import HealthMonitor
from radtui.simserver.access import seeded_key
from radtui.simserver.explore import recorded
from radtui.simserver.explore.clocks import MachineClock
from radtui.simserver.explore.landing import Landing
from radtui.simserver.explore.strategy import Restless
from radtui.simserver.explore.wire import Wire

if TYPE_CHECKING:
    from radtui.simserver.explore.world import World

SYMBOLS: Final = ("XBTUSDTM", "ETHUSDTM")
HURRIED: Final = ExitTerms(
    trailing=Decimal("0.002"),
    trailing_least=Decimal("0.001"),
    break_even=Decimal("0.0015"),
    ladder=LADDER,
    stall_after=2 * MINUTE,
    stall_stop=Decimal("0.002"),
    longest=5 * MINUTE,
)
"""Every exit rule, with figures that are met within minutes: stops are moved all the time."""
SETUP: Final = CoreConfig(
    bot="x",
    boot=0,
    mode="live",
    timeframe="1m",
    symbols=SYMBOLS,
    stale_after=60 * SECOND,
    limits=Limits(daily_loss=Decimal(1), losing_streak=1000, drawdown=Decimal(1), entries_per_minute=1000),
    exit_terms=HURRIED,
)
"""What every life is told, but for its start."""
PULSE: Final = 1.0
POSITION_INTERVAL: Final = 4.0
_RESTS: Final = frozenset({State.STOPPED, State.PAUSED, State.ERROR})
_FAREWELL: Final = 2.0
_PATIENCE: Final = 60
"""Seconds until somebody starts a bot that rests."""


class Life:
    """One engine from its birth to its end.

    Attributes:
        eager: the strategy acts at every candle.
        calmed: nothing goes wrong any more.
    """

    def __init__(self, world: World, wire: Wire) -> None:
        self.world, self.wire = world, wire
        wire.down = world.ground.down
        self.clock = MachineClock(world.time, world.ground.step)
        self.health = HealthMonitor(self.clock)
        self.eager = False
        self.calmed = asyncio.Event()
        on_record = world.chances.draw("on record", world.tally.lives) < recorded.SHARE
        self._recorded = recorded.Recorded() if on_record else None
        self.engine = self._engine()
        self.core = self.engine.core
        self.engine.bulletin.watch(self._note)
        self._rested = 0
        self._alive = True

    async def fly(self) -> None:
        """Run until the engine has ended, or everything was compared after the storm."""
        flight = asyncio.create_task(self.engine.run(), name="engine")
        landing = asyncio.create_task(Landing(self.world, self, flight).land(), name="landing")
        await asyncio.wait({flight, landing}, return_when=asyncio.FIRST_COMPLETED)
        if self.world.calm:
            await asyncio.wait({flight, landing}, timeout=_FAREWELL)
        for task in (landing, flight):
            task.cancel()
        for result in await asyncio.gather(flight, landing, return_exceptions=True):
            if isinstance(result, Exception) and self._alive:
                self.world.report("the engine ends in order", f"{type(result).__name__}: {result}")

    def die(self) -> None:
        """Let nothing come of whatever is still torn down: the process is gone."""
        self._alive = False
        if self._recorded is not None and (differs := self._recorded.differs()):
            self.world.report(recorded.NAME, differs)
        self.core.handle = _dead  # type: ignore[method-assign]

    def turn(self) -> None:
        """A second has passed: somebody starts a bot that has rested for long."""
        if self.world.calm:
            self.calmed.set()
        control = self.core.control
        resting = control.state in _RESTS and not control.pending and self.core.flatten is None
        self._rested = self._rested + 1 if resting and not self.world.calm else 0
        if self._rested > _PATIENCE:
            self._rested = 0
            self.tell(Ask.RESUME if control.state is State.PAUSED else Ask.START)

    def tell(
        self, ask: Ask, exits: ExitPolicy | None = None, *, order: HandOrder | None = None, subject: str = ""
    ) -> str:
        """Ask for something."""
        if not self._alive:
            return ""
        self.world.tally.asks += 1
        self.world.trace.note(self.world.passed, "ask", ask)
        why = order.key if order is not None else ""
        return self.engine.tell(ask, who="operator", why=why, exits=exits, order=order, subject=subject)

    def _note(self, envelope: Envelope) -> None:
        if self._alive:
            self.world.heard(envelope)

    def _engine(self) -> Engine:
        world, seed = self.world, self.world.plan.seed
        key = seeded_key(seed)
        exchange = KucoinExchange(
            KucoinConfig(symbols=SYMBOLS, spans=(MINUTE,)),
            Credentials(key.key, key.secret, key.passphrase),
            clock=self.clock,
            observer=self.health.calls,
            random=Random(seed + world.tally.lives),
            transport=self.wire,
            connector=self.wire,
        )
        config = EngineConfig(
            core=born(self.clock.now()),
            warmup=5,
            virtual=True,
            autostart=True,
            pulse=PULSE,
            position_interval=POSITION_INTERVAL,
        )
        recorder = self._recorded.recorder if self._recorded is not None else None
        return Engine(
            config, exchange, world.journal, self.health, self.clock, self._strategy, seed=seed, recorder=recorder
        )

    def _strategy(self, instrument: Instrument) -> Restless:
        return Restless(instrument, self.world.plan.seed, lambda: self.eager)


def born(boot: int) -> CoreConfig:
    """Return what a life is told that starts at `boot`, nanoseconds UTC."""
    return replace(SETUP, boot=boot)


def _dead(event: Event) -> list[Command]:
    return []
