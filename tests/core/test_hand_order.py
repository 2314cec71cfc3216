"""What can be meant by an order by hand, and what fits a contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.hand_order import HandOrder, HandType
from radtui.core.order import Side
from tests.core.makers import ETH, XBT

INVERSE = msgspec.structs.replace(XBT, inverse=True, multiplier=Decimal(-1))
AMOUNTS = st.none() | st.decimals(allow_nan=True, allow_infinity=True)


def meant(**said: Any) -> HandOrder:
    return HandOrder(**{"symbol": XBT.symbol, "side": Side.BUY, **said})


@pytest.mark.parametrize(
    "said",
    [
        {"lots": 1},
        {"coins": Decimal("0.010")},
        {"close": True},
        {"lots": 3, "reduce_only": True, "type": HandType.LIMIT, "price": Decimal(60_000)},
        {
            "lots": 3,
            "type": HandType.STOP,
            "price": Decimal(60_000),
            "stop": Decimal(59_000),
            "target": Decimal(70_000),
        },
    ],
)
def test_what_can_be_meant_has_no_fault(said: dict[str, Any]) -> None:
    assert meant(**said).faults == ()
    assert meant(**said).misfits(XBT) == ()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({}, "one size"),
        ({"lots": 1, "coins": Decimal(1)}, "one size"),
        ({"lots": 0}, "must lie above 0"),
        ({"coins": Decimal("NaN")}, "must lie above 0"),
        ({"close": True, "lots": 1}, "no size of its own"),
        ({"lots": 1, "type": HandType.LIMIT}, "needs a price"),
        ({"lots": 1, "type": HandType.STOP}, "needs a price"),
        ({"lots": 1, "price": Decimal(1)}, "takes no price"),
        ({"lots": 1, "stop": Decimal(-1)}, "a price must lie above 0"),
        ({"lots": 1, "target": Decimal("sNaN")}, "a price must lie above 0"),
        ({"lots": 1, "reduce_only": True, "type": HandType.STOP, "price": Decimal(1)}, "has its own stop"),
        ({"close": True, "type": HandType.LIMIT, "price": Decimal(1)}, "is a market order"),
        ({"close": True, "stop": Decimal(1)}, "opens no position"),
    ],
)
def test_what_cannot_be_meant_is_named(said: dict[str, Any], word: str) -> None:
    (fault,) = meant(**said).faults
    assert word in fault


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"lots": 1, "price": Decimal("60000.05")}, "tick 0.1"),
        ({"lots": 1, "stop": Decimal("0.01")}, "the stop 0.01"),
        ({"coins": Decimal("0.0015")}, "no whole lots: one lot is 0.001 XBT"),
        ({"lots": XBT.max_lots + 1}, "more than XBTUSDTM takes"),
        ({"lots": 1, "price": XBT.max_price + 1}, "above the highest"),
    ],
)
def test_what_does_not_fit_the_contract_is_named(said: dict[str, Any], word: str) -> None:
    assert any(word in each for each in meant(**said).misfits(XBT))


def test_coins_are_taken_only_where_they_are_whole_lots() -> None:
    assert meant(coins=Decimal("0.012")).lots_in(XBT) == 12
    assert meant(coins=Decimal("0.05")).lots_in(ETH) == 5
    assert meant(coins=Decimal("0.0125")).lots_in(XBT) is None
    assert meant(coins=Decimal(1)).misfits(INVERSE)


@given(
    lots=st.none() | st.integers(-(10**20), 10**20), coins=AMOUNTS, price=AMOUNTS, stop=AMOUNTS, target=AMOUNTS,
    kind=st.sampled_from(HandType), reduce_only=st.booleans(), close=st.booleans(),
)  # fmt: skip
def test_nothing_that_is_said_breaks_it_and_what_is_sound_is_an_order(kind: HandType, **said: Any) -> None:
    order = meant(type=kind, **said)
    if order.faults or order.misfits(XBT):
        return
    lots = order.lots_in(XBT)
    assert lots is not None
    assert (lots > 0) is not order.close
    assert (order.price is None) is (kind is HandType.MARKET)
