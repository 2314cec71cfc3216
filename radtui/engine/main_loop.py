"""The main loop: gives core the time, and runs a cycle when one is due or a candle has closed (rows L5, L7)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Final

from radtui.core.core import Core
from radtui.core.events import (
    AccountReported,
    CycleBegan,
    CycleFinished,
    Event,
    Passed,
)
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.engine.clock_watch import ClockWatch
from radtui.engine.config import EngineConfig
from radtui.engine.digest import Digest
from radtui.engine.signals import Signals
from radtui.exchange.port import Exchange
from radtui.health import phases
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure
from radtui.resilience.redaction import named

MAIN: Final = "main loop"
_RESTLESS: Final = 0.2
"""Seconds between two pulses while something of ours is on its way."""


class MainLoop:
    """Gives core the time, and runs a cycle when one is due or a candle has closed."""

    def __init__(
        self,
        core: Core,
        signals: Signals,
        exchange: Exchange,
        clock: Clock,
        health: HealthMonitor,
        *,
        random: Random,
        config: EngineConfig,
        feed: Callable[[Event], None],
        digest: Digest,
        clocks: ClockWatch,
    ) -> None:
        self._core = core
        self._signals = signals
        self._exchange = exchange
        self._clock = clock
        self._health = health
        self._random = random
        self._config = config
        self._feed = feed
        self._digest = digest
        self._clocks = clocks
        self._woken = asyncio.Event()
        self._woken_at = 0
        self._cycle: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Look again now: the schedule changed, or a candle closed."""
        if not self._woken.is_set():
            self._woken_at = self._clock.monotonic()
            self._woken.set()

    async def run(self) -> None:
        """Pulse until cancelled; a cycle on its way is cancelled with it."""
        try:
            while True:
                self._pulse()
                await self._wait()
        finally:
            if self._cycle is not None:
                self._cycle.cancel()
                await asyncio.gather(self._cycle, return_exceptions=True)

    def _pulse(self) -> None:
        self._health.beat(MAIN)
        self._digest.tick()
        self._clocks.look()
        self._feed(Passed(self._clock.now(), self._exchange.market_now()))
        if self._cycle is None or self._cycle.done():
            running = self._core.control.state is State.RUNNING
            if running and self._due():
                self._feed(CycleBegan(self._clock.now()))  # at once: a shutdown told before its first step waits for it
                self._cycle = asyncio.create_task(self._run_cycle(), name="cycle")
            elif not running or self._core.failures:
                self._hand_over()

    def _due(self) -> bool:
        """Return whether a cycle is due; after a failed one a closed candle does not shorten the wait (row L5)."""
        at = self._core.desk.next_cycle_at
        on_time = at is not None and self._clock.now() >= at
        return on_time or (self._signals.waiting and not self._core.failures)

    async def _wait(self) -> None:
        self._woken.clear()
        seconds = _RESTLESS if self._restless() else self._config.pulse
        at = self._core.desk.next_cycle_at
        if at is not None and (self._cycle is None or self._cycle.done()):
            seconds = min(seconds, max(0.0, (at - self._clock.now()) / SECOND))
        expected = self._clock.monotonic() + round(seconds * SECOND)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        due = min(expected, self._woken_at) if self._woken.is_set() else expected
        self._health.lag.woke(due, self._clock.monotonic())  # also of a loop so busy that no wait of it ever runs out

    def _restless(self) -> bool:
        core = self._core
        return core.flatten is not None or core.control.state is State.STOPPING or core.trading.orders.unsettled

    async def _run_cycle(self) -> None:
        began = self._clock.monotonic()
        error = "cancelled"
        try:
            async with asyncio.timeout(self._core.config.cycle_deadline / SECOND):
                await self._work()
            error = ""
        except TimeoutError:
            error = f"not done within {self._core.config.cycle_deadline / SECOND:.0f} s"
        except ExchangeFailure as failure:
            error = str(failure)
        except Exception as failure:  # supervision point: a cycle that raises counts as failed (row L5)
            error = named(failure)
        finally:
            seconds = (self._clock.monotonic() - began) / SECOND
            self._feed(CycleFinished(self._clock.now(), seconds, error, self._random.uniform(-1, 1)))
            self.wake()

    async def _work(self) -> None:
        """Read the money afresh, then weigh what the strategies said; what closes a position never waits for it."""
        began, failed = self._clock.monotonic(), True
        try:
            self._feed(AccountReported(self._clock.now(), await self._exchange.account()))
            failed = False
        finally:
            self._health.phases.record(phases.ACCOUNT, self._clock.monotonic() - began, failed=failed)
            self._hand_over()

    def _hand_over(self) -> None:
        if self._signals.waiting:
            self._clocks.look()
        for given in self._signals.due(self._clock.now()):
            began = self._clock.monotonic()
            self._feed(given)
            self._health.phases.record(phases.DECISION, self._clock.monotonic() - began)
