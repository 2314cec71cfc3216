from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.candle_clock import CandleClock
from radtui.core.market import MINUTE, SECOND

BEGAN = 1_700_000_040 * SECOND
"""A whole minute."""


@pytest.mark.parametrize(("speed", "left"), [(1, 42 * SECOND), (60, 42 * SECOND // 60)])
def test_where_candles_stay_within_the_market_clock_that_one_tells_it(speed: int, left: int) -> None:
    clock, market_at = CandleClock(), BEGAN + 18 * SECOND
    assert clock.next_close(BEGAN, market_at, MINUTE, speed) == BEGAN + left
    clock.closed(BEGAN - 90 * SECOND, BEGAN - MINUTE)
    clock.closed(BEGAN - 17 * SECOND, BEGAN)
    assert clock.next_close(BEGAN, market_at, MINUTE, speed) == BEGAN + left


def test_candles_that_run_ahead_are_expected_as_they_came() -> None:
    clock = CandleClock()
    for number in range(5):
        clock.closed(BEGAN + number * SECOND, BEGAN + number * MINUTE)
        clock.closed(BEGAN + number * SECOND + 5, BEGAN + number * MINUTE)  # another contract's: nothing newer
    now = BEGAN + 4 * SECOND + SECOND // 4
    assert clock.next_close(now, now, MINUTE, 1) == BEGAN + 5 * SECOND
    late = BEGAN + 9 * SECOND
    assert clock.next_close(late, late, MINUTE, 1) == late, "one that is late is due now"


@given(
    st.lists(st.tuples(st.integers(-3_600, 3_600), st.integers(-60, 60)), max_size=12),
    st.integers(-3_600, 7_200),
    st.integers(1, 1_000),
)
def test_whatever_the_clocks_do_it_is_never_in_the_past(seen: list[tuple[int, int]], market: int, speed: int) -> None:
    clock = CandleClock()
    for wall, candles in seen:
        clock.closed(BEGAN + wall * SECOND, BEGAN + candles * MINUTE)
    assert clock.next_close(BEGAN, BEGAN + market * SECOND, MINUTE, speed) >= BEGAN
