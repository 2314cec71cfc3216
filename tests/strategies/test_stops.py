from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from radtui.core.signal import Action
from radtui.strategies.proving import contract
from radtui.strategies.stops import StopParameters, Stops

TOLD = StopParameters()
close = st.integers(10_000, 10**7).map(lambda ticks: Decimal(ticks) / 10)


@settings(max_examples=30, deadline=None)
@given(close, st.sampled_from([1, -1]), st.floats(0, 1e5), st.none() | st.integers(0, 10**6).map(Decimal))
def test_the_stop_keeps_its_limits_and_the_target_is_twice_as_far(
    price: Decimal, side: int, atr: float, least: Decimal | None
) -> None:
    stop, target = Stops(contract(), TOLD).around(price, side, atr, least=least)
    distance = (price - stop) * side
    assert price * TOLD.stop_least <= distance <= price * TOLD.stop_most
    assert (target - price) * side == 2 * distance
    assert stop % Decimal("0.1") == 0


def test_between_its_limits_the_stop_is_two_ranges_away_or_as_far_as_the_idea_needs() -> None:
    stops = Stops(contract(), TOLD)
    assert stops.around(Decimal(1000), 1, 5.0)[0] == 990
    assert stops.around(Decimal(1000), -1, 5.0)[0] == 1010
    assert stops.around(Decimal(1000), 1, 5.0, least=Decimal(20))[0] == 980
    assert stops.around(Decimal(1000), 1, 5.0, least=Decimal(3))[0] == 990


def test_limits_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"stop_least \(0.1\) must not be above stop_most \(0.05\)"):
        StopParameters(stop_least=Decimal("0.1"))


def test_a_signal_has_its_stop_and_target() -> None:
    signal = Stops(contract(), TOLD).lean(-1, 0.7, "so", close=Decimal(1000), atr=5.0, least=Decimal(20))
    assert (signal.action, signal.confidence, signal.reason) == (Action.SELL, 0.7, "so")
    assert (signal.stop, signal.target) == (1020, 960)


@pytest.mark.parametrize("side", [1, -1])
def test_a_price_of_one_tick_has_no_room_for_a_stop(side: int) -> None:
    signal = Stops(contract("0.1"), TOLD).lean(side, 0.7, "so", close=Decimal("0.1"), atr=1.0)
    assert (signal.action, signal.fault()) == (Action.HOLD, "")
    assert signal.reason == "0.1 has too few ticks for a stop and a target"
