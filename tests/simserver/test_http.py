"""Requests and JSON."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.http import NotJson, Request, read_json, write_json


def test_a_target_is_path_and_decoded_query() -> None:
    request = Request(method="GET", target="/api/v1/orders%2Fx?tag=a&tag=b&remark=x%20y+z&empty=")
    assert request.path == "/api/v1/orders/x"
    assert request.query == {"tag": "a,b", "remark": "x y z", "empty": ""}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12))
def test_money_is_written_exactly_as_a_number(amount: Decimal) -> None:
    raw = write_json({"amount": amount}).decode()
    assert json.loads(raw, parse_float=Decimal, parse_int=Decimal)["amount"] == amount


def test_numbers_are_read_without_rounding() -> None:
    assert read_json(b'{"price":30000.10000000000001,"size":3}') == {"price": "30000.10000000000001", "size": 3}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 5_000, b"nan"])
def test_what_is_no_json_says_so(body: bytes) -> None:
    with pytest.raises(NotJson):
        read_json(body)
