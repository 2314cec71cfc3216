"""ccxt.pro watches market and account over WebSocket: what it keeps is what REST says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from serving import BTC, COIN, ETH, Served

pro = pytest.importorskip("ccxt.pro", reason="ccxt is not installed")

pytestmark = pytest.mark.xdist_group("clients-feed")
DEADLINE = 30
FRAMES = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "8h", "12h", "1d", "1w", "1M")


@pytest_asyncio.fixture
async def client(served: Served) -> AsyncIterator[Any]:
    client = served.ccxt(pro)
    await client.load_markets()
    yield client
    await client.close()


async def seen(watch: Callable[[], Awaitable[Any]], wanted: Callable[[Any], bool]) -> Any:
    """Watch until there is what was wanted, and return it."""
    async with asyncio.timeout(DEADLINE):
        while not wanted(news := await watch()):
            pass
    return news


async def once(watch: Awaitable[Any]) -> Any:
    """Return the first thing that is told."""
    async with asyncio.timeout(DEADLINE):
        return await watch


@pytest.mark.parametrize("symbol", [BTC, ETH, COIN])
async def test_a_ticker_moves(client: Any, symbol: str) -> None:
    first = await once(client.watch_ticker(symbol))
    assert first["symbol"] == symbol
    assert first["bid"] < first["ask"]
    assert first["bid"] <= first["last"] * 1.01
    sequence = first["info"]["sequence"]
    later = await seen(lambda: client.watch_ticker(symbol), lambda one: one["info"]["sequence"] > sequence)
    assert later["timestamp"] >= first["timestamp"] - 1000, "a trade has its own time, a moment before the quote's"
    await once(client.un_watch_ticker(symbol))


async def test_several_tickers(client: Any) -> None:
    told: set[str] = set()
    async with asyncio.timeout(DEADLINE):
        while told != {BTC, ETH}:
            told |= set(await client.watch_tickers([BTC, ETH]))
    quotes: dict[str, Any] = {}
    async with asyncio.timeout(DEADLINE):
        while set(quotes) != {BTC, ETH}:
            quotes |= await client.watch_bids_asks([BTC, ETH])
    assert all(quote["bid"] < quote["ask"] and quote["bidVolume"] >= 1 for quote in quotes.values())


@pytest.mark.parametrize("limit", [None, 20, 100])
async def test_a_book_is_that_of_rest(client: Any, limit: int | None) -> None:
    book = await once(client.watch_order_book(BTC, limit))
    for _ in range(12):
        book = await once(client.watch_order_book(BTC, limit))
    bids, asks = [row[0] for row in book["bids"]], [row[0] for row in book["asks"]]
    assert bids == sorted(set(bids), reverse=True)
    assert asks == sorted(set(asks))
    assert bids[0] < asks[0]
    await same_book(client, BTC, rows=5 if limit == 20 else 20)  # of 20 rows it forgets those that fall out


async def same_book(client: Any, symbol: str, rows: int) -> None:
    """Wait until the book kept and the book read carry the same number; then they are the same."""
    async with asyncio.timeout(DEADLINE):
        while True:
            read = await client.fetch_order_book(symbol)
            kept = client.orderbooks[symbol]
            if kept["nonce"] == read["nonce"]:
                assert [list(row[:2]) for row in kept["bids"][:rows]] == [list(row[:2]) for row in read["bids"][:rows]]
                assert [list(row[:2]) for row in kept["asks"][:rows]] == [list(row[:2]) for row in read["asks"][:rows]]
                return
            await client.watch_order_book(symbol)


async def test_two_books(client: Any) -> None:
    told: set[str] = set()
    async with asyncio.timeout(DEADLINE):
        while told != {BTC, ETH}:
            told.add((await client.watch_order_book_for_symbols([BTC, ETH]))["symbol"])
    await once(client.un_watch_order_book_for_symbols([BTC, ETH]))


async def test_an_order_of_ours_shows_in_the_book(client: Any) -> None:
    price = float(client.price_to_precision(ETH, (await client.fetch_ticker(ETH))["last"] * 0.9))
    await once(client.watch_order_book(ETH))
    placed = await client.create_order(ETH, "limit", "buy", 7, price, {"leverage": 5})
    await seen(lambda: client.watch_order_book(ETH), lambda book: [price, 7] in [list(row[:2]) for row in book["bids"]])
    await client.cancel_order(placed["id"], ETH)
    await seen(lambda: client.watch_order_book(ETH), lambda book: price not in [row[0] for row in book["bids"]])


async def test_trades(client: Any) -> None:
    trades = await once(client.watch_trades(BTC))
    before = {trade["id"] for trade in await client.fetch_trades(BTC)}
    trades = await once(client.watch_trades(BTC))
    for trade in trades:
        assert trade["cost"] == pytest.approx(trade["price"] * trade["amount"] * 0.001)
        assert trade["side"] in {"buy", "sell"}
    later = {trade["id"] for trade in await client.fetch_trades(BTC)}
    assert trades[-1]["id"] in later | before
    both = await once(client.watch_trades_for_symbols([BTC, ETH]))
    assert both[0]["symbol"] in {BTC, ETH}
    await once(client.un_watch_trades(BTC))


@pytest.mark.parametrize("frame", FRAMES)
async def test_candles_are_those_of_rest(client: Any, frame: str) -> None:
    candle = (await once(client.watch_ohlcv(BTC, frame)))[-1]
    at, begun, high, low, closed, volume = candle
    assert low <= min(begun, closed) <= max(begun, closed) <= high
    assert volume >= 0
    if frame not in {"3m", "1M"}:
        read = {row[0]: row for row in await client.fetch_ohlcv(BTC, frame, limit=3)}
        assert read[at][1] == begun
        assert read[at][2] >= high
        assert read[at][3] <= low


async def test_the_life_of_an_order(client: Any) -> None:
    price = float(client.price_to_precision(BTC, (await client.fetch_ticker(BTC))["last"] * 0.95))
    watching = asyncio.create_task(once(client.watch_orders(BTC)))
    await subscribed(client, 1)
    placed = await client.create_order(BTC, "limit", "buy", 3, price, {"leverage": 5, "clientOrderId": "seen-1"})
    opened = (await watching)[-1]
    assert (opened["id"], opened["clientOrderId"], opened["status"]) == (placed["id"], "seen-1", "open")
    assert (opened["price"], opened["amount"], opened["filled"], opened["remaining"]) == (price, 3, 0, 3)
    assert (opened["side"], opened["type"], opened["symbol"]) == ("buy", "limit", BTC)
    assert abs(opened["timestamp"] - client.milliseconds()) < 10_000
    await client.cancel_order(placed["id"], BTC)
    over = (await seen(lambda: client.watch_orders(BTC), lambda orders: orders[-1]["status"] == "canceled"))[-1]
    assert (over["id"], over["filled"]) == (placed["id"], 0)


async def subscribed(client: Any, topics: int) -> None:
    """Wait until so many private topics were asked for and all of them acknowledged: what is said after it is heard."""
    async with asyncio.timeout(DEADLINE):
        while not heard(client, topics):  # noqa: ASYNC110 - the client has no event for it
            await asyncio.sleep(0.01)


def heard(client: Any, topics: int) -> bool:
    """Return whether every subscription was acknowledged; until then it stands under the number of its request."""
    keys = [key for socket in client.clients.values() for key in socket.subscriptions]
    return len(keys) == topics and not any(key.isdigit() for key in keys)


async def test_a_fill_is_told_to_everybody(client: Any) -> None:
    orders = asyncio.create_task(seen(lambda: client.watch_orders(BTC), lambda told: told[-1]["status"] == "closed"))
    await subscribed(client, 1)
    trades = asyncio.create_task(once(client.watch_my_trades(BTC)))
    balance = asyncio.create_task(seen(client.watch_balance, lambda told: bool(told["USDT"]["used"])))
    position = asyncio.create_task(seen(lambda: client.watch_position(BTC), lambda told: bool(of(told)["contracts"])))
    await subscribed(client, 3)
    free = (await client.fetch_balance())["USDT"]["free"]
    placed = await client.create_order(BTC, "market", "buy", 5, None, {"leverage": 5, "clientOrderId": "seen-2"})
    order = (await orders)[-1]
    read = await client.fetch_order(placed["id"], BTC)
    assert (order["id"], order["clientOrderId"], order["filled"], order["remaining"]) == (placed["id"], "seen-2", 5, 0)
    trade = (await trades)[-1]
    fill = (await client.fetch_order_trades(placed["id"], BTC))[-1]
    for name in ("id", "order", "price", "amount", "side", "takerOrMaker", "symbol", "type"):
        assert trade[name] == fill[name], name
    assert trade["timestamp"] == pytest.approx(fill["timestamp"], abs=1)  # it takes nanoseconds through a float
    held = of(await position)
    assert (held["contracts"], held["side"], held["entryPrice"]) == (5, "long", pytest.approx(read["average"]))
    usdt = (await balance)["USDT"]
    assert usdt["free"] < free
    assert usdt["free"] == pytest.approx((await client.fetch_balance())["USDT"]["free"], abs=1)
    assert usdt["total"] == pytest.approx(usdt["free"] + usdt["used"])
    assert usdt["total"] == pytest.approx((await client.fetch_balance())["USDT"]["total"], abs=1)
    closing = asyncio.create_task(
        seen(
            lambda: client.watch_orders(BTC), lambda told: told[-1]["side"] == "sell" and told[-1]["status"] == "closed"
        )
    )
    await client.close_position(BTC)
    assert (await closing)[-1]["filled"] == 5


def of(told: Any) -> Any:
    """Return the position that was told: alone, or the last of a list."""
    return told[-1] if isinstance(told, list) else told


async def test_a_stop_waits_and_fires(client: Any) -> None:
    last = (await client.fetch_ticker(BTC))["last"]
    await client.create_order(BTC, "market", "buy", 2, None, {"leverage": 5})
    watching = asyncio.create_task(once(client.watch_orders(BTC, None, None, {"stop": True})))
    await subscribed(client, 1)
    far = float(client.price_to_precision(BTC, last * 0.9))
    placed = await client.create_order(BTC, "market", "sell", 2, None, {"stopLossPrice": far})
    stop = (await watching)[-1]
    assert (stop["id"], stop["symbol"], stop["triggerPrice"], stop["amount"]) == (placed["id"], BTC, far, 2)
    assert stop["status"] == "open"
    await client.cancel_order(placed["id"], BTC)
    near = float(client.price_to_precision(BTC, last * 1.03))
    firing = asyncio.create_task(seen(lambda: client.watch_orders(BTC), lambda told: told[-1]["status"] == "closed"))
    await subscribed(client, 2)
    fired = await client.create_order(BTC, "market", "sell", 2, None, {"stopLossPrice": near})
    assert (await firing)[-1]["id"] == fired["id"]
    assert await client.fetch_positions() == []


async def test_what_is_not_watched_any_more_is_not_told(client: Any) -> None:
    await once(client.watch_ticker(ETH))
    await once(client.watch_ohlcv(ETH, "1m"))
    await once(client.watch_order_book(ETH))
    await once(client.un_watch_ticker(ETH))
    await once(client.un_watch_ohlcv(ETH, "1m"))
    await once(client.un_watch_order_book(ETH))
    assert ETH not in client.tickers
    assert (await once(client.watch_ticker(ETH)))["symbol"] == ETH
