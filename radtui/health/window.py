"""Counts of the last spans of time, in a ring that never grows and never needs sweeping."""

from __future__ import annotations

from typing import Final

SLOTS: Final = 64
"""Spans a window remembers: the last minute by seconds or the last hour by minutes, and a few more."""

_NEVER: Final = -1


class Window:
    """How often something happened in each of the last 64 spans.

    A span is a whole number that grows with time: the second or the minute since the epoch. A slot that still holds an
    older span starts again at 0, so nothing has to be cleared when time passes.
    """

    __slots__ = ("_counts", "_spans")

    def __init__(self) -> None:
        self._spans = [_NEVER] * SLOTS
        self._counts = [0] * SLOTS

    def add(self, span: int, times: int) -> None:
        """Count `times` in `span`."""
        slot = span % SLOTS
        if self._spans[slot] == span:
            self._counts[slot] += times
        else:
            self._spans[slot] = span
            self._counts[slot] = times

    def last(self, newest: int, spans: int) -> list[int]:
        """Return the counts of the last `spans` (at most 64) up to and with `newest`, oldest first."""
        return [self._of(span) for span in range(newest - spans + 1, newest + 1)]

    def _of(self, span: int) -> int:
        slot = span % SLOTS
        return self._counts[slot] if self._spans[slot] == span else 0
