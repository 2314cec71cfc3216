from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.kucoin.rest.calls.market import GRANULARITIES, MarketCalls
from radtui.exchange.kucoin.rest.transport import Request, Response
from tests.exchange.kucoin.memory import Memory, World, fly, ok

CONTRACT = {"symbol": "XBTUSDTM", "tickSize": 0.1, "multiplier": 0.001, "status": "Open"}
TICKER = {"symbol": "X", "sequence": 7, "bestBidPrice": "1.5", "bestAskPrice": "1.6"}
BOOK = {"symbol": "X", "sequence": 7, "bids": [[1.5, 3]], "asks": [["1.6", 4]], "ts": 1}
BULLET = {"token": "t", "instanceServers": [{"endpoint": "wss://x/", "pingInterval": 18000, "pingTimeout": 10000}]}
SLICE: dict[str, Any] = {"dataList": [{"symbol": ".K", "value": 1.5, "timePoint": 3}], "hasMore": False}
LEVEL = {
    "symbol": "X", "level": 1, "maxRiskLimit": 5, "minRiskLimit": 0, "maxLeverage": 20,
    "initialMargin": 0.05, "maintainMargin": 0.025,
}  # fmt: skip
RATE = {"symbol": "X", "value": 0.0001, "timePoint": 1, "fundingTime": 2}

Ask = Callable[[MarketCalls], Awaitable[Any]]


@pytest.mark.parametrize(
    ("ask", "data", "asked"),
    [
        (lambda m: m.status(), {"status": "cancelonly", "msg": "x"}, "GET /api/v1/status"),
        (lambda m: m.contracts(), [CONTRACT], "GET /api/v1/contracts/active"),
        (lambda m: m.contract("XBTUSDTM"), CONTRACT, "GET /api/v1/contracts/XBTUSDTM"),
        (lambda m: m.ticker("X"), TICKER, "GET /api/v1/ticker?symbol=X"),
        (lambda m: m.tickers(), [TICKER], "GET /api/v1/allTickers"),
        (lambda m: m.book("X"), BOOK, "GET /api/v1/level2/snapshot?symbol=X"),
        (lambda m: m.depth("X"), BOOK, "GET /api/v1/level2/depth20?symbol=X"),
        (lambda m: m.depth("X", 21), BOOK, "GET /api/v1/level2/depth100?symbol=X"),
        (lambda m: m.trades("X"), [], "GET /api/v1/trade/history?symbol=X"),
        (lambda m: m.mark_price("X"), {"symbol": "X", "value": 2}, "GET /api/v1/mark-price/X/current"),
        (lambda m: m.funding_rate("X"), RATE, "GET /api/v1/funding-rate/X/current"),
        (lambda m: m.funding_rates("X", 1, 2), [], "GET /api/v1/contract/funding-rates?symbol=X&from=1&to=2"),
        (lambda m: m.risk_limits("X"), [LEVEL], "GET /api/v1/contracts/risk-limit/X"),
        (lambda m: m.index(".K", 1), SLICE, "GET /api/v1/index/query?symbol=.K&startAt=1"),
        (lambda m: m.interest(".K"), SLICE, "GET /api/v1/interest/query?symbol=.K"),
        (lambda m: m.premium(".K", 1, 2), SLICE, "GET /api/v1/premium/query?symbol=.K&startAt=1&endAt=2"),
        (lambda m: m.day_statistics(), {"turnoverOf24h": 1.5}, "GET /api/v1/trade-statistics"),
        (lambda m: m.bullet(private=False), BULLET, "POST /api/v1/bullet-public"),
        (lambda m: m.bullet(private=True), BULLET, "POST /api/v1/bullet-private"),
    ],
)
def test_a_question_goes_out_as_the_protocol_has_it(ask: Ask, data: Any, asked: str) -> None:
    memory = Memory(ok(data))

    async def story(world: World) -> None:
        assert await ask(world.rest.market) is not None
        assert memory.asked == [asked]
        assert memory.sent[-1].body == b""
        assert world.recorded[0][1] == ""

    fly(memory, story)


def test_the_exchanges_time() -> None:
    assert fly(Memory(skew=0.0), lambda world: world.rest.market.time()) > 1_700_000_000_000


def candles_of(request: Request) -> Response:
    """Serve every minute that was asked for, and one on each side that was not."""
    query = {
        name: int(values[0]) for name, values in parse_qs(urlsplit(request.target).query).items() if name != "symbol"
    }
    span = query["granularity"] * 60_000
    starts = range(-(-query["from"] // span) * span - span, query["to"] + span, span)
    assert len(starts) <= 202
    return ok([[start, 1, 2, 0.5, "1.5", 10] for start in starts])


@given(st.sampled_from(sorted(GRANULARITIES)), st.integers(0, 10**6), st.integers(0, 500))
def test_candles_come_once_each_in_order_and_by_pages_of_200(minutes: int, offset: int, count: int) -> None:
    span = minutes * 60_000
    begin, end = offset, offset + count * span
    memory = Memory(candles_of)

    async def story(world: World) -> None:
        rows = await world.rest.market.klines("X", minutes, begin, end)
        starts = [row.start for row in rows]
        assert starts == list(range(-(-begin // span) * span, end, span))
        assert all(row.close == Decimal("1.5") for row in rows)
        assert len(memory.asked) <= count // 200 + 2

    fly(memory, story)


def test_candles_of_no_such_length_are_not_asked_for() -> None:
    async def story(world: World) -> None:
        with pytest.raises(ValueError, match="7 minutes"):
            await world.rest.market.klines("X", 7, 0, 1)

    fly(Memory(ok([])), story)
