"""How late the event loop wakes up (row H4): a loop that lags is a stop that is sent late."""

from __future__ import annotations

from collections import deque
from itertools import takewhile
from threading import Lock
from typing import Final

from radtui.core.market import MINUTE

_SAMPLES: Final = 4096
_MILLISECOND: Final = 1_000_000


class LagMeter:
    """The lateness of the last minute's wake-ups, of the last 4,096 where there were more.

    One thread feeds it, any may read it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._samples: deque[tuple[int, int]] = deque(maxlen=_SAMPLES)

    def woke(self, expected: int, actual: int) -> None:
        """Record a wake-up that was due at `expected` and came at `actual`, both monotonic nanoseconds."""
        with self._lock:
            self._samples.append((actual, max(0, actual - expected)))

    def p99(self, now: int) -> float | None:
        """Return the nearest-rank 99th percentile in milliseconds, or None where nothing woke in the last minute."""
        with self._lock:
            samples = reversed(tuple(self._samples))
        lateness = sorted(late for _, late in takewhile(lambda sample: now - sample[0] < MINUTE, samples))
        if not lateness:
            return None
        rank = -(-99 * len(lateness) // 100)
        return lateness[rank - 1] / _MILLISECOND
