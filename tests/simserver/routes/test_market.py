"""Public market data over REST."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from server_world import START, World

MS = START // 1_000_000


@pytest.fixture(scope="module")
def world() -> World:
    world = World()
    world.sleep(90)
    return world


def test_the_book_is_the_venues_own_and_depths_are_parts_of_it(world: World) -> None:
    whole = world.ask("GET", "/api/v1/level2/snapshot?symbol=XBTUSDTM")
    view = world.floor.venue.book("XBTUSDTM")
    assert [(Decimal(str(price)), lots) for price, lots in whole["bids"]] == view.bids
    assert [(Decimal(str(price)), lots) for price, lots in whole["asks"]] == view.asks
    assert whole["bids"][0][0] < whole["asks"][0][0]
    twenty = world.ask("GET", "/api/v1/level2/depth20?symbol=XBTUSDTM")
    assert twenty["bids"] == whole["bids"][:20]
    assert len(world.ask("GET", "/api/v1/level2/depth100?symbol=XBTUSDTM")["asks"]) == len(whole["asks"])


def test_our_own_order_stands_in_the_book_and_moves_its_sequence() -> None:
    world = World()
    before = world.ask("GET", "/api/v1/level2/snapshot?symbol=XBTUSDTM")
    price = world.price(share="0.99")
    world.place(type="limit", price=price, size=7)
    after = world.ask("GET", "/api/v1/level2/snapshot?symbol=XBTUSDTM")
    assert after["sequence"] > before["sequence"]
    assert dict(map(tuple, after["bids"]))[float(price)] >= 7
    assert world.ask("GET", "/api/v1/level2/snapshot?symbol=XBTUSDTM")["sequence"] == after["sequence"]


def test_the_ticker_is_the_books_top_and_the_last_trade(world: World) -> None:
    book = world.ask("GET", "/api/v1/level2/depth20?symbol=XBTUSDTM")
    ticker = world.ask("GET", "/api/v1/ticker?symbol=XBTUSDTM")
    trade = world.ask("GET", "/api/v1/trade/history?symbol=XBTUSDTM")[0]
    assert (float(ticker["bestBidPrice"]), ticker["bestBidSize"]) == tuple(book["bids"][0])
    assert (float(ticker["bestAskPrice"]), ticker["bestAskSize"]) == tuple(book["asks"][0])
    assert (ticker["price"], ticker["size"], ticker["tradeId"]) == (trade["price"], trade["size"], trade["tradeId"])
    assert world.ask("GET", "/api/v1/allTickers")[0] == ticker


def test_our_own_trade_is_on_the_public_tape_under_the_fills_id() -> None:
    world = World()
    order = world.place(size=2)
    trade = world.ask("GET", "/api/v1/trade/history?symbol=XBTUSDTM")[0]
    assert (trade["takerOrderId"], trade["size"], trade["side"]) == (order, 2, "buy")
    assert world.ask("GET", "/api/v1/recentFills")[0]["tradeId"] == trade["tradeId"]


@pytest.mark.parametrize("minutes", [1, 5, 60, 1440])
def test_candles_ascend_on_the_grid_and_the_last_one_is_open(world: World, minutes: int) -> None:
    rows = world.ask("GET", f"/api/v1/kline/query?symbol=XBTUSDTM&granularity={minutes}")
    times = [row[0] for row in rows]
    assert times == list(range(times[0], times[-1] + 1, minutes * 60_000))
    assert times[0] % (minutes * 60_000) == 0
    assert times[-1] <= world.clock // 1_000_000 < times[-1] + minutes * 60_000
    assert all(low <= min(first, last) <= max(first, last) <= high for _, first, high, low, last, *_ in rows)
    assert rows[-1][4] == float(world.price())


def test_candles_of_a_span(world: World) -> None:
    query = f"/api/v1/kline/query?symbol=XBTUSDTM&granularity=1&from={MS - 600_000}&to={MS}"
    rows = world.ask("GET", query)
    assert len(rows) == 10
    assert all(MS - 600_000 <= row[0] <= MS for row in rows)
    index = world.ask("GET", query.replace("XBTUSDTM", ".KXBTUSDT"))
    assert [row[0] for row in index] == [row[0] for row in rows]


@pytest.mark.parametrize("query", ["granularity=2", "granularity=x", "symbol=XBTUSDTM", "granularity=1&symbol=NO"])
def test_candles_that_do_not_exist(world: World, query: str) -> None:
    assert world.refused("GET", f"/api/v1/kline/query?{query}")[1] in ("400100", "200003")


@pytest.mark.parametrize(
    "target",
    [
        "ticker",
        "level2/snapshot",
        "trade/history",
        "contract/funding-rates?from=1&to=2",
        "index/query",
        "premium/query",
    ],
)
def test_a_contract_must_be_named_and_exist(world: World, target: str) -> None:
    assert world.refused("GET", f"/api/v1/{target}")[1] == "400100"
    joint = "&" if "?" in target else "?"
    assert world.refused("GET", f"/api/v1/{target}{joint}symbol=NOPE")[1] == "200003"


def test_no_other_depth(world: World) -> None:
    assert world.refused("GET", "/api/v1/level2/depth50?symbol=XBTUSDTM")[:2] == (404, "404000")


def test_index_and_premium_remember_while_it_runs() -> None:
    world = World()
    for _ in range(3):
        world.sleep(1)
    rows = world.ask("GET", "/api/v1/index/query?symbol=.KXBTUSDT&maxCount=2")
    assert (len(rows["dataList"]), rows["hasMore"]) == (2, True)
    assert rows["dataList"][0]["timePoint"] - rows["dataList"][1]["timePoint"] == 1000
    mark = world.ask("GET", "/api/v1/mark-price/XBTUSDTM/current")
    assert rows["dataList"][0]["value"] == mark["indexPrice"]
    premium = world.ask("GET", "/api/v1/premium/query?symbol=.XBTUSDTMPI")["dataList"]
    assert premium[0]["value"] == pytest.approx(mark["value"] / mark["indexPrice"] - 1, abs=1e-6)
    assert world.ask("GET", "/api/v1/interest/query?symbol=.XBTINT8H")["dataList"][0]["value"] == 0.0003


def test_funding_rates_need_their_span_and_come_newest_first(world: World) -> None:
    assert world.refused("GET", "/api/v1/contract/funding-rates?symbol=XBTUSDTM")[1] == "400100"
    rows = world.ask("GET", f"/api/v1/contract/funding-rates?symbol=XBTUSDTM&from={MS - 2 * 86_400_000}&to={MS}")
    times = [row["timepoint"] for row in rows]
    assert len(times) == 6
    assert times == sorted(times, reverse=True)
    assert all(time % 28_800_000 == 0 for time in times)


def test_risk_limits_leave_no_gap(world: World) -> None:
    rows = world.ask("GET", "/api/v1/contracts/risk-limit/XBTUSDTM")
    assert [row["level"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["minRiskLimit"] == 0
    assert all(low["maxRiskLimit"] == high["minRiskLimit"] for low, high in pairwise(rows))
    assert world.ask("GET", "/api/v1/contracts/XBTUSDTM")["maxRiskLimit"] == rows[0]["maxRiskLimit"]
