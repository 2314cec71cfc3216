from decimal import Decimal
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.kucoin.rest.asking import asked
from radtui.exchange.kucoin.rest.endpoints import CANCEL, CANCEL_ALL, CANCEL_BY_CLIENT, FILLS, ORDERS, PLACE, TICKER
from radtui.resilience.failures import Refused


def test_parameters_keep_their_order_and_what_is_none_is_left_out() -> None:
    found = asked(ORDERS, query={"status": "active", "symbol": "XBTUSDTM", "startAt": None, "currentPage": 1})
    assert found.signed == found.sent == "/api/v1/orders?status=active&symbol=XBTUSDTM&currentPage=1"


def test_amounts_are_plain_text_and_yes_is_true() -> None:
    found = asked(TICKER, query={"price": Decimal("1E-7"), "flag": True, "other": False, "n": -1})
    assert found.sent == "/api/v1/ticker?price=0.0000001&flag=true&other=false&n=-1"


def test_the_path_is_filled_in_and_the_body_kept() -> None:
    found = asked(CANCEL_BY_CLIENT, path={"client_id": "bot-1_a"}, query={"symbol": "XBTUSDTM"})
    assert found.sent == "/api/v1/orders/client-order/bot-1_a?symbol=XBTUSDTM"
    assert asked(PLACE, body=b"{}").body == b"{}"
    assert asked(PLACE, body=b"{}").sent == "/api/v1/orders"


def test_a_list_with_commas_is_not_encoded() -> None:
    assert asked(FILLS, query={"tradeTypes": "trade,liquid"}).sent == "/api/v1/fills?tradeTypes=trade,liquid"


@pytest.mark.parametrize("wrong", ["", ".", "..", "a/b", "a?b", "a b", "a%2Fb", "ä", "1\n", "#"])
def test_an_id_that_would_ask_for_something_else_is_refused_before_it_is_sent(wrong: str) -> None:
    with pytest.raises(Refused, match="Nothing was sent"):
        asked(CANCEL, path={"order_id": wrong})


def test_all_orders_of_no_symbol_cannot_be_asked_for() -> None:
    with pytest.raises(Refused, match="symbol"):
        asked(CANCEL_ALL, query={"symbol": ""})


@given(st.dictionaries(st.sampled_from("abcdef"), st.text(min_size=1), min_size=1))
def test_what_is_sent_is_ascii_and_says_what_is_signed(query: dict[str, str]) -> None:
    try:
        found = asked(TICKER, query=query)
    except Refused:
        assert any(0xD800 <= ord(letter) <= 0xDFFF for text in query.values() for letter in text)
        return
    assert found.sent.isascii()
    assert " " not in found.sent
    assert unquote(found.sent) == found.signed
