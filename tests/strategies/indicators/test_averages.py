from __future__ import annotations

import pytest

from radtui.strategies.indicators import Ema, Macd, Sma


def test_the_simple_average_is_the_mean_of_the_last_values() -> None:
    sma = Sma(3)
    assert [sma.update(value) for value in (1.0, 2.0, 6.0, 10.0)] == [None, None, 3.0, 6.0]


def test_the_exponential_average_starts_at_the_mean_and_moves_by_its_weight() -> None:
    ema = Ema(3)
    assert [ema.update(value) for value in (1.0, 2.0, 6.0, 10.0, 0.0)] == [None, None, 3.0, 6.5, 3.25]


def test_an_average_that_leaves_the_range_of_floats_is_not_told() -> None:
    ema = Ema(2)
    assert [ema.update(1.7e308) for _ in range(3)] == [None, None, None]


def test_the_line_its_signal_and_their_difference_belong_together() -> None:
    macd = Macd()
    assert macd.needed == 34
    for step in range(40):
        last = macd.update(100 + step)
    assert last is not None
    # of a straight line an average of n lags (n − 1) ÷ 2: 12.5 − 5.5
    assert last.line == pytest.approx(7)
    assert last.histogram == last.line - last.signal
