"""The time in which a position has no excuse: a stopwatch that runs only while the exchange answers."""

from __future__ import annotations

from collections.abc import Callable


class Patience:
    """Counts the time in which nothing keeps the engine from protecting a position.

    Args:
        now: nanoseconds since the world began.

    Attributes:
        excused_until: when the last excuse ends; nanoseconds since the world began.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._looked_at = now()
        self._run = 0
        self._held: set[str] = set()
        self.excused_until = 0

    def run(self) -> int:
        """Return the nanoseconds without an excuse since the world began."""
        now = self._now()
        if not self._held:
            self._run += max(0, now - max(self._looked_at, self.excused_until))
        self._looked_at = now
        return self._run

    def excuse(self, nanoseconds: int) -> None:
        """Let it stand for so long from now on; an excuse that lasts longer remains."""
        self.run()
        self.excused_until = max(self.excused_until, self._looked_at + nanoseconds)

    def hold(self, why: str) -> None:
        """Let it stand until `release` of the same name."""
        self.run()
        self._held.add(why)

    def release(self, why: str, afterwards: int = 0) -> None:
        """Let it go on, where nothing else holds it, after so many nanoseconds."""
        self.run()
        if why in self._held:
            self._held.remove(why)
            self.excuse(afterwards)
