"""The world's time, which goes on through crashes, and what our machine's clock makes of it."""

from __future__ import annotations

import asyncio
from typing import Final

from radtui.core.market import SECOND

EPOCH: Final = 1_767_225_600 * SECOND
"""Every world begins on the first of January 2026."""


class WorldTime:
    """Nanoseconds since the world began: the loop's while one runs, else where the last one left it."""

    def __init__(self) -> None:
        self._passed = 0
        self._seconds = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def seconds(self) -> float:
        """Where the next loop begins."""
        return self._passed / SECOND

    def passed(self) -> int:
        """Return nanoseconds since the world began."""
        if self._loop is None:
            return self._passed
        seconds = self._loop.time()
        if seconds != self._seconds:  # it is asked for many times in one instant
            self._seconds, self._passed = seconds, round(seconds * SECOND)
        return self._passed

    def now(self) -> int:
        """Return nanoseconds UTC."""
        return EPOCH + self.passed()

    def run_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let a loop carry the time."""
        self._loop = loop

    def stand(self) -> None:
        """The loop is gone."""
        self._passed, self._loop = self.passed(), None
        self._seconds = -1.0

    def skip(self, nanoseconds: int) -> None:
        """Let time pass while no loop runs."""
        self._passed += nanoseconds


class MachineClock:
    """The clock of one life, as `radtui.resilience.clock.SystemClock` is one: steps back are not followed.

    Attributes:
        step: nanoseconds by which the machine's wall clock is wrong.
    """

    def __init__(self, time: WorldTime, step: int) -> None:
        self._time = time
        self._ahead = EPOCH + step
        self.step = step

    def now(self) -> int:
        """Return the wall clock in nanoseconds UTC."""
        self._ahead = max(self._ahead, EPOCH + self.step)
        return self._ahead + self._time.passed()

    def monotonic(self) -> int:
        """Return nanoseconds that never go back."""
        return self._time.passed()

    def wall(self) -> int:
        """Return what the machine's own clock shows, nanoseconds UTC."""
        return EPOCH + self.step + self._time.passed()
