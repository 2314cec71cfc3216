"""How long each piece of the engine's recurring work takes (rows H3, H8). Written and read on the engine's thread."""

from __future__ import annotations

from itertools import accumulate
from typing import Final, Protocol

from radtui.core.market import SECOND
from radtui.core.timing_view import PhaseView
from radtui.health.latency import BUCKETS, bucket, percentile

ACCOUNT: Final = "account"
"""Of a cycle: the money is read afresh."""
DECISION: Final = "decision"
"""Of a cycle: the signals go through the gates."""
STRATEGY: Final = "strategy"
"""A strategy is asked about a closed candle: the scan of row H3."""
READING: Final = "reading"
"""Positions, orders and fills are read from the exchange: the position update of row H3."""
NOTING: Final = "noting"
"""An order waits until its intent is on disk."""
SNAPSHOT: Final = "snapshot"
"""The picture for people is made."""
PHASES: Final = (ACCOUNT, DECISION, STRATEGY, READING, NOTING, SNAPSHOT)
_MILLISECOND: Final = 1_000_000


class Timed(Protocol):
    """Takes how long something took."""

    def __call__(self, phase: str, nanoseconds: int, *, failed: bool = False) -> None:
        """Record one."""
        ...


def untimed(phase: str, nanoseconds: int, *, failed: bool = False) -> None:
    """Record nothing."""


class _Phase:
    __slots__ = ("failed", "last", "latencies", "nanoseconds", "seen", "worst")

    def __init__(self, name: str) -> None:
        self.latencies = [0] * BUCKETS
        self.failed = self.nanoseconds = self.last = self.worst = 0
        self.seen: PhaseView | None = PhaseView(name=name)

    def view(self, name: str) -> PhaseView:
        """Return it; percentiles are computed anew only where something was recorded since."""
        if self.seen is None:
            self.seen = self._read(name)
        return self.seen

    def _read(self, name: str) -> PhaseView:
        running = list(accumulate(self.latencies))
        return PhaseView(
            name=name,
            calls=running[-1],
            failed=self.failed,
            seconds=self.nanoseconds / SECOND,
            last=self.last / _MILLISECOND,
            worst=self.worst / _MILLISECOND,
            p50=(percentile(running, 50) or 0.0) / _MILLISECOND,
            p99=(percentile(running, 99) or 0.0) / _MILLISECOND,
        )


class PhaseLog:
    """Times the phases that there are; a name that is not among them is a mistake (KeyError)."""

    def __init__(self) -> None:
        self._phases = {name: _Phase(name) for name in PHASES}

    def record(self, phase: str, nanoseconds: int, *, failed: bool = False) -> None:
        """Record that a phase took so long."""
        kept = self._phases[phase]
        kept.latencies[bucket(nanoseconds)] += 1
        kept.nanoseconds += nanoseconds
        kept.last = nanoseconds
        if nanoseconds > kept.worst:  # noqa: PLR1730 - max() costs a tenth of the whole record
            kept.worst = nanoseconds
        kept.failed += failed
        kept.seen = None

    def views(self) -> tuple[PhaseView, ...]:
        """Return every phase, in their order."""
        return tuple(phase.view(name) for name, phase in self._phases.items())
