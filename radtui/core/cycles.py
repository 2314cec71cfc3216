"""The cycles' figures and when the next one is due (rows L5, M1)."""

from __future__ import annotations

import msgspec

from radtui.core.market import SECOND


class CycleMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """Row M1. Durations in wall seconds, over successful cycles."""

    total: int = 0
    ok: int = 0
    failed: int = 0
    seconds_ok: float = 0.0
    last_seconds: float | None = None
    last_at: int | None = None

    @property
    def success_rate(self) -> float:
        """Percent to two decimals; 0.0 with no cycle yet."""
        return round(self.ok / self.total * 100, 2) if self.total else 0.0

    @property
    def average(self) -> float | None:
        """Mean seconds of a successful cycle."""
        return self.seconds_ok / self.ok if self.ok else None

    def after(self, seconds: float, at: int, *, ok: bool) -> CycleMetrics:
        """Return the figures with one more cycle; a failed one leaves the time of the last good one."""
        return CycleMetrics(
            total=self.total + 1,
            ok=self.ok + ok,
            failed=self.failed + (not ok),
            seconds_ok=self.seconds_ok + (seconds if ok else 0.0),
            last_seconds=seconds,
            last_at=at if ok else self.last_at,
        )


def retry_after(failures: int, base: int, interval: int, jitter: float) -> int:
    """Return nanoseconds until a cycle is tried again (row L5): min(base × 2^(n−1), interval), ±25 % by `jitter`.

    Args:
        failures: consecutive ones, from 1.
        jitter: in [-1, 1].
    """
    delay = min(base << min(failures - 1, 62), interval)
    return max(round(delay * (1 + 0.25 * jitter)), SECOND // 10)
