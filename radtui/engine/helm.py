"""Who holds control among several cockpits on one engine: one at a time, and taking over is seen by all (row A4).

It binds cockpits only. REST and the one-shot commands act by their own authority, and an emergency stop is anybody's.
"""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Final

import msgspec

from radtui.core.instruction import Ask

EMBEDDED: Final = "the embedded cockpit"
"""The seat of the cockpit in the engine's own process: no line can name it, for no frame takes blanks in a seat."""
FREE_FOR_ALL: Final = frozenset(
    {Ask.EMERGENCY_STOP, Ask.PREVIEW, Ask.CHECK_CONFIG, Ask.ACKNOWLEDGE, Ask.TEST_ALERTS, Ask.WHY_DAY}
)
"""What nobody needs the helm for: an emergency stop ends all risk, and the others touch no order."""


class HelmView(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds control, as one of the cockpits sees it.

    Attributes:
        holder: for people; empty where nobody does.
        since: nanoseconds UTC.
        yours: whether it is the one who looks.
    """

    holder: str = ""
    since: int = 0
    yours: bool = False

    def forbids(self, ask: Ask) -> str:
        """Return why the one who looks may not ask this now, and what to do; empty where they may."""
        if self.yours or not self.holder or ask in FREE_FOR_ALL:
            return ""
        return f"{self.holder} holds control: nothing was done; take over first (an emergency stop needs no control)"


class Helm:
    """The helm of one engine; safe from any thread.

    A seat names one cockpit, also over several lines of it: the helm is left when the last one ends.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._lines: Counter[str] = Counter()
        self._seat = ""
        self._view = HelmView()

    def board(self, seat: str) -> None:
        """A line to this seat begins."""
        with self._lock:
            self._lines[seat] += 1

    def leave(self, seat: str) -> None:
        """A line to this seat has ended; with the last one of its holder the helm is free."""
        with self._lock:
            self._lines[seat] -= 1
            if self._lines[seat] > 0:
                return
            del self._lines[seat]
            if seat == self._seat:
                self._seat, self._view = "", HelmView()

    def take(self, seat: str, name: str, at: int, *, over: bool) -> bool:
        """Take control for `seat`; from somebody else only with `over`. Return whether it holds it now.

        Args:
            name: of its holder, for people.
            at: nanoseconds UTC.
        """
        with self._lock:
            if seat != self._seat and (over or not self._seat):
                self._seat, self._view = seat, HelmView(holder=name, since=at)
            return seat == self._seat

    def view(self, seat: str) -> HelmView:
        """Return who holds control, as `seat` sees it."""
        with self._lock:
            return msgspec.structs.replace(self._view, yours=bool(seat) and seat == self._seat)
