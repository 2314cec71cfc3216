"""Quiet hours: when only what must wake somebody is sent; the rest is sent when they end, where it still fires."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from radtui.core.alert_view import Severity
from radtui.core.market import SECOND

_DAY: Final = timedelta(days=1)


class Quiet(msgspec.Struct, frozen=True):
    """Hours of a day, by the clock on somebody's wall.

    Attributes:
        begin, end: minutes since midnight there; they may lie on both sides of it. Equal ones: no quiet hours.
        zone: IANA name of the time zone, for example ``Europe/Berlin``.
        passes: the least severity that is sent all the same.
    """

    begin: int
    end: int
    zone: str = "UTC"
    passes: Severity = Severity.ALARM

    def until(self, at: int) -> int | None:
        """Return the end of the quiet hours in which `at` (nanoseconds UTC) lies; None outside them."""
        there = datetime.fromtimestamp(at / SECOND, UTC).astimezone(ZoneInfo(self.zone))
        minute = there.hour * 60 + there.minute
        wraps = self.begin > self.end
        inside = (minute >= self.begin or minute < self.end) if wraps else self.begin <= minute < self.end
        if not inside:
            return None
        midnight = there.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        day = midnight + _DAY if wraps and minute >= self.begin else midnight
        ends = day + timedelta(minutes=self.end)  # by the wall's clock, also over a change of summer time
        return max(at + 1, round(ends.timestamp()) * SECOND)

    def holds(self, severity: Severity, at: int) -> bool:
        """Return whether something of this severity waits for the end of the quiet hours."""
        return severity.rank < self.passes.rank and self.until(at) is not None
