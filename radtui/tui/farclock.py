"""What time it is where an engine is: the two machines' clocks differ, and ages must be true all the same (row A4)."""

from __future__ import annotations

from collections import deque
from typing import Final

WINDOW: Final = 30.0
"""Seconds for which a picture tells how far the clocks are apart; after a step of either clock ages are right again."""


class FarClock:
    """The engine's wall clock, as near as a line can tell: late by the least delay that the line had lately.

    A picture that was held up on the line is so old as it is, however late it was heard; also after this machine slept.
    """

    def __init__(self) -> None:
        self._apart: deque[tuple[float, int]] = deque()

    def heard(self, made_at: int, heard_at: int, moment: float) -> None:
        """Note a picture.

        Args:
            made_at: by the engine's wall clock. heard_at: by this machine's; both nanoseconds UTC.
            moment: seconds of a clock that nobody sets.
        """
        self._apart.append((moment, heard_at - made_at))
        while moment - self._apart[0][0] > WINDOW:
            self._apart.popleft()

    def now(self, wall: int) -> int:
        """Return the engine's wall clock at `wall` of this machine's, nanoseconds UTC."""
        return wall - min((apart for _, apart in self._apart), default=0)
