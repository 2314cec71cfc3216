"""What a strategy foretells of a history is, to the last bit, what it says candle by candle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.strategies.batch import History
from radtui.strategies.catalogue import BUILT_IN, load
from radtui.strategies.ema_cross import CrossParameters, EmaCross
from radtui.strategies.proving import closing, contract, market

TICK = Decimal("0.1")


def columns(candles: list[Candle]) -> History:
    """Return candles as a history."""

    def floats(name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([float(getattr(candle, name)) for candle in candles])

    ticks = np.array([int(candle.close / TICK) for candle in candles], dtype=np.int64)
    parts = {name: floats(name) for name in ("open", "high", "low", "close", "volume")}
    return History(**parts, ticks=ticks, tick=TICK)


def asked(strategy: EmaCross, candles: list[Candle]) -> dict[int, Signal]:
    """Return what it says candle by candle."""
    view = View(symbol="XBTUSDTM")
    said = (strategy.on_candle(candle, view) for candle in candles)
    return {place: signal for place, signal in enumerate(said) if signal is not HOLD}


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    fast=st.integers(2, 8),
    slow=st.integers(9, 20),
    lookback=st.integers(1, 6),
    clear=st.floats(0.01, 2),
)
def test_a_crossover_foretells_what_it_says(seed: int, fast: int, slow: int, lookback: int, clear: float) -> None:
    told = CrossParameters(fast=fast, slow=slow, lookback=lookback, clear=clear, atr=5)
    candles = market(seed, 400)
    wanted = asked(EmaCross(contract(), told), candles)
    assert EmaCross(contract(), told).foretell(columns(candles)) == wanted


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([100.0, 100.1, 100.2, 101.0, 99.0]), min_size=1, max_size=120))
def test_also_where_little_moves(closes: list[float]) -> None:
    """Averages that touch, ranges below a tick, a history shorter than the warm-up."""
    told, candles = CrossParameters(fast=2, slow=3, lookback=2, atr=2), closing(closes)
    wanted = asked(EmaCross(contract(), told), candles)
    assert EmaCross(contract(), told).foretell(columns(candles)) == wanted


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_only_what_is_proven_here_foretells(name: str) -> None:
    assert callable(getattr(load(name)(contract()), "foretell", None)) is (name == "ema_cross")
