"""A search's outcome in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.backtest.search.legs import Measure
from radtui.backtest.search.outcome import Fold, Outcome, Tried
from radtui.backtest.search.overfitting import Overfitting
from radtui.backtest.search.plan import Plan, Sampler
from radtui.backtest.search.space import Point
from radtui.backtest.wording import figure, moment, percent, share

Row = tuple[str, ...]
BEST_HEADS: Final = ("best", "trial", "parameters", "in-sample", "out-of-sample", "profit", "drawdown", "trades")
FOLD_HEADS: Final = ("fold", "measured from", "chosen on what was before", "in-sample", "out-of-sample", "profit")
_REASONS: Final = 5


def heading(plan: Plan) -> Iterator[str]:
    """Yield what is searched, on what."""
    config, fixed = plan.terms.config, _told(plan.terms.parameters)
    knobs = ", ".join(knob.name for knob in plan.knobs)
    yield f"{config.strategy} {plan.timeframe}{fixed and f' {fixed}'} on {', '.join(config.symbols)}: {knobs}"
    begin, end = plan.segments[0].begin, plan.segments[-1].end
    yield f"{moment(begin)} to {moment(end)} UTC in {len(plan.segments)} segments, candles {plan.candles}"
    yield f"study {plan.study}, sampler {plan.sampler}, seed {plan.seed}, by {plan.measure}"


def count(outcome: Outcome) -> Iterator[str]:
    """Yield how many trials there are, and why some are not among them."""
    left = outcome.tasks - outcome.flown - outcome.refused
    yield (
        f"{outcome.tasks:,} trials: {outcome.flown:,} flown, {outcome.refused:,} refused"
        + (f", {left:,} NOT FLOWN" if left else "")
    )
    often = sorted(outcome.refusals.items(), key=lambda each: (-each[1], each[0]))
    yield from (f"  {number:,} × {reason}" for reason, number in often[:_REASONS])
    if len(often) > _REASONS:
        yield f"  and {len(often) - _REASONS:,} other reasons"


def best_rows(outcome: Outcome, measure: Measure) -> list[Row]:
    """Return the best trials as rows under `BEST_HEADS`; profit, drawdown and trades are those out-of-sample."""
    return [_best(place, tried, measure) for place, tried in enumerate(outcome.best, 1)]


def fold_rows(outcome: Outcome, measure: Measure) -> list[Row]:
    """Return the folds as rows under `FOLD_HEADS`."""
    return [_fold(fold, measure) for fold in outcome.folds]


def meanings(plan: Plan, outcome: Outcome) -> Iterator[str]:
    """Yield what the figures mean, and what they do not."""
    if outcome.profit is not None:
        yield f"all folds together: {percent(outcome.profit)} of the capital, each begun with the same account"
    last = plan.segments[-1]
    yield (
        "in-sample: the mean of the segments that were chosen on; out-of-sample: of what came after. "
        f"The last segment, from {moment(last.begin)}, was seen by no choice."
    )
    if plan.sampler is Sampler.TPE and len(plan.segments) > 2:
        yield "The sampler has seen the segments of all folds but the last: believe that one more than those before it."
    yield from _overfitting(outcome.overfitting)


def _overfitting(found: Overfitting | None) -> Iterator[str]:
    if found is None:
        yield "probability of overfitting: not known with fewer than two trials"
        return
    yield f"probability of overfitting {share(found.probability)}: {_verdict(found.probability)}"
    yield (
        f"  In so many of {found.ways:,} ways to halve the time, the best of {found.trials:,} trials in one half "
        "was at or below their median in the other."
    )
    yield f"  There it lost money in {share(found.loss)}, and its median rank was {found.rank:.2f} (luck 0.5, best 1)."
    yield "  (Bailey, Borwein, López de Prado, Zhu 2017)"


def _verdict(probability: float) -> str:
    if probability > 0.5:
        return "choosing the best was worse than choosing blindly"
    if probability > 0.2:
        return "much of what made the best the best was luck"
    return "what was best in one half mostly stayed good in the other"


def _best(place: int, tried: Tried, measure: Measure) -> Row:
    last = tried.last
    return (
        str(place),
        str(tried.task),
        _told(tried.parameters),
        _score(tried.score, measure),
        _score(last.score(measure), measure),
        percent(last.profit),
        share(last.drawdown),
        f"{last.trades:,}",
    )


def _fold(fold: Fold, measure: Measure) -> Row:
    return (
        str(fold.number),
        moment(fold.measured.begin),
        _told(fold.parameters),
        _score(fold.in_sample, measure),
        _score(fold.out_of_sample, measure),
        percent(fold.leg.profit),
    )


def _score(value: float, measure: Measure) -> str:
    return figure(value) if measure is Measure.SHARPE else percent(value)


def _told(parameters: Point) -> str:
    return " ".join(f"{name}={value}" for name, value in parameters.items())
