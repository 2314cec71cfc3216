import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from radtui.core.order import (
    Cross,
    MarginMode,
    OrderRequest,
    OrderType,
    PositionSide,
    PriceType,
    Side,
    TimeInForce,
    Trigger,
)
from radtui.exchange.kucoin.rest.bodies import (
    CancelByClientBody,
    ClientOrder,
    OrderBody,
    ProtectedBody,
    batch,
    order_body,
)
from radtui.exchange.kucoin.wire.common import encode

prices = st.decimals(min_value=Decimal("1e-12"), max_value=10**9, allow_nan=False, allow_infinity=False)
triggers = st.builds(Trigger, st.sampled_from(Cross), prices, st.sampled_from(PriceType))
requests = st.builds(
    OrderRequest,
    client_id=st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True),
    symbol=st.sampled_from(["XBTUSDTM", "XBTUSDM"]),
    side=st.sampled_from(Side),
    type=st.sampled_from(OrderType),
    lots=st.integers(0, 10**6),
    price=st.none() | prices,
    tif=st.sampled_from(TimeInForce),
    post_only=st.booleans(),
    reduce_only=st.booleans(),
    close_order=st.booleans(),
    leverage=st.integers(0, 125),
    stop=st.none() | triggers,
    margin_mode=st.sampled_from(MarginMode),
    position_side=st.sampled_from(PositionSide),
)


def no_float(text: str) -> Any:
    raise AssertionError(f"a float on the wire: {text}")


@given(requests)
def test_an_order_reads_back_exactly_and_holds_no_float(request: OrderRequest) -> None:
    raw = order_body(request).encoded()
    sent = json.loads(raw, parse_float=no_float)
    assert (sent["clientOid"], sent["symbol"], sent["side"]) == (request.client_id, request.symbol, request.side.value)
    assert (sent["marginMode"], sent["positionSide"]) == (request.margin_mode.value, request.position_side.value)
    assert sent.get("size", 0) == request.lots
    assert sent.get("leverage", 0) == request.leverage
    assert ("price" in sent) == (request.price is not None)
    for name, amount in (("price", request.price), ("stopPrice", request.stop and request.stop.price)):
        if amount is not None:
            assert Decimal(sent[name]) == amount
            assert set(sent[name]) <= set("0123456789.")
    assert ("stop" in sent) == ("stopPrice" in sent) == ("stopPriceType" in sent) == (request.stop is not None)
    assert sent.get("reduceOnly", False) is request.reduce_only
    assert sent.get("closeOrder", False) is request.close_order
    assert ("timeInForce" in sent) == (request.type is OrderType.LIMIT)
    assert order_body(request).reduces == request.reduces


def test_a_limit_order_as_it_goes_out() -> None:
    request = OrderRequest(
        client_id="bot-1-2", symbol="XBTUSDTM", side=Side.BUY, type=OrderType.LIMIT, lots=3, price=Decimal("60000.10"),
        leverage=5, post_only=True, stop=Trigger(Cross.DOWN, Decimal(59000), PriceType.MARK),
    )  # fmt: skip
    assert order_body(request).encoded() == (
        b'{"clientOid":"bot-1-2","symbol":"XBTUSDTM","marginMode":"ISOLATED","positionSide":"BOTH","type":"limit",'
        b'"side":"buy","size":3,"leverage":5,"price":"60000.1","timeInForce":"GTC","postOnly":true,"stop":"down",'
        b'"stopPrice":"59000","stopPriceType":"MP"}'
    )


def test_closing_a_position_names_neither_size_nor_leverage() -> None:
    request = OrderRequest(
        client_id="c", symbol="XBTUSDTM", side=Side.SELL, type=OrderType.MARKET, close_order=True,
        margin_mode=MarginMode.CROSS, position_side=PositionSide.LONG,
    )  # fmt: skip
    assert json.loads(order_body(request).encoded()) == {
        "clientOid": "c", "symbol": "XBTUSDTM", "marginMode": "CROSS", "positionSide": "LONG", "type": "market",
        "side": "sell", "closeOrder": True,
    }  # fmt: skip


def body(number: int = 0, **more: Any) -> OrderBody:
    return OrderBody(
        client_oid=f"n{number}", symbol="X", margin_mode=MarginMode.ISOLATED, position_side=PositionSide.BOTH,
        type=OrderType.MARKET, size=1, **more,
    )  # fmt: skip


@pytest.mark.parametrize("count", [0, 21])
def test_a_batch_is_neither_empty_nor_too_large(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        batch([body(number) for number in range(count)])


def test_a_batch_is_an_array() -> None:
    assert [one["clientOid"] for one in json.loads(batch([body(1), body(2)]))] == ["n1", "n2"]


def test_an_order_with_its_protection() -> None:
    found = ProtectedBody(
        client_oid="p", symbol="X", margin_mode=MarginMode.ISOLATED, position_side=PositionSide.BOTH,
        type=OrderType.MARKET, size=1, trigger_stop_down_price="59000", stop_price_type=PriceType.LAST,
    )  # fmt: skip
    sent = json.loads(found.encoded())
    assert (sent["triggerStopDownPrice"], sent["stopPriceType"]) == ("59000", "TP")
    assert "triggerStopUpPrice" not in sent
    assert found.trigger_stop_up_price is UNSET


def test_cancels_by_our_own_ids() -> None:
    found = CancelByClientBody(client_oids_list=(ClientOrder(symbol="X", client_oid="a"),))
    assert encode(found) == b'{"clientOidsList":[{"symbol":"X","clientOid":"a"}]}'
