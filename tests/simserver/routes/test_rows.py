"""What most routes begin with."""

from __future__ import annotations

import pytest
from server_world import START, World

from radtui.simserver.access import Permission
from radtui.simserver.endpoints import Call
from radtui.simserver.http import Request
from radtui.simserver.limits import Pool
from radtui.simserver.params import Params
from radtui.simserver.refusals import Refusal
from radtui.simserver.routes.rows import chosen, currency_of, futures, general, named, public

WORLD = World()


def call(**values: str) -> Call:
    return Call(Request(method="GET", target="/", at=START), WORLD.floor, Params(values))


def test_a_contract_by_name() -> None:
    assert named(call(symbol="XBTUSDTM")).symbol == "XBTUSDTM"
    assert chosen(call()) is None
    for values, code in (({}, "400100"), ({"symbol": "NOPE"}, "200003")):
        with pytest.raises(Refusal, match=code):
            named(call(**values))


def test_a_currency_by_name() -> None:
    assert [currency_of(call(currency=name)) for name in ("usdt", "BTC", "XBT")] == ["USDT", "XBT", "XBT"]
    assert currency_of(call(), "XBT") == "XBT"
    with pytest.raises(Refusal, match="400100"):
        currency_of(call())


def test_rows_know_their_pool_and_their_permission() -> None:
    rows = [make("GET", "/x", 3, lambda _: None) for make in (public, general, futures)]
    assert [row.permission for row in rows] == [None, Permission.GENERAL, Permission.FUTURES]
    assert [row.pool for row in rows] == [Pool.PUBLIC, Pool.FUTURES, Pool.FUTURES]
