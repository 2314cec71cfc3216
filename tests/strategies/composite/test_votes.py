from __future__ import annotations

from itertools import product

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.strategies.composite.parameters import CompositeParameters
from radtui.strategies.composite.readings import Readings
from radtui.strategies.composite.regime import Regime, terms_of
from radtui.strategies.composite.votes import Tally, Vote, cast, tally
from radtui.strategies.indicators import BandValue, MacdValue, StochasticValue

TOLD = CompositeParameters()
TERMS = terms_of(TOLD)
SILENT = Readings(
    close=100.0,
    candle=1.0,
    fast=100.0,
    slow=100.0,
    macd=MacdValue(0.0, 0.0, 0.0),
    rsi=50.0,
    stochastic=StochasticValue(50.0, 50.0),
    bands=BandValue(101.0, 100.0, 99.0),
    move=0.0,
    atr=1.0,
    crowd=1.0,
)


def test_who_has_no_opinion_does_not_vote() -> None:
    assert cast(SILENT, TERMS[Regime.NEUTRAL], TOLD) == []


@pytest.mark.parametrize(
    ("changed", "voter", "side", "weights"),
    [
        ({"fast": 100.1}, "averages", 1, (2.5, 1.5, 1.5)),
        ({"fast": 99.9}, "averages", -1, (2.5, 1.5, 1.5)),
        ({"macd": MacdValue(-2, -3, 1)}, "MACD", 1, (2.5, 1.5, 1.5)),
        ({"macd": MacdValue(2, 3, -1)}, "MACD", -1, (2.5, 1.5, 1.5)),
        ({"move": 0.021}, "move", 1, (2.5, 1.5, 1.5)),
        ({"move": -0.021}, "move", -1, (2.5, 1.5, 1.5)),
        ({"move": 0.016}, "move", 1, (None, 1.5, None)),
        ({"rsi": 29.9}, "RSI", 1, (1.5, 3.0, 1.5)),
        ({"rsi": 70.1}, "RSI", -1, (1.5, 3.0, 1.5)),
        ({"rsi": 30.0}, "RSI", 1, (0.5, 1.0, 0.5)),
        ({"rsi": 39.9}, "RSI", 1, (0.5, 1.0, 0.5)),
        ({"rsi": 60.1}, "RSI", -1, (0.5, 1.0, 0.5)),
        ({"rsi": 60.0}, "RSI", -1, (None, None, None)),
        ({"stochastic": StochasticValue(19.9, 19.9)}, "stochastic", 1, (1.0, 2.0, 1.0)),
        ({"stochastic": StochasticValue(80.1, 80.1)}, "stochastic", -1, (1.0, 2.0, 1.0)),
        ({"stochastic": StochasticValue(19.9, 20.0)}, "stochastic", 1, (None, None, None)),
        ({"close": 98.9}, "bands", 1, (1.5, 3.0, 1.5)),
        ({"close": 101.1}, "bands", -1, (1.5, 3.0, 1.5)),
        ({"close": 101.0}, "bands", -1, (None, None, None)),
        ({"crowd": 1.51}, "volume", 1, (1.0, 1.0, 1.0)),
        ({"crowd": 1.51, "candle": -1.0}, "volume", -1, (1.0, 1.0, 1.0)),
        ({"crowd": 1.5}, "volume", 1, (None, None, None)),
    ],
)
def test_each_voter_has_its_bounds_and_its_weights(
    changed: dict[str, object], voter: str, side: int, weights: tuple[float | None, ...]
) -> None:
    readings = msgspec.structs.replace(SILENT, **changed)
    for regime, weight in zip((Regime.TRENDING, Regime.RANGING, Regime.NEUTRAL), weights, strict=True):
        votes = cast(readings, TERMS[regime], TOLD)
        assert votes == ([] if weight is None else [Vote(voter, side, weight)]), regime


votes = st.lists(st.builds(Vote, st.text(max_size=3), st.sampled_from([1, -1]), st.floats(0.1, 5)), max_size=7)


@settings(max_examples=30, deadline=None)
@given(votes)
def test_the_stronger_side_has_more_than_half(cast_: list[Vote]) -> None:
    counted = tally(cast_)
    mine = sum(vote.weight for vote in cast_ if vote.side == counted.side)
    others = sum(vote.weight for vote in cast_ if vote.side == -counted.side)
    if counted.side:
        assert counted.share == pytest.approx(mine / (mine + others))
        assert 0.5 <= counted.share <= 1
        assert 0 < counted.confluence <= 1
    else:
        assert mine == pytest.approx(others)


@pytest.mark.parametrize(("side", "weight"), product([1, -1], [0.5, 3.0]))
def test_one_vote_decides_alone(side: int, weight: float) -> None:
    assert tally([Vote("x", side, weight)]) == Tally(side, 1.0, 1.0)


def test_even_votes_decide_nothing() -> None:
    assert tally([]) == tally([Vote("x", 1, 1.5), Vote("y", -1, 1.5)]) == Tally(0, 0.0, 0.0)


def test_heads_are_counted_beside_weights() -> None:
    assert tally([Vote("x", 1, 3.0), Vote("y", -1, 0.5), Vote("z", -1, 0.5)]) == Tally(1, 0.75, 1 / 3)
