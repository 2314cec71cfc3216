"""The bot's health in one place, on one clock.

Written by the engine's thread (and by whatever thread an error or a beat comes from), read by any: each part guards
itself with its own lock, every view is an immutable value, and no lock is held while another is taken.
"""

from __future__ import annotations

import os
from math import inf
from time import monotonic
from typing import Final

from radtui.core.health_view import ApiView, ErrorView, ProcessView, WorkerView
from radtui.health.calls import CallLog
from radtui.health.errors import ErrorLog
from radtui.health.heartbeats import Heartbeats
from radtui.health.lag import LagMeter
from radtui.health.order_times import OrderTimes
from radtui.health.phases import PhaseLog
from radtui.health.process import resident_megabytes
from radtui.resilience.clock import Clock

_WEIGHED_EVERY: Final = 1.0
"""Seconds between two readings of the memory: the system takes longer for it than all the rest of a view."""


class HealthMonitor:
    """Holds the parts, stamps what is recorded through it, and reads them at the clock's present.

    Attributes:
        calls: the observer to give to the exchange's adapter.
        heartbeats, errors, lag: the parts, for who has times of his own.
        phases, orders: the engine's own times; on its thread alone.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.calls = CallLog()
        self.heartbeats = Heartbeats()
        self.errors = ErrorLog()
        self.lag = LagMeter()
        self.phases = PhaseLog()
        self.orders = OrderTimes()
        self._rss, self._weighed_at = 0.0, -inf

    def beat(self, worker: str) -> None:
        """Record a sign of life of a registered worker, now."""
        self.heartbeats.beat(worker, self._clock.monotonic())

    def trouble(self, kind: str, message: str, where: str, severity: str = "error") -> None:
        """Record that something went wrong, now."""
        self.errors.record(kind, message, where, self._clock.now(), severity)

    def api_view(self) -> ApiView:
        """Return the calls to the exchange."""
        return self.calls.view(self._clock.now())

    def worker_views(self) -> tuple[WorkerView, ...]:
        """Return every worker's heartbeat."""
        return self.heartbeats.views(self._clock.monotonic())

    def process_view(self) -> ProcessView:
        """Return event-loop lag, memory and process id."""
        present = monotonic()  # of the machine: a market that goes faster makes no memory
        if present - self._weighed_at >= _WEIGHED_EVERY:
            self._weighed_at, self._rss = present, resident_megabytes()
        return ProcessView(lag_p99=self.lag.p99(self._clock.monotonic()), rss=self._rss, pid=os.getpid())

    def error_views(self) -> tuple[ErrorView, ...]:
        """Return the kept errors, newest first."""
        return self.errors.views()

    def errors_today(self) -> int:
        """Return how often something went wrong today (UTC)."""
        return self.errors.today(self._clock.now())
