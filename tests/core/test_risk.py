"""The points table of row S4, and the score of an order."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.config import Limits
from radtui.core.risk import RiskAssessment, RiskLevel, ScoreLevel, assess, score

D = Decimal
LIMITS = Limits(positions=10, daily_loss=D("0.1"))
SHARES = st.floats(0, 1)


def of(notionals: list[int], equity: str | None = "1000", start: str = "1000") -> RiskAssessment:
    return assess(
        [D(each) for each in notionals],
        symbols=len(notionals),
        equity=None if equity is None else D(equity),
        day_start=D(start),
        limits=LIMITS,
    )


def test_nothing_open_is_no_risk() -> None:
    made = of([])
    assert (made.total_exposure, made.concentration_risk, made.positions_vs_max) == (D(0), D(0), D(0))
    assert (made.points, made.risk_level) == ((0, 0, 0), RiskLevel.LOW)


@pytest.mark.parametrize(
    ("notionals", "points"),
    [([100], 2), ([50, 50], 1), ([51, 49], 2), ([30, 30, 30, 10], 0), ([31, 30, 29, 10], 1), ([-60, 40], 2)],
)
def test_the_points_of_concentration(notionals: list[int], points: int) -> None:
    assert of(notionals).points[0] == points


@pytest.mark.parametrize(("count", "points"), [(5, 0), (6, 1), (8, 1), (9, 2), (10, 2)])
def test_the_points_of_crowding(count: int, points: int) -> None:
    assert of([10] * count).points[1] == points


@pytest.mark.parametrize(
    ("equity", "points"),
    [("1100", 0), ("980", 0), ("979", 1), ("960", 1), ("959", 2), ("930", 2), ("929", 3), ("1", 3)],
)
def test_the_points_of_the_days_loss(equity: str, points: int) -> None:
    made = of([], equity)
    assert made.points[2] == points
    assert made.daily_pnl == D(equity) - 1000
    assert made.daily_pnl_pct == made.daily_pnl / 10


@pytest.mark.parametrize(
    ("notionals", "equity", "level"),
    [
        ([30, 30, 30, 10], "1000", "low"),
        ([50, 50], "1000", "moderate"),
        ([100], "979", "high"),
        ([100], "929", "critical"),
    ],
)
def test_the_levels(notionals: list[int], equity: str, level: str) -> None:
    assert of(notionals, equity).risk_level == level


SPREAD = {0: (25, 25, 25, 25), 1: (40, 20, 20, 20), 2: (60, 20, 10, 10)}
CROWD = {0: 0, 1: 2, 2: 5}
LEFT = {0: "1000", 1: "979", 2: "959", 3: "929"}
LEVELS = ("low", "moderate", "moderate", "high", "high", "critical", "critical", "critical")


@pytest.mark.parametrize("points", product(SPREAD, CROWD, LEFT), ids=str)
def test_the_level_is_that_of_all_points_together(points: tuple[int, int, int]) -> None:
    concentration, crowding, loss = points
    made = of([1000 * each for each in SPREAD[concentration]] + [1] * CROWD[crowding], LEFT[loss])
    assert made.points == points
    assert made.risk_level == LEVELS[sum(points)]


def test_an_equity_that_is_not_known_is_no_loss_that_was_made_up() -> None:
    for made in (of([100], None), of([100], "900", "0")):
        assert (made.daily_pnl_pct, made.points[2]) == (None, 0)
    assert of([100], None).daily_pnl is None


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (0.9, "very low"),
        (0.8001, "very low"),
        (0.8, "low"),
        (0.6001, "low"),
        (0.6, "moderate"),
        (0.4001, "moderate"),
        (0.4, "high"),
        (0.2001, "high"),
        (0.2, "very high"),
        (0, "very high"),
    ],
)
def test_the_levels_of_a_score(value: float, level: str) -> None:
    assert score(confidence=value, buy=1.0, sell=0.0).risk_level == ScoreLevel(level)


@given(SHARES, SHARES, SHARES)
def test_a_score_is_one_less_confidence_times_the_better_chance(confidence: float, buy: float, sell: float) -> None:
    made = score(confidence=confidence, buy=buy, sell=sell)
    assert made.risk_score == pytest.approx(1 - confidence * max(buy, sell))
    assert 0 <= made.risk_score <= 1
