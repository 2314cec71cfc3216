"""Virtual time: an event loop that jumps to the next timer instead of waiting for it.

Everything that waits on the loop (sleeps, timeouts, deadlines) runs as fast as the machine can think, in an order that
is the same in every run. Real sockets still work: they are looked at before a jump. Threads do not: the loop cannot
know that one will answer, so under virtual time whatever is threaded has an inline twin.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from math import ulp
from typing import Any, Final, TypeVar

T = TypeVar("T")

_LOOK_EVERY: Final = 64
"""Turns between two looks at sockets while other work is ready, and at the loop's own pipe (signals): each is a
system call."""


class Deadlock(RuntimeError):
    """Everything waits and nothing is scheduled: under a real loop this would hang for ever."""


class _Leap(selectors.DefaultSelector):
    """A selector that lets time pass instead of blocking. The loop asks it to wait until its next timer is due."""

    def __init__(self, let_pass: Callable[[float], None]) -> None:
        super().__init__()
        self._let_pass = let_pass
        self._turn = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._turn += 1
        if timeout == 0 and self._turn % _LOOK_EVERY:
            return []
        alone = len(self.get_map()) <= 1  # the loop's own pipe
        if not alone or timeout is None or self._turn % _LOOK_EVERY == 0:
            events = super().select(0)
            if events:
                return events
        if timeout is None:
            return self._stuck() if alone else super().select(None)
        if timeout:
            self._let_pass(timeout)
        return []

    @staticmethod
    def _stuck() -> list[tuple[selectors.SelectorKey, int]]:
        raise Deadlock("nothing is ready and nothing is scheduled: a task waits for something that will never come")


class VirtualLoop(asyncio.SelectorEventLoop):
    """A selector loop whose `time()` is virtual: seconds from `start`, moved only by its timers."""

    _clock_resolution: float  # asyncio's own: a timer less than this ahead is due

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        super().__init__(_Leap(self._let_pass))
        self._let_pass(0.0)

    def time(self) -> float:
        """Return the virtual seconds."""
        return self._now

    def _let_pass(self, seconds: float) -> None:
        self._now += seconds
        self._clock_resolution = max(1e-9, ulp(self._now))  # after half a year a float is coarser than a nanosecond


def run_virtual(main: Coroutine[Any, Any, T], *, start: float = 0.0) -> T:
    """Run `main` on a `VirtualLoop` and close it; tasks it left behind are cancelled.

    Raises:
        Deadlock: `main` waits for something that nothing will bring.
    """
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(start)) as runner:
        return runner.run(main)
