"""What a start found: each difference between what the journal knew and what the exchange shows (row O3)."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One difference.

    Attributes:
        kind: ``order``, ``stop``, ``position``, ``balance`` or ``engine``.
        subject: a symbol, a client id, a currency.
        before, after: by our books, and by the exchange. explanation: what lies between the two; empty: nothing known.
        done: what was done about it.
    """

    kind: str
    subject: str
    before: str
    after: str
    explanation: str = ""
    done: str = ""

    @property
    def difference(self) -> str:
        """The two sides of it, in one line."""
        return f"we knew {self.before}, the exchange shows {self.after}"


class RecoveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """One start's recovery, done.

    Attributes:
        began_at, ended_at: wall clock.
        last_run: how the run before ended: ``none``, ``shut down`` or ``killed or crashed``.
        away: wall seconds since that run noted anything; None where there was none.
        orders, stops, positions: that the exchange showed before this start did anything, whosever they are.
        fills, funding, transfers: that were caught up.
    """

    began_at: int
    ended_at: int
    last_run: str
    away: float | None = None
    orders: int = 0
    stops: int = 0
    positions: int = 0
    fills: int = 0
    funding: int = 0
    transfers: int = 0
    findings: tuple[Finding, ...] = ()


class ReconcileView(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison that never stops.

    Attributes:
        readings: of everything the exchange shows, since the start. last_at: wall clock of the latest.
        drifts: differences since recovery that nothing of ours explains. last: the latest, with its wall clock.
        foreign: orders and positions that are not ours and are left alone, a line each.
        rival: another engine flies under this bot's name; empty: none was seen.
    """

    readings: int = 0
    last_at: int | None = None
    drifts: int = 0
    last: Finding | None = None
    last_drift_at: int | None = None
    foreign: tuple[str, ...] = ()
    rival: str = ""
