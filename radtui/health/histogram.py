"""Durations in a few fixed buckets, as Prometheus wants them: adding one is a search among fourteen and two sums."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from radtui.core.market import SECOND
from radtui.core.timing_view import LIMITS, HistogramView

_LIMITS: Final = tuple(round(limit * SECOND) for limit in LIMITS)


class Histogram:
    """Counts durations. One thread writes and reads it."""

    __slots__ = ("_counts", "_nanoseconds")

    def __init__(self) -> None:
        self._counts = [0] * (len(_LIMITS) + 1)
        self._nanoseconds = 0

    def add(self, nanoseconds: int) -> None:
        """Count one; below 0, as after a clock was put back, counts as 0."""
        if nanoseconds < 0:  # noqa: PLR1730 - max() costs a tenth of the whole record
            nanoseconds = 0
        self._counts[bisect_left(_LIMITS, nanoseconds)] += 1
        self._nanoseconds += nanoseconds

    def view(self, stage: str, purpose: str) -> HistogramView:
        """Return it under its name."""
        return HistogramView(
            stage=stage, purpose=purpose, counts=tuple(self._counts), seconds=self._nanoseconds / SECOND
        )
