"""Every duration lands in the first bucket whose limit it does not exceed, and nothing is lost."""

from __future__ import annotations

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.core.timing_view import LIMITS
from radtui.health.histogram import Histogram


@given(st.lists(st.integers(-SECOND, 100 * SECOND)))
def test_it_counts_as_a_sorted_list_would(durations: list[int]) -> None:
    histogram = Histogram()
    for duration in durations:
        histogram.add(duration)
    view = histogram.view("sending", "entry")
    wanted = [0] * (len(LIMITS) + 1)
    for duration in durations:
        wanted[bisect_left(LIMITS, max(0, duration) / SECOND)] += 1
    assert view.counts == tuple(wanted)
    assert view.seconds == sum(max(0, duration) for duration in durations) / SECOND


def test_a_limit_belongs_to_its_own_bucket() -> None:
    histogram = Histogram()
    histogram.add(round(LIMITS[0] * SECOND))
    histogram.add(round(LIMITS[0] * SECOND) + 1)
    histogram.add(1_000 * SECOND)
    counts = histogram.view("sending", "entry").counts
    assert (counts[0], counts[1], counts[-1]) == (1, 1, 1)
