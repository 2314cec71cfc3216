"""Every answer has the captured field set and the captured JSON types: one wrong type empties a well-known client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from server_world import BEFORE_FUNDING, World, fixture

from radtui.exchange.kucoin.rest.endpoints import ENDPOINTS as CLIENT_ENDPOINTS
from radtui.exchange.kucoin.wire.common import Envelope, decode
from radtui.simserver.endpoints import Routes
from radtui.simserver.routes import ENDPOINTS

Path = tuple[str, ...]

CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "status": ("GET /api/v1/status", ("sdk_futures-market_getServiceStatus",)),
    "timestamp": ("GET /api/v1/timestamp", ("sdk_futures-market_getServerTime",)),
    "contracts": (
        "GET /api/v1/contracts/active",
        (
            "roq_contracts_ack_simple",
            "sdk_futures-market_GetAllSymbols",
            "dereck_all_contracts",
            "ccxt_contracts_active",
        ),
    ),
    "contract": ("GET /api/v1/contracts/XBTUSDTM", ("sdk_futures-market_getSymbol", "dereck_contract")),
    "ticker": ("GET /api/v1/ticker?symbol=XBTUSDTM", ("sdk_futures-market_getTicker",)),
    "tickers": ("GET /api/v1/allTickers", ("sdk_futures-market_getAllTickers",)),
    "book": (
        "GET /api/v1/level2/snapshot?symbol=XBTUSDTM",
        ("roq_order_book_ack_simple", "sdk_futures-market_getFullOrderBook"),
    ),
    "depth20": ("GET /api/v1/level2/depth20?symbol=XBTUSDTM", ("sdk_futures-market_getPartOrderBook",)),
    "trades": ("GET /api/v1/trade/history?symbol=XBTUSDTM", ("sdk_futures-market_getTradeHistory",)),
    "klines": ("GET /api/v1/kline/query?symbol=XBTUSDTM&granularity=1", ("dereck_klines",)),
    "mark price": ("GET /api/v1/mark-price/XBTUSDTM/current", ("sdk_futures-market_getMarkPrice",)),
    "index": ("GET /api/v1/index/query?symbol=.KXBTUSDT", ("sdk_futures-market_getSpotIndexPrice",)),
    "premium": ("GET /api/v1/premium/query?symbol=.XBTUSDTMPI", ("sdk_futures-market_getPremiumIndex",)),
    "interest": ("GET /api/v1/interest/query?symbol=.XBTINT", ("sdk_futures-market_getInterestRateIndex",)),
    "statistics": ("GET /api/v1/trade-statistics", ("sdk_futures-market_get24hrStats",)),
    "funding rate": (
        "GET /api/v1/funding-rate/XBTUSDTM/current",
        ("sdk_futures-fundingfees_getCurrentFundingRate",),
    ),
    "funding rates": (
        "GET /api/v1/contract/funding-rates?symbol=XBTUSDTM&from=1700310700000&to=1802310700000",
        ("sdk_futures-fundingfees_getPublicFundingHistory",),
    ),
    "risk limits": (
        "GET /api/v1/contracts/risk-limit/XBTUSDTM",
        ("sdk_futures-positions_getIsolatedMarginRiskLimit",),
    ),
    "public bullet": ("POST /api/v1/bullet-public", ("sdk_futures-market_getPublicToken",)),
    "private bullet": ("POST /api/v1/bullet-private", ("sdk_futures-market_getPrivateToken",)),
    "active orders": (
        "GET /api/v1/orders?status=active",
        ("roq_orders_ack_simple", "sdk_futures-order_GetOrderList"),
    ),
    "done orders": (
        "GET /api/v1/orders?status=done",
        ("roq_orders_ack_simple", "sdk_futures-order_GetOrderList"),
    ),
    "recent orders": (
        "GET /api/v1/recentDoneOrders",
        ("sdk_futures-order_GetRecentClosedOrders",),
    ),
    "stops": (
        "GET /api/v1/stopOrders",
        ("sdk_futures-order_GetStopOrderList", "jkorf_Trading_GetUntriggeredStopOrders"),
    ),
    "fills": ("GET /api/v1/fills", ("sdk_futures-order_getTradeHistory",)),
    "recent fills": (
        "GET /api/v1/recentFills",
        ("roq_fills_ack_simple", "sdk_futures-order_getRecentTradeHistory"),
    ),
    "order statistics": (
        "GET /api/v1/openOrderStatistics?symbol=XBTUSDTM",
        ("sdk_futures-order_GetOpenOrderValue",),
    ),
    "isolated positions": (
        "GET /api/v1/positions?currency=USDT",
        ("sdk_futures-positions_GetPositionList", "roq_positions_ack_simple"),
    ),
    "position": ("GET /api/v1/position?symbol=XBTUSDTM", ("sdk_futures-positions_GetPositionDetails",)),
    "closed positions": ("GET /api/v1/history-positions", ("sdk_futures-positions_GetPositionsHistory",)),
    "margin mode": (
        "GET /api/v2/position/getMarginMode?symbol=XBTUSDTM",
        ("sdk_futures-positions_getMarginMode",),
    ),
    "cross leverage": (
        "GET /api/v2/getCrossUserLeverage?symbol=XBTUSDTM",
        ("sdk_futures-positions_getCrossMarginLeverage",),
    ),
    "open size": (
        "GET /api/v2/getMaxOpenSize?symbol=XBTUSDTM&price=60000&leverage=5",
        ("sdk_futures-positions_GetMaxOpenSize",),
    ),
    "cross limits": (
        "GET /api/v2/batchGetCrossOrderLimit?symbol=XBTUSDTM,ETHUSDTM&totalMargin=10000&leverage=10",
        ("sdk_futures-positions_getCrossMarginRiskLimit",),
    ),
    "spare margin": (
        "GET /api/v1/margin/maxWithdrawMargin?symbol=XBTUSDTM",
        ("sdk_futures-positions_GetMaxWithdrawMargin",),
    ),
    "overview": (
        "GET /api/v1/account-overview?currency=USDT",
        ("sdk_account-account_getFuturesAccount", "roq_account_ack_simple"),
    ),
    "ledger": (
        "GET /api/v1/transaction-history?currency=USDT",
        ("sdk_account-account_getFuturesLedger", "jkorf_Account_GetTransactionHistory"),
    ),
    "funding paid": (
        "GET /api/v1/funding-history?symbol=XBTUSDTM",
        ("sdk_futures-fundingfees_getPrivateFundingHistory",),
    ),
    "fees": ("GET /api/v1/trade-fees?symbol=XBTUSDTM", ("sdk_account-fee_getFuturesActualFee",)),
    "switch": ("GET /api/ua/v1/dcp/query?tradeType=FUTURES", ("dereck_dcp",)),
}
ABSENT: frozenset[str] = frozenset(
    {"dailyInterestRate", "effectiveFundingRateCycleStartTime", "dealComm", "fundingFee", "tax", "closeSize", "uid"}
    | {"positionId"}
)
"""Fields that only some sources show, or that belong to the other margin mode."""
# fmt: off
WHOLE_BY_CHANCE = frozenset({
    "lastTradePrice", "riskRatio", "unrealisedPNL", "marginBalance", "positionMargin", "orderMargin", "frozenFunds",
    "availableBalance", "accountEquity", "maxWithdrawAmount", "value", "markPrice", "indexPrice", "lowPrice",
    "highPrice", "priceChg", "buyLimit", "sellLimit", "volumeOf24h", "turnoverOf24h", "fundingFeeRate",
    "avgEntryPrice", "liquidationPrice", "posCost", "amount", "fee", "funding", "[]", "tickSize", "multiplier",
    "initialMargin", "maintainMargin", "maxPrice", "weight", "price",
})
# fmt: on
"""Amounts that an example shows without a fraction although they can have one."""


def kind(value: object) -> str:
    """Return the JSON type of a value."""
    if isinstance(value, bool):
        return "bool"
    return {int: "int", float: "float", str: "text", type(None): "null", list: "list", dict: "dict"}[type(value)]


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield everything in a document with its path; list items share one."""
    yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, (*path, "[]"))


