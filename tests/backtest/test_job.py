"""What a backtest's own process is told and says survives the line; no figure becomes another one on it."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from radtui.backtest.job import (
    Begun,
    Come,
    Flown,
    Job,
    Unflown,
    decode_job,
    decode_said,
    encode_job,
    encode_said,
    flown,
)
from radtui.backtest.result import Point
from radtui.backtest.source import Source
from radtui.core.backtest_view import MOST_POINTS
from radtui.settings.tree import Settings
from tests.backtest.worlds import Restless, terms, walk
from tests.backtest.worlds import flown as flown_through


def test_a_job_is_the_same_at_the_other_end() -> None:
    core = Settings().engine_config(boot=7, autostart=True, virtual=True).core
    job = Job(
        strategy="ema_cross",
        told={"timeframe": "5m", "fast": "10", "clear": 0.25, "strategies": ["rsi", "fvg"]},
        terms=msgspec.structs.replace(terms(balance=Decimal("10000.10")), config=core),
        source=Source(archive="/there", symbol="XBTUSDTM", begin=1, seed=None),
        document="a.json",
        page="a.html",
    )
    assert decode_job(encode_job(job)) == job


@pytest.mark.parametrize(
    "said", [Begun(source="x", since=1, until=2), Come(share=0.25), Unflown(why="no candles: bring some")]
)
def test_every_word_is_the_same_at_the_other_end(said: Begun | Come | Unflown) -> None:
    assert decode_said(encode_said(said)) == said


def test_a_result_keeps_its_main_figures_and_the_ends_of_its_curve() -> None:
    result = flown_through(walk(400), Restless)
    said = flown(result)
    assert decode_said(encode_said(said)) == said
    figures = said.figures
    assert (figures.total_trades, figures.net_profit) == (result.sums.total_trades, result.net_profit)
    assert (figures.max_drawdown, figures.steps) == (result.ratios.max_drawdown, result.steps)
    assert len(said.curve) == MOST_POINTS
    assert (said.curve[0], said.curve[-1]) == (result.equity_curve[0].equity, result.equity_curve[-1].equity)


def test_a_short_curve_is_whole_and_what_refused_most_comes_first() -> None:
    result = flown_through(walk(30), Restless)
    curve = tuple(Point(at, Decimal(at)) for at in range(5))
    said = flown(msgspec.structs.replace(result, equity_curve=curve, blocked={"a": 1, "b": 3}))
    assert said == Flown(figures=said.figures, blocked={"b": 3, "a": 1}, curve=tuple(Decimal(at) for at in range(5)))
    assert list(said.blocked) == ["b", "a"]
