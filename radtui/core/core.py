"""The whole brain: `Core.handle(event) -> [commands]`. Pure: the same events give the same commands, always."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from radtui.core import skew
from radtui.core.commands import Command, Remember
from radtui.core.conditions import Conditions
from radtui.core.config import CoreConfig
from radtui.core.contracts import Contracts
from radtui.core.control import Control
from radtui.core.cycles import CycleMetrics, retry_after
from radtui.core.desk import Desk
from radtui.core.events import (
    AccountReported,
    BooksShown,
    ClockSeen,
    Configured,
    CycleBegan,
    CycleFinished,
    Described,
    Event,
    ExchangeShown,
    FeedChanged,
    FillReported,
    FundingReported,
    JournalChanged,
    Listed,
    Measured,
    OrderAccepted,
    OrderRefused,
    OrderReported,
    OrderSent,
    OrderSought,
    OrderUnclear,
    Passed,
    PositionReported,
    PriceMoved,
    ReadFailed,
    Restored,
    Scanned,
    SignalGiven,
    Told,
)
from radtui.core.facts import CycleEnded
from radtui.core.flatten import Flatten
from radtui.core.instruction import Instruction
from radtui.core.lifecycle import State
from radtui.core.orders import Purpose
from radtui.core.remembering import recall, remembered
from radtui.core.standing import Circumstances, Standing, standing
from radtui.core.surveys import Surveys
from radtui.core.trading import Trading


class Core:
    """Decides. Holds no clock, draws no random number, does no I/O."""

    def __init__(self, config: CoreConfig) -> None:
        self.config = config
        self.desk = Desk(config)
        self.contracts = Contracts(self.desk)
        self.trading = Trading(self.desk, self.standing)
        self.conditions = Conditions(self.desk, self.trading.read)
        self.surveys = Surveys(self.desk, self.trading)
        self.control = Control(
            self.desk,
            self.trading,
            flatten=self._begin_flatten,
            reset=self._reset_metrics,
            renew=self.trading.breakers.renew,
            preview=self.surveys.ask,
        )
        self.cycles = CycleMetrics()
        self.cycle_count = self.cycles_before = 0
        self.failures = 0
        self.flatten: Flatten | None = None
        self.recovered = False
        self._cycling = False
        self._handlers: dict[type[Event], Callable[[Any], None]] = {
            PriceMoved: self.trading.price_moved,
            Measured: self._measured,
            Passed: self._passed,
            Restored: lambda event: recall(self, event),
            Listed: self.contracts.take,
            Told: self._told,
            Configured: self._configured,
            CycleBegan: self._cycle_began,
            CycleFinished: self._cycle_finished,
            SignalGiven: self.trading.entries.consider,
            OrderSent: self.trading.sent,
            OrderAccepted: self._then_settle(self.trading.accepted),
            OrderRefused: self._then_settle(self.trading.refused),
            OrderUnclear: self.trading.unclear,
            OrderSought: self._then_settle(self.trading.sought),
            OrderReported: self._then_settle(self.trading.reported),
            FillReported: lambda event: self.trading.take_fill(event.fill),
            PositionReported: self.trading.position_reported,
            AccountReported: lambda event: self.trading.treasury.account(event.account),
            FundingReported: self.trading.funded,
            ExchangeShown: self._shown,
            ReadFailed: self._read_failed,
            FeedChanged: self.conditions.feed_changed,
            JournalChanged: self.conditions.journal_changed,
            ClockSeen: self.conditions.clock_seen,
            BooksShown: self.surveys.take,
            Described: self.trading.reconciler.rules.take,
            Scanned: lambda event: self.trading.picked.take(event.picks),
        }

    def handle(self, event: Event) -> list[Command]:
        """Take one event and return what is to be done, in order."""
        self.desk.at = event.at
        self._handlers[type(event)](event)
        return self.desk.clear()

    def memory(self, *, forced: bool = False) -> bytes:
        """Return what must survive a restart, packed; `forced` where the process ends whatever is on its way."""
        return remembered(self, forced=forced)

    @property
    def pressing(self) -> bool:
        """Whether something waits for a reading: a start, a stop, a flatten, an order or a position in doubt (E3)."""
        trading = self.trading
        winding = self.flatten is not None or self.control.state is State.STOPPING
        comes = any(order.waits and order.purpose is Purpose.ENTRY for order in trading.orders.live())
        blind = bool(self.conditions.feeds_lost) and (comes or bool(trading.positions.open))
        return winding or blind or not self.recovered or trading.exposed() or trading.moving()

    def standing(self) -> Standing:
        """Return whether entries are possible, or only what reduces, and why."""
        return standing(
            Circumstances(
                state=self.control.state,
                recovered=self.recovered,
                flattening=self.flatten is not None,
                remit=self.config.remit,
                closed=self.conditions.exchange_closed,
                journal=self.desk.unwritten,
                rival=self.trading.reconciler.rival,
                skew=skew.beyond(self.desk.skew),
                feeds=self.conditions.feeds_lost,
                breakers=self.trading.breakers.tripped,
                window=self.trading.window.closed,
            )
        )

    def _measured(self, event: Measured) -> None:
        self.desk.measures[event.symbol] = event.measures

    def _passed(self, event: Passed) -> None:
        self.desk.market_at = max(self.desk.market_at, event.market_at)
        self.trading.protection.guard_all()
        self.trading.caretaker.look_at_ages()
        self.trading.entries.press()
        self.trading.observe()
        if self.control.state not in {State.RUNNING, State.STARTING}:
            self.trading.withdraw_entries()  # also one that came to light only now
        if self.flatten is not None:
            self.flatten.tick()
        elif self.control.state is State.STOPPING:
            self.control.rest.tick()
        if self.control.state is State.STOPPING:
            self.trading.withdraw_exits()
        self._settle()

    def _told(self, event: Told) -> None:
        self.control.told(event.instruction)
        if self.control.state is State.STARTING:
            self.failures = 0
        self._ready()
        self._settle()

    def _configured(self, event: Configured) -> None:
        """Take the new configuration over. A shorter interval holds for the cycle that is due next, too."""
        config = event.tuning.onto(self.config)
        self.trading.breakers.limit(config.limits)
        self.config = self.desk.config = config
        due = self.desk.next_cycle_at
        if due is not None and not self.failures and due > event.at + config.cycle_interval:
            self.desk.schedule(event.at + config.cycle_interval)

    def _cycle_began(self, event: CycleBegan) -> None:
        self._cycling = True
        self.desk.next_cycle_at = None

    def _cycle_finished(self, event: CycleFinished) -> None:
        self._cycling = False
        ok = not event.error
        self.cycle_count += 1
        self.cycles = self.cycles.after(event.seconds, event.at, ok=ok)
        self.failures = 0 if ok else self.failures + 1
        self.desk.say(CycleEnded(self.cycle_count, ok, event.seconds, event.error))
        if not ok:
            self.desk.trouble("cycle failed", event.error, "main loop")
        self._next_cycle(event.jitter)
        self.desk.order(Remember())
        self._settle()

    def _next_cycle(self, jitter: float) -> None:
        config = self.config
        if self.control.state is not State.RUNNING:
            return
        if self.failures >= config.max_retries:
            self.control.fail(f"Bot stopped due to {self.failures} consecutive failures")
            return
        delay = config.cycle_interval
        if self.failures:
            delay = retry_after(self.failures, config.retry_delay, config.cycle_interval, jitter)
        self.desk.schedule(self.desk.at + delay)

    def _reset_metrics(self) -> None:
        self.cycles = CycleMetrics()

    def _then_settle(self, take: Callable[[Any], None]) -> Callable[[Any], None]:
        def taken(event: Event) -> None:
            take(event)
            self._ready()
            self._settle()

        return taken

    def _settle(self) -> None:
        self.control.cancelling.settle()
        self.control.by_hand.settle()
        if self.flatten is None:
            self.control.settle(cycling=self._cycling)

    def _shown(self, event: ExchangeShown) -> None:
        if not self.contracts.listed:
            return  # nothing can be made of it before the contracts are known
        self.conditions.shown(event)
        self.trading.shown(event)
        self.surveys.seen = event
        self.control.rest.take(event)
        self._ready()
        if self.flatten is not None and self.flatten.take(event):
            self._end_flatten(self.flatten)
        self._settle()

    def _ready(self) -> None:
        if not self.recovered and self._agreed():
            self.recovered = True
            self.trading.recovery.finish()
        if self.recovered:
            self.control.ready()

    def _agreed(self) -> bool:
        """Return whether the exchange was read, and nothing of what it showed is in doubt."""
        trading = self.trading
        settled = not trading.orders.unsettled and not trading.reconciler.doubtful
        return bool(trading.reconciler.readings) and settled

    def _read_failed(self, event: ReadFailed) -> None:
        self.conditions.read_failed(event)
        self.trading.exits.unheard = True
        self.control.rest.insistence.failed(event.reason)
        if self.flatten is not None:
            self.flatten.failed(event.reason)

    def _begin_flatten(self, instruction: Instruction) -> None:
        trading = self.trading
        if self.flatten is None:
            self.flatten = Flatten(self.desk, trading, instruction)
            trading.flattening = True
        self.flatten.join(instruction)
        self.flatten.tick()

    def _end_flatten(self, flatten: Flatten) -> None:
        self.flatten, self.trading.flattening = None, False
        self.control.flat(flatten)
