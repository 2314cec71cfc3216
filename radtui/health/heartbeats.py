"""Whether every worker is alive, each against its own limit (row H4).

A worker that sleeps longer than its limit beats while it sleeps. Beats may come from any thread and views be read by
any: one lock guards the table.
"""

from __future__ import annotations

from threading import Lock
from typing import Final

from radtui.core.health_view import WorkerView
from radtui.core.market import SECOND

DEFAULT_LIMIT: Final = 30.0
"""Seconds without a beat after which a worker is unhealthy, where it has no limit of its own."""


class _Worker:
    __slots__ = ("beaten_at", "fault", "limit", "note", "restarts")

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.beaten_at: int | None = None
        self.restarts = 0
        self.note = self.fault = ""

    def view(self, name: str, now: int) -> WorkerView:
        age = None if self.beaten_at is None else max(0, now - self.beaten_at) / SECOND
        return WorkerView(
            name=name,
            age=age,
            limit=self.limit,
            healthy=age is not None and age <= self.limit and not self.fault,
            restarts=self.restarts,
            note=self.note,
            fault=self.fault,
        )


class Heartbeats:
    """The table of workers, in the order in which they registered."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._workers: dict[str, _Worker] = {}

    def register(self, name: str, limit: float = DEFAULT_LIMIT) -> None:
        """Add a worker, or give a known one a new limit in seconds; it is unhealthy until its first beat."""
        with self._lock:
            self._workers.setdefault(name, _Worker(limit)).limit = limit

    def retire(self, name: str) -> None:
        """Forget a worker that is done for good, so that its silence alarms nobody."""
        with self._lock:
            self._workers.pop(name, None)

    def beat(self, name: str, at: int) -> None:
        """Record a sign of life at `at`, monotonic nanoseconds.

        Raises:
            KeyError: nobody registered that name.
        """
        with self._lock:
            self._workers[name].beaten_at = at

    def restarted(self, name: str, note: str = "") -> None:
        """Count a restart; `note` says why, for people. It is healthy again at its next beat within the limit."""
        with self._lock:
            worker = self._workers[name]
            worker.restarts += 1
            worker.note = note

    def note(self, name: str, text: str) -> None:
        """Show `text` beside the worker; empty takes it away."""
        with self._lock:
            self._workers[name].note = text

    def fault(self, name: str, why: str) -> None:
        """Note why a worker's work comes to nothing although it beats: it is unhealthy until `why` is empty."""
        with self._lock:
            self._workers[name].fault = why

    def views(self, now: int) -> tuple[WorkerView, ...]:
        """Return every worker at `now`, monotonic nanoseconds."""
        with self._lock:
            return tuple(worker.view(name, now) for name, worker in self._workers.items())
