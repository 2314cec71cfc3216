"""How the account did, over spans of which there may be less than all."""

from collections import deque
from decimal import Decimal
from itertools import pairwise
from math import isclose, sqrt
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import DAY, HOUR, MINUTE
from radtui.core.money_view import EquityPoint
from radtui.core.performance import HOURS_KEPT, SPANS, noted, performance, performances

NOW = 100 * DAY


def points(*equities: float, step: int = HOUR, end: int = NOW) -> list[EquityPoint]:
    """Return points so far apart, the last one a step before the end."""
    begin = end - len(equities) * step
    return [EquityPoint(begin + ordinal * step, Decimal(str(each))) for ordinal, each in enumerate(equities)]


def test_a_week_with_all_its_hours() -> None:
    equities = [1000 + (ordinal * 37 % 11) for ordinal in range(168)]
    found = performance("7d", points(*equities), 1010.0, NOW, span=7 * DAY, step=HOUR)
    grid = [*map(float, equities), 1010.0]
    returns = [after / before - 1 for before, after in pairwise(grid)]
    assert found.covered == 7 * DAY
    assert found.gain is not None
    assert isclose(found.gain, (1010 / 1000 - 1) * 100)
    yearly = sqrt(365 * 24)
    assert found.volatility is not None
    assert isclose(found.volatility, stdev(returns) * yearly * 100)
    assert found.sharpe is not None
    assert isclose(found.sharpe, sum(returns) / 168 / stdev(returns) * yearly)
    peak, deepest = 0.0, 0.0
    for equity in grid:
        peak = max(peak, equity)
        deepest = min(deepest, equity / peak - 1)
    assert found.drawdown is not None
    assert isclose(found.drawdown, deepest * 100)


def test_of_a_longer_history_only_the_span_counts() -> None:
    history = points(*[500.0] * 50, *[1000.0] * 24)
    found = performance("24h", history, 1100.0, NOW, span=DAY, step=HOUR)
    assert found.covered == DAY
    assert found.gain is not None
    assert isclose(found.gain, 10.0)


def test_where_history_is_shorter_it_says_how_much_there_is() -> None:
    found = performance("30d", points(1000, 1010, 990, 1005), 1020.0, NOW, span=30 * DAY, step=HOUR)
    assert found.covered == 4 * HOUR
    assert found.gain is not None
    assert isclose(found.gain, 2.0)


def test_while_the_bot_was_away_its_equity_stood_still() -> None:
    gap = [EquityPoint(NOW - DAY, Decimal(1000)), EquityPoint(NOW - HOUR, Decimal(1100))]
    found = performance("24h", gap, 1100.0, NOW, span=DAY, step=HOUR)
    assert found.gain is not None
    assert isclose(found.gain, 10.0)
    returns = [0.0] * 22 + [0.1, 0.0]
    assert found.volatility is not None
    assert isclose(found.volatility, stdev(returns) * sqrt(365 * 24) * 100)


@pytest.mark.parametrize("equities", [[], [0.0], [0.0, 0.0]])
def test_where_nothing_can_be_told_nothing_is(equities: list[float]) -> None:
    found = performance("1h", points(*equities), 10.0, NOW, span=HOUR, step=MINUTE)
    assert (found.gain, found.volatility, found.sharpe, found.drawdown) == (None, None, None, None)


def test_an_equity_that_never_moves_has_no_ratio() -> None:
    found = performance("24h", points(*[1000] * 24), 1000.0, NOW, span=DAY, step=HOUR)
    assert (found.gain, found.volatility, found.sharpe, found.drawdown) == (0.0, 0.0, None, 0.0)


def test_the_four_spans() -> None:
    assert [name for name, _, _ in SPANS] == ["1h", "24h", "7d", "30d"]
    curve, hours = points(*[1000.0] * 288, step=5 * MINUTE), points(*[900.0] * 720)
    found = performances(curve, hours, 1080.0, NOW)
    assert [each.covered for each in found] == [HOUR, DAY, 7 * DAY, 30 * DAY]
    assert [round(each.gain or 0) for each in found] == [8, 8, 20, 20]


@given(st.lists(st.integers(0, 200 * HOUR), max_size=80))
def test_of_each_hour_the_last_point_is_kept(moments: list[int]) -> None:
    hours: deque[EquityPoint] = deque(maxlen=HOURS_KEPT)
    for ordinal, at in enumerate(sorted(moments)):
        noted(hours, EquityPoint(at, Decimal(ordinal)))
    last = {at // HOUR: Decimal(ordinal) for ordinal, at in enumerate(sorted(moments))}
    assert {point.at // HOUR: point.equity for point in hours} == last
    assert [point.at for point in hours] == sorted(point.at for point in hours)
