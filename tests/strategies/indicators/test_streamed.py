from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings

from tests.strategies.indicators.batches import CASES, LENGTH, Case, Column, bars, batch, chosen, fed

WALK = 100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0, 0.01, LENGTH)))
CANDLES = (WALK * 1.01, WALK * 0.99, WALK)
every = pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))


@every
@settings(max_examples=15, deadline=None)
@given(candles=bars())
def test_it_says_what_the_batch_says_to_the_bit(case: Case, candles: tuple[Column, Column, Column]) -> None:
    columns = chosen(case, candles)
    assert fed(case, columns) == batch(case, columns)


@every
def test_the_first_value_comes_with_the_candle_that_was_promised(case: Case) -> None:
    said = fed(case, chosen(case, CANDLES))
    assert [value is not None for value in said].index(True) == case.made().needed - 1


@every
def test_a_peek_says_what_the_update_will_and_takes_nothing(case: Case) -> None:
    indicator, there = case.made(), False
    for row in zip(*chosen(case, CANDLES), strict=True):
        seen = indicator.peek(*row)
        assert indicator.peek(*row) == seen
        value = indicator.update(*row)
        assert seen == (value if there else None)
        there = value is not None


@every
@pytest.mark.parametrize("bad", [nan, inf, -inf])
@pytest.mark.parametrize("at", [1, 100])
def test_what_is_not_finite_is_not_taken(case: Case, bad: float, at: int) -> None:
    disturbed, calm = case.made(), case.made()
    for ordinal, row in enumerate(zip(*chosen(case, CANDLES), strict=True)):
        if ordinal == at:
            for column in range(len(row)):
                broken = (*row[:column], bad, *row[column + 1 :])
                assert disturbed.peek(*broken) is None
                assert disturbed.update(*broken) is None
        assert disturbed.update(*row) == calm.update(*row)


@every
@pytest.mark.parametrize("size", [1.7e308, 5e-324, 0.0])
def test_at_the_ends_of_the_range_of_floats_it_says_something_finite_or_nothing(case: Case, size: float) -> None:
    edge = np.full(LENGTH, size) * np.where(np.arange(LENGTH) % 2, 1, 0.3)
    for value in fed(case, (edge,) * case.columns):
        assert value is None or np.isfinite(value).all()


@every
def test_two_of_a_kind_share_nothing(case: Case) -> None:
    one, other = case.made(), case.made()
    said = []
    for row in zip(*chosen(case, CANDLES), strict=True):
        said.append(one.update(*row))
        other.update(*(value * 2 for value in row))
    assert said == fed(case, chosen(case, CANDLES))
