"""When things happened on the wall clock: what has no time of its own there is dated once, when it is first heard of.

Between two steps the venue's clock stands still, so everything a request did there would seem to have happened earlier,
at the end of the last step. A date that was given never changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from radtui.core.account import PositionReport
from radtui.core.order import PositionSide
from radtui.venue.statements import ClosedPosition, LedgerRow
from radtui.venue.venue import Venue

Stamp = Callable[[int], int]
"""Turns the market clock into wall-clock nanoseconds."""

V = TypeVar("V")
_KEPT: Final = 20_000
_Key = tuple[str, PositionSide]


class _Held(msgspec.Struct, frozen=True):
    long: bool
    since: int


class Closed(msgspec.Struct, frozen=True):
    """When a position opened and closed, nanoseconds UTC of the wall clock."""

    opened_at: int
    closed_at: int


class Dates:
    """The dates of ledger rows, of open and of closed positions.

    Args:
        wall: dates what was never heard of.
    """

    def __init__(self, venue: Venue, wall: Stamp) -> None:
        self._venue, self._wall = venue, wall
        self._held: dict[_Key, _Held] = {}
        self._ended: dict[_Key, int] = {}
        self._rows: dict[int, int] = {}
        self._closed: dict[int, Closed] = {}

    def hear(self, report: PositionReport, stamp: Stamp) -> None:
        """Note that a position opened, closed or turned round."""
        key = report.symbol, report.position_side
        held = self._held.get(key)
        if held is not None and (not report.lots or held.long is not (report.lots > 0)):
            self._ended[key] = self._held.pop(key).since
        if report.lots and key not in self._held:
            self._held[key] = _Held(report.lots > 0, stamp(report.opened_at))

    def note(self, stamp: Stamp) -> None:
        """Date the ledger rows and closed positions that are new."""
        for currency in self._venue.currencies:
            for row in reversed(self._venue.ledger_rows(currency)):
                if row.number in self._rows:
                    break
                self._rows[row.number] = stamp(row.at)
        for closed in reversed(self._venue.closed_positions()):
            if closed.number in self._closed:
                break
            self._closed[closed.number] = Closed(self._opened(closed, stamp), stamp(closed.closed_at))
        _shorten(self._rows)
        _shorten(self._closed)

    def opened(self, report: PositionReport) -> int:
        """Return since when a position is open."""
        held = self._held.get((report.symbol, report.position_side))
        return held.since if held is not None else self._wall(report.opened_at)

    def row(self, row: LedgerRow) -> int:
        """Return when a ledger row was written."""
        at = self._rows.get(row.number)
        return at if at is not None else self._wall(row.at)

    def closed(self, position: ClosedPosition) -> Closed:
        """Return when a closed position opened and closed."""
        known = self._closed.get(position.number)
        return known or Closed(self._wall(position.opened_at), self._wall(position.closed_at))

    def _opened(self, closed: ClosedPosition, stamp: Stamp) -> int:
        for side in (PositionSide.BOTH, closed.side):
            since = self._ended.get((closed.symbol, side))
            if since is not None:
                return since
        return stamp(closed.opened_at)


def _shorten(dates: dict[int, V]) -> None:
    while len(dates) > _KEPT:
        del dates[next(iter(dates))]
