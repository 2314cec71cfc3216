from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import MINUTE, SECOND
from radtui.health.lag import LagMeter


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-(10**6), 10**9), min_size=1, max_size=300))
def test_p99_is_the_nearest_rank_of_the_lateness_and_never_below_zero(late: list[int]) -> None:
    meter = LagMeter()
    for each in late:
        meter.woke(SECOND - each, SECOND)
    ordered = sorted(max(0, each) for each in late)
    assert meter.p99(SECOND) == pytest.approx(ordered[-(-99 * len(late) // 100) - 1] / 1e6)


def test_only_the_last_minute_counts() -> None:
    meter = LagMeter()
    meter.woke(0, 500_000_000)
    meter.woke(MINUTE, MINUTE + 2_000_000)
    assert meter.p99(MINUTE + 2_000_000) == 500.0
    assert meter.p99(MINUTE + 500_000_000) == 2.0
    assert meter.p99(3 * MINUTE) is None


def test_memory_is_bounded() -> None:
    meter = LagMeter()
    meter.woke(0, 900_000_000)
    for _ in range(4_096):
        meter.woke(SECOND, SECOND)
    assert meter.p99(SECOND) == 0.0
