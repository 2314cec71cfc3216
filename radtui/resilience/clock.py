"""Time as a port: nanoseconds UTC on the wall, and monotonic nanoseconds for durations."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from. One clock a process; tests and simulation inject their own."""

    def now(self) -> int:
        """Return the wall clock in nanoseconds UTC."""
        ...

    def monotonic(self) -> int:
        """Return nanoseconds that never go back."""
        ...

    def wall(self) -> int:
        """Return what the machine's own clock shows, nanoseconds UTC: it may be set back, and `now` does not follow."""
        ...


class SystemClock:
    """The machine's own clock. Where it is set back, ours goes on: deadlines and retries are measured by it."""

    def __init__(self) -> None:
        self._ahead = time.time_ns() - time.monotonic_ns()

    def now(self) -> int:
        """Return the wall clock in nanoseconds UTC; it never goes back."""
        wall = time.time_ns()  # first: a pause before the next line must not put us ahead for ever
        elapsed = time.monotonic_ns()
        self._ahead = max(self._ahead, wall - elapsed)
        return self._ahead + elapsed

    def monotonic(self) -> int:
        """Return nanoseconds that never go back."""
        return time.monotonic_ns()

    def wall(self) -> int:
        """Return what the machine's own clock shows, nanoseconds UTC."""
        return time.time_ns()


class LoopClock:
    """The time of an event loop, counted from `epoch` (nanoseconds UTC): virtual where the loop is virtual."""

    def __init__(self, loop: asyncio.AbstractEventLoop, epoch: int) -> None:
        self._loop = loop
        self._epoch = epoch
        self._origin = loop.time()

    def now(self) -> int:
        """Return the epoch plus what the loop has lived through."""
        return self._epoch + self.monotonic()

    def monotonic(self) -> int:
        """Return nanoseconds since the clock was made."""
        return round((self._loop.time() - self._origin) * 1e9)

    def wall(self) -> int:
        """Return the same as `now`: nobody sets a loop's clock."""
        return self.now()
