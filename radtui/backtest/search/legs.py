"""What one choice of parameters came to: a leg for each segment, and its returns in slices of the whole time."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import fmean
from typing import Final

import msgspec

from radtui.backtest.result import Result
from radtui.backtest.search.segments import Segment

SLICES: Final = 16
"""As many as the source of `radtui.backtest.search.overfitting` recommends: 12,870 ways to take half of them."""


class Measure(StrEnum):
    """What makes one choice better than another."""

    SHARPE = "sharpe"
    PROFIT = "profit"


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One flight through one segment.

    Attributes:
        sharpe: annualised; 0 where nothing moved. profit: net, a fraction of the capital. drawdown: a fraction.
    """

    sharpe: float
    profit: float
    drawdown: float
    trades: int

    def score(self, measure: Measure) -> float:
        """Return what the measure makes of it; more is better."""
        return self.sharpe if measure is Measure.SHARPE else self.profit


class Slice(msgspec.Struct, array_like=True):
    """Returns of one slice of the time: how many, their sum, the sum of their squares."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """Count a return."""
        self.count += 1
        self.total += value
        self.squares += value * value


class Flown(msgspec.Struct, frozen=True):
    """All legs of a trial, by segment, and its returns, by slice."""

    legs: tuple[Leg, ...]
    slices: tuple[Slice, ...]

    def in_sample(self, fold: int, measure: Measure) -> float:
        """Return the mean score of what lies before a fold's own segment; folds count from 1."""
        return fmean(leg.score(measure) for leg in self.legs[:fold])

    def value(self, measure: Measure) -> float:
        """Return what the sampler goes by: every segment but the last."""
        return self.in_sample(len(self.legs) - 1, measure)


class Ruined(Exception):
    """Nothing was left of the account: no return can be told of what came after."""


def leg(result: Result) -> Leg:
    """Return what a backtest of a segment came to.

    Raises:
        Ruined: the account was lost.
    """
    if any(point.equity <= 0 for point in result.equity_curve):
        raise Ruined("the account was lost")
    return Leg(
        sharpe=result.ratios.sharpe_ratio or 0.0,
        profit=float(result.net_profit / result.capital),
        drawdown=result.ratios.max_drawdown,
        trades=result.sums.total_trades + len(result.open),
    )


def sliced(results: Sequence[Result], segments: Sequence[Segment]) -> tuple[Slice, ...]:
    """Return the returns of all segments, from point to point of their equity curves, by the slice they fall into."""
    since, until = segments[0].begin, segments[-1].end
    slices = tuple(Slice() for _ in range(SLICES))
    for result in results:
        curve = result.equity_curve
        for before, after in pairwise(curve):
            place = min(SLICES - 1, (after.at - 1 - since) * SLICES // (until - since))
            slices[place].add(float(after.equity / before.equity - 1))
    return slices
