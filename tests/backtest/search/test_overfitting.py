"""The probability of overfitting, against the paper's definition spelled out, and where it is known."""

from __future__ import annotations

from itertools import combinations
from random import Random
from statistics import fmean, pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.backtest.search.legs import Measure, Slice
from radtui.backtest.search.overfitting import overfitting

Returns = list[list[float]]
"""Of one trial, by slice."""


def sliced(returns: Returns) -> list[Slice]:
    slices = [Slice() for _ in returns]
    for slice_, values in zip(slices, returns, strict=True):
        for value in values:
            slice_.add(value)
    return slices


def spelled_out(trials: list[Returns], measure: Measure) -> tuple[float, float]:
    """Bailey et al., section 2.2, word by word: probability of overfitting, and of loss."""

    def worth(trial: Returns, places: tuple[int, ...]) -> float:
        values = [value for place in places for value in trial[place]]
        return fmean(values) if measure is Measure.PROFIT else fmean(values) / pstdev(values)

    count = len(trials[0])
    over, lost, ways = 0, 0, 0
    for inside in combinations(range(count), count // 2):
        outside = tuple(place for place in range(count) if place not in inside)
        best = max(range(len(trials)), key=lambda number: worth(trials[number], inside))
        theirs = [worth(trial, outside) for trial in trials]
        rank = sum(each <= theirs[best] for each in theirs)
        over += rank / (len(trials) + 1) <= 0.5
        lost += theirs[best] < 0
        ways += 1
    return over / ways, lost / ways


def noise(seed: int, trials: int, slices: int, *, edge: float = 0.0) -> list[Returns]:
    """Return returns of luck; the first trial has an edge."""
    chance = Random(seed)
    return [
        [[chance.gauss(edge if not number else 0.0, 0.01) for _ in range(5)] for _ in range(slices)]
        for number in range(trials)
    ]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9), st.sampled_from([2, 4, 6]), st.sampled_from(Measure))
def test_it_is_the_paper_s(seed: int, count: int, slices: int, measure: Measure) -> None:
    trials = noise(seed, count, slices)
    found = overfitting([sliced(trial) for trial in trials], measure)
    assert found is not None
    assert (found.probability, found.loss) == pytest.approx(spelled_out(trials, measure))


def test_luck_is_seen_through_and_an_edge_is_believed() -> None:
    lucky = overfitting([sliced(trial) for trial in noise(3, 40, 16)], Measure.SHARPE)
    able = overfitting([sliced(trial) for trial in noise(3, 40, 16, edge=0.02)], Measure.SHARPE)
    assert lucky is not None
    assert able is not None
    assert lucky.ways == 12_870
    assert lucky.probability > 0.25
    assert able.probability < 0.01
    assert able.rank == pytest.approx(40 / 41)
    assert able.loss < 0.01


def test_what_only_did_well_in_one_half_of_the_time_is_overfitted() -> None:
    """Two mirror images: whichever was best in one half is worst in the other."""
    early = [[0.01, 0.02], [-0.01, -0.02]]
    late = [[-0.01, -0.02], [0.01, 0.02]]
    found = overfitting([sliced(early), sliced(late)], Measure.PROFIT)
    assert found is not None
    assert (found.probability, found.loss) == (1.0, 1.0)


def test_trials_that_are_the_same_share_their_rank() -> None:
    same = sliced([[0.01], [0.01], [0.02], [0.0]])
    found = overfitting([same, same, same], Measure.PROFIT)
    assert found is not None
    assert (found.probability, found.rank) == (1.0, 0.5)


def test_what_never_moved_is_worth_nothing() -> None:
    still, moving = sliced([[0.0, 0.0]] * 4), sliced([[-0.01, -0.02]] * 4)
    found = overfitting([still, moving], Measure.SHARPE)
    assert found is not None
    assert (found.probability, found.loss) == (0.0, 0.0)


def test_one_trial_and_empty_slices_tell_nothing() -> None:
    assert overfitting([sliced([[0.1], [0.2]])], Measure.PROFIT) is None
    assert overfitting([sliced([[0.1], []]), sliced([[0.1], [0.1]])], Measure.PROFIT) is None
    assert overfitting([sliced([[0.1]]), sliced([[0.1]])], Measure.PROFIT) is None
