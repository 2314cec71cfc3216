from __future__ import annotations

import os

from radtui.core.market import DAY, SECOND
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock


class HandClock:
    """A clock that a test moves: the wall stands at a day's start when the monotonic one stands at 0."""

    def __init__(self) -> None:
        self.elapsed = 0

    def now(self) -> int:
        return 20_000 * DAY + self.elapsed

    def monotonic(self) -> int:
        return self.elapsed

    def wall(self) -> int:
        return self.now()


def test_beats_are_on_the_monotonic_clock() -> None:
    clock = HandClock()
    monitor = HealthMonitor(clock)
    monitor.heartbeats.register("main loop", limit=2)
    monitor.beat("main loop")
    clock.elapsed = 3 * SECOND
    (view,) = monitor.worker_views()
    assert (view.age, view.healthy) == (3.0, False)


def test_errors_and_calls_are_on_the_wall_clock() -> None:
    clock: Clock = HandClock()
    monitor = HealthMonitor(clock)
    monitor.trouble("transient", "no answer", "candles", "warning")
    monitor.calls.call("candles", clock.now(), 5_000_000, "transient")
    (error,) = monitor.error_views()
    assert (error.at, error.severity, monitor.errors_today()) == (clock.now(), "warning", 1)
    assert (monitor.api_view().per_minute, monitor.api_view().success) == (1, 0.0)


def test_the_process_is_seen_with_its_lag() -> None:
    monitor = HealthMonitor(HandClock())
    assert monitor.process_view().lag_p99 is None
    monitor.lag.woke(-3_000_000, 0)
    view = monitor.process_view()
    assert (view.lag_p99, view.pid) == (3.0, os.getpid())
    assert view.rss is not None
    assert view.rss > 0
