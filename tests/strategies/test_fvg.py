from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import MINUTE, Candle
from radtui.core.signal import HOLD, Action, Signal
from radtui.strategies.base import View
from radtui.strategies.fvg import FairValueGap, GapParameters, gap_of
from radtui.strategies.leaning import BUYS, SELLS
from radtui.strategies.proving import contract, heard, market

SPAN = 5 * MINUTE
CALM = [(100, 101, 99, 100)] * 80
LEAP = [(100, 101, 99, 101), (101, 106, 101, 105), (105, 107, 104, 106)]
"""Leaves the gap 101–104."""


def bars(rows: Sequence[tuple[float, ...]], first: int = 0) -> list[Candle]:
    return [
        Candle("XBTUSDTM", (first + at) * SPAN, SPAN, *(Decimal(str(figure)) for figure in row), volume=Decimal(1))
        for at, row in enumerate(rows)
    ]


def mirrored(rows: Sequence[tuple[float, ...]]) -> list[tuple[float, ...]]:
    return [(200 - o, 200 - low, 200 - high, 200 - c) for o, high, low, c in rows]


def said(rows: Sequence[tuple[float, ...]], **told: object) -> list[tuple[int, Signal]]:
    """What it says after the calm, by how many candles after the leap."""
    strategy = FairValueGap(contract(), GapParameters.model_validate(told))
    signals = heard(strategy, bars([*CALM, *rows]))
    return [(at - len(CALM) - 2, signal) for at, signal in enumerate(signals) if signal is not HOLD]


def quiet(close: float) -> tuple[float, ...]:
    return (close, close + 0.5, close - 0.5, close)


def test_it_buys_when_a_close_comes_back_into_the_gap_and_says_so_once() -> None:
    ((after, signal),) = said([*LEAP, quiet(106), quiet(103), quiet(103), quiet(102)])
    assert (after, signal.action) == (2, Action.BUY)
    assert signal.reason.startswith("back in the gap 101.0–104.0, 1.")
    assert signal.reason.endswith("ATR, leapt up over")


def test_the_mirror_sells() -> None:
    ((after, signal),) = said(mirrored([*LEAP, quiet(106), quiet(103)]))
    assert (after, signal.action) == (2, Action.SELL)
    assert "96.0–99.0" in signal.reason
    assert "leapt down" in signal.reason


@pytest.mark.parametrize(("close", "trades"), [(104, True), (101, True), (104.1, False), (100.9, False)])
def test_the_edges_belong_to_the_gap(close: float, trades: bool) -> None:
    assert bool(said([*LEAP, quiet(close)])) is trades


def test_a_gap_that_was_closed_through_is_over() -> None:
    assert said([*LEAP, quiet(100.5), quiet(103)]) == []


@pytest.mark.parametrize(("wait", "trades"), [(4, True), (5, False)])
def test_a_gap_waits_five_candles(wait: int, trades: bool) -> None:
    assert bool(said([*LEAP, *[quiet(106)] * wait, quiet(103)])) is trades


def test_candles_that_touch_leave_no_gap() -> None:
    first, _, last = bars([(100, 104, 99, 101), (101, 106, 101, 105), (105, 107, 104, 106)])
    assert gap_of(first, last, 9) is None


def test_of_two_gaps_round_a_close_the_newer_one_counts_first() -> None:
    leaps = [(100, 101, 99, 101), (101, 102, 101, 102), (105, 107, 104, 106), (107, 108, 105, 107)]
    newer, older = (signal.reason for _, signal in said([*leaps, quiet(103), quiet(103)]))
    assert "102.0–105.0" in newer
    assert "101.0–104.0" in older


def test_a_candle_that_is_missing_makes_no_gap() -> None:
    strategy = FairValueGap(contract())
    late = [*bars([*CALM, *LEAP[:2]]), *bars([LEAP[2], quiet(106), quiet(103)], first=len(CALM) + 3)]
    assert set(map(id, heard(strategy, late))) == {id(HOLD)}


def test_the_stop_stands_behind_the_gap() -> None:
    ((_, signal),) = said([*LEAP, quiet(103)], stop_atrs="0.1")
    assert signal.stop is not None
    assert Decimal(100) < signal.stop < Decimal(101)


def test_a_gap_that_is_too_small_is_left_alone_and_a_position_is_not_added_to() -> None:
    assert said([*LEAP, quiet(103)], least=10) == []
    strategy = FairValueGap(contract())
    *before, last = bars([*CALM, *LEAP, quiet(103)])
    for candle in before:
        strategy.on_candle(candle, View(symbol="XBTUSDTM"))
    assert strategy.on_candle(last, View(symbol="XBTUSDTM", lots=1)) is HOLD


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_every_trade_has_a_gap_of_three_candles_behind_it(seed: int, lookback: int) -> None:
    candles = market(seed, 250)
    strategy = FairValueGap(contract(), GapParameters(lookback=lookback))
    for at, signal in enumerate(heard(strategy, candles)):
        if signal is HOLD:
            continue
        close, side = candles[at].close, BUYS if signal.action is Action.BUY else SELLS
        gaps = [gap_of(candles[end - 2], candles[end], 0) for end in range(at - lookback, at)]
        assert any(gap and gap.side == side and gap.holds(close) for gap in gaps)
