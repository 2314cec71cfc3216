"""The four ways in which trading can go wrong, each a rule: what it measures, its limit, and when it is over.

A rule holds only its limits. What it must remember over a restart stands in `Kept`; what it measures in `Figures`. All
clocks are the market's: a paper flight at sixty times the speed is stopped as early, and for as long, as a live one.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from typing import Protocol

import msgspec

from radtui.core.market import DAY, MINUTE
from radtui.core.money import HUNDRED, ZERO, ratio


class Trip(msgspec.Struct, frozen=True):
    """A breaker that is tripped: since when (market clock), and why."""

    since: int
    why: str


class Kept(msgspec.Struct, kw_only=True):
    """What survives a restart; mutable, owned by `TradingBreakers`.

    Attributes:
        trips: by the rule's name.
        day, day_base: the market day for which an operator set another starting equity, and that equity.
        peak: highest equity since an operator reset the drawdown; None where that never happened.
        streak, lost_at: losses in a row, and the market clock of the last one. wins: wins in a row.
        entered: market clock of each entry of the last minute, oldest first.
    """

    trips: dict[str, Trip] = {}
    day: int = -1
    day_base: Decimal = ZERO
    peak: Decimal | None = None
    streak: int = 0
    lost_at: int = 0
    wins: int = 0
    entered: list[int] = []


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured.

    Attributes:
        at: market clock. equity: the last one that was true; None before the first.
        peak: highest equity ever. day, day_start: the market day, and the equity it began with.
    """

    at: int
    equity: Decimal | None = None
    peak: Decimal = ZERO
    day: int = -1
    day_start: Decimal = ZERO


class Rule(Protocol):
    """One limit. It trips where its value reaches it, and stays tripped until it is `over` or renewed.

    Attributes:
        withdraws: entries on their way are cancelled when it trips.
    """

    name: str
    withdraws: bool

    @property
    def limit(self) -> Decimal:
        """The value at which it trips."""
        ...

    def measure(self, kept: Kept, figures: Figures) -> Decimal | None:
        """Return its value now, None where that is not known; what can no longer count is forgotten."""
        ...

    def over(self, kept: Kept, figures: Figures, since: int) -> bool:
        """Return whether a trip of `since` is over by itself; what goes with it is forgotten."""
        ...

    def renew(self, kept: Kept, figures: Figures) -> bool:
        """Count anew from now, as an operator wants it; return False where that is not possible yet."""
        ...

    def resets_at(self, kept: Kept, since: int) -> int | None:
        """Return when a trip of `since` is over by itself, None where it never is."""
        ...

    def say(self, value: Decimal) -> str:
        """Return a value for people."""
        ...


class DailyLoss:
    """Loss of the market day (UTC), as a share of the equity it began with; over with the day."""

    name = "daily loss"
    withdraws = True

    def __init__(self, limit: Decimal) -> None:
        self.limit = limit

    def measure(self, kept: Kept, figures: Figures) -> Decimal | None:
        if figures.day != figures.at // DAY:
            return None  # what the new day began with is not noted yet
        return _lost(kept.day_base if kept.day == figures.day else figures.day_start, figures.equity)

    def over(self, kept: Kept, figures: Figures, since: int) -> bool:
        return figures.day > since // DAY

    def renew(self, kept: Kept, figures: Figures) -> bool:
        if figures.equity is None:
            return False
        kept.day, kept.day_base = figures.day, figures.equity
        return True

    def resets_at(self, kept: Kept, since: int) -> int | None:
        return (since // DAY + 1) * DAY

    def say(self, value: Decimal) -> str:
        return _percent(value)


class Drawdown:
    """How far the equity is below its highest, as a share of that; only an operator ends it, who begins a new peak."""

    name = "drawdown"
    withdraws = True

    def __init__(self, limit: Decimal) -> None:
        self.limit = limit

    def measure(self, kept: Kept, figures: Figures) -> Decimal | None:
        if kept.peak is None or figures.equity is None:
            return _lost(figures.peak, figures.equity)
        kept.peak = max(kept.peak, figures.equity)
        return _lost(kept.peak, figures.equity)

    def over(self, kept: Kept, figures: Figures, since: int) -> bool:
        return False

    def renew(self, kept: Kept, figures: Figures) -> bool:
        if figures.equity is None:
            return False
        kept.peak = figures.equity
        return True

    def resets_at(self, kept: Kept, since: int) -> int | None:
        return None

    def say(self, value: Decimal) -> str:
        return _percent(value)


class LosingStreak:
    """Closed positions in a row that lost; over when none was lost for `cooldown`. A position that came out even
    neither ends a streak nor prolongs it."""

    name = "losing streak"
    withdraws = True

    def __init__(self, limit: int, cooldown: int) -> None:
        self.limit = Decimal(limit)
        self._cooldown = cooldown

    def measure(self, kept: Kept, figures: Figures) -> Decimal | None:
        return Decimal(kept.streak)

    def over(self, kept: Kept, figures: Figures, since: int) -> bool:
        kept.lost_at = min(kept.lost_at, figures.at)  # the clock went back: the cooldown is never longer than it is
        if figures.at - kept.lost_at < self._cooldown:
            return False
        kept.streak = 0
        return True

    def renew(self, kept: Kept, figures: Figures) -> bool:
        kept.streak = 0
        return True

    def resets_at(self, kept: Kept, since: int) -> int | None:
        return kept.lost_at + self._cooldown

    def say(self, value: Decimal) -> str:
        return f"{value} in a row"


class OrderRate:
    """Entries within a minute, so that a strategy gone wild is slowed; over as the minute slides on."""

    name = "order rate"
    withdraws = False  # the last one that was admitted was within the limit

    def __init__(self, limit: int) -> None:
        self.limit = Decimal(limit)

    def measure(self, kept: Kept, figures: Figures) -> Decimal | None:
        now = figures.at
        if kept.entered and kept.entered[-1] > now:  # the clock went back
            kept.entered = [min(at, now) for at in kept.entered]
        del kept.entered[: bisect_right(kept.entered, now - MINUTE)]
        return Decimal(len(kept.entered))

    def over(self, kept: Kept, figures: Figures, since: int) -> bool:
        value = self.measure(kept, figures)
        return value is not None and value < self.limit

    def renew(self, kept: Kept, figures: Figures) -> bool:
        kept.entered = []
        return True

    def resets_at(self, kept: Kept, since: int) -> int | None:
        latest = kept.entered[-int(self.limit) :]
        return (latest[0] if latest else since) + MINUTE

    def say(self, value: Decimal) -> str:
        return f"{value} a minute"


def _lost(base: Decimal, equity: Decimal | None) -> Decimal | None:
    return None if equity is None else max(ratio(base - equity, base), ZERO)


def _percent(share: Decimal) -> str:
    return f"{share * HUNDRED:.2f} %"
