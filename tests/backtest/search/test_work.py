"""A turn flies what the trial says, from a fresh account in each segment, and takes no trial that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from radtui.backtest.run import run
from radtui.backtest.search.legs import leg
from radtui.backtest.search.plan import Job
from radtui.backtest.search.queue import TASK
from radtui.backtest.search.storage import create
from radtui.backtest.search.work import Bench, Refusal, turn
from radtui.strategies.catalogue import load
from tests.backtest.search.studies import job

FAILING = """
from radtui.strategies.base import Parameters

class Failing:
    name, timeframe, warmup = "failing", "1m", 0
    Parameters = Parameters

    def __init__(self, instrument, parameters):
        self.timeframe = parameters.timeframe

    def on_candle(self, candle, view):
        raise RuntimeError("boom")
"""


@pytest.fixture
def told(tmp_path: Path) -> Job:
    made = job(tmp_path)
    create(made.storage, made.plan.study)
    return made


def test_a_leg_is_the_backtest_of_its_segment(told: Job) -> None:
    """What a person gets who flies the segment alone, with the same parameters."""
    given = {"fast": "3", "slow": "8"}
    legs = Bench(told).fly(given).legs
    segment = told.plan.segments[1]
    market = replace(told.plan.source, begin=segment.begin, end=segment.end).market("1m")
    factory = load("ema_cross")
    alone = run(told.plan.terms, market, lambda instrument: factory(instrument, {"timeframe": "1m", **given}))
    assert legs[1] == leg(alone)
    assert legs[1].trades


def test_flying_twice_is_the_same(told: Job) -> None:
    bench = Bench(told)
    assert bench.fly({"fast": "3", "slow": "8"}) == bench.fly({"fast": "3", "slow": "8"})


def test_a_turn_without_a_trial_is_none(told: Job) -> None:
    assert not turn(told.packed())


def test_a_turn_settles_its_trial(told: Job) -> None:
    study = create(told.storage, told.plan.study)
    study.enqueue_trial(told.plan.fixed(0), user_attrs={TASK: 0})
    assert turn(told.packed())
    (done,) = study.get_trials()
    assert done.state.name == "COMPLETE"
    assert done.params == told.plan.fixed(0)


def test_a_strategy_that_fails_is_refused_with_its_first_failure(told: Job, tmp_path: Path) -> None:
    file = tmp_path / "failing.py"
    file.write_text(FAILING)
    failing = replace(told.plan, strategy=f"{file}:Failing", knobs=())
    create(told.storage, failing.study)
    with pytest.raises(Refusal, match=r"failed .* times, first: XBTUSDTM: RuntimeError: boom"):
        Bench(Job(plan=failing, storage=told.storage)).fly({})


def test_what_never_trades_is_refused(told: Job) -> None:
    with pytest.raises(Refusal, match="never traded in-sample"):
        Bench(told).fly({"fast": "90", "slow": "99"})


def test_a_flight_that_is_told_to_end_ends(told: Job) -> None:
    asked: list[int] = []

    def enough(now: int) -> bool:
        asked.append(now)
        return False

    with pytest.raises(Refusal):
        Bench(told).fly({"fast": "3", "slow": "8"}, enough)
    assert len(asked) == len(told.plan.segments)
