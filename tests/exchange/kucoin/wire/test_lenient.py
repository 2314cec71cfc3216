"""Whatever spelling the sources use for a value, the same value is read; what is no such value is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.exchange.kucoin.wire.common import Unreadable, decode
from radtui.exchange.kucoin.wire.feed import OrderChange, PositionChange
from radtui.exchange.kucoin.wire.lenient import Misfit, lenient
from radtui.exchange.kucoin.wire.market import Book, Kline
from radtui.exchange.kucoin.wire.orders import Fill, Order
from radtui.exchange.kucoin.wire.positions import AccountMode, CrossLeverage, Position, SymbolModes

ORDER: dict[str, Any] = {
    "id": "230181737576050688",
    "symbol": "XBTUSDTM",
    "type": "limit",
    "side": "buy",
    "price": "60000.1",
    "size": 10,
    "filledSize": 3,
    "leverage": "5",
    "isActive": True,
    "postOnly": False,
    "createdAt": 1727692804813,
    "orderTime": 1727692804808418000,
}


def spellings(value: Any) -> st.SearchStrategy[Any]:
    """Draw another way to write the same value."""
    if isinstance(value, bool):
        return st.sampled_from([value, str(value).lower(), int(value), str(int(value))])
    if isinstance(value, int):
        return st.sampled_from([value, str(value), f"{value}.0"])
    if isinstance(value, str) and value.replace(".", "").isdigit():
        return st.sampled_from([value, *([int(value)] if "." not in value else [])])
    return st.just(value)


@given(st.fixed_dictionaries({name: spellings(value) for name, value in ORDER.items()}))
def test_every_spelling_of_an_order_is_the_same_order(row: dict[str, Any]) -> None:
    found = decode(json.dumps(row).encode(), Order)
    assert found == decode(json.dumps(ORDER).encode(), Order)
    assert (found.price, found.size, found.leverage, found.active) == (Decimal("60000.1"), 10, Decimal(5), True)


@given(st.sets(st.sampled_from(sorted(ORDER.keys() - {"id", "symbol"}))), st.sampled_from([None, "", "absent"]))
def test_what_is_missing_null_or_empty_is_left_out(hollow: set[str], how: str | None) -> None:
    row = {name: how if name in hollow else value for name, value in ORDER.items()}
    if how == "absent":
        row = {name: value for name, value in ORDER.items() if name not in hollow}
    found = decode(json.dumps(row).encode(), Order)
    assert (found.price is None) == ("price" in hollow)
    assert (found.size is None) == ("size" in hollow)
    assert found.filled == (0 if "filledSize" in hollow else 3)


def test_the_old_form_of_an_order_push_with_empty_matches() -> None:
    raw = (
        b'{"orderId":"5","symbol":"X","type":"match","status":"open","matchSize":"","matchPrice":"",'
        b'"side":"buy","size":"20000"}'
    )
    found = decode(raw, OrderChange)
    assert (found.match_price, found.match_size, found.size) == (None, None, 20000)


def test_the_short_form_of_a_position_names_neither_symbol_nor_lots() -> None:
    found = decode(b'{"markPrice":7947.83,"changeReason":"markPriceChange","delevPercentage":0.52}', PositionChange)
    assert (found.symbol, found.current_qty, found.mark_price) == ("", None, Decimal("7947.83"))


def test_a_list_may_be_its_only_member_or_come_in_a_page() -> None:
    row = {"symbol": "X", "currentQty": -3}
    for shape in ([row], row, {"items": [row]}, {"dataList": [row]}):
        assert [found.current_qty for found in decode(json.dumps(shape).encode(), list[Position])] == [-3]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b'{"symbol":"X","currentQty":"1.5"}', Position),
        (b'{"symbol":"X","currentQty":1e99}', Position),
        (b'{"symbol":"X","currentQty":""}', Position),
        (b'{"symbol":null,"currentQty":1}', Position),
        (b'{"symbol":{},"currentQty":1}', Position),
        (b'{"symbol":"X"}', Position),
        (b"[]", Position),
        (b"7", list[Position]),
        (b"7", Position),
        (b'{"symbol":"X","sequence":1,"bids":[[1]],"asks":[]}', Book),
        (b"[[1,2,3]]", list[Kline]),
        (b'{"id":"1","symbol":"X","isActive":"perhaps"}', Order),
        (b'{"marginMode":[],"errors":[]}', SymbolModes),
    ],
)
def test_what_is_no_such_value_is_refused_by_name_and_not_quoted(raw: bytes, kind: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(raw, kind)
    assert "perhaps" not in str(caught.value)


names = st.sampled_from(["id", "symbol", "size", "price", "items", "dataList", "side", "tradeId", "orderId"])
plain = st.none() | st.booleans() | st.integers() | st.text()
shapes = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(names, inner))


@settings(max_examples=30, deadline=None)
@given(shapes)
def test_no_shape_whatever_breaks_the_reader(shape: Any) -> None:
    raw = json.dumps(shape).encode()
    for kind in (Order, list[Fill], Book, list[Kline], CrossLeverage, AccountMode, Decimal, bool, int):
        with suppress(Unreadable):
            decode(raw, kind)


def test_a_reading_says_what_it_lacks() -> None:
    with pytest.raises(Misfit, match=r"Position\.currentQty is empty"):
        lenient(b'{"symbol":"X","currentQty":""}', Position)
    with pytest.raises(msgspec.ValidationError, match="currentQty"):
        lenient(b'{"symbol":"X"}', Position)
