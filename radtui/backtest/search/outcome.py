"""What a search found: the best, in-sample beside out-of-sample, and how far to believe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from radtui.backtest.search.legs import Flown, Leg, Measure
from radtui.backtest.search.overfitting import Overfitting, overfitting
from radtui.backtest.search.plan import Plan
from radtui.backtest.search.queue import FLOWN, REFUSED, settled
from radtui.backtest.search.segments import Segment
from radtui.backtest.search.space import Point

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

BEST: Final = 10
"""Trials that are shown."""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of parameters that was flown.

    Attributes:
        task: its number, from 0. score: what the sampler went by: the mean of every segment but the last.
        last: its leg through the last segment, which the sampler never saw.
    """

    task: int
    parameters: Point
    score: float
    last: Leg
    flown: Flown


class Fold(msgspec.Struct, frozen=True, kw_only=True):
    """One step forward: what was best on all before a segment, and what it then did in it.

    Attributes:
        number: from 1. measured: the segment. in_sample, out_of_sample: scores.
    """

    number: int
    measured: Segment
    task: int
    parameters: Point
    in_sample: float
    out_of_sample: float
    leg: Leg


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of a search.

    Attributes:
        tasks: that were asked for. flown, refused: how many came to an end. best: the best trials, best first.
        refusals: how often each reason was given.
        profit: out of sample, of all folds together: fractions of the capital, added up.
    """

    study: str
    tasks: int
    flown: int
    refused: int
    refusals: dict[str, int]
    best: tuple[Tried, ...]
    folds: tuple[Fold, ...]
    profit: float | None
    overfitting: Overfitting | None


def outcome(plan: Plan, trials: list[FrozenTrial], count: int) -> Outcome:
    """Return what came of the first `count` tasks; where scores tie, the task that came first is the better."""
    done = settled(trials, count)
    flown = [_tried(plan, task, trial) for task, trial in sorted(done.items()) if FLOWN in trial.user_attrs]
    reasons = [str(trial.user_attrs[REFUSED]) for trial in done.values() if REFUSED in trial.user_attrs]
    folds = tuple(_fold(plan, flown, number) for number in range(1, len(plan.segments))) if flown else ()
    return Outcome(
        study=plan.study,
        tasks=count,
        flown=len(flown),
        refused=len(reasons),
        refusals={reason: reasons.count(reason) for reason in sorted(set(reasons))},
        best=tuple(sorted(flown, key=lambda each: (-each.score, each.task))[:BEST]),
        folds=folds,
        profit=sum(fold.leg.profit for fold in folds) if folds else None,
        overfitting=overfitting([each.flown.slices for each in flown], plan.measure),
    )


def _tried(plan: Plan, task: int, trial: FrozenTrial) -> Tried:
    flown = msgspec.convert(trial.user_attrs[FLOWN], Flown)
    parameters = {knob.name: knob.text(trial.params[knob.name]) for knob in plan.knobs}
    return Tried(task=task, parameters=parameters, score=flown.value(plan.measure), last=flown.legs[-1], flown=flown)


def _fold(plan: Plan, flown: Sequence[Tried], number: int) -> Fold:
    measure: Measure = plan.measure
    chosen = max(flown, key=lambda each: (each.flown.in_sample(number, measure), -each.task))
    leg = chosen.flown.legs[number]
    return Fold(
        number=number,
        measured=plan.segments[number],
        task=chosen.task,
        parameters=chosen.parameters,
        in_sample=chosen.flown.in_sample(number, measure),
        out_of_sample=leg.score(measure),
        leg=leg,
    )
