"""What is best, what would have been chosen at each step, and what it then did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from optuna.distributions import IntDistribution
from optuna.trial import FrozenTrial, TrialState, create_trial

from radtui.backtest.search.legs import SLICES, Flown, Leg, Slice
from radtui.backtest.search.outcome import BEST, outcome
from radtui.backtest.search.space import space
from tests.backtest.search.studies import plan

KNOBS = space("fast=2:90")


def flown(task: int, *profits: float) -> FrozenTrial:
    """Return a settled trial that came to these profits, a leg each."""
    legs = tuple(Leg(sharpe=0.0, profit=each, drawdown=0.0, trades=1) for each in profits)
    slices = tuple(Slice(2, profits[number % len(profits)], 1.0) for number in range(SLICES))
    return settled(task, TrialState.COMPLETE, flown=msgspec.to_builtins(Flown(legs, slices)))


def settled(task: int, state: TrialState, **told: Any) -> FrozenTrial:
    return create_trial(
        state=state,
        value=0.0 if state is TrialState.COMPLETE else None,
        params={"fast": 2 + task},
        distributions={"fast": IntDistribution(2, 90)},
        user_attrs={"task": task, **told},
    )


def test_each_fold_chooses_on_what_was_before_and_measures_what_came(tmp_path: Path) -> None:
    early, late, even = flown(0, 0.05, -0.01, -0.02), flown(1, 0.01, 0.08, 0.03), flown(2, 0.02, 0.02, 0.02)
    came = outcome(plan(tmp_path, knobs=KNOBS), [early, late, even], 3)
    first, second = came.folds
    assert (first.task, first.in_sample, first.out_of_sample) == (0, 0.05, -0.01)
    assert (second.task, second.in_sample, second.out_of_sample) == (1, pytest.approx(0.045), 0.03)
    assert came.profit == pytest.approx(0.02)
    assert [each.task for each in came.best] == [1, 0, 2]
    assert came.best[0].parameters == {"fast": "3"}
    assert came.best[0].last.profit == 0.03
    assert came.overfitting is not None


def test_the_last_segment_chooses_nothing(tmp_path: Path) -> None:
    """However good a trial is there, it is neither best nor chosen."""
    came = outcome(plan(tmp_path, knobs=KNOBS), [flown(0, 0.01, 0.01, 0.0), flown(1, 0.0, 0.0, 99.0)], 2)
    assert {fold.task for fold in came.folds} == {came.best[0].task} == {0}


def test_where_scores_tie_the_first_task_is_best_whoever_was_flown_first(tmp_path: Path) -> None:
    same = [flown(task, 0.01, 0.01, 0.01) for task in (2, 0, 1)]
    came = outcome(plan(tmp_path, knobs=KNOBS), same, 3)
    assert [each.task for each in came.best] == [0, 1, 2]
    assert {fold.task for fold in came.folds} == {0}


def test_what_was_refused_or_not_asked_for_is_not_among_them(tmp_path: Path) -> None:
    pruned = settled(1, TrialState.PRUNED, refused="too slow")
    lost = settled(2, TrialState.FAIL)
    many = [flown(task, 0.0, task / 100, 0.0) for task in range(3, 20)]
    came = outcome(plan(tmp_path, knobs=KNOBS), [flown(0, 0, 0, 0), pruned, lost, *many], 15)
    assert (came.tasks, came.flown, came.refused, came.refusals) == (15, 13, 1, {"too slow": 1})
    assert len(came.best) == BEST
    assert came.best[0].task == 14


def test_nothing_flown_is_nothing_found(tmp_path: Path) -> None:
    came = outcome(plan(tmp_path, knobs=KNOBS), [], 3)
    assert (came.flown, came.best, came.folds, came.profit, came.overfitting) == (0, (), (), None, None)
