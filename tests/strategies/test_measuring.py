from __future__ import annotations

from decimal import Decimal
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import HOUR, MINUTE, Candle
from radtui.strategies.measuring import LEAST, LOOK_BACK, measure


def candles(closes: list[float], span: int = HOUR) -> list[Candle]:
    prices = [Decimal(f"{close:.6f}") for close in closes]
    return [Candle("X", number * span, span, p, p, p, p, Decimal(1)) for number, p in enumerate(prices)]


def test_a_market_that_stands_has_no_volatility() -> None:
    found = measure(candles([100.0] * 50))
    assert found is not None
    assert (found.volatility, found.momentum, found.closed_at) == (0, 0, 50 * HOUR)


@pytest.mark.parametrize("span", [MINUTE, 5 * MINUTE, HOUR, 4 * HOUR])
def test_the_volatility_is_that_of_an_hour_whatever_the_candles(span: int) -> None:
    found = measure(candles([100.0, 101.0] * 60, span))
    assert found is not None
    returns = [0.01, 100 / 101 - 1] * 50
    assert float(found.volatility) == pytest.approx(stdev(returns) * (HOUR / span) ** 0.5, abs=1e-6)


def test_the_momentum_is_that_of_ten_candles() -> None:
    found = measure(candles([100.0] * 40 + [100 + number for number in range(1, 11)]))
    assert found is not None
    assert found.momentum == Decimal("0.1")


def test_too_few_candles_say_nothing() -> None:
    assert measure(()) is None
    assert measure(candles([100.0] * LEAST)) is None
    assert measure(candles([100.0] * (LEAST + 1))) is not None


def test_only_the_latest_count() -> None:
    calm = [100.0] * (LOOK_BACK + 1)
    assert measure(candles([1.0, 50.0, 3.0, *calm])) == measure(candles([90.0, 90.0, 90.0, *calm]))


@given(st.lists(st.floats(0.0001, 1e9), min_size=LEAST + 1, max_size=130))
def test_whatever_the_prices_the_figures_are_finite(closes: list[float]) -> None:
    found = measure(candles([max(close, 0.0001) for close in closes]))
    assert found is not None
    assert found.volatility.is_finite()
    assert found.volatility >= 0
    assert found.momentum >= -1
