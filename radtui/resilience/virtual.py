"""Virtual time: an event loop that jumps to the next timer instead of waiting for it.

Everything that waits on the loop (sleeps, timeouts, deadlines) runs as fast as the machine can think, in an order that
is the same in every run. Real sockets still work: they are looked at before a jump. Threads do not: the loop cannot
know that one will answer, so under virtual time whatever is threaded has an inline twin.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

_LOOK_EVERY: Final = 64
"""Turns between two looks at the loop's own wake-up pipe (signals), which costs a system call."""


class Deadlock(RuntimeError):
    """Everything waits and nothing is scheduled: under a real loop this would hang for ever."""


class _Leap(selectors.DefaultSelector):
    """A selector that lets time pass instead of blocking. The loop asks it to wait until its next timer is due."""

    def __init__(self, start: float) -> None:
        super().__init__()
        self.now = start
        self._turn = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._turn += 1
        alone = len(self.get_map()) <= 1  # the loop's own pipe
        if not alone or timeout is None or self._turn % _LOOK_EVERY == 0:
            events = super().select(0)
            if events:
                return events
        if timeout is None:
            return self._stuck() if alone else super().select(None)
        self.now += timeout
        return []

    @staticmethod
    def _stuck() -> list[tuple[selectors.SelectorKey, int]]:
        raise Deadlock("nothing is ready and nothing is scheduled: a task waits for something that will never come")


class VirtualLoop(asyncio.SelectorEventLoop):
    """A selector loop whose `time()` is virtual: seconds from `start`, moved only by its timers."""

    def __init__(self, start: float = 0.0) -> None:
        self._leap = _Leap(start)
        super().__init__(self._leap)

    def time(self) -> float:
        """Return the virtual seconds."""
        return self._leap.now


def run_virtual(main: Coroutine[Any, Any, T], *, start: float = 0.0) -> T:
    """Run `main` on a `VirtualLoop` and close it; tasks it left behind are cancelled.

    Raises:
        Deadlock: `main` waits for something that nothing will bring.
    """
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(start)) as runner:
        return runner.run(main)
