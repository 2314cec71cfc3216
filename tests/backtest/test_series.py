"""Candles made of all bars at once are those that a flight folds bar by bar."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.backtest.series import Series
from radtui.core.market import MINUTE
from radtui.venue.history import BadHistory, RecordedMarket, Recording
from radtui.venue.venue import Venue
from tests.backtest.worlds import XBT, walk

SPAN = 5 * MINUTE


def since(minute: int, count: int, warmup: int) -> RecordedMarket:
    rows = [(at + minute * MINUTE, *rest) for at, *rest in walk(count)]
    return RecordedMarket(Recording("walk", "0" * 12, rows), (XBT,), warmup)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9), st.integers(20, 60), st.integers(0, 19), st.integers(0, 4), st.sampled_from([MINUTE, SPAN]))
def test_they_are_what_a_venue_folds(first: int, count: int, passed: int, warmup: int, span: int) -> None:
    stepped = since(first, count, passed)
    venue = Venue(stepped, balance=Decimal(1), spans=(span,), warmup=warmup)
    series = Series(since(first, count, passed), span, warmup)
    assert series.candles[series.begin : series.warm] == venue.candles(XBT, span, warmup)
    while not venue.ended:
        closed = series.closed(stepped.passed)
        folded = [each for each in venue.advance(venue.now + MINUTE) if getattr(each, "span", 0) == span]
        assert series.candles[closed : series.closed(stepped.passed)] == folded
        if folded:
            assert series.closes(closed) == stepped.passed - 1
    assert len(series.history) == series.closed(stepped.passed) - series.begin


def test_a_history_is_the_nearest_floats() -> None:
    history = Series(since(0, 30, 5), MINUTE, 5).history
    assert [float(bar.close) for bar in since(0, 30, 5).bars] == list(history.close)
    assert history.price(7) == since(0, 30, 5).bars[7].close


def test_candles_that_bars_do_not_add_up_to_are_refused() -> None:
    with pytest.raises(BadHistory, match=r"the bars are 60 s long: no candles of 90 s"):
        Series(since(0, 30, 5), 90 * MINUTE // 60, 5)
