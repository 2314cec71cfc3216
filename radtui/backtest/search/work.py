"""One turn of a worker: take a trial, fly its segments, note what came of it."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import lru_cache, partial
from math import isfinite
from time import monotonic
from typing import TYPE_CHECKING, Final

import msgspec

from radtui.backtest.result import Result
from radtui.backtest.run import GoOn, run
from radtui.backtest.search.legs import Flown, Ruined, leg, sliced
from radtui.backtest.search.plan import Job, unpacked
from radtui.backtest.search.queue import FLOWN, REFUSED, beat, fail, settle, take
from radtui.backtest.search.sampling import sampler
from radtui.backtest.search.segments import Segment
from radtui.backtest.search.storage import answering, load
from radtui.strategies.base import Factory, StrategyRefused
from radtui.strategies.catalogue import load as load_strategy
from radtui.venue.history import RecordedMarket

if TYPE_CHECKING:
    from optuna import Study, Trial

_BEAT_EVERY: Final = 10.0


class Refusal(Exception):
    """A choice of parameters that cannot be measured; the message says why."""


class Bench:
    """What a worker needs for every turn: the study, the candles and the strategy, loaded once."""

    def __init__(self, job: Job) -> None:
        self.plan, self.storage = job.plan, job.storage
        self.study: Study = load(job.storage, job.plan.study, sampler(job.plan))
        self._factory: Factory = load_strategy(job.plan.strategy)
        whole = job.plan.source.market(job.plan.timeframe)
        self._markets = [_narrowed(whole, segment) for segment in job.plan.segments]

    def fly(self, parameters: dict[str, str], go_on: GoOn = lambda now: True) -> Flown:
        """Fly parameters through every segment, each with an account of its own.

        Raises:
            Refusal: they cannot be flown, or nothing can be told of their flight.
        """
        try:
            results = [self._flown(market, parameters, go_on) for market in self._markets]
            legs = tuple(map(leg, results))
        except (StrategyRefused, Ruined) as refused:
            raise Refusal(str(refused)) from None
        if not any(each.trades for each in legs[:-1]):
            raise Refusal("it never traded in-sample")
        flown = Flown(legs, sliced(results, self.plan.segments))
        if not isfinite(flown.value(self.plan.measure)):
            raise Refusal("its score is no number")
        return flown

    def _flown(self, market: RecordedMarket, parameters: dict[str, str], go_on: GoOn) -> Result:
        plan = self.plan
        told = {**plan.terms.parameters, **parameters}
        factory = partial(self._factory, settings={"timeframe": plan.timeframe, **told})
        result = run(msgspec.structs.replace(plan.terms, parameters=told), copy(market), factory, go_on)
        if result.faults:
            raise Refusal(f"the strategy failed {result.faults:,} times, first: {result.fault}")
        return result


def turn(packed: bytes) -> bool:
    """Take one trial of a packed job and settle it; return whether there was one.

    Raises:
        StorageLost: the study does not answer.
    """
    bench = _bench(packed)
    with answering(bench.storage):
        trial = take(bench.study)
    if trial is None:
        return False
    try:
        _settle(bench, trial)
    except KeyboardInterrupt:
        with answering(bench.storage):
            fail(bench.study, trial.number)
        raise
    return True


def _settle(bench: Bench, trial: Trial) -> None:
    with answering(bench.storage):
        point = {knob.name: knob.text(knob.asked(trial)) for knob in bench.plan.knobs}
    try:
        flown = bench.fly(point, _beating(trial, bench.storage, monotonic))
    except Refusal as refusal:
        value, told = None, {REFUSED: str(refusal)}
    else:
        value, told = flown.value(bench.plan.measure), {FLOWN: msgspec.to_builtins(flown)}
    with answering(bench.storage):
        settle(bench.study, trial, value, **told)


def _beating(trial: Trial, storage: str, clock: Callable[[], float]) -> GoOn:
    """Return what tells the others now and then that this worker lives, and ends the flight where it was given up."""
    last = clock()

    def go_on(now: int) -> bool:
        nonlocal last
        if clock() - last < _BEAT_EVERY:
            return True
        last = clock()
        with answering(storage):
            return beat(trial, now)

    return go_on


def _narrowed(market: RecordedMarket, segment: Segment) -> RecordedMarket:
    part = copy(market)
    part.narrow(segment.begin, segment.end)
    return part


@lru_cache(1)
def _bench(packed: bytes) -> Bench:
    return Bench(unpacked(packed))