def kinds(documents: list[Any]) -> dict[Path, set[str]]:
    """Return the types seen at each path of several documents."""
    seen: dict[Path, set[str]] = {}
    for document in documents:
        for path, value in leaves(document):
            seen.setdefault(path, set()).add(kind(value))
    return seen


@pytest.fixture(scope="module")
def world() -> World:
    """Return a server on which one of everything has happened: an isolated position, resting and done orders, stops."""
    world = World(start=BEFORE_FUNDING)
    world.place(size=3)
    world.sleep(1)
    world.place(symbol="ETHUSDTM", size=2)
    world.place(symbol="ETHUSDTM", closeOrder=True, side=None, size=None, leverage=None)
    world.place(type="limit", price=world.price(share="0.97"))
    world.ask("DELETE", f"/api/v1/orders/{world.place(type='limit', price=world.price(share='0.96'))}")
    world.place(side="sell", stop="down", stopPrice=world.price(share="0.9"), stopPriceType="TP", reduceOnly=True)
    world.ask("POST", "/api/v1/transfer-in", {"currency": "USDT", "amount": 1, "payAccountType": "MAIN"})
    world.sleep(20)
    return world


@pytest.mark.parametrize("name", CASES)
def test_an_answer_has_the_types_of_the_captured_one(world: World, name: str) -> None:
    request, sources = CASES[name]
    method, target = request.split(" ")
    ours = kinds([world.ask(method, target)])
    theirs = kinds([fixture(source)["data"] for source in sources])
    if ("dataList", "[]") in theirs or ("items", "[]") in theirs:
        assert ("dataList", "[]") in ours or ("items", "[]") in ours, "nothing to compare"
    wrong = {path: (ours.get(path), known) for path, known in theirs.items() if not _agrees(path, ours, known)}
    assert not wrong


