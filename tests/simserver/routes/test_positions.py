"""Positions and the account's modes."""

from __future__ import annotations

import pytest
from server_world import World

from radtui.core.order import MarginMode
from radtui.simserver.happenings import CrossLeverageSet, MarginModeSet

SWITCH = "/api/v2/position/switchPositionMode"


def test_one_position_is_an_object_in_the_first_version_and_an_array_in_the_second() -> None:
    world = World()
    flat = world.ask("GET", "/api/v1/position?symbol=XBTUSDTM")
    assert (flat["isOpen"], flat["currentQty"]) == (False, 0)
    assert world.ask("GET", "/api/v2/position?symbol=XBTUSDTM") == []
    world.place(side="sell", size=3)
    held = world.ask("GET", "/api/v1/position?symbol=XBTUSDTM")
    assert (held["isOpen"], held["currentQty"], held["id"]) == (True, -3, flat["id"])
    assert world.ask("GET", "/api/v2/position?symbol=XBTUSDTM") == [held]


def test_positions_by_settlement_currency() -> None:
    world = World()
    world.place()
    world.place(symbol="XBTUSDM", size=100, leverage=5)
    assert [one["symbol"] for one in world.ask("GET", "/api/v1/positions?currency=XBT")] == ["XBTUSDM"]
    assert [one["symbol"] for one in world.ask("GET", "/api/v1/positions?currency=USDT")] == ["XBTUSDTM"]
    assert len(world.ask("GET", "/api/v1/positions")) == 2


def test_closed_positions_are_paged_newest_first() -> None:
    world = World()
    for symbol in ("XBTUSDTM", "ETHUSDTM", "XBTUSDTM"):
        world.place(symbol=symbol)
        world.place(symbol=symbol, closeOrder=True, side=None, size=None)
        world.sleep(1)
    page = world.ask("GET", "/api/v1/history-positions?limit=2&pageId=1")
    assert [one["symbol"] for one in page["items"]] == ["XBTUSDTM", "ETHUSDTM"]
    assert (page["totalNum"], page["totalPage"]) == (3, 2)
    own = world.ask("GET", "/api/v1/history-positions?symbol=ETHUSDTM")["items"]
    assert [(one["type"], one["side"]) for one in own] == [("CLOSE_LONG", "LONG")]
    assert float(own[0]["pnl"]) == pytest.approx(-float(own[0]["realisedGrossCost"]) - float(own[0]["tradeFee"]))
    later = own[0]["closeTime"] + 1
    assert len(world.ask("GET", f"/api/v1/history-positions?from={later}")["items"]) == 1
    assert len(world.ask("GET", f"/api/v1/history-positions?to={later}")["items"]) == 2


def test_the_margin_mode_changes_unless_something_is_open() -> None:
    world = World()
    asked = {"symbol": "XBTUSDTM", "marginMode": "CROSS"}
    assert world.ask("POST", "/api/v2/position/changeMarginMode", asked) == asked
    assert world.ask("GET", "/api/v2/position/getMarginMode?symbol=XBTUSDTM") == asked
    assert world.said[-1] == MarginModeSet({"XBTUSDTM": MarginMode.CROSS})
    world.place(marginMode="CROSS")
    back = {"symbol": "XBTUSDTM", "marginMode": "ISOLATED"}
    refused = (200, "50002", "exist.order.or.position")
    assert world.refused("POST", "/api/v2/position/changeMarginMode", back) == refused
    assert (
        world.refused("POST", "/api/v2/position/changeMarginMode", {"symbol": "XBTUSDTM", "marginMode": "X"})[0] == 400
    )


def test_several_margin_modes_each_on_its_own() -> None:
    world = World()
    world.place()
    asked = {"symbols": ["XBTUSDTM", "ETHUSDTM"], "marginMode": "CROSS"}
    assert world.ask("POST", "/api/v2/position/batchChangeMarginMode", asked) == {
        "marginMode": {"XBTUSDTM": "ISOLATED", "ETHUSDTM": "CROSS"},
        "errors": [{"code": "50002", "msg": "exist.order.or.position", "symbol": "XBTUSDTM"}],
    }
    assert world.said[-1] == MarginModeSet({"ETHUSDTM": MarginMode.CROSS})
    asked["symbols"] = []
    assert world.refused("POST", "/api/v2/position/batchChangeMarginMode", asked)[1] == "400100"


