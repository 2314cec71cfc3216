"""Where bars gap, positions are liquidated and funding falls due, a backtest lives what the paper exchange lives."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.config import Limits
from radtui.core.market import HOUR, MINUTE
from radtui.core.order import FillKind
from radtui.venue.rows import Row
from tests.backtest.test_flight import ASKED, Told, by_backtest, by_engine
from tests.backtest.worlds import FREE, START

DEEP = msgspec.structs.replace(FREE, leverage=20, stop_share=Decimal("0.04"))
"""So much leverage that a leap of the price is the end of the position."""


def rough(seed: int, count: int, *, since: int = 0) -> list[Row]:
    """Return minutes that leap from close to open now and then, by a little or by far, `since` START."""
    chance, price, rows = Random(seed), 40_000.0, []
    for minute in range(count):
        leap = chance.gauss(0, 0.004) if chance.random() < 0.2 else 0.0
        price *= 1 + (chance.choice((-0.12, 0.12)) if chance.random() < 0.04 else leap)
        path = [price := price * (1 + chance.gauss(0, 0.0015)) for _ in range(4)]
        figures = path[0], max(path), min(path), path[-1], chance.randrange(1000)
        rows.append((START + since + minute * MINUTE, *(Decimal(f"{figure:.1f}") for figure in figures)))
    return rows


def kinds(said: list[Told]) -> Counter[object]:
    return Counter(each[5] if len(each) > 2 else "funding" for each in said)


@pytest.mark.parametrize("limits", [DEEP, ASKED])
def test_gaps_liquidations_and_funding_are_the_same(limits: Limits) -> None:
    rows = rough(20, 32, since=8 * HOUR - 20 * MINUTE)
    flown = by_backtest(rows, limits, MINUTE)
    assert flown == by_engine(rows, limits, MINUTE)
    assert limits is ASKED or set(kinds(flown)) == {FillKind.TRADE, FillKind.LIQUIDATION, "funding"}


@pytest.mark.long
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([DEEP, ASKED, FREE, Limits()]), st.integers(0, 60))
def test_in_any_rough_market_they_are_the_same(seed: int, limits: Limits, before: int) -> None:
    rows = rough(seed, 60, since=8 * HOUR - before * MINUTE)
    assert by_backtest(rows, limits, MINUTE) == by_engine(rows, limits, MINUTE)
