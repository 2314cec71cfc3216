from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.signal import Action
from radtui.strategies.leaning import BUYS, SELLS, clarity, hold, lean

above_zero = st.floats(1e-9, 1e9)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([BUYS, SELLS]), st.floats(0, 1))
def test_a_leaning_signal_is_sound_and_leans_where_it_should(side: int, confidence: float) -> None:
    signal = lean(side, confidence, "so")
    assert signal.fault() == ""
    assert signal.action is (Action.BUY if side == BUYS else Action.SELL)
    assert signal.confidence == confidence


def test_a_stop_and_a_target_are_taken_over() -> None:
    signal = lean(SELLS, 0.5, "so", stop=Decimal(2), target=Decimal(1))
    assert (signal.stop, signal.target, signal.reason) == (2, 1, "so")


def test_a_hold_says_why() -> None:
    assert (hold("even").action, hold("even").fault(), hold("even").reason) == (Action.HOLD, "", "even")


@settings(max_examples=30, deadline=None)
@given(above_zero, above_zero, above_zero)
def test_clarity_grows_with_the_size_and_only_with_its_ratio(size: float, more: float, clear: float) -> None:
    assert 0 <= clarity(size, clear) <= clarity(size + more, clear) <= 1
    assert clarity(size * 10, clear * 10) == pytest.approx(clarity(size, clear))


@settings(max_examples=30, deadline=None)
@given(above_zero)
def test_it_is_just_enough_to_trade_where_it_is_clear(clear: float) -> None:
    assert clarity(0, clear) == 0
    assert clarity(clear, clear) == pytest.approx(0.6)
