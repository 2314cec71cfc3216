"""Reading orders and fills back."""

from __future__ import annotations

from typing import Any

import pytest
from server_world import START, World

MS = START // 1_000_000


@pytest.fixture(scope="module")
def world() -> World:
    """Return a server with ten done orders (two contracts, both sides), two that rest and a stop."""
    world = World()
    for number in range(5):
        world.place(clientOid=f"buy-{number}")
        world.place(clientOid=f"sell-{number}", symbol="ETHUSDTM", side="sell")
        world.sleep(1)
    world.place(clientOid="rest-1", type="limit", price=world.price(share="0.97"))
    world.place(clientOid="rest-2", type="limit", side="sell", price=world.price(share="1.03"), size=3)
    world.place(clientOid="stop-1", side="sell", stop="down", stopPrice=world.price(share="0.9"), stopPriceType="TP")
    return world


def clients(answer: Any) -> list[str]:
    return [row["clientOid"] for row in answer["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=active", ["rest-2", "rest-1"]),
        ("status=active&side=buy", ["rest-1"]),
        ("status=active&type=limit", ["rest-2", "rest-1"]),
        ("status=active&type=market", []),
        ("status=active&symbol=ETHUSDTM", []),
        ("symbol=XBTUSDTM&pageSize=2", ["buy-4", "buy-3"]),
        ("symbol=XBTUSDTM&pageSize=2&currentPage=3", ["buy-0"]),
        ("status=done&side=sell&type=market&pageSize=1", ["sell-4"]),
        (f"startAt={MS + 3000}", ["sell-4", "buy-4", "sell-3", "buy-3"]),
        (f"startAt={MS}&endAt={MS + 999}", ["sell-0", "buy-0"]),
    ],
)
def test_orders_are_filtered_and_paged(world: World, query: str, expected: list[str]) -> None:
    assert clients(world.ask("GET", f"/api/v1/orders?{query}")) == expected


@pytest.mark.parametrize(
    "query",
    [
        "status=open",
        "side=both",
        "type=stop",
        "symbol=NOPE",
        "currentPage=0",
        "startAt=9&endAt=8",
        "startAt=1&endAt=9e11",
    ],
)
def test_a_filter_that_is_none_is_refused(world: World, query: str) -> None:
    assert world.refused("GET", f"/api/v1/orders?{query}")[1] in ("400100", "200003")


def test_done_is_what_is_asked_for_by_default(world: World) -> None:
    assert clients(world.ask("GET", "/api/v1/orders")) == clients(world.ask("GET", "/api/v1/orders?status=done"))
    page = world.ask("GET", "/api/v1/orders")
    assert (page["currentPage"], page["pageSize"], page["totalNum"], page["totalPage"]) == (1, 50, 10, 1)


def test_stops_have_their_own_list(world: World) -> None:
    assert clients(world.ask("GET", "/api/v1/stopOrders?symbol=XBTUSDTM&side=sell&type=market")) == ["stop-1"]
    assert clients(world.ask("GET", "/api/v1/stopOrders?symbol=ETHUSDTM")) == []


def test_recent_lists_are_plain_arrays(world: World) -> None:
    done = world.ask("GET", "/api/v1/recentDoneOrders?symbol=ETHUSDTM")
    assert [row["clientOid"] for row in done] == [f"sell-{number}" for number in (4, 3, 2, 1, 0)]
    assert len(world.ask("GET", "/api/v1/recentFills")) == 10
    assert {row["symbol"] for row in world.ask("GET", "/api/v1/recentFills?symbol=XBTUSDTM")} == {"XBTUSDTM"}


def test_after_a_day_they_are_no_longer_recent() -> None:
    world = World(symbols=("XBTUSDTM",))
    world.place()
    world.clock += 86_401 * 10**9
    world.floor.move = lambda: None  # type: ignore[method-assign]
    assert world.ask("GET", "/api/v1/recentDoneOrders") == []
    assert world.ask("GET", "/api/v1/recentFills") == []
    assert world.ask("GET", "/api/v1/orders")["items"] == []
    assert len(world.ask("GET", f"/api/v1/orders?startAt={MS}")["items"]) == 1
    assert len(world.ask("GET", "/api/v1/fills")["items"]) == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 10),
        ("symbol=ETHUSDTM", 5),
        ("side=sell", 5),
        ("type=market", 10),
        ("type=limit", 0),
        ("tradeTypes=trade,liquid", 10),
        ("tradeTypes=adl", 0),
        (f"startAt={MS + 4000}", 2),
        ("pageSize=3", 3),
    ],
)
def test_fills_are_filtered_and_paged(world: World, query: str, count: int) -> None:
    assert len(world.ask("GET", f"/api/v1/fills?{query}")["items"]) == count


def test_the_fills_of_an_order_add_up_to_it() -> None:
    world = World()
    world.ask("POST", "/api/v1/position/risk-limit-level/change", {"symbol": "XBTUSDTM", "level": 2})
    order = world.place(size=5_000, leverage=75)
    shown = world.ask("GET", f"/api/v1/orders/{order}")
    fills = world.ask("GET", f"/api/v1/fills?orderId={order}")["items"]
    assert len(fills) > 1
    assert sum(row["size"] for row in fills) == shown["filledSize"] == 5_000
    assert sum(float(row["value"]) for row in fills) == pytest.approx(float(shown["filledValue"]))
    assert len({row["tradeId"] for row in fills}) == len(fills)


def test_open_order_statistics(world: World) -> None:
    shown = world.ask("GET", "/api/v1/openOrderStatistics?symbol=XBTUSDTM")
    assert (shown["openOrderBuySize"], shown["openOrderSellSize"], shown["settleCurrency"]) == (1, 3, "USDT")
    assert float(shown["openOrderBuyCost"]) * 3 < float(shown["openOrderSellCost"])
    assert world.ask("GET", "/api/v1/openOrderStatistics?symbol=ETHUSDTM")["openOrderBuyCost"] == "0"
