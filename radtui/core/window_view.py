"""The trading window and its budget of the day, as they are shown (row S8)."""

from __future__ import annotations

import msgspec


class WindowView(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands; all moments on the market clock, nanoseconds UTC.

    Attributes:
        hours: the window in words. trades, limit: entries of the day, and how many there may be; None for no limit.
        changes_at: when it opens or closes next; None where it never does.
        resets_at: when the day's trades are counted anew: the zone's midnight; None before anything is known.
    """

    open: bool = True
    hours: str = "00–24 UTC"
    zone: str = "UTC"
    trades: int = 0
    limit: int | None = None
    changes_at: int | None = None
    resets_at: int | None = None

    @property
    def used(self) -> float | None:
        """Percent of the day's trades that are made; None where they are not limited."""
        if self.limit is None:
            return None
        return min(100.0, 100.0 * self.trades / self.limit) if self.limit else 100.0
