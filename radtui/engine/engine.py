"""One engine: core, its ports and its workers, wired together, from the first reading to the last note."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from typing import Any, Final

from radtui.core.commands import Answer, Command, End, Remember, Say, Schedule
from radtui.core.core import Core
from radtui.core.events import Configured, Event, Told
from radtui.core.facts import Trouble
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ask, ExitPolicy, Instruction
from radtui.core.instrument import Instrument
from radtui.core.snapshot import Snapshot
from radtui.engine import crew
from radtui.engine.adjustment import Adjustment
from radtui.engine.alerting import INTERVAL, VIRTUAL_INTERVAL, Alerting
from radtui.engine.bulletin import Bulletin
from radtui.engine.clock_watch import ClockWatch
from radtui.engine.config import EngineConfig
from radtui.engine.day_book import DayBook
from radtui.engine.digest import Digest
from radtui.engine.errands import Errands
from radtui.engine.feeds import Feeds
from radtui.engine.historian import Historian
from radtui.engine.inquirer import Inquirer
from radtui.engine.main_loop import MainLoop
from radtui.engine.memories import kept, of_new_account, restored, wants_start
from radtui.engine.opening import Opening
from radtui.engine.past import Past
from radtui.engine.picture import Picture
from radtui.engine.portfolio import Portfolio
from radtui.engine.reconfiguring import Reconfiguring
from radtui.engine.safety import Safety, SafetyConfig
from radtui.engine.sources import Sources
from radtui.engine.supervisor import Supervisor, Worker
from radtui.engine.tap import Tap
from radtui.engine.tape import MarketTape
from radtui.exchange.port import Exchange
from radtui.health.channels.outlet import Outlet
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.store.port import Journal
from radtui.store.recorder import Recorder
from radtui.strategies.base import Strategy

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
        self._strategy: Callable[..., Strategy] = strategy
        self._random = Random(seed)
        self._ended = asyncio.Event()
        self._instructions = 0
        self.inherited: frozenset[str] | None = None
        self.bulletin = Bulletin(config.core.bot, clock, journal, health, self._known.sequence)
        self.signals = crew.signals(
            config, strategy, self.core.trading.positions, self._alarm,
            clock=clock, health=health, awake=self._wake,
        )  # fmt: skip
        self._errands = Errands(
            self.core, exchange, journal, clock, self._random,
            feed=self.feed, alarm=self._alarm, warn=self.warn, timed=health.phases.record,
        )  # fmt: skip
        self.tape = MarketTape()
        self.inquirer = Inquirer(self.core, exchange, clock, journal)
        self._digest = Digest(config, clock, self.snapshot)
        self._main = self._main_loop()
        self._supervisor = Supervisor(health, self._say, self._random)
        self._safety = Safety(safety or SafetyConfig(), self.core, health, clock, self._say)
        self._alerting = self._make_alerting(outlet)
        self._reconfiguring = self._make_reconfiguring()
        self._historian = Historian(clock=clock, bulletin=self.bulletin, state=lambda: self.core.control.state.value)
        self._day = DayBook(self.inquirer, self.bulletin, clock, lambda: self.core.control.state.value)
        self._scanner = crew.scanner(config, self.core, exchange, clock=clock, health=health, feed=self.feed)
        self._portfolio = Portfolio(self.core, config.portfolio, config.strategies)
        self._picture = Picture(
            self.core, exchange, health, clock,
            bulletin=self.bulletin, alerting=self._alerting, safety=self._safety, reconfiguring=self._reconfiguring,
            historian=self._historian, signals=self.signals, scanner=self._scanner,
            portfolio=self._portfolio,
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
        told = Instruction(
            id=instruction_id, ask=ask, who=who, why=why, exits=exits, subject=subject, foreign=foreign, order=order
        )
        self.take(told)
        return instruction_id

    def take(self, instruction: Instruction) -> None:
        """Take an instruction on the engine's own thread."""
        aside = (self._alerting, self._reconfiguring, self._historian, self._day)
        if any(each.takes(instruction) for each in aside):
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

    def fly_past_with(self, past: Past) -> None:
        """Have history through which a backtest can be flown beside it."""
        self._historian.fly_with(past)

    def warn(self, kind: str, message: str, where: str) -> None:
        """Note something that a person should know, and that stops nothing."""
        self._say(Trouble(kind, message, where, "warning"))

    def fell(self, bot: str, why: str) -> None:
        """Hear that a bot beside this one died: its own alerts ended with it."""
        self._picture.fallen[bot] = why
        text = f"{bot}, of the same account, has ended ({why}); its positions keep their stops on the exchange"
        self.warn("bot ended", text, bot)

    def rose(self, bot: str) -> None:
        """Hear that it was taken up again."""
        self._picture.fallen.pop(bot, None)

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
            # Before the exchange answers: who says stop meanwhile must have something to stop.
            if wants_start(self.core, self._known, autostart=self.config.autostart):
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
        before, self.config = self.config.parameters, adjustment.onto(self.config)
        self._digest.every(adjustment.report_interval)
        self._alerting.follow(adjustment.alerts)
        if adjustment.parameters != before:
            told = {**adjustment.parameters, "timeframe": self.config.core.timeframe}
            self._portfolio.follow(adjustment.strategies)
            self.signals.follow(partial(self._strategy, settings=told))

    def _main_loop(self) -> MainLoop:
        return MainLoop(
            self.core, self.signals, self.exchange, self.clock, self.health,
            random=self._random, config=self.config, feed=self.feed, digest=self._digest,
            clocks=ClockWatch(self.clock, self.exchange.skew, self.feed),
        )  # fmt: skip

    async def _open(self) -> None:
        opening = Opening(
            self.exchange, self.clock, self._random,
            pulse=self.config.pulse, ended=self._ended, feed=self.feed, say=self._say,
        )  # fmt: skip
        await opening.run()
        for executed in self._known.fills:
            self._picture.list_fill(executed)

    def _workers(self) -> tuple[Worker, ...]:
        feeds = Feeds(
            self.exchange, self.signals, self.clock, self.health, self.config,
            feed=self.feed, candle_closed=self._main.wake, tape=self.tape,
        )  # fmt: skip
        return crew.crew(
            self.config, self.core, feeds, main=self._main, reader=self._errands.reader, journal=self.journal,
            clock=self.clock, health=self.health, feed=self.feed, scanning=self._scanner,
        )  # fmt: skip

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
        await self._day.stop()
        await self._historian.stop()
        await self._supervisor.stop()
        self.signals.close()
        if self._scanner is not None:
            self._scanner.close()
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
