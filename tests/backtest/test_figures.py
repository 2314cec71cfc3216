"""The figures, against an independent library and against hand reckoning."""

from __future__ import annotations

import warnings
from decimal import Decimal
from math import isclose, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from radtui.backtest.figures import YEAR, ratios, sums
from radtui.backtest.trades import Direction, Trade
from radtui.core.market import DAY, HOUR, MINUTE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the library and its own ones say of themselves is not ours
    import empyrical
    import pandas

SPANS = [MINUTE, 5 * MINUTE, HOUR, DAY]
steps = st.lists(st.floats(-0.05, 0.05).filter(lambda step: abs(step) > 1e-6), min_size=3, max_size=60)


def close(ours: float | None, theirs: float) -> bool:
    return ours is not None and isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)


@settings(max_examples=40, deadline=None)
@given(steps, st.sampled_from(SPANS))
def test_the_ratios_are_those_of_an_independent_library(returns: list[float], span: int) -> None:
    curve = 10_000 * np.cumprod([1.0, *(1 + each for each in returns)])
    assume(np.std(curve[1:] / curve[:-1] - 1, ddof=1) > 1e-9)
    series, a_year = pandas.Series(curve).pct_change().dropna(), YEAR / span
    ours = ratios(curve, span)
    assert close(ours.sharpe_ratio, empyrical.sharpe_ratio(series, annualization=a_year))
    if min(returns) < 0:
        assert close(ours.sortino_ratio, empyrical.sortino_ratio(series, annualization=a_year))
    assert close(-ours.max_drawdown, empyrical.max_drawdown(series))
    assert close(ours.annual_volatility, empyrical.annual_volatility(series, annualization=a_year))
    if span == DAY:
        assert close(ours.annual_return, empyrical.annual_return(series, annualization=a_year))
        if ours.max_drawdown > 1e-6:
            assert close(ours.calmar_ratio, empyrical.calmar_ratio(series, annualization=a_year))


def test_by_hand() -> None:
    """10,000 → 11,000 → 9,900 in two days: returns of +10 % and −10 %."""
    found = ratios([Decimal(10_000), Decimal(11_000), Decimal(9_900)], DAY)
    assert found.max_drawdown == pytest.approx(0.1)
    assert found.longest_drawdown == DAY
    assert found.sharpe_ratio == pytest.approx(0, abs=1e-12)
    assert found.annual_volatility == pytest.approx(sqrt(0.02) * sqrt(365))
    assert found.annual_return == pytest.approx(0.99 ** (365 / 2) - 1)


def test_where_nothing_can_be_told_nothing_is() -> None:
    flat = ratios([Decimal(100)] * 10, HOUR)
    assert (flat.sharpe_ratio, flat.sortino_ratio, flat.calmar_ratio, flat.max_drawdown) == (None, None, None, 0.0)
    short = ratios([Decimal(100), Decimal(90)], HOUR)
    assert (short.sharpe_ratio, short.max_drawdown) == (None, pytest.approx(0.1))
    ruined = ratios([Decimal(100), Decimal(0), Decimal(0)], HOUR)
    assert (ruined.sharpe_ratio, ruined.annual_return, ruined.max_drawdown) == (None, None, 1.0)
    assert ratios([Decimal(1), Decimal(1000), Decimal(10**9)], MINUTE).annual_return is None  # beyond all figures


def trade(gross: str, fees: str = "0", funding: str = "0") -> Trade:
    one = Decimal(1)
    money = {"gross": Decimal(gross), "fees": Decimal(fees), "funding": Decimal(funding)}
    times = {"opened_at": 0, "closed_at": 1}
    return Trade(symbol="XBTUSDTM", direction=Direction.LONG, lots=1, entry=one, exit=one, **times, **money)


def test_a_trade_is_won_or_lost_after_fees_and_funding() -> None:
    found = sums([trade("10", "1"), trade("1", "2"), trade("2", "1", "-1"), trade("0", "0", "3"), trade("-5", "1")])
    assert (found.total_trades, found.winning_trades, found.losing_trades) == (5, 2, 2)
    assert found.win_rate == 0.5
    assert found.profit_factor == pytest.approx(12 / 7)
    assert (found.gross, found.fees, found.funding) == (Decimal(8), Decimal(5), Decimal(2))
    assert (found.average, found.best, found.worst) == (Decimal(1), Decimal(9), Decimal(-6))


def test_no_trade_has_no_rate() -> None:
    found = sums([])
    assert (found.total_trades, found.win_rate, found.profit_factor, found.average, found.best) == (0, *[None] * 4)
    assert sums([trade("5")]).profit_factor is None
