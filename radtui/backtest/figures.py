"""What a backtest comes to (row B1): trades, money, and the ratios of its equity curve.

Sources: Sharpe, "The Sharpe Ratio" (1994), with no riskless return; Sortino and Price (1994), against 0; Young (1991)
for Calmar. Returns are simple ones from candle to candle, annualised by the candle's length over 365 days, for the
market never closes. Standard deviations are those of a sample (n − 1); the downside's is over all returns (n).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import sqrt
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from radtui.backtest.trades import Trade
from radtui.core.market import DAY
from radtui.core.money import ZERO, ratio

YEAR: Final = 365 * DAY
_NOISE: Final = 1e-15
"""A spread of returns below it is rounding."""
Curve = NDArray[np.float64]


class Ratios(msgspec.Struct, frozen=True, kw_only=True):
    """What an equity curve tells; None where it cannot be told, as where nothing moved.

    Attributes:
        max_drawdown: fraction ≥ 0 of the highest equity before. longest_drawdown: nanoseconds below a highest equity.
        annual_return: compound, a fraction. annual_volatility: of the returns, a fraction.
    """

    max_drawdown: float
    longest_drawdown: int
    sharpe_ratio: float | None
    sortino_ratio: float | None
    calmar_ratio: float | None
    annual_return: float | None
    annual_volatility: float | None


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """What the trades come to, in settlement currency.

    Attributes:
        win_rate: wins / (wins + losses), a fraction; a trade that came out even is neither. None without either.
        profit_factor: gains / losses; None without losses.
        average: net of one trade; None without any.
    """

    total_trades: int
    winning_trades: int
    losing_trades: int
    win_rate: float | None
    profit_factor: float | None
    gross: Decimal
    fees: Decimal
    funding: Decimal
    average: Decimal | None
    best: Decimal | None
    worst: Decimal | None


def ratios(equity: Sequence[Decimal] | Curve, span: int) -> Ratios:
    """Return what a curve tells.

    Args:
        equity: at the start, then at the close of every candle. span: nanoseconds of a candle.
    """
    curve = np.asarray(equity, dtype=np.float64)
    below = _below(curve)
    worst = float(below.max(initial=0.0))
    longest = _longest(below > 0) * span
    returns = _returns(curve)
    if returns is None:
        return Ratios(
            max_drawdown=worst,
            longest_drawdown=longest,
            sharpe_ratio=None,
            sortino_ratio=None,
            calmar_ratio=None,
            annual_return=None,
            annual_volatility=None,
        )
    a_year = YEAR / span
    mean, spread = float(returns.mean()), float(returns.std(ddof=1))
    downside = sqrt(float(np.square(np.minimum(returns, 0.0)).mean()))
    annual = _annual(float(curve[-1] / curve[0]), a_year / len(returns))
    return Ratios(
        max_drawdown=worst,
        longest_drawdown=longest,
        sharpe_ratio=_over(mean, spread, sqrt(a_year)),
        sortino_ratio=_over(mean, downside, sqrt(a_year)),
        calmar_ratio=None if annual is None else _over(annual, worst, 1.0),
        annual_return=annual,
        annual_volatility=spread * sqrt(a_year),
    )


def sums(trades: Sequence[Trade]) -> Sums:
    """Return what round trips come to."""
    nets = [trade.net for trade in trades]
    wins, losses = [net for net in nets if net > 0], [net for net in nets if net < 0]
    decided = len(wins) + len(losses)
    return Sums(
        total_trades=len(nets),
        winning_trades=len(wins),
        losing_trades=len(losses),
        win_rate=len(wins) / decided if decided else None,
        profit_factor=float(ratio(sum(wins, ZERO), -sum(losses, ZERO))) if losses else None,
        gross=sum((trade.gross for trade in trades), ZERO),
        fees=sum((trade.fees for trade in trades), ZERO),
        funding=sum((trade.funding for trade in trades), ZERO),
        average=ratio(sum(nets, ZERO), Decimal(len(nets))) if nets else None,
        best=max(nets, default=None),
        worst=min(nets, default=None),
    )


def _below(curve: Curve) -> Curve:
    """Return how far each point lies below the highest before it, as a fraction of that."""
    peaks = np.maximum.accumulate(curve)
    return np.divide(peaks - curve, peaks, out=np.zeros_like(curve), where=peaks > 0)


def _longest(flags: NDArray[np.bool_]) -> int:
    """Return the length of the longest run."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _returns(curve: Curve) -> Curve | None:
    """Return the returns; None where there are too few, or where nothing was left to earn them on."""
    if len(curve) < 3 or not (curve > 0).all():
        return None
    return np.asarray(curve[1:] / curve[:-1] - 1.0)


def _over(earned: float, risk: float, scale: float) -> float | None:
    return earned / risk * scale if risk > _NOISE else None


def _annual(growth: float, years_inverse: float) -> float | None:
    """Return the compound return of a year; None where a short time would grow beyond all figures."""
    try:
        return float(growth**years_inverse - 1.0)
    except OverflowError:
        return None
