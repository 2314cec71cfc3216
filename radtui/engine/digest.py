"""The health report in the log: now and then, and at the end (row H6)."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.engine.config import EngineConfig
from radtui.health.report import report
from radtui.resilience.clock import Clock


class Digest:
    """Writes the report once an interval, counted from the start."""

    def __init__(self, config: EngineConfig, clock: Clock, snapshot: Callable[[], Snapshot]) -> None:
        self._interval = round(config.report_interval * SECOND)
        self._virtual = config.virtual
        self._clock = clock
        self._snapshot = snapshot
        self._due = clock.monotonic() + self._interval
        self._log = structlog.get_logger("radtui.health")

    def every(self, seconds: float) -> None:
        """Have another interval from now on; the same one again changes nothing."""
        interval = round(seconds * SECOND)
        if interval != self._interval:
            self._interval = interval
            self._due = self._clock.monotonic() + interval

    def tick(self) -> None:
        """Write it when it is due."""
        now = self._clock.monotonic()
        if now >= self._due:
            self._due += self._interval * (1 + (now - self._due) // self._interval)
            self.write()

    def write(self) -> None:
        """Write it now."""
        self._log.info("health report", **report(self._snapshot(), virtual=self._virtual))
