"""One engine: core, its ports and its workers, wired together, from the first reading to the last note."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any, Final

from radtui.core.commands import Answer, Command, End, Remember, Say, Schedule
from radtui.core.core import Core
from radtui.core.events import Configured, Event, Told
from radtui.core.facts import Trouble
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ask, ExitPolicy, Instruction
from radtui.core.instrument import Instrument
from radtui.core.lifecycle import State
from radtui.core.market import SECOND, TIMEFRAMES
from radtui.core.snapshot import Snapshot
from radtui.engine.adjustment import Adjustment
from radtui.engine.alerting import INTERVAL, VIRTUAL_INTERVAL, Alerting
from radtui.engine.apart import Apart, Inline
from radtui.engine.bulletin import Bulletin
from radtui.engine.clock_watch import ClockWatch
from radtui.engine.config import EngineConfig
from radtui.engine.digest import Digest
from radtui.engine.errands import Errands
from radtui.engine.feeds import ACCOUNT, MARKET, Feeds
from radtui.engine.inquirer import Inquirer
from radtui.engine.main_loop import MAIN, MainLoop
from radtui.engine.memories import kept, of_new_account, restored
from radtui.engine.opening import Opening
from radtui.engine.picture import Picture
from radtui.engine.reconfiguring import Reconfiguring
from radtui.engine.safety import Safety, SafetyConfig
from radtui.engine.signals import Signals
from radtui.engine.sources import Sources
from radtui.engine.supervisor import Supervisor, Worker
from radtui.engine.tap import Tap
from radtui.engine.tape import MarketTape
from radtui.engine.watches import JOURNAL, MONITOR, JournalWatch, Monitor
from radtui.exchange.port import Exchange
from radtui.health import phases
from radtui.health.channels.outlet import Outlet
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.store.port import Journal
from radtui.store.recorder import Recorder
from radtui.strategies.base import Strategy

_JOURNAL_LIMIT: Final = 5.0
_FORCED_WITHIN: Final = 2.5
"""Seconds that a forced end takes at most before the journal is closed, whatever does not let go until then."""


class Engine:
    """Runs one bot. All of it lives on one event loop; `LocalHandle` is the door for other threads.

    Args:
        seed: of the jitters the rim draws.
        fresh: the account is a new one: what the journal knew of the old one's money and positions is not taken over.
        outlet: the channels of the alerts; None where there are none.

    Attributes:
        inherited: ids of an earlier run's instructions that are answered in this one; None before it is known.
    """

    def __init__(
        self,
        config: EngineConfig,
        exchange: Exchange,
        journal: Journal,
        health: HealthMonitor,
        clock: Clock,
        strategy: Callable[[Instrument], Strategy],
        *,
        seed: int = 0,
        fresh: bool = False,
        recorder: Recorder | None = None,
        safety: SafetyConfig | None = None,
        outlet: Outlet | None = None,
    ) -> None:
        self.config, self.exchange, self.journal, self.health, self.clock = config, exchange, journal, health, clock
        self.core = Core(config.core)
        exchange.press(lambda: self.core.pressing)
        self._known = of_new_account(journal.known()) if fresh else journal.known()
        self._random = Random(seed)
        self._ended = asyncio.Event()
        self._instructions = 0
        self.inherited: frozenset[str] | None = None
        self.bulletin = Bulletin(config.core.bot, clock, journal, health, self._known.sequence)
        self.signals = self._make_signals(strategy)
        self._errands = Errands(
            self.core, exchange, journal, clock, self._random,
            feed=self.feed, alarm=self._alarm, warn=self.warn, timed=health.phases.record,
        )  # fmt: skip
        self.tape = MarketTape()
        self.inquirer = Inquirer(self.core, exchange, clock)
        self._digest = Digest(config, clock, self.snapshot)
        self._main = self._main_loop()
        self._supervisor = Supervisor(health, self._say, self._random)
        self._safety = Safety(safety or SafetyConfig(), self.core, health, clock, self._say)
        self._alerting = self._make_alerting(outlet)
        self._reconfiguring = self._make_reconfiguring()
        self._picture = Picture(
            self.core, exchange, health, clock,
            bulletin=self.bulletin, alerting=self._alerting, safety=self._safety, reconfiguring=self._reconfiguring,
            signals=self.signals,
        )  # fmt: skip
        self.bulletin.watch(self._picture.note)
        self.bulletin.watch(self._safety.look)
        self._carry = self._duties()
        self._tap = Tap(self.core, recorder, self.warn) if recorder else None

    def feed(self, event: Event) -> None:
        """Tell core of an event and carry out what it wants. The only way anything reaches core."""
        for command in (self._tap or self.core).handle(event):
            self._carry[type(command)](command)

    def tell(
        self,
        ask: Ask,
        *,
        who: str,
        why: str = "",
        exits: ExitPolicy | None = None,
        subject: str = "",
        foreign: bool = False,
        order: HandOrder | None = None,
    ) -> str:
        """Give an instruction on the engine's own thread and return its id."""
        instruction_id = self.new_id()
        self.take(
            Instruction(
                id=instruction_id,
                ask=ask,
                who=who,
                why=why,
                exits=exits,
                subject=subject,
                foreign=foreign,
                order=order,
            )
        )
        return instruction_id

    def take(self, instruction: Instruction) -> None:
        """Take an instruction on the engine's own thread."""
        if self._alerting.takes(instruction) or self._reconfiguring.takes(instruction):
            return
        self.feed(Told(self.clock.now(), instruction))
        self._main.wake()

    def new_id(self) -> str:
        """Return an instruction id that was never used."""
        self._instructions += 1
        return f"{self.config.core.boot}-{self._instructions}"

    def read_settings_from(self, sources: Sources) -> None:
        """Have settings that can be read again while it flies."""
        self._reconfiguring.read_from(sources)

    def warn(self, kind: str, message: str, where: str) -> None:
        """Note something that a person should know, and that stops nothing."""
        self._say(Trouble(kind, message, where, "warning"))

    def snapshot(self) -> Snapshot:
        """Return what a person sees, as of now."""
        return self._picture.snapshot()

    async def run(self) -> None:
        """Recover, work until a shutdown is done, and leave everything in order.

        Cancelling this is the forced end: what is on its way stays in the journal and is looked up at the next start.
        """
        clean = False
        try:
            self._restore()
            if self._wants_start():  # before the exchange answers: who says stop meanwhile must have something to stop
                self.tell(Ask.START, who="core", why="starts by itself")
            self._supervisor.start((*self._safety.workers(), self._alerting.worker()))
            await self._open()
            if not self._ended.is_set():
                self._supervisor.start(self._workers())
            await self._ended.wait()
            clean = True
        finally:
            await self._close(clean=clean)

    def _restore(self) -> None:
        """Give core its memory before anything else can reach it: an operator may ask while the exchange is away."""
        known = self._known
        self.health.errors.restore(known.errors)
        self.bulletin.restore(known.receipts)
        self._alerting.restore(known.alerts)
        if known.taken_from:
            self.warn("journal", f"taken over from an engine that seems to be gone: {known.taken_from}", "lease")
        self.feed(restored(known, self.clock.now()))
        self.inherited = frozenset(self.core.control.pending)
        self._remember()  # of a new account nothing of the old one may come back after a crash

    def _duties(self) -> dict[type[Command], Callable[[Any], object]]:
        """Return who carries out which command."""
        return {
            Say: lambda command: self.bulletin.publish(command.fact, command.who),
            **self._errands.duties(),
            Answer: lambda command: self.bulletin.answer(command.receipt),
            Schedule: lambda _: self._main.wake(),
            Remember: lambda _: self._remember(),
            End: lambda _: self._ended.set(),
        }

    def _make_signals(self, strategy: Callable[[Instrument], Strategy]) -> Signals:
        core, record = self.config.core, self.health.phases.record
        return Signals(
            strategy,
            self.core.trading.positions,
            self._alarm,
            clock=self.clock,
            runner=Inline() if self.config.virtual else Apart(f"strategies of {core.bot}"),
            every=TIMEFRAMES[core.timeframe] / SECOND / core.speed,
            awake=self._wake,
            timed=lambda took, failed: record(phases.STRATEGY, took, failed=failed),
        )

    def _wake(self) -> None:
        self._main.wake()

    def _make_alerting(self, outlet: Outlet | None) -> Alerting:
        return Alerting(
            self.config.alerts,
            outlet,
            clock=self.clock,
            health=self.health,
            bulletin=self.bulletin,
            snapshot=self.snapshot,
            interval=VIRTUAL_INTERVAL if self.config.virtual else INTERVAL,
        )

    def _make_reconfiguring(self) -> Reconfiguring:
        return Reconfiguring(
            clock=self.clock,
            bulletin=self.bulletin,
            now=lambda: Adjustment.of(self.config),
            adjust=self._adjust,
            state=lambda: self.core.control.state.value,
            threaded=not self.config.virtual,
        )

    def _adjust(self, adjustment: Adjustment) -> None:
        """Take over what can be told anew: core by one event, then the rim, which cannot fail."""
        self.feed(Configured(self.clock.now(), adjustment.tuning))
        self.config = adjustment.onto(self.config)
        self._digest.every(adjustment.report_interval)
        self._alerting.follow(adjustment.alerts)

    def _main_loop(self) -> MainLoop:
        return MainLoop(
            self.core,
            self.signals,
            self.exchange,
            self.clock,
            self.health,
            random=self._random,
            config=self.config,
            feed=self.feed,
            digest=self._digest,
            clocks=ClockWatch(self.clock, self.exchange.skew, self.feed),
        )

    async def _open(self) -> None:
        opening = Opening(
            self.exchange,
            self.clock,
            self._random,
            pulse=self.config.pulse,
            ended=self._ended,
            feed=self.feed,
            say=self._say,
        )
        await opening.run()
        for executed in self._known.fills:
            self._picture.list_fill(executed)

    def _wants_start(self) -> bool:
        asked = self._known.state is not None and bool(self._known.state.who)
        desired = self.core.control.desired
        return (
            self.config.autostart
            and self.core.control.state is State.STOPPED
            and not (asked and desired in {"paused", "stopped"})
        )

    def _workers(self) -> tuple[Worker, ...]:
        config, limit = self.config, self.config.heartbeat_limit
        feeds = Feeds(
            self.exchange,
            self.signals,
            self.clock,
            self.health,
            config,
            feed=self.feed,
            candle_closed=self._main.wake,
            tape=self.tape,
        )
        monitor = Monitor(self.core, self._errands.reader, self.health, config)
        watch = JournalWatch(self.journal, self.clock, self.health, config, self.feed)
        return (
            Worker(name=MAIN, limit=limit, run=self._main.run),
            Worker(name=MARKET, limit=config.core.stale_after / SECOND, run=feeds.market),
            Worker(name=ACCOUNT, limit=limit, run=feeds.account),
            Worker(name=MONITOR, limit=limit, run=monitor.run),
            Worker(name=JOURNAL, limit=limit if config.virtual else _JOURNAL_LIMIT, run=watch.run),
        )

    async def _close(self, *, clean: bool) -> None:
        """Leave everything in order. Whatever hangs or cuts it short, the journal is closed, and then not as clean."""
        landed = False
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(None if clean else _FORCED_WITHIN):
                    await self._land(clean=clean)
                    landed = True
        finally:
            if self.inherited is not None:  # else what the journal has was not even read: nothing may take its place
                self._remember(forced=not clean)
            self.journal.close(clean=clean and landed)
            if self._tap is not None:
                self._tap.close()

    async def _land(self, *, clean: bool) -> None:
        await self._reconfiguring.stop()
        await self._supervisor.stop()
        self.signals.close()
        await self._errands.stop()
        self._digest.write()
        if clean:
            receipt = self.core.control.answers.last
            await self._safety.land(proper=receipt is None or receipt.success)
        await self.exchange.close()
        await self._alerting.stop()

    def _remember(self, *, forced: bool = False) -> None:
        self.journal.keep_state(kept(self.core, self.exchange.name, forced=forced))

    def _alarm(self, where: str, message: str) -> None:
        self._say(Trouble(f"{where} failed", message, where))

    def _say(self, trouble: Trouble) -> None:
        self.bulletin.publish(trouble, "engine")
