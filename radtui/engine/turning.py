"""Whether an event loop turns, asked from any thread: a loop that hangs cannot say so itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

HANGS_AFTER: Final = 10.0
"""Seconds without a turn after which a loop is taken to hang: no step of ours takes a tenth of one."""
_EVERY: Final = 0.5
"""Seconds between two signs."""


class Turning:
    """Signs of life of one loop: from its own timer, so that no worker's crash or long sleep looks like a hang.

    Args:
        now: seconds that never go back; they stand still while the machine sleeps.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next: asyncio.TimerHandle | None = None
        self._turned_at = now()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Follow `loop`, on its thread; what was followed before is forgotten."""
        self.stop()
        self._loop = loop
        self._turn()

    def stop(self) -> None:
        """Follow it no more, on its thread: from now on nothing hangs."""
        self._loop = None
        if self._next is not None:
            self._next.cancel()
            self._next = None

    @property
    def still(self) -> float:
        """Seconds since it turned last; 0 where none is followed."""
        return 0.0 if self._loop is None else max(0.0, self._now() - self._turned_at)

    @property
    def hangs(self) -> int:
        """Whole seconds for which it has stood still; 0 where that is not long enough to be called so."""
        still = self.still
        return int(still) if still >= HANGS_AFTER else 0

    def _turn(self) -> None:
        self._turned_at = self._now()
        if self._loop is not None:
            self._next = self._loop.call_later(_EVERY, self._turn)
