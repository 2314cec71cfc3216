from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.config import Limits
from radtui.core.sizing import lots_for
from tests.core.makers import XBT

PRICE = Decimal(60_000)


@given(
    equity=st.integers(10, 1_000_000),
    share=st.decimals("0.01", 1, places=2),
    most=st.none() | st.integers(10, 50_000),
    risk=st.none() | st.decimals("0.001", "0.05", places=3),
    count=st.none() | st.integers(1, 500),
    distance=st.integers(1, 3000),
)
def test_the_size_keeps_every_limit_and_one_lot_more_would_not(
    equity: int, share: Decimal, most: int | None, risk: Decimal | None, count: int | None, distance: int
) -> None:
    notional = None if most is None else Decimal(most)
    limits = Limits(position_share=share, position_notional=notional, risk_share=risk, position_lots=count)
    lots = lots_for(limits, Decimal(equity), PRICE, PRICE - distance, XBT)

    def within(size: int) -> bool:
        value, loss = XBT.notional(PRICE, size), XBT.notional(Decimal(distance), size)
        small = value <= equity * share and (most is None or value <= most) and (count is None or size <= count)
        return small and (risk is None or loss <= equity * risk)

    assert within(lots) or lots == 0
    assert not within(lots + 1)


@pytest.mark.parametrize(
    ("risk", "stop", "lots"),
    [
        ("0.02", "58500", 33),
        ("0.01", "57000", 33),
        ("0.005", "57000", 16),
        ("0.01", "63000", 33),
        ("0.001", "57000", 3),
    ],
)
def test_what_the_stop_may_cost_makes_the_size(risk: str, stop: str, lots: int) -> None:
    limits = Limits(risk_share=Decimal(risk))
    assert lots_for(limits, Decimal(10_000), PRICE, Decimal(stop), XBT) == lots


@pytest.mark.parametrize(
    ("equity", "lots"), [("9900", 33), ("9899.99", 32), ("300", 1), ("299.99", 0), ("0", 0), ("-5", 0)]
)
def test_only_whole_lots_that_the_risk_pays_for(equity: str, lots: int) -> None:
    limits = Limits(risk_share=Decimal("0.01"), position_share=Decimal(1))
    assert lots_for(limits, Decimal(equity), PRICE, Decimal(57_000), XBT) == lots


@pytest.mark.parametrize(
    ("limits", "lots"),
    [
        (Limits(), 33),
        (Limits(position_notional=Decimal(1_980)), 33),
        (Limits(position_notional=Decimal("1979.99")), 32),
        (Limits(position_notional=Decimal(50_000)), 33),
        (Limits(position_lots=33), 33),
        (Limits(position_lots=32), 32),
        (Limits(position_lots=1_000), 33),
        (Limits(position_notional=Decimal(600), position_lots=9, risk_share=Decimal("0.001")), 3),
    ],
)
def test_the_least_of_all_limits_holds(limits: Limits, lots: int) -> None:
    assert lots_for(limits, Decimal(10_000), PRICE, Decimal(57_000), XBT) == lots


def test_the_contracts_own_limit_holds() -> None:
    small = msgspec.structs.replace(XBT, max_lots=7)
    assert lots_for(Limits(), Decimal(10_000), PRICE, Decimal(57_000), small) == 7


def test_a_stop_at_the_price_leaves_the_size_to_the_other_limits() -> None:
    assert lots_for(Limits(risk_share=Decimal("0.01")), Decimal(10_000), PRICE, PRICE, XBT) == 33
