"""The journal's own note of who writes it (row L12): it holds where a file lock does not reach, as on shared disks.

Every transaction looks at it first, so that nothing of an engine that was taken over ever gets into the journal.
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, delete, insert, select

from radtui.core.market import SECOND
from radtui.resilience.clock import Clock
from radtui.store.holder import Holder, myself, utc
from radtui.store.lock import AccountHeld, held
from radtui.store.schema import LEASE

RENEWED_EVERY: Final = 5 * SECOND
EXPIRES_AFTER: Final = 3 * RENEWED_EVERY
"""Nanoseconds without a renewal after which whoever cannot be seen is taken for gone."""

_CONFIRM: Final = "SELECT renewed_at FROM lease WHERE lease = ?"
_RENEW: Final = "UPDATE lease SET renewed_at = ?"
_PROCESS: Final = [LEASE.c[name] for name in Holder.__struct_fields__]


class LeaseLost(Exception):
    """Another engine has taken the journal over.

    Attributes:
        holder: who that is; None where it has ended since.
    """

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(f"taken over by {holder.named if holder else 'an engine that has ended since'}")
        self.holder = holder


class Lease:
    """The right of one opened journal to write. Its methods run inside a transaction of the caller.

    Args:
        what: what it guards, for people: ``the journal alpha.db``.
    """

    def __init__(self, what: str, clock: Clock) -> None:
        self._what = what
        self._clock = clock
        self._id = uuid4().hex

    def take(self, connection: Connection) -> str:
        """Take the lease; return who had it, for people, where that one only seems to be gone.

        Raises:
            AccountHeld: somebody else renews it.
        """
        now = self._clock.now()
        before, seen = refuse_live(connection, self._what, now)
        values = {**msgspec.structs.asdict(myself()), "id": 1, "lease": self._id, "renewed_at": now}
        connection.execute(delete(LEASE))
        connection.execute(insert(LEASE).values(values))
        return f"{before.named}, last seen {utc(seen)}" if before and not before.gone else ""

    def confirm(self, connection: Connection) -> None:
        """Make sure that it is still this one's, and renew it where that is due.

        Raises:
            LeaseLost: it is not, and never will be again: nothing may be written.
        """
        renewed_at = connection.exec_driver_sql(_CONFIRM, (self._id,)).scalar()
        if renewed_at is None:
            raise LeaseLost(_noted(connection)[0])
        now = self._clock.now()
        if not 0 <= now - renewed_at < RENEWED_EVERY:
            connection.exec_driver_sql(_RENEW, (now,))

    def release(self, connection: Connection) -> None:
        """Give it back.

        Raises:
            LeaseLost: it was somebody else's already.
        """
        self.confirm(connection)
        connection.execute(delete(LEASE))


def refuse_live(connection: Connection, what: str, now: int) -> tuple[Holder | None, int]:
    """Make sure that nobody writes the journal, and return who noted to do so and when it was renewed.

    Raises:
        AccountHeld: somebody does.
    """
    before, seen = _noted(connection)
    if before and not before.gone and now - seen < EXPIRES_AFTER:
        raise _refusal(before, seen, now, what)
    return before, seen


def _noted(connection: Connection) -> tuple[Holder | None, int]:
    """Return who noted to hold the lease, and when it was renewed."""
    row = connection.execute(select(LEASE.c.renewed_at, *_PROCESS)).first()
    return (Holder(**dict(zip(Holder.__struct_fields__, row[1:], strict=True))), row[0]) if row else (None, 0)


def _refusal(holder: Holder, seen: int, now: int, what: str) -> AccountHeld:
    who = f"({holder.named}, last seen {utc(seen)})"
    return held(who, what, f"{holder.how_to_end}{_patience(holder, seen, now)}", holder)


def _patience(holder: Holder, seen: int, now: int) -> str:
    if holder.here:
        return ""
    if seen > now:
        ahead = (seen - now) // SECOND
        return f" Its clock is {ahead} s ahead of this machine's: set both right, the exchange refuses such orders too."
    left = (seen + EXPIRES_AFTER - now) // SECOND + 1
    return f" Where it is gone for good, start again in {left} s."
