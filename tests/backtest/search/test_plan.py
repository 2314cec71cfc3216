"""A plan is its own name: the same search finds its study again, and another one never does."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from radtui.backtest.search.legs import Measure
from radtui.backtest.search.plan import Job, Sampler, unpacked
from radtui.backtest.search.segments import Segment
from radtui.backtest.search.space import space
from radtui.backtest.source import Source
from radtui.core.market import MINUTE
from radtui.venue.history import BadHistory
from tests.backtest.search.studies import BARS, WARMUP, job, plan
from tests.backtest.worlds import START


def test_whatever_its_trials_depend_on_is_in_its_name(tmp_path: Path) -> None:
    here = plan(tmp_path)
    terms = msgspec.structs.replace(here.terms, parameters={"x": "1"})
    others = [
        msgspec.structs.replace(here, **changed)
        for changed in (
            {"code": "changed"},
            {"terms": terms},
            {"candles": "others"},
            {"segments": here.segments[:2]},
            {"knobs": space("fast=2:9")},
            {"sampler": Sampler.GRID},
            {"measure": Measure.SHARPE},
            {"seed": 2},
        )
    ]
    names = {each.study for each in (here, *others)}
    assert len(names) == len(others) + 1
    assert plan(tmp_path).study == here.study
    assert here.study.startswith("ema_cross-1m-random-")


def test_where_its_candles_lie_is_not_in_its_name_for_every_host_has_them_elsewhere(tmp_path: Path) -> None:
    here = plan(tmp_path)
    assert msgspec.structs.replace(here, source=Source(file="elsewhere.csv")).study == here.study


def test_it_reaches_a_worker_as_it_was_sent(tmp_path: Path) -> None:
    sent: Job = job(tmp_path, knobs=space("a=1:9,b=0.5:1.5,c=x|y"))
    arrived = unpacked(sent.packed())
    assert arrived == sent
    assert arrived.plan.study == sent.plan.study


def test_only_who_learns_does_not_know_its_parameters_from_the_beginning(tmp_path: Path) -> None:
    assert plan(tmp_path, Sampler.TPE).fixed(0) == {}
    for sampler in (Sampler.GRID, Sampler.RANDOM):
        assert plan(tmp_path, sampler).fixed(3) == plan(tmp_path, sampler).fixed(3)
        assert set(plan(tmp_path, sampler).fixed(3)) == {"fast", "slow"}


def test_a_source_is_flown_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    segment = Segment(START + WARMUP * MINUTE, START + (WARMUP + BARS) * MINUTE)
    source = msgspec.structs.replace(plan(tmp_path).source, begin=segment.begin + MINUTE, end=segment.end - MINUTE)
    market = source.market("1m")
    assert (market.now, market.ends_at) == (segment.begin + MINUTE, segment.end - MINUTE)


def test_a_archive_without_the_symbol_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadHistory, match="no candles of ETHUSDTM"):
        Source(archive=str(tmp_path), symbol="ETHUSDTM").market("1m")
