"""Columns give back what was put in, to the last digit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import MINUTE, Candle
from radtui.venue.columns import Columns

TICK = Decimal("0.05")
BARS = st.lists(
    st.tuples(*[st.integers(1, 10**9)] * 4, st.decimals(0, 10**12, places=8) | st.integers(0, 10**9).map(Decimal)),
    min_size=1,
    max_size=12,
)


def columns(bars: list[tuple[int, int, int, int, Decimal]]) -> Columns:
    made = Columns("XBTUSDTM", TICK, 7 * MINUTE, MINUTE)
    for bar in bars:
        made.add(*bar)
    return made


@given(BARS, st.slices(12))
def test_a_bar_is_the_candle_that_was_put_in(bars: list[tuple[int, int, int, int, Decimal]], part: slice) -> None:
    wanted = [
        Candle("XBTUSDTM", (7 + at) * MINUTE, MINUTE, *(each * TICK for each in bar[:4]), bar[4])
        for at, bar in enumerate(bars)
    ]
    made = columns(bars)
    assert (list(made), len(made), made[part], made[-1]) == (wanted, len(wanted), wanted[part], wanted[-1])


def test_a_volume_that_no_float_holds_stays_exact() -> None:
    odd = Decimal("0.1234567890123456789")
    made = columns([(1, 1, 1, 1, odd), (1, 1, 1, 1, Decimal("0.1"))])
    assert [bar.volume for bar in made] == [odd, Decimal("0.1")]
    assert list(made.exact) == [0]


@pytest.mark.parametrize(("minutes", "count"), [(0, 0), (7, 0), (8, 1), (9, 2), (90, 3)])
def test_bars_before_a_moment_are_counted(minutes: int, count: int) -> None:
    assert columns([(1, 1, 1, 1, Decimal(0))] * 3).before(minutes * MINUTE) == count


def test_a_moment_inside_a_bar_comes_after_its_open() -> None:
    assert columns([(1, 1, 1, 1, Decimal(0))] * 3).before(7 * MINUTE + 1) == 1