@pytest.mark.parametrize("name", CASES)
def test_our_own_client_reads_every_answer(world: World, name: str) -> None:
    method, target = CASES[name][0].split(" ")
    known = {(one.method, _shape(one.path)): one.answer for one in CLIENT_ENDPOINTS}
    endpoint, _ = Routes(ENDPOINTS).find(method, target.partition("?")[0])
    kind = known.get((method, _shape(endpoint.path)))
    if kind is None:
        assert name in NOT_FOR_A_BOT
        return
    envelope = decode(world.send(method, target).body, Envelope)
    assert envelope.succeeded
    decode(envelope.data, kind)


NOT_FOR_A_BOT = ("index", "premium", "interest", "statistics", "cross limits", "private bullet")


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def _agrees(path: Path, ours: dict[Path, set[str]], known: set[str]) -> bool:
    if path not in ours:
        return _name(path) in ABSENT or _below_null(path, ours)
    allowed = set(known)
    if "float" in known or (_name(path) in WHOLE_BY_CHANCE and "int" in known):
        allowed |= {"int", "float"}
    if known == {"null"}:
        return True
    return ours[path] <= allowed | {"null"} if _name(path) in NULLABLE else ours[path] <= allowed


NULLABLE = frozenset({"predictedFundingFeeRate", "stopPrice", "price", "endAt", "remark", "fee", "clientOid", "symbol"})


def _name(path: Path) -> str:
    return path[-1] if path else ""


def _below_null(path: Path, ours: dict[Path, set[str]]) -> bool:
    return any(ours.get(path[:end]) == {"null"} for end in range(len(path)))


def test_a_live_order_has_no_field_more_or_less(world: World) -> None:
    captured = fixture("roq_orders_ack_simple")["data"]["items"][0]
    shown = world.ask("GET", "/api/v1/orders?status=active")["items"][0]
    assert sorted(shown) == sorted(captured)


def test_a_live_fill_has_no_field_more_or_less(world: World) -> None:
    captured = fixture("roq_fills_ack_simple")["data"][0]
    assert sorted(world.ask("GET", "/api/v1/recentFills")[0]) == sorted(captured)


def test_figures_are_plain_json(world: World) -> None:
    body = world.send("GET", "/api/v1/contracts/active").body
    assert b'"multiplier":0.001' in body
    assert json.loads(body)["data"][0]["tickSize"] == 0.1
