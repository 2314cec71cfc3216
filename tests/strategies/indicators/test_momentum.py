from __future__ import annotations

import pytest

from radtui.strategies.indicators import Momentum, Roc, Rsi, Stochastic


def test_strength_is_100_where_it_only_rises_and_0_where_it_only_falls() -> None:
    rising, falling = Rsi(14), Rsi(14)
    for step in range(20):
        high, low = rising.update(100.0 + step), falling.update(100.0 - step)
    assert (high, low) == (100, 0)


def test_strength_is_that_of_the_book_s_formula() -> None:
    rsi = Rsi(4)
    for value in (10.0, 12.0, 11.0, 14.0, 13.0):
        said = rsi.update(value)
    assert said == pytest.approx(100 - 100 / (1 + 5 / 2))


def test_momentum_and_rate_of_change_look_back_the_same_way() -> None:
    momentum, roc = Momentum(2), Roc(2)
    closes = (100.0, 90.0, 110.0, 99.0)
    assert [momentum.update(close) for close in closes] == [None, None, 10, 9]
    assert [roc.update(close) for close in closes] == [None, None, pytest.approx(10), pytest.approx(10)]


def test_the_close_at_the_top_of_the_range_is_100() -> None:
    stochastic = Stochastic(5, 1, 1)
    for step in range(6):
        said = stochastic.update(100.0 + step, 99.0 + step, 100.0 + step)
    assert said == (100, 100)
