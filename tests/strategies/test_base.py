from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from radtui.core.market import MINUTE, TIMEFRAMES, Candle
from radtui.strategies.base import Parameters, View


def candle(close: int) -> Candle:
    price = Decimal(close)
    return Candle("XBTUSDTM", close * MINUTE, MINUTE, price, price, price, price, Decimal(0))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 20), st.integers(0, 30))
def test_the_last_closes_are_given_oldest_first(there: int, wanted: int) -> None:
    view = View(symbol="XBTUSDTM", recent=[candle(close) for close in range(there)])
    assert view.closes(wanted) == [Decimal(close) for close in range(max(0, there - wanted), there)]


def test_a_view_cannot_be_changed() -> None:
    view = View(symbol="XBTUSDTM")
    with pytest.raises(AttributeError):
        view.lots = 5  # type: ignore[misc]


@pytest.mark.parametrize("timeframe", TIMEFRAMES)
def test_every_timeframe_of_the_market_may_be_asked_for(timeframe: str) -> None:
    assert Parameters(timeframe=timeframe).timeframe == timeframe


def test_another_timeframe_is_refused_with_the_possible_ones() -> None:
    with pytest.raises(ValidationError, match="no timeframe '7m'; possible: 1m, 5m, 15m"):
        Parameters(timeframe="7m")


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Parameters.model_validate({"speed": 9})
