"""Every number of row W5's leverage, on both sides of its boundary."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.leverage import LEAST, MOST, SLIP, Temper, bearable, fitting, room
from tests.core.makers import XBT


def temper(volatility: str | None = "0", confidence: float = 0.7, streak: int = 0, drawdown: str = "0") -> Temper:
    share = None if volatility is None else Decimal(volatility)
    return Temper(volatility=share, confidence=confidence, streak=streak, drawdown=Decimal(drawdown))


@pytest.mark.parametrize(
    ("volatility", "leverage"),
    [
        (None, 3), ("0.1001", 3), ("0.1", 4), ("0.0801", 4), ("0.08", 6), ("0.0501", 6), ("0.05", 8), ("0.0301", 8),
        ("0.03", 11), ("0.0201", 11), ("0.02", 14), ("0.0101", 14), ("0.01", 16), ("0", 16),
    ],
)  # fmt: skip
def test_a_fast_market_takes_leverage_away(volatility: str | None, leverage: int) -> None:
    assert fitting(temper(volatility)) == leverage


@pytest.mark.parametrize(
    ("confidence", "leverage"),
    [(1.0, 15), (0.9, 15), (0.89, 13), (0.8, 13), (0.79, 11), (0.7, 11), (0.69, 10), (0.6, 10), (0.59, 8), (0.0, 8)],
)
def test_a_sure_signal_adds_some(confidence: float, leverage: int) -> None:
    assert fitting(temper("0.03", confidence)) == leverage


@pytest.mark.parametrize(("streak", "leverage"), [(9, 13), (3, 13), (2, 11), (0, 11), (-1, 11), (-2, 8), (-9, 8)])
def test_a_streak_moves_it(streak: int, leverage: int) -> None:
    assert fitting(temper("0.03", streak=streak)) == leverage


@pytest.mark.parametrize(
    ("drawdown", "leverage"),
    [("0", 16), ("0.1", 16), ("0.1001", 13), ("0.15", 13), ("0.1501", 10), ("0.2", 10), ("0.2001", 6)],
)
def test_a_drawdown_takes_leverage_away(drawdown: str, leverage: int) -> None:
    assert fitting(temper(drawdown=drawdown)) == leverage


@given(
    st.none() | st.decimals(0, 1, places=4),
    st.floats(0, 1),
    st.integers(-50, 50),
    st.decimals(0, 1, places=3),
)
def test_it_stays_between_three_and_twenty(
    volatility: Decimal | None, confidence: float, streak: int, drawdown: Decimal
) -> None:
    found = fitting(Temper(volatility=volatility, confidence=confidence, streak=streak, drawdown=drawdown))
    assert LEAST <= found <= MOST
    assert (LEAST, MOST) == (3, 20)


@given(st.decimals("0.001", "0.95", places=4))
def test_the_stop_fires_before_liquidation_and_one_more_would_not(distance: Decimal) -> None:
    most = bearable(XBT, distance)
    assert most >= 1
    assert most == 1 or room(XBT, most) >= distance
    assert room(XBT, most + 1) < distance
    if room(XBT, most) >= distance:
        liquidated_at = 1 / Decimal(most) - XBT.maintenance_margin
        assert liquidated_at - distance >= SLIP - Decimal("1e-20")


def test_a_stop_of_eight_percent_cannot_have_twenty() -> None:
    assert bearable(XBT, Decimal("0.08")) == 11
    assert bearable(XBT, Decimal("0.05")) == 16
