"""The market as a flying engine hears it; what it does not know is a 503 with the reason, never a figure."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from decimal import Decimal

import pytest

from radtui.api import asked
from radtui.api.errors import Refused
from radtui.api.market_views import context, ticker
from radtui.core.book import BookShown, Level
from radtui.core.market import MINUTE, SECOND, Candle, Ticked
from radtui.engine.inquiries import BookRead, Unanswered
from radtui.engine.tape import Heard
from tests.api.callers import Caller
from tests.engine.hosts import soon

D = Decimal
BOOK = BookRead(BookShown("XBTUSDTM", (Level(D(99), 1),), (Level(D(101), 2), Level(D(102), 3))), 7)
HEARD = Heard(Ticked("XBTUSDTM", D(100), 5), 3 * SECOND)


def candle(number: int, close: int, volume: int = 1) -> Candle:
    price = D(close)
    return Candle("XBTUSDTM", number * MINUTE, MINUTE, D(100), price + 1, price - 1, price, D(volume))


def heard(engine: Caller) -> None:
    soon(lambda: engine.get("/api/market-data/ticker/XBTUSDTM").status == 200)


def test_candles_price_and_book_of_a_flying_engine(engine: Caller) -> None:
    heard(engine)
    body = engine.get("/api/market-data/ohlcv/xbtusdtm?limit=7&timeframe=1m").body
    opened = [each["at"] for each in body["candles"]]
    assert (body["timeframe"], len(opened)) == ("1m", 7)
    assert opened == list(range(opened[0], opened[0] + 7 * MINUTE, MINUTE))
    price = engine.get("/api/market-data/ticker/XBTUSDTM").body
    assert D(price["bid"]) < D(price["ask"])
    assert price["book"] == ""
    for route in ("orderbook", "market-data/orderbook"):
        book = engine.get(f"/api/{route}/XBTUSDTM?limit=3").body
        assert len(book["bids"]) == len(book["asks"]) == 3
        assert D(book["bids"][0]["price"]) > D(book["bids"][1]["price"])
    seen = engine.get("/api/market-data/context/XBTUSDTM").body
    assert seen["quality"]["levels"] > 0
    assert D(seen["low"]) <= D(seen["price"]) <= D(seen["high"])


def test_what_is_not_known_is_503_and_what_is_not_traded_404(engine: Caller) -> None:
    heard(engine)
    for target in ("ohlcv/XBTUSDTM?timeframe=1h", "trades/XBTUSDTM"):
        reply = engine.get(f"/api/market-data/{target}")
        assert (reply.status, reply.body["error"]) == (503, "service unavailable")
        assert reply.body["message"]
    for kind in ("ohlcv", "ticker", "orderbook", "trades", "context"):
        reply = engine.get(f"/api/market-data/{kind}/NIXUSDTM")
        assert (reply.status, "ETHUSDTM, XBTUSDTM" in reply.body["message"]) == (404, True)
        assert engine.get(f"/api/market-data/{kind}/X!").status == 422
    assert engine.get("/api/orderbook/XBTUSDTM?limit=101").status == 422


def test_a_door_to_an_engine_that_is_far_says_so(caller: Caller) -> None:
    reply = caller.get("/api/market-data/ticker/XBTUSDTM")
    assert (reply.status, reply.body["message"]) == (503, "this engine is not near enough to be asked")


def test_a_market_in_a_few_figures() -> None:
    made = context("1m", [candle(0, 100), candle(1, 110, 2), candle(2, 99, 3)], HEARD, 5 * SECOND, BOOK, "")
    assert (made.change, made.change_pct, made.high, made.low, made.volume) == tuple(map(D, (-1, -1, 111, 98, 6)))
    assert made.volatility_pct == pytest.approx(14.142135)
    assert (made.bid, made.ask, made.spread_pct) == (D(99), D(101), D(2))
    assert (made.quality.candles, made.quality.levels, made.quality.age) == (3, 3, 2.0)


def test_without_a_book_and_with_one_candle_nothing_is_made_up() -> None:
    made = context("1m", [candle(0, 100)], None, 0, None, "it is away")
    assert (made.volatility_pct, made.bid, made.spread_pct) == (None, None, None)
    assert (made.quality.age, made.quality.levels, made.quality.book) == (None, 0, "it is away")
    price = ticker(HEARD, 2 * SECOND, None, "it is away")
    assert (price.price, price.age, price.bid, price.book) == (D(100), 0.0, None, "it is away")
    one_sided = ticker(HEARD, 4 * SECOND, BookRead(BookShown("XBTUSDTM", (Level(D(99), 1),)), 1), "")
    assert (one_sided.bid, one_sided.ask, one_sided.spread_pct) == (D(99), None, None)


async def test_an_engine_that_answers_nothing_is_waited_for_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "WITHIN", 0.02)
    with pytest.raises(Refused, match="503"):
        await asked.answer(Future())


async def test_an_engine_that_ends_meanwhile_is_said() -> None:
    future: Future[int] = Future()
    future.cancel()
    with pytest.raises(Refused) as refused:
        await asked.answer(future)
    assert refused.value.detail == "the engine has ended"


async def test_who_stops_asking_is_stopped() -> None:
    never: Future[int] = Future()
    asking = asyncio.create_task(asked.answer(never))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_the_reason_is_handed_on() -> None:
    future: Future[int] = Future()
    future.set_exception(Unanswered("the exchange is away"))
    with pytest.raises(Refused) as refused:
        await asked.answer(future)
    assert (refused.value.status_code, refused.value.detail) == (503, "the exchange is away")
