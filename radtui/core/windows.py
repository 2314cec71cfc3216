"""When a bot may enter: hours and weekdays in a named time zone, and so many trades a day (row S8).

All of it is reckoned on the market clock. An hour that the clocks repeat in autumn counts twice, one that they leave
out in spring does not occur; a window over midnight belongs to the weekday on which it opened. The trades of a day are
counted from one midnight of the zone to the next, also where a window lies across it, and outlast a restart.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from radtui.core.commands import Remember
from radtui.core.desk import Desk
from radtui.core.market import SECOND
from radtui.core.why_view import GateView
from radtui.core.window_view import WindowView
from radtui.core.windowing import EVERY_DAY, Traded, Window

_HOURS: Final = 24
_AHEAD: Final = 8
"""Days in which a window must open or close once: a week, and the day that began before."""
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class TradingWindow:
    """The window of one bot and what was traded in it.

    Attributes:
        kept: what survives a restart.
    """

    def __init__(self, desk: Desk) -> None:
        self.kept = Traded()
        self._desk = desk

    @property
    def closed(self) -> str:
        """Why nothing is entered now; empty where it may be."""
        window = self._desk.config.window
        if window.always and window.trades is None:
            return ""
        at = self._at
        if not is_open(window, at):
            return f"outside the trading window ({named(window)})"
        if window.trades is not None and self._today(at) >= window.trades:
            return f"{window.trades} of {window.trades} trades of the day are made"
        return ""

    def entered(self) -> None:
        """An entry was asked for."""
        day = day_of(self._desk.config.window, self._at)
        if day > self.kept.day:  # never back: a day that was counted is not opened again
            self.kept.day, self.kept.count = day, 0
        self.kept.count += 1
        self._desk.order(Remember())

    def gates(self) -> tuple[GateView, ...]:
        """Return what the window and its budget say to an entry now."""
        window, at = self._desk.config.window, self._at
        local = _local(window, at)
        here = f"{_DAYS[local.weekday()]} {local:%H:%M}"
        within = GateView(gate="trading window", value=here, limit=named(window), passed=is_open(window, at))
        if window.trades is None:
            return (within,)
        today = self._today(at)
        budget = GateView(
            gate="trades a day", value=str(today), limit=f"< {window.trades}", passed=today < window.trades
        )
        return within, budget

    def view(self) -> WindowView:
        """Return how it stands."""
        window, at = self._desk.config.window, self._at
        return WindowView(
            open=is_open(window, at),
            hours=named(window),
            zone=window.zone,
            trades=self._today(at),
            limit=window.trades,
            changes_at=changes_at(window, at),
            resets_at=resets_at(window, at),
        )

    @property
    def _at(self) -> int:
        return self._desk.market_at or self._desk.at

    def _today(self, at: int) -> int:
        return self.kept.count if day_of(self._desk.config.window, at) <= self.kept.day else 0


def is_open(window: Window, at: int) -> bool:
    """Return whether `at` (nanoseconds UTC) lies in the window."""
    if window.always:
        return True
    local = _local(window, at)
    since = (local.hour - window.start) % _HOURS
    if since >= ((window.end - window.start) % _HOURS or _HOURS):
        return False
    opened = local.date() - timedelta(days=local.hour < window.start)
    return opened.weekday() in window.weekdays


def day_of(window: Window, at: int) -> int:
    """Return the zone's day of `at`, counted since 0001-01-01."""
    return _local(window, at).toordinal()


def resets_at(window: Window, at: int) -> int:
    """Return the zone's next midnight, nanoseconds UTC."""
    return _instant(window, _local(window, at), days=1, hour=0)


def changes_at(window: Window, at: int) -> int | None:
    """Return when the window opens or closes next, nanoseconds UTC; None where it never does."""
    if window.always:
        return None
    now = is_open(window, at)
    return next((edge for edge in _edges(window, at) if edge > at and is_open(window, edge) != now), None)


@lru_cache(maxsize=8)
def named(window: Window) -> str:
    """Return the window in words."""
    hours = f"{window.start:02}–{window.end:02} {window.zone}"
    if window.weekdays == EVERY_DAY:
        return hours
    return f"{_weekdays(sorted(window.weekdays))} {hours}"


def _weekdays(days: list[int]) -> str:
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{_DAYS[days[0]]}–{_DAYS[days[-1]]}"
    return "+".join(_DAYS[day] for day in days)


def _edges(window: Window, at: int) -> Iterator[int]:
    """Yield every moment at which it may open or close, in order."""
    local = _local(window, at)
    for days in range(_AHEAD + 1):
        # a midnight too: between two days of a window that never closes lie weekdays on which it does
        yield from (_instant(window, local, days, hour) for hour in sorted({0, window.start, window.end % _HOURS}))


def _instant(window: Window, local: datetime, days: int, hour: int) -> int:
    """Return an hour of a day of the zone, nanoseconds UTC; where the clocks leave it out, when they go on."""
    day = local.date() + timedelta(days=days)
    return round(datetime(day.year, day.month, day.day, hour, tzinfo=_zone(window.zone)).timestamp()) * SECOND


def _local(window: Window, at: int) -> datetime:
    return datetime.fromtimestamp(at // SECOND, _zone(window.zone))


@lru_cache(maxsize=8)
def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)