def test_a_contract_that_does_not_exist_stops_no_other_from_changing_its_mode() -> None:
    world = World()
    asked = {"symbols": ["NOPE", "ETHUSDTM"], "marginMode": "CROSS"}
    assert world.ask("POST", "/api/v2/position/batchChangeMarginMode", asked) == {
        "marginMode": {"ETHUSDTM": "CROSS"},
        "errors": [{"code": "200003", "msg": "Symbol parameter invalid", "symbol": "NOPE"}],
    }
    assert world.said[-1] == MarginModeSet({"ETHUSDTM": MarginMode.CROSS})


@pytest.mark.parametrize("mode", [1, "1"])
def test_hedge_mode_has_a_position_a_side(mode: object) -> None:
    world = World()
    assert world.ask("GET", "/api/v2/position/getPositionMode") == {"positionMode": 0}
    assert world.ask("POST", SWITCH, {"positionMode": mode}) == {"positionMode": 1}
    world.place(positionSide="LONG", size=2)
    world.place(positionSide="SHORT", side="sell", size=3)
    held = world.ask("GET", "/api/v2/position?symbol=XBTUSDTM")
    assert {(one["positionSide"], one["currentQty"]) for one in held} == {("LONG", 2), ("SHORT", -3)}
    assert len({one["id"] for one in held}) == 2
    assert world.refused("POST", SWITCH, {"positionMode": 0})[1] == "50002"
    world.place(closeOrder=True, positionSide="SHORT", side=None, size=None)
    assert [one["positionSide"] for one in world.ask("GET", "/api/v1/positions")] == ["LONG"]


def test_cross_leverage_is_text_and_its_change_answers_true() -> None:
    world = World()
    assert world.ask("POST", "/api/v2/changeCrossUserLeverage", {"symbol": "XBTUSDTM", "leverage": "8"}) is True
    assert world.ask("GET", "/api/v2/getCrossUserLeverage?symbol=XBTUSDTM") == {"symbol": "XBTUSDTM", "leverage": "8"}
    assert world.said[-1] == CrossLeverageSet("XBTUSDTM", 8)
    beyond = {"symbol": "XBTUSDTM", "leverage": "500"}
    assert world.refused("POST", "/api/v2/changeCrossUserLeverage", beyond)[1] == "300016"
    assert (
        world.refused("POST", "/api/v2/changeCrossUserLeverage", {"symbol": "XBTUSDTM", "leverage": "x"})[1] == "400100"
    )


def test_the_most_that_can_be_opened_can_be_opened() -> None:
    world = World()
    price = world.price(share="0.97")
    asked = f"/api/v2/getMaxOpenSize?symbol=XBTUSDTM&price={price}&leverage=5"
    most = world.ask("GET", asked)["maxBuyOpenSize"]
    order = {"type": "limit", "price": price, "leverage": 5}
    assert world.refused("POST", "/api/v1/orders", world.order(size=most + 1, **order))[1] in ("300003", "300005")
    world.place(size=most, **order)
    assert world.refused("GET", "/api/v2/getMaxOpenSize?symbol=XBTUSDTM&price=0&leverage=5")[1] == "100001"


def test_cross_limits_for_several_contracts() -> None:
    world = World()
    rows = world.ask("GET", "/api/v2/batchGetCrossOrderLimit?symbol=XBTUSDTM,ETHUSDTM,NOPE&totalMargin=100&leverage=10")
    assert [row["symbol"] for row in rows] == ["XBTUSDTM", "ETHUSDTM"]
    assert float(rows[0]["maxOpenValue"]) <= 1000
    many = ",".join(["XBTUSDTM"] * 51)
    assert world.refused("GET", f"/api/v2/batchGetCrossOrderLimit?symbol={many}")[1] == "400100"
