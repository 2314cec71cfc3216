"""The why ledger's day, asked of the engine while its page is open (row S5)."""

from __future__ import annotations

from typing import Final

from radtui.core.instruction import Ask
from radtui.core.market import DAY, SECOND
from radtui.core.why_day import WhyDay, bounds, day_of
from radtui.engine.handle import EngineHandle

_AGAIN: Final = 5 * SECOND
"""So long an answer is shown before the ledger is read again: the day may go on."""
_PATIENCE: Final = 30 * SECOND
"""After which an answer that did not come is asked for again."""


class Ledger:
    """Asks the engine for a day, and keeps the latest answer.

    Attributes:
        wanted: the market day; empty for today's.
        day: the latest answer; None before the first. failing: why there is none; empty where it did not refuse.
    """

    def __init__(self, handle: EngineHandle, who: str) -> None:
        self._handle, self._who = handle, who
        self._asked, self._asked_at = "", 0
        self.wanted = ""
        self.day: WhyDay | None = None
        self.failing = ""

    def look(self, now: int) -> None:
        """Take the answer where it has come; ask where there is none, or it is old. `now`: nanoseconds UTC."""
        receipt = self._handle.receipt(self._asked) if self._asked else None
        if receipt is not None:
            self._asked = ""
            self.day, self.failing = receipt.day, "" if receipt.success else receipt.message
        if now - self._asked_at >= (_PATIENCE if self._asked else _AGAIN):
            self._asked = self._handle.send(Ask.WHY_DAY, who=self._who, subject=self.wanted).id
            self._asked_at = now

    def turn(self, days: int, today: str) -> bool:
        """Want another day; return whether there is one: the last is today."""
        shown = self.wanted or today
        there = day_of(bounds(shown)[0] + days * DAY)
        if there > today or there < "1970":
            return False
        self.wanted = "" if there == today else there
        self._asked, self._asked_at, self.day, self.failing = "", 0, None, ""
        return True
