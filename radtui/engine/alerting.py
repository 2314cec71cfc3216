"""Alerts in the engine: judges what is, keeps the book, tells the channels, answers who acknowledges (rows M3, S11).

It is a worker like any other, and nothing of it waits for a channel: those have threads of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from radtui.core.alert_view import AlertsView, AlertView, Severity
from radtui.core.facts import Alerted, Instructed, Receipted
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.engine.bulletin import Bulletin
from radtui.engine.supervisor import Worker
from radtui.health.alerts.book import Book, NoSuchAlert
from radtui.health.alerts.own_rules import silence
from radtui.health.alerts.policy import Policy
from radtui.health.alerts.rule import Judgement
from radtui.health.alerts.rules import judge
from radtui.health.channels.channel import WITHIN
from radtui.health.channels.message import of_alert, of_test
from radtui.health.channels.outlet import Outlet
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock

ALERTS: Final = "alerts"
INTERVAL: Final = 1.0
"""Seconds between two looks."""
VIRTUAL_INTERVAL: Final = 30.0
"""The same under virtual time, where a month may pass in a minute and each look makes a snapshot."""
_ASKS: Final = frozenset({Ask.ACKNOWLEDGE, Ask.TEST_ALERTS})
_MARGIN: Final = 2.0
_LEVELS: Final = {Severity.WARNING: "warning", Severity.ERROR: "error", Severity.ALARM: "critical"}


class Alerting:
    """Looks at the engine's snapshots.

    Args:
        snapshot: makes one, on the engine's thread.
        interval: seconds between two looks.
    """

    def __init__(
        self,
        policy: Policy,
        outlet: Outlet | None,
        *,
        clock: Clock,
        health: HealthMonitor,
        bulletin: Bulletin,
        snapshot: Callable[[], Snapshot],
        interval: float = INTERVAL,
    ) -> None:
        self._clock, self._health, self._bulletin, self._snapshot = clock, health, bulletin, snapshot
        self._outlet = outlet or Outlet()
        self._interval = interval
        self._book = Book(policy)
        self._looked_at: int | None = None
        self._tests: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("radtui.alerts")

    def restore(self, known: Sequence[AlertView]) -> None:
        """Go on with the alerts of earlier runs, oldest first."""
        self._book = Book(self._book.policy, known, self._clock.now())

    def follow(self, policy: Policy) -> None:
        """Tell people by other rules from now on; what is open stays so."""
        self._book.policy = policy

    def view(self) -> AlertsView:
        """Return what goes on, and who is told of it."""
        return AlertsView(
            open=self._book.open,
            channels=self._outlet.views(),
            quiet_until=self._book.policy.quiet_until(self._clock.now()),
        )

    @property
    def history(self) -> tuple[AlertView, ...]:
        """What is over, the newest first."""
        return self._book.history

    def worker(self) -> Worker:
        """Return the worker that looks; it opens the channels."""
        return Worker(name=ALERTS, limit=3 * self._interval + 30.0, run=self._run)

    def takes(self, instruction: Instruction) -> bool:
        """Carry out an instruction about alerts; return whether it is one."""
        if instruction.ask not in _ASKS:
            return False
        self._bulletin.publish(Instructed(instruction), instruction.who)
        if instruction.ask is Ask.ACKNOWLEDGE:
            self._acknowledge(instruction)
        else:
            task = asyncio.create_task(self._test(instruction), name="alerts test")
            self._tests.add(task)
            task.add_done_callback(self._tests.discard)
        return True

    def look(self) -> None:
        """Judge, keep, tell: once."""
        snapshot, at = self._snapshot(), self._clock.now()
        self._book.look([*judge(snapshot), *self._stood_still(at)], at, recovered=snapshot.status.recovered)
        for alert in self._book.due(at):
            self._outlet.send(of_alert(alert, snapshot.bot, snapshot.status.mode))
        self._publish("alerts")
        dead = [f"{each.name} is dead: {each.why}" for each in self._outlet.views() if each.state == "dead"]
        self._health.heartbeats.note(ALERTS, "; ".join(dead))

    async def stop(self) -> None:
        """Answer no test any more, and have the channels send what waits; that takes two seconds at most."""
        for task in self._tests:
            task.cancel()
        await asyncio.gather(*self._tests, return_exceptions=True)
        if self._outlet.channels:
            await asyncio.to_thread(self._outlet.close)

    async def _run(self) -> None:
        self._outlet.open()
        while True:
            self._health.beat(ALERTS)
            self._outlet.heard()
            self.look()
            await asyncio.sleep(self._interval)

    def _stood_still(self, at: int) -> list[Judgement]:
        before, self._looked_at = self._looked_at, at
        return [] if before is None else silence((at - before) / SECOND - self._interval)

    def _acknowledge(self, instruction: Instruction) -> None:
        try:
            seen = self._book.acknowledge(instruction.subject, instruction.who, self._clock.now())
        except NoSuchAlert as none:
            self._answer(instruction, str(none), success=False)
            return
        self._publish(instruction.who)
        names = ", ".join(f"{each.id} {each.rule} {each.subject}" for each in seen)
        self._answer(instruction, f"acknowledged: {names}" if seen else "nothing fires that nobody has seen")

    async def _test(self, instruction: Instruction) -> None:
        snapshot = self._snapshot()
        message = of_test(snapshot.bot, snapshot.status.mode, instruction.who)
        tries = self._outlet.test(message, instruction.subject)
        if not tries:
            self._answer(instruction, self._nobody(instruction.subject), success=False)
            return
        waits = {asyncio.wrap_future(future): name for name, future in tries.items()}
        done, _ = await asyncio.wait(waits, timeout=WITHIN + _MARGIN)
        late = "it is still busy with an earlier message"
        said = {name: future.result() if future in done else late for future, name in waits.items()}
        dead = "; ".join(f"{name} is dead: {why}" for name, why in said.items() if why)
        works = ", ".join(name for name, why in said.items() if not why)
        self._answer(instruction, "; ".join(filter(None, (dead, works and f"sent by {works}"))), success=not dead)

    def _nobody(self, name: str) -> str:
        there = ", ".join(self._outlet.channels)
        if there:
            return f"no channel is called {name}; there are: {there}"
        return "no channel is configured: alerts reach only the log and the cockpit; set alerts.channels.NAME"

    def _publish(self, who: str) -> None:
        for alert in self._book.changes():
            self._bulletin.publish(Alerted(alert), who)
            self._write(alert)

    def _write(self, alert: AlertView) -> None:
        """Put it into the log, the one channel that is always there."""
        level = _LEVELS[alert.severity] if alert.firing else "info"
        getattr(self._log, level)(
            "alert",
            id=alert.id,
            phase=alert.phase.value,
            rule=alert.rule,
            subject=alert.subject,
            message=alert.text,
            todo=alert.todo,
        )

    def _answer(self, instruction: Instruction, message: str, *, success: bool = True) -> None:
        receipt = Receipt(
            id=instruction.id,
            ask=instruction.ask,
            success=success,
            message=message,
            status=self._snapshot().status.state.value,
            at=self._clock.now(),
            who=instruction.who,
        )
        self._bulletin.publish(Receipted(receipt), instruction.who)
