"""What a trading window is told (row S8)."""

from __future__ import annotations

from typing import Final

import msgspec

EVERY_DAY: Final = (0, 1, 2, 3, 4, 5, 6)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """The hours in which a bot may enter, and how often.

    Attributes:
        start, end: hours of the zone's clock, start ≤ hour < end. Where `end` is not later it lies on the next day:
            22–6 is a night, 8–8 goes round the clock.
        zone: name of a time zone, as in ``Europe/Berlin``.
        weekdays: on which it opens; 0 is Monday.
        trades: entries from one midnight of the zone to the next, at most; None for no such limit.
    """

    start: int = 0
    end: int = 24
    zone: str = "UTC"
    weekdays: tuple[int, ...] = EVERY_DAY
    trades: int | None = None

    @property
    def always(self) -> bool:
        """Whether it never closes."""
        return (self.end - self.start) % 24 == 0 and self.weekdays == EVERY_DAY


class Traded(msgspec.Struct, kw_only=True):
    """What survives a restart; mutable, owned by `TradingWindow`.

    Attributes:
        day: the zone's day, counted since 0001-01-01. count: entries that were asked for on it.
    """

    day: int = 0
    count: int = 0
