from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.kucoin.wire.common import Envelope, Page, Slice, Unreadable, decode, encode
from radtui.exchange.kucoin.wire.market import Book, Bullet, Kline, Ticker
from radtui.exchange.kucoin.wire.orders import Order

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15)


@given(numbers)
def test_a_number_is_exact_as_text_and_bare(number: Decimal) -> None:
    written = format(number, "f")
    for spelling in (f'"{written}"', written):
        found = decode(f'{{"symbol":"X","sequence":1,"price":{spelling}}}'.encode(), Ticker)
        assert found.price == number
        assert isinstance(found.price, Decimal)


def test_a_bare_number_does_not_pass_through_a_float() -> None:
    raw = b"[[1729155600000, 30000.10000000000001, 1e-7, 3, 4, 5]]"
    (row,) = decode(raw, list[Kline])
    assert (row.open, row.high, row.turnover) == (Decimal("30000.10000000000001"), Decimal("0.0000001"), None)


def test_rows_of_candles_may_carry_a_turnover_and_more() -> None:
    (row,) = decode(b'[[1, "2", 3, "4", 5, 6, "7.50", "new"]]', list[Kline])
    assert row.turnover == Decimal("7.50")


def test_a_book_has_prices_as_numbers_or_as_text() -> None:
    raw = b'{"symbol":"X","sequence":5,"bids":[["10.5",3],[10.4,"2"]],"asks":[[10.6,1.0]],"ts":7,"new":{"x":[]}}'
    found = decode(raw, Book)
    assert found.bids == [(Decimal("10.5"), 3), (Decimal("10.4"), 2)]
    assert found.asks == [(Decimal("10.6"), 1)]


@pytest.mark.parametrize("code", ['"200000"', '"200"', "200000"])
def test_both_codes_of_success_in_either_spelling(code: str) -> None:
    found = decode(f'{{"msg":"success","code":{code},"data":{{"a":1}},"success":true}}'.encode(), Envelope)
    assert found.succeeded
    assert not found.is_empty
    assert bytes(found.data) == b'{"a":1}'


@pytest.mark.parametrize("raw", [b'{"code":"200000"}', b'{"code":"200000","msg":null,"data":null}'])
def test_an_envelope_may_be_empty(raw: bytes) -> None:
    assert decode(raw, Envelope).is_empty


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>1015</html>",
        b"[]",
        b"null",
        b'{"msg":"x"}',
        b'{"code":{}}',
        b'{"code":"200000","data":',
        b"\xff\xfe",
    ],
)
def test_what_is_no_envelope_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(raw, Envelope)


@pytest.mark.parametrize("price", ['"NaN"', '"Infinity"', '"-inf"', '"sNaN"', '"nan"', "[]", "true", '"ten"'])
def test_what_is_no_number_is_not_taken_for_one(price: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(f'{{"symbol":"X","sequence":1,"price":{price}}}'.encode(), Ticker)
    assert "price" in str(caught.value)


def test_a_symbol_may_begin_like_a_number_that_is_none() -> None:
    assert decode(b'{"symbol":"INFUSDTM","sequence":1,"price":"1.5"}', Ticker).symbol == "INFUSDTM"


def test_pages_and_parts_know_whether_more_follows() -> None:
    rows = b'{"currentPage":1,"pageSize":1,"totalNum":2,"totalPage":2,"items":[{"id":"1","symbol":"X"}]}'
    page = decode(rows, Page[Order])
    assert not page.is_last
    assert page.items[0].id == "1"
    assert decode(b'{"dataList":[],"hasMore":true}', Slice[Order]).has_more
    assert decode(b'[{"id":"1","symbol":"X"}]', Page[Order]).is_last


def test_the_feeds_token_does_not_show() -> None:
    found = decode(b'{"token":"very-secret","instanceServers":[{"endpoint":"wss://x/"}]}', Bullet)
    assert found.token == "very-secret"
    assert "very-secret" not in repr(found)


def test_a_body_is_written_compactly() -> None:
    assert encode({"symbol": "X", "level": 2}) == b'{"symbol":"X","level":2}'
