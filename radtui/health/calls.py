"""Every call to the exchange, counted (row H1); it is the observer that each adapter is given.

Written by the engine's thread, read by any: a lock guards the counters, a reader copies under it those that have moved
since the last look and computes its percentiles outside, so that no call ever waits for arithmetic. One record costs at
most 1 µs (row H7, tests/bench): what can be derived is derived by the reader, and the windows of time move once a
second, not once a call.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import accumulate
from operator import mul
from threading import Lock
from typing import Final

from radtui.core.health_view import ApiView, EndpointView
from radtui.core.market import MINUTE, SECOND
from radtui.health.latency import BUCKETS, bucket, middle, percentile
from radtui.health.window import Window
from radtui.resilience.failures import RateLimited

_SECONDS: Final = 60
_MINUTES: Final = 60
_MILLISECOND: Final = 1_000_000
_MIDDLES: Final = tuple(map(middle, range(BUCKETS)))


class _Tally:
    """What is counted of one endpoint; every call stands in one bucket of latency."""

    __slots__ = ("calls", "failed", "latencies", "rate_limited")

    def __init__(self) -> None:
        self.calls = 0
        self.latencies = [0] * BUCKETS
        self.failed = 0
        self.rate_limited = 0

    def copy(self) -> _Tally:
        other = _Tally()
        other.calls, other.latencies = self.calls, self.latencies.copy()
        other.failed, other.rate_limited = self.failed, self.rate_limited
        return other


class CallLog:
    """Counts calls, failures, latencies and the life signs of feeds since it was made.

    A call that ended with any failure is a failed one, rate-limited calls among them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._endpoints: dict[str, _Tally] = {}
        self._seen: dict[str, tuple[_Tally, EndpointView]] = {}
        self._second = 0
        self._in_second = 0
        self._seconds = Window()
        self._minutes = Window()
        self._failures = Window()
        self._last_at: int | None = None
        self._topics: dict[str, int] = {}
        self._reconnects = 0

    def call(self, endpoint: str, ended_at: int, nanoseconds: int, failure: str = "") -> None:
        """Record one finished call; see `radtui.resilience.observe.CallObserver`."""
        with self._lock:
            tally = self._endpoints.get(endpoint) or self._endpoints.setdefault(endpoint, _Tally())
            tally.calls += 1
            tally.latencies[bucket(nanoseconds)] += 1
            second = ended_at // SECOND
            if second != self._second:
                self._turn(second)
            self._in_second += 1
            self._last_at = ended_at
            if failure:
                self._failures.add(ended_at // MINUTE, 1)
                tally.failed += 1
                tally.rate_limited += failure == RateLimited.kind

    def topic(self, name: str, at: int) -> None:
        """Record that a topic of a feed spoke."""
        with self._lock:
            self._topics[name] = at

    def reconnect(self, at: int, why: str) -> None:
        """Record that a feed was lost and is being opened again; the count is kept, the why is the feed's own event."""
        with self._lock:
            self._reconnects += 1

    def view(self, now: int) -> ApiView:
        """Return all of it at `now`, wall clock in nanoseconds UTC.

        Calls per minute are counted by whole seconds, the one that is running included.
        """
        with self._lock:
            self._turn(self._second)
            known = self._seen
            moved = {
                name: tally.copy()
                for name, tally in self._endpoints.items()
                if name not in known or known[name][0].calls != tally.calls
            }
            per_minute = sum(self._seconds.last(now // SECOND, _SECONDS))
            calls = self._minutes.last(now // MINUTE, _MINUTES)
            failures = self._failures.last(now // MINUTE, _MINUTES)
            last_at, reconnects = self._last_at, self._reconnects
            stalest = min(self._topics.values(), default=None)
        seen = {**known, **{name: (tally, _endpoint(name, tally)) for name, tally in moved.items()}}
        self._seen = seen
        every = _endpoint("", _sum([tally for tally, _ in seen.values()]))
        return ApiView(
            total=every.calls,
            ok=every.calls - every.failed,
            failed=every.failed,
            rate_limited=every.rate_limited,
            per_minute=per_minute,
            success=_success(every.calls, every.failed),
            p50=every.p50,
            p99=every.p99,
            last_at=last_at,
            history=tuple(_success(*minute) if minute[0] else None for minute in zip(calls, failures, strict=True)),
            endpoints=tuple(seen[name][1] for name in sorted(seen)),
            oldest_topic=None if stalest is None else max(0, now - stalest) / SECOND,
            reconnects=reconnects,
        )

    def _turn(self, second: int) -> None:
        """Put the running second's calls into the windows and let `second` run."""
        self._seconds.add(self._second, self._in_second)
        self._minutes.add(self._second * SECOND // MINUTE, self._in_second)
        self._second, self._in_second = second, 0


def _sum(tallies: Collection[_Tally]) -> _Tally:
    every = _Tally()
    every.calls = sum(tally.calls for tally in tallies)
    every.latencies = list(map(sum, zip(*(tally.latencies for tally in tallies), strict=True)))
    every.failed = sum(tally.failed for tally in tallies)
    every.rate_limited = sum(tally.rate_limited for tally in tallies)
    return every


def _success(calls: int, failed: int) -> float:
    return (calls - failed) / calls * 100 if calls else 100.0


def _endpoint(name: str, tally: _Tally) -> EndpointView:
    running = list(accumulate(tally.latencies))
    return EndpointView(
        name=name,
        calls=tally.calls,
        failed=tally.failed,
        rate_limited=tally.rate_limited,
        p50=_milliseconds(percentile(running, 50)),
        p99=_milliseconds(percentile(running, 99)),
        seconds=sum(map(mul, tally.latencies, _MIDDLES)) / SECOND,
    )


def _milliseconds(nanoseconds: float | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / _MILLISECOND
