"""A contract as it is shown."""

from __future__ import annotations

import pytest
from server_world import World

from radtui.simserver.render.contract import funding_symbol, index_symbol


def test_rules_are_the_instruments_own() -> None:
    world = World()
    for shown in world.ask("GET", "/api/v1/contracts/active"):
        known = world.floor.instruments[shown["symbol"]]
        assert shown["tickSize"] == float(known.tick)
        assert shown["multiplier"] == float(known.multiplier)
        assert (shown["maxLeverage"], shown["maxOrderQty"]) == (known.max_leverage, known.max_lots)
        assert shown["isInverse"] is known.inverse
        assert shown["sellLimit"] < shown["markPrice"] < shown["buyLimit"]
        assert shown["lowPrice"] <= shown["lastTradePrice"] <= shown["highPrice"]
        assert isinstance(shown["openInterest"], str)


def test_an_inverse_contract_looks_as_captured() -> None:
    shown = World().ask("GET", "/api/v1/contracts/XBTUSDM")
    assert (shown["multiplier"], shown["settleCurrency"], shown["quoteCurrency"]) == (-1, "XBT", "USD")
    assert (shown["indexSymbol"], shown["turnoverOf24h"] < 0) == (".BXBT", True)
    assert shown["volumeOf24h"] == int(shown["volumeOf24h"])


def test_linear_volume_is_in_coins() -> None:
    shown = World().ask("GET", "/api/v1/contracts/XBTUSDTM")
    assert shown["turnoverOf24h"] == pytest.approx(shown["volumeOf24h"] * shown["lastTradePrice"], rel=0.2)


@pytest.mark.parametrize(("status", "shown"), [("open", "Open"), ("cancelonly", "CancelOnly"), ("close", "Paused")])
def test_the_exchanges_state_is_the_contracts(status: str, shown: str) -> None:
    world = World()
    world.floor.status = type(world.floor.status)(status)
    assert world.ask("GET", "/api/v1/contracts/XBTUSDTM")["status"] == shown


def test_names() -> None:
    instruments = World().floor.instruments
    assert index_symbol(instruments["XBTUSDTM"]) == ".KXBTUSDT"
    assert funding_symbol("XBTUSDTM") == ".XBTUSDTMFPI8H"
