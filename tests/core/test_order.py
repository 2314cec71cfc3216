from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.order import (
    Cross,
    MarginMode,
    OrderRequest,
    OrderType,
    PositionSide,
    PriceType,
    Side,
    Trigger,
)
from tests.core.makers import PRICES, fill, report, request, stop_request


@pytest.mark.parametrize("side", Side)
def test_a_side_and_its_opposite_cancel_out(side: Side) -> None:
    assert side.sign + side.opposite.sign == 0
    assert side.opposite.opposite is side


@given(PRICES, PRICES)
def test_a_stop_fires_at_its_price_and_beyond(price: Decimal, last: Decimal) -> None:
    assert Trigger(Cross.UP, price).fires_at(last) == (last >= price)
    assert Trigger(Cross.DOWN, price).fires_at(last) == (last <= price)


@given(st.integers(1, 1000), st.sampled_from(Side))
def test_a_fill_adds_signed_lots(lots: int, side: Side) -> None:
    assert fill(lots=lots, side=side).signed_lots == lots * side.sign


def test_an_order_reduces_when_it_says_so_or_closes_all() -> None:
    assert not request().reduces
    assert request(reduce_only=True).reduces
    assert stop_request().reduces


def test_a_stop_waits_until_it_has_fired_or_is_done() -> None:
    waiting = report(stop_request())
    assert waiting.waits
    assert not msgspec.structs.replace(waiting, triggered=True).waits
    assert not msgspec.structs.replace(waiting, active=False).waits
    assert not report(request()).waits


@pytest.mark.parametrize(
    ("side", "position_side", "reduces"),
    [
        ("buy", PositionSide.BOTH, False),
        ("buy", PositionSide.LONG, False),
        ("sell", PositionSide.LONG, True),
        ("sell", PositionSide.SHORT, False),
        ("buy", PositionSide.SHORT, True),
    ],
)
def test_on_a_hedge_account_the_other_side_only_reduces(side: str, position_side: PositionSide, reduces: bool) -> None:
    request = OrderRequest(
        client_id="a", symbol="X", side=Side(side), type=OrderType.MARKET, lots=1, position_side=position_side
    )
    assert request.reduces is reduces
    assert request.margin_mode is MarginMode.ISOLATED


def test_a_stop_watches_the_last_price_unless_it_says_another() -> None:
    assert Trigger(Cross.UP, Decimal(1)).on is PriceType.LAST
    assert [str(kind) for kind in PriceType] == ["TP", "MP", "IP"]
