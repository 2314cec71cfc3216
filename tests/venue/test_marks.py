from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from statistics import fmean

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.venue.bars import Bars
from radtui.venue.contracts import CONTRACTS
from radtui.venue.marks import Marks, SeededMarks
from radtui.venue.model import SeededMarket


def _followed(seed: int, count: int, symbol: str = "XBTUSDTM") -> list[Bars]:
    market, marks = SeededMarket((symbol,), seed, 0), SeededMarks(seed)
    return [marks.follow(CONTRACTS[symbol], market.step()[0]) for _ in range(count)]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from(["XBTUSDTM", "SHIBUSDTM", "ETHUSDM"]))
def test_mark_and_index_run_on_without_a_break_near_the_last_price(seed: int, symbol: str) -> None:
    bars = _followed(seed, 60, symbol)
    for before, after in pairwise(bars):
        assert (after.mark.open, after.index.open) == (before.mark.close, before.index.close)
    for each in bars:
        for bar in (each.mark, each.index):
            assert bar.low == min(bar.open, bar.close) <= max(bar.open, bar.close) == bar.high
            assert abs(bar.close / each.last.close - 1) < Decimal("0.01")
            assert bar.close % (CONTRACTS[symbol].tick / 10) == 0


def test_the_index_has_a_life_of_its_own_and_the_mark_is_the_calmer_one() -> None:
    bars = _followed(3, 2000)
    assert sum(each.index.close != each.last.close for each in bars) > 1900
    basis = [float(each.mark.close - each.index.close) for each in bars]
    raw = [float(each.last.close - each.index.close) for each in bars]
    moves = [fmean(abs(after - before) for before, after in pairwise(row)) for row in (basis, raw)]
    assert 0 < moves[0] < moves[1]


def test_a_model_that_is_told_where_it_stood_goes_on_from_there() -> None:
    market, straight = SeededMarket(("XBTUSDTM",), 5, 0), SeededMarks(5)
    for _ in range(20):
        stood = straight.follow(CONTRACTS["XBTUSDTM"], market.step()[0]).closes
    again: Marks = SeededMarks(5)
    again.settle({"XBTUSDTM": stood})
    bar = market.step()[0]
    assert again.follow(CONTRACTS["XBTUSDTM"], bar) == straight.follow(CONTRACTS["XBTUSDTM"], bar)
