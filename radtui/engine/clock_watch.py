"""The watch over time itself: whether this machine's clock is set, and how far it is from the exchange's (row S5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from radtui.core.events import ClockSeen, Event
from radtui.core.market import SECOND
from radtui.resilience.clock import Clock

_STEP: Final = SECOND
"""What moves the wall clock further from the monotonic one between two looks is a jump; less is good timekeeping."""
_PAUSE: Final = SECOND // 20
"""Clocks read further apart than this cannot be compared: the process was held up in between."""
_NEWS: Final = SECOND // 4
"""A skew that changed by less than this is no news."""


class ClockWatch:
    """Tells core, at each look, what has changed since the last one.

    Args:
        skew: seconds by which the exchange's clock is ahead of this machine's; None while that is not known, or where
            the exchange has no clock of its own.
    """

    def __init__(self, clock: Clock, skew: Callable[[], float | None], feed: Callable[[Event], None]) -> None:
        self._clock = clock
        self._skew = skew
        self._feed = feed
        self._told: int | None = None
        self._before = self._offsets()

    def look(self) -> None:
        """Look at the clocks now."""
        step, shift = self._moved()
        found = self._skew()
        skew = self._told if found is None else round(found * SECOND)
        news = skew is not None and (self._told is None or abs(skew - self._told) >= _NEWS)
        if news or step or shift:
            self._told = skew
            self._feed(ClockSeen(self._clock.now(), skew, step, shift))

    def _moved(self) -> tuple[int, int]:
        """Return by how much the wall clock, and ours that follows it, moved more than time went by; 0 for little."""
        before, seen = self._before, self._offsets()
        if seen is None:
            return 0, 0
        self._before = seen
        if before is None:
            return 0, 0
        step, shift = seen[0] - before[0], seen[1] - before[1]
        return step if abs(step) >= _STEP else 0, shift if abs(shift) >= _STEP else 0

    def _offsets(self) -> tuple[int, int] | None:
        """Return by how much the wall clock and ours are ahead of the monotonic one; None where a pause got between."""
        clock = self._clock
        before = clock.monotonic()
        wall, ours = clock.wall(), clock.now()
        after = clock.monotonic()
        return (wall - before, ours - before) if after - before <= _PAUSE else None
