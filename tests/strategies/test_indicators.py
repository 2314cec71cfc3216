from __future__ import annotations

import subprocess
import sys
from math import inf, isnan, nan

import numpy as np
import pytest
import talib

from radtui.strategies.indicators import Atr, Ema

WALKS = 300
LENGTH = 160


def walk(seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return 100 * np.exp(np.cumsum(chance.normal(0, 0.01, LENGTH)))


def assert_same(live: list[float | None], batch: np.ndarray) -> None:
    """Equal to the bit, and None exactly where the batch has no value yet."""
    assert live == [None if isnan(value) else value for value in batch.tolist()]


@pytest.mark.parametrize("period", [2, 12, 26])
def test_the_average_is_that_of_the_batch_to_the_bit(period: int) -> None:
    for seed in range(WALKS):
        values, ema = walk(seed), Ema(period)
        live = [ema.update(value) for value in values.tolist()]
        assert_same(live, talib.EMA(values, period))


@pytest.mark.parametrize("period", [2, 14])
def test_the_true_range_is_that_of_the_batch_to_the_bit(period: int) -> None:
    for seed in range(WALKS):
        closes, spread = walk(seed), walk(seed + WALKS) / 100
        highs, lows = closes + spread, closes - spread / 2
        atr = Atr(period)
        live = [atr.update(*bar) for bar in zip(highs.tolist(), lows.tolist(), closes.tolist(), strict=True)]
        assert_same(live, talib.ATR(highs, lows, closes, period))


def test_a_peek_says_what_the_update_will_and_takes_nothing() -> None:
    ema, atr = Ema(12), Atr(14)
    for value in walk(1).tolist():
        bar = (value + 1, value - 1, value)
        seen = (ema.peek(value), atr.peek(*bar))
        assert (ema.peek(value), atr.peek(*bar)) == seen
        had = (ema.update(value), atr.update(*bar))
        assert all(peeked in {None, updated} for peeked, updated in zip(seen, had, strict=True))
    assert None not in seen


@pytest.mark.parametrize("bad", [nan, inf, -inf])
@pytest.mark.parametrize("at", [3, 100])
def test_what_is_not_finite_is_not_taken(bad: float, at: int) -> None:
    disturbed, calm = (Ema(12), Atr(14)), (Ema(12), Atr(14))
    for ordinal, value in enumerate(walk(2).tolist()):
        bar = (value + 1, value - 1, value)
        if ordinal == at:
            assert disturbed[0].peek(bad) is None
            assert disturbed[1].peek(value, bad, value) is None
            assert disturbed[0].update(bad) is None
            assert disturbed[1].update(value, value, bad) is None
        assert disturbed[0].update(value) == calm[0].update(value)
        assert disturbed[1].update(*bar) == calm[1].update(*bar)


def test_an_average_that_leaves_the_range_of_floats_is_not_told() -> None:
    ema = Ema(2)
    assert [ema.update(1.7e308) for _ in range(3)] == [None, None, None]


def test_only_a_strategy_that_needs_talib_imports_it() -> None:
    script = (
        "import sys; from radtui.strategies.catalogue import load; before = 'talib' in sys.modules; "
        "load('ema_cross'); print(before, 'talib' in sys.modules, 'polars' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True", "False"]
