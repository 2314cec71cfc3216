"""The time is cut without a gap, on candles, and into pieces that mean something."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.backtest.search.segments import FEWEST, TooShort, cut
from radtui.core.market import MINUTE

SPAN = 5 * MINUTE


@given(st.integers(0, 10**6), st.integers(0, 5000), st.integers(1, 12))
def test_segments_follow_each_other_and_are_even(since: int, minutes: int, folds: int) -> None:
    begin, end = since * MINUTE, (since + minutes) * MINUTE
    try:
        segments = cut(begin, end, SPAN, folds)
    except TooShort:
        assert minutes < (folds + 1) * FEWEST * 5 + 5
        return
    assert len(segments) == folds + 1
    assert (segments[0].begin, segments[-1].end) == (begin, end)
    assert all(before.end == after.begin and after.begin % SPAN == 0 for before, after in pairwise(segments))
    candles = [(each.end - each.begin) // SPAN for each in segments]
    assert min(candles) >= FEWEST - 1
    assert max(candles) - min(candles) <= 2


def test_too_little_time_says_what_to_do() -> None:
    with pytest.raises(TooShort, match=r"30 candles are too few for 4 folds.*fewer --folds"):
        cut(0, 30 * SPAN, SPAN, 4)
