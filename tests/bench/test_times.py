"""Timing a phase or an order costs at most 1 µs, and less than a Prometheus histogram with a counter (row H7)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from prometheus_client import CollectorRegistry, Counter
from prometheus_client import Histogram as Theirs

from radtui.health.histogram import Histogram
from radtui.health.phases import ACCOUNT, PhaseLog
from tests.bench.test_health import ROUNDS, nanoseconds_each


@pytest.mark.parametrize("what", ["phase", "order"])
def test_a_time_costs_at_most_a_microsecond(what: str, rounds: Callable[[Callable[[], object], int], None]) -> None:
    log, histogram, registry = PhaseLog(), Histogram(), CollectorRegistry()
    theirs, counter = Theirs("latency", "of calls", registry=registry), Counter("calls", "made", registry=registry)

    def ours(ordinal: int) -> None:
        if what == "phase":
            log.record(ACCOUNT, 41_000_000 + ordinal * 977)
        else:
            histogram.add(41_000_000 + ordinal * 977)

    def reference(ordinal: int) -> None:
        theirs.observe(0.041 + ordinal * 977e-9)
        counter.inc()

    costs: list[tuple[float, float]] = []
    rounds(lambda: costs.append((nanoseconds_each(ours), nanoseconds_each(reference))), ROUNDS)
    best, other = (min(column) for column in zip(*costs, strict=True))
    print(f"\n{what} {best:.0f} ns · prometheus {other:.0f} ns · ratio {best / other:.2f}")
    assert best <= max(1_000, other / 1.2)
