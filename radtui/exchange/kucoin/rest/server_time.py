"""What time it is at the exchange (row S9): an offset on the monotonic clock, whatever the wall clock does.

The exchange refuses a request whose timestamp is more than 5 s away from its own clock. A reading of that clock is
taken to be from the middle of the round trip that brought it; it is wrong by half that trip at most.
"""

from __future__ import annotations

from typing import Final

from radtui.resilience.clock import Clock

SECOND: Final = 1_000_000_000
MILLISECOND: Final = 1_000_000
TOLERANCE: Final = 5.0
"""Seconds that the exchange tolerates between a request's timestamp and its own clock."""
_LONGEST: Final = round(TOLERANCE * SECOND)
"""A round trip from which on a reading may be wrong by half the tolerance; better an older reading than such a one."""
_AHEAD: Final = 2_500
"""Milliseconds by which timestamps may run ahead of the exchange's clock: half of what it tolerates."""


class ServerTime:
    """The exchange's clock. Until it was read once, it is the machine's own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset: int | None = None
        self._round_trip: int | None = None
        self._read_at: int | None = None
        self._last = 0
        self.readings = 0
        """How often the clock was read."""

    @property
    def is_known(self) -> bool:
        """Whether the exchange's clock was read."""
        return self._offset is not None

    @property
    def skew(self) -> float | None:
        """Seconds by which the exchange's clock is ahead of this machine's; None until it was read."""
        return None if self._offset is None else (self.now() - self._clock.wall()) / SECOND

    @property
    def round_trip(self) -> float | None:
        """Seconds that the reading in use took, there and back; None until there is one."""
        return None if self._round_trip is None else self._round_trip / SECOND

    @property
    def age(self) -> float | None:
        """Seconds since the reading in use; None until there is one."""
        return None if self._read_at is None else (self._clock.monotonic() - self._read_at) / SECOND

    def now(self) -> int:
        """Return the exchange's time, nanoseconds UTC."""
        return self._clock.now() if self._offset is None else self._clock.monotonic() + self._offset

    def timestamp(self) -> int:
        """Return the milliseconds that the next request is signed with: always more than the last.

        Only where the last is so far ahead of the exchange's clock that it can hardly have been taken (ours was wrong),
        counting begins anew: to go on from there would get every further request refused.
        """
        now = self.now() // MILLISECOND
        self._last = max(now, self._last + 1 if self._last - now <= _AHEAD else 0)
        return self._last

    def learn(self, sent: int, received: int, server_ms: int) -> bool:
        """Take a reading of the exchange's clock, and return whether it is used.

        Args:
            sent, received: monotonic nanoseconds around the round trip.
            server_ms: what the exchange said, milliseconds UTC.
        """
        self.readings += 1
        trip = received - sent
        if trip >= _LONGEST and self._offset is not None:
            return False
        said = server_ms * MILLISECOND + MILLISECOND // 2  # it cuts the rest of its millisecond off
        self._offset, self._round_trip, self._read_at = said - (sent + received) // 2, trip, received
        return True

    def forget(self) -> None:
        """Trust the reading no more: the exchange has refused a timestamp made by it."""
        self._offset = self._round_trip = self._read_at = None
