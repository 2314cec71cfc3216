"""The next bar at which something may happen is never found too late."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.backtest.quiet import Quiet
from radtui.core.corridor import Corridor
from radtui.core.market import HOUR, MINUTE
from radtui.venue.reach import EVERYWHERE, Reach
from tests.backtest.worlds import START, market, walk

BARS = market(walk(60)).bars
MET = st.sampled_from([price for bar in BARS for price in (bar.low, bar.high, bar.close)])
LEVELS = st.none() | MET | st.integers(39_000, 41_000).map(Decimal) | st.decimals(39_500, 40_500, places=3)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 50), st.integers(0, 60), *[LEVELS] * 4)
def test_no_bar_before_it_reaches_a_level(
    here: int, end: int, low: Decimal | None, high: Decimal | None, floor: Decimal | None, ceiling: Decimal | None
) -> None:
    found = Quiet(BARS).until(here, end, Reach(low, high), Corridor(floor, ceiling, START + 90 * MINUTE))
    for bar in BARS[here : max(found, here)]:
        assert low is None or bar.low > low
        assert high is None or bar.high < high
        assert floor is None or bar.close > floor
        assert ceiling is None or bar.close < ceiling
    if here < found < end:
        bar, tick = BARS[found], BARS.tick
        near = [low is not None and bar.low <= low + tick, high is not None and bar.high >= high - tick]
        near += [floor is not None and bar.close <= floor + tick, ceiling is not None and bar.close >= ceiling - tick]
        assert any(near)


def test_the_bar_with_a_moment_in_it_is_one() -> None:
    quiet = Quiet(BARS)
    moment = Corridor(None, None, START + 10 * MINUTE)
    assert quiet.until(3, 60, EVERYWHERE, moment) == 9
    assert quiet.until(3, 60, EVERYWHERE, Corridor(None, None, START + 10 * MINUTE + 1)) == 10
    assert quiet.until(3, 60, EVERYWHERE, None) == 60


def test_what_is_held_waits_for_its_funding() -> None:
    bars = market([(row[0] + 7 * HOUR, *row[1:]) for row in walk(90)]).bars
    assert Quiet(bars).until(3, 90, Reach(held=True), None) == 59
    assert Quiet(bars).until(60, 90, Reach(held=True), None) == 90
