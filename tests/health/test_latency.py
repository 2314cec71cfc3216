from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.health.latency import BUCKETS, LONGEST, bucket, middle, percentile

durations = st.one_of(st.integers(0, 100), st.integers(0, 10**7), st.integers(0, LONGEST))


def counted(values: list[int]) -> list[int]:
    counts = [0] * BUCKETS
    for value in values:
        counts[bucket(value)] += 1
    return list(accumulate(counts))


@settings(max_examples=60, deadline=None)
@given(st.lists(durations, min_size=1, max_size=300), st.integers(1, 100))
def test_a_percentile_is_within_five_percent_of_the_sorted_data(values: list[int], percent: int) -> None:
    rank = -(-percent * len(values) // 100)
    assert percentile(counted(values), percent) == pytest.approx(sorted(values)[rank - 1], rel=0.05, abs=0)


@settings(max_examples=60, deadline=None)
@given(durations, durations)
def test_a_longer_duration_never_stands_in_an_earlier_bucket(one: int, other: int) -> None:
    assert (bucket(one) <= bucket(other)) or one > other


@settings(max_examples=60, deadline=None)
@given(st.integers(0, BUCKETS - 1))
def test_the_middle_of_a_bucket_lies_in_it(index: int) -> None:
    assert bucket(int(middle(index))) == index


@pytest.mark.parametrize(("nanoseconds", "as_if"), [(-5, 0), (LONGEST + 1, LONGEST), (2**80, LONGEST)])
def test_what_cannot_be_is_counted_at_the_edge(nanoseconds: int, as_if: int) -> None:
    assert bucket(nanoseconds) == bucket(as_if)


def test_without_values_there_is_no_percentile() -> None:
    assert percentile([], 50) is None
    assert percentile([0] * BUCKETS, 50) is None
