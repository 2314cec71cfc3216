from __future__ import annotations

from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.signal import HOLD, Action, Signal

ODDS = st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(any).map(lambda w: [x / sum(w) for x in w])


def signal(
    buy: float,
    sell: float,
    hold: float,
    confidence: float = 0.9,
    *,
    stop: Decimal | None = None,
    target: Decimal | None = None,
) -> Signal:
    return Signal(buy=buy, sell=sell, hold=hold, confidence=confidence, reason="test", stop=stop, target=target)


@given(ODDS, st.floats(0, 1))
def test_odds_that_sum_to_one_are_usable_and_the_likeliest_wins(odds: list[float], confidence: float) -> None:
    said = signal(odds[0], odds[1], odds[2], confidence)
    assert said.fault() == ""
    best = [action for action, p in zip((Action.BUY, Action.SELL, Action.HOLD), odds, strict=True) if p == max(odds)]
    assert said.action is (best[0] if len(best) == 1 else Action.HOLD)


@pytest.mark.parametrize("bad", [nan, inf, -inf, -0.1, 1.1])
@pytest.mark.parametrize("field", range(4))
def test_no_figure_may_be_outside_of_nothing_to_one(bad: float, field: int) -> None:
    figures = [0.4, 0.3, 0.3, 0.9]
    figures[field] = bad
    assert "must lie in [0, 1]" in signal(figures[0], figures[1], figures[2], figures[3]).fault()


def test_odds_that_do_not_sum_to_one_are_told_with_their_sum() -> None:
    assert signal(0.5, 0.2, 0.2).fault() == "probabilities sum to 0.900000, not 1"


@pytest.mark.parametrize("price", ["NaN", "sNaN", "Infinity", "0", "-1"])
def test_a_stop_and_a_target_are_prices(price: str) -> None:
    refused = "stop and target must be prices above 0"
    assert signal(1.0, 0.0, 0.0, stop=Decimal(price)).fault() == refused
    assert signal(1.0, 0.0, 0.0, target=Decimal(price)).fault() == refused


def test_the_signal_that_wants_nothing_is_usable() -> None:
    assert (HOLD.action, HOLD.fault()) == (Action.HOLD, "")
