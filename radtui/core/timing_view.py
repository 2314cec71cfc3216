"""Where the time goes, as it is shown: the engine's phases, and how long orders take."""

from __future__ import annotations

from typing import Final

import msgspec

LIMITS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper limits of a histogram's buckets in seconds, each belonging to its own bucket; beyond the last is one more."""


class PhaseView(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of the engine's work that is done again and again (row H8).

    Attributes:
        calls, failed: how often it was done, and how often it came to nothing.
        seconds: all of them together. last, worst: milliseconds; None before the first.
        p50, p99: milliseconds.
    """

    name: str
    calls: int = 0
    failed: int = 0
    seconds: float = 0.0
    last: float | None = None
    worst: float | None = None
    p50: float | None = None
    p99: float | None = None


class HistogramView(msgspec.Struct, frozen=True, kw_only=True):
    """How long one stage of an order took.

    Attributes:
        stage: ``sending`` (intended to sent), ``accepting`` (sent to confirmed), ``filling`` (confirmed to filled).
        purpose: of the order.
        counts: of each bucket by itself, one more than `LIMITS`. seconds: all of them together.
    """

    stage: str
    purpose: str
    counts: tuple[int, ...]
    seconds: float
