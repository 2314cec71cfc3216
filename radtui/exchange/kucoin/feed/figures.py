"""The figures of one connection (row S10): age, rate, latency, errors, reconnects, and the score made of them."""

from __future__ import annotations

from collections import deque
from typing import Final

import msgspec

from radtui.core.market import HOUR, MINUTE, SECOND

FAILURES: Final = 3
"""Failures in a row after which a connection is unhealthy."""
SLOW: Final = 1.0
"""Seconds of latency above which a connection is slow."""
_MARKS: Final = 64
_RECENT: Final = MINUTE
_REMEMBERED: Final = HOUR


class ConnectionView(msgspec.Struct, frozen=True, kw_only=True):
    """One connection, for a screen.

    Attributes:
        state: ``connecting``, ``open`` or ``waiting`` (for its next try).
        topics: how many it carries.
        age: seconds since it was welcomed; None while it is not open.
        quiet: seconds since its last frame; None while it is not open.
        rate: frames a second over about the last minute.
        latency: seconds from the last ping to its pong; None before the first.
        error_rate: share of frames of about the last minute that were errors or garbage.
        reconnects: within the last hour.
        score: 100 is best; see `score`.
        why: why it was lost last; empty if it never was.
    """

    name: str
    state: str
    topics: int
    age: float | None
    quiet: float | None
    rate: float
    latency: float | None
    error_rate: float
    reconnects: int
    failures: int
    healthy: bool
    score: float
    why: str


def score(error_rate: float, reconnects: int, latency: float | None) -> float:
    """Return how good a connection is, from 0 to 100 (the formula of row S10)."""
    slow = latency is not None and latency > SLOW
    return 100.0 - 50.0 * error_rate - min(10.0 * reconnects, 30.0) - (20.0 if slow else 0.0)


class Figures:
    """What is counted of one connection over all its sockets; times in monotonic nanoseconds.

    Attributes:
        frames, errors: since it was made; the reader counts frames, so nothing else is done for one.
        failures: in a row, since it last proved itself by a pong.
    """

    __slots__ = ("_marks", "_reconnects", "errors", "failures", "frames", "heard_at", "latency", "opened_at", "why")

    def __init__(self) -> None:
        self.frames = self.errors = self.failures = 0
        self.heard_at = 0
        self.opened_at: int | None = None
        self.latency: float | None = None
        self.why = ""
        self._marks: deque[tuple[int, int, int]] = deque(maxlen=_MARKS)
        self._reconnects: deque[int] = deque(maxlen=_MARKS)

    @property
    def healthy(self) -> bool:
        """Whether fewer than three failures came in a row."""
        return self.failures < FAILURES

    def age(self, now: int) -> int:
        """Return the nanoseconds since the welcome, 0 while it is not open."""
        return 0 if self.opened_at is None else now - self.opened_at

    def opened(self, at: int) -> None:
        """Note a welcome."""
        self.opened_at = self.heard_at = at
        self.mark(at)

    def ponged(self, at: int, nanoseconds: int) -> None:
        """Note an answered ping, and how long it took."""
        self.latency = nanoseconds / SECOND
        self.failures = 0
        self.mark(at)

    def failed(self, at: int, why: str) -> None:
        """Note that it was lost, or could not be opened."""
        self.failures += 1
        self.renewed(at, why)
        self._reconnects.append(at)

    def renewed(self, at: int, why: str) -> None:
        """Note that it was closed as planned."""
        self.opened_at, self.why = None, why
        self.mark(at)

    def mark(self, at: int) -> None:
        """Remember the counts of now, so that rates can be told."""
        self._marks.append((at, self.frames, self.errors))

    def reconnects(self, now: int) -> int:
        """Return how often it was lost within the last hour."""
        return sum(at > now - _REMEMBERED for at in self._reconnects)

    def rates(self, now: int) -> tuple[float, float]:
        """Return frames a second and the share of errors over about the last minute."""
        at, frames, errors = self._mark_before(now - _RECENT)
        frames, errors = self.frames - frames, self.errors - errors
        return frames * SECOND / max(now - at, SECOND), errors / frames if frames else 0.0

    def view(self, name: str, state: str, topics: int, now: int) -> ConnectionView:
        """Return all of it at `now`."""
        rate, error_rate = self.rates(now)
        reconnects = self.reconnects(now)
        return ConnectionView(
            name=name,
            state=state,
            topics=topics,
            age=None if self.opened_at is None else (now - self.opened_at) / SECOND,
            quiet=None if self.opened_at is None else (now - self.heard_at) / SECOND,
            rate=rate,
            latency=self.latency,
            error_rate=error_rate,
            reconnects=reconnects,
            failures=self.failures,
            healthy=self.healthy,
            score=score(error_rate, reconnects, self.latency),
            why=self.why,
        )

    def _mark_before(self, at: int) -> tuple[int, int, int]:
        """Return the newest mark that is at least as old as `at`, or the oldest one there is."""
        for mark in reversed(self._marks):
            if mark[0] <= at:
                return mark
        return self._marks[0] if self._marks else (at, self.frames, self.errors)
