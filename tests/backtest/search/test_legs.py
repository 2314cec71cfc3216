"""Legs and slices are the results' own figures; what was lost altogether has none."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest

from radtui.backtest.result import Point
from radtui.backtest.search.legs import SLICES, Flown, Leg, Measure, Ruined, leg, sliced
from radtui.backtest.search.segments import Segment
from tests.backtest.worlds import Restless, flown, walk


def test_a_leg_has_the_result_s_figures() -> None:
    result = flown(walk(200, 3), Restless)
    made = leg(result)
    assert made.profit == float(result.net_profit / result.capital) != 0
    assert made.sharpe == result.ratios.sharpe_ratio == made.score(Measure.SHARPE)
    assert made.score(Measure.PROFIT) == made.profit
    assert made.trades == result.sums.total_trades + len(result.open)
    assert made.drawdown == result.ratios.max_drawdown


def test_slices_hold_every_return_once() -> None:
    results = [flown(walk(200, 3), Restless), flown(walk(200, 4), Restless)]
    first = results[0]
    half = first.until - first.since
    later = msgspec.structs.replace(
        results[1], equity_curve=tuple(Point(point.at + half, point.equity) for point in results[1].equity_curve)
    )
    segments = (Segment(first.since, first.until), Segment(first.until, first.until + half))
    slices = sliced([first, later], segments)
    assert len(slices) == SLICES
    assert sum(each.count for each in slices[: SLICES // 2]) == len(first.equity_curve) - 1
    assert sum(each.count for each in slices) == sum(len(each.equity_curve) - 1 for each in (first, later))
    grown = [float(after.equity / before.equity - 1) for before, after in pairwise(first.equity_curve)]
    assert sum(each.total for each in slices[: SLICES // 2]) == pytest.approx(sum(grown))
    assert sum(each.squares for each in slices[: SLICES // 2]) == pytest.approx(sum(each * each for each in grown))


def test_an_account_that_was_lost_has_no_figures() -> None:
    result = flown(walk(50, 3), Restless)
    ruined = msgspec.structs.replace(result, equity_curve=(*result.equity_curve, Point(result.until, Decimal(0))))
    with pytest.raises(Ruined, match="was lost"):
        leg(ruined)


def test_the_sampler_sees_all_but_the_last_segment() -> None:
    legs = tuple(Leg(sharpe=float(number), profit=-1.0, drawdown=0.0, trades=1) for number in (1, 2, 6, 100))
    told = Flown(legs, ())
    assert [told.in_sample(fold, Measure.SHARPE) for fold in (1, 2, 3)] == [1.0, 1.5, 3.0]
    assert told.value(Measure.SHARPE) == 3.0
