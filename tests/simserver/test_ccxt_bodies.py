"""ccxt's `kucoinfutures`, its HTTP replaced by a call: it reads, trades, and gets every refusal as its own."""

from __future__ import annotations

from typing import Any

import ccxt
import pytest
from by_requests import Loopback
from server_world import BEFORE_FUNDING, World

PAIR = "BTC/USDT:USDT"


@pytest.fixture
def world() -> World:
    return World(start=BEFORE_FUNDING)


@pytest.fixture
def client(world: World) -> Any:
    """Return a client with keys whose every host is the server."""
    client = ccxt.kucoinfutures(
        {
            "apiKey": world.key.key,
            "secret": world.key.secret,
            "password": world.key.passphrase,
            "enableRateLimit": False,
        }
    )
    client.urls["api"] = dict.fromkeys(client.urls["api"], "http://sim")
    client.session.mount("http://", Loopback(world))
    client.milliseconds = lambda: world.clock // 1_000_000
    client.load_markets()
    return client


def test_it_loads_the_markets(world: World, client: Any) -> None:
    market = client.market(PAIR)
    assert (market["id"], market["contractSize"], market["precision"]["price"]) == ("XBTUSDTM", 0.001, 0.1)
    assert (market["active"], market["swap"], market["linear"]) == (True, True, True)
    assert {one["id"] for one in client.markets.values()} == set(world.floor.instruments)


def test_it_reads_market_data(world: World, client: Any) -> None:
    now = world.clock // 1_000_000
    assert client.fetch_time() == now
    assert client.fetch_status()["status"] == "ok"
    ticker = client.fetch_ticker(PAIR)
    assert ticker["bid"] < ticker["last"] < ticker["ask"]
    assert len(client.fetch_tickers()) == len(world.floor.instruments)
    book = client.fetch_order_book(PAIR, 20)
    assert (len(book["bids"]), book["bids"][0][0]) == (20, ticker["bid"])
    assert client.fetch_trades(PAIR)[0]["price"] > 0
    candles = client.fetch_ohlcv(PAIR, "1m", limit=10)
    assert len(candles) == 10
    assert candles[-1][0] <= now < candles[-1][0] + 60_000
    assert client.fetch_mark_price(PAIR)["markPrice"] > 0
    rate = client.fetch_funding_rate(PAIR)
    assert rate["fundingRate"] == 0.0001
    assert rate["fundingTimestamp"] == 1_763_712_000_000
    assert client.fetch_funding_rate_history(PAIR, since=now - 10**8)
    assert client.fetch_market_leverage_tiers(PAIR)[0]["maxLeverage"] == 125
    assert client.fetch_trading_fee(PAIR)["taker"] == 0.0006


def test_it_trades(world: World, client: Any) -> None:
    price = float(world.price(share="0.97"))
    resting = client.create_order(PAIR, "limit", "buy", 2, price, {"leverage": 5, "marginMode": "isolated"})
    assert [one["id"] for one in client.fetch_open_orders(PAIR)] == [resting["id"]]
    shown = client.fetch_order(resting["id"], PAIR)
    assert (shown["status"], shown["amount"], shown["price"], shown["remaining"]) == ("open", 2, price, 2)
    client.cancel_order(resting["id"], PAIR)
    assert client.fetch_order(resting["id"], PAIR)["status"] == "canceled"

    bought = client.create_order(PAIR, "market", "buy", 3, None, {"leverage": 5, "clientOrderId": "mine"})
    done = client.fetch_order(bought["id"], PAIR)
    assert (done["status"], done["filled"], done["clientOrderId"]) == ("closed", 3, "mine")
    trade = client.fetch_my_trades(PAIR)[0]
    assert (trade["order"], trade["amount"], trade["price"]) == (bought["id"], 3, done["average"])
    assert trade["fee"]["cost"] == pytest.approx(trade["cost"] * 0.0006)
    position = client.fetch_position(PAIR)
    assert (position["contracts"], position["side"], position["marginMode"]) == (3, "long", "isolated")
    assert position["entryPrice"] == done["average"]
    assert position["liquidationPrice"] < position["entryPrice"]
    assert len(client.fetch_positions()) == 1

    trigger = float(world.price(share="0.9"))
    stop = client.create_order(PAIR, "market", "sell", 3, None, {"stopLossPrice": trigger, "reduceOnly": True})
    waiting = client.fetch_open_orders(PAIR, params={"stop": True})
    assert [(one["id"], one["triggerPrice"]) for one in waiting] == [(stop["id"], trigger)]
    client.cancel_all_orders(PAIR, {"stop": True})
    assert client.fetch_open_orders(PAIR, params={"stop": True}) == []

    world.sleep(20)
    assert client.fetch_funding_history(PAIR)[0]["amount"] < 0
    client.close_position(PAIR)
    assert client.fetch_positions() == []
    assert client.fetch_positions_history([PAIR])[0]["symbol"] == PAIR
    balance = client.fetch_balance()
    assert 9_990 < balance["USDT"]["total"] < 10_000
    assert client.fetch_ledger("USDT")


def test_it_changes_the_account(client: Any) -> None:
    client.set_margin_mode("cross", PAIR)
    assert client.fetch_margin_mode(PAIR)["marginMode"] == "cross"
    client.set_leverage(7, PAIR, {"marginMode": "cross"})
    assert client.fetch_leverage(PAIR)["longLeverage"] == 7
    client.create_order(PAIR, "market", "buy", 1, None, {"marginMode": "cross"})
    position = client.fetch_position(PAIR)
    assert (position["marginMode"], position["leverage"]) == ("cross", 7)
    client.close_position(PAIR, None, {"marginMode": "cross"})
    client.set_position_mode(True)
    assert client.fetch_position_mode()["hedged"] is True
    client.create_order(PAIR, "market", "buy", 1, None, {"marginMode": "cross", "positionSide": "LONG"})
    client.create_order(PAIR, "market", "sell", 2, None, {"marginMode": "cross", "positionSide": "SHORT"})
    assert sorted(one["contracts"] for one in client.fetch_positions()) == [1, 2]


def test_it_moves_margin(client: Any) -> None:
    client.create_order(PAIR, "market", "buy", 5, None, {"leverage": 3})
    before = client.fetch_position(PAIR)["collateral"]
    assert client.add_margin(PAIR, 3)["marginMode"] == "isolated"
    assert client.fetch_position(PAIR)["collateral"] == pytest.approx(before + 3)
    assert client.reduce_margin(PAIR, 1)["status"] == "ok"


def test_several_orders_at_once(client: Any, world: World) -> None:
    price = float(world.price(share="0.97"))
    wanted = [
        {"symbol": PAIR, "type": "limit", "side": "buy", "amount": 1, "price": price, "params": {"clientOrderId": name}}
        for name in ("one", "two", "one")
    ]
    placed = client.create_orders(wanted)
    assert [one["clientOrderId"] for one in client.fetch_open_orders(PAIR)] == ["two", "one"]
    client.cancel_orders([placed[0]["id"], placed[1]["id"]], PAIR)
    assert client.fetch_open_orders(PAIR) == []
    client.create_order(PAIR, "limit", "buy", 1, price)
    client.cancel_all_orders(PAIR)
    assert client.fetch_open_orders(PAIR) == []


def test_a_bracket_comes_into_being_with_its_position(client: Any, world: World) -> None:
    up, down = float(world.price(share="1.1")), float(world.price(share="0.9"))
    params = {"leverage": 5, "stopLoss": {"triggerPrice": down}, "takeProfit": {"triggerPrice": up}}
    client.create_order(PAIR, "market", "buy", 2, None, params)
    stops = client.fetch_open_orders(PAIR, params={"stop": True})
    assert sorted(one["triggerPrice"] for one in stops) == [down, up]
    assert {(one["side"], one["amount"], one["reduceOnly"]) for one in stops} == {("sell", 2, True)}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"params": {"marginMode": "cross"}}, "330005"),
        ({"params": {"positionSide": "LONG"}}, "330011"),
        ({"amount": 20_000, "params": {"leverage": 50}}, "30000[35]"),
        ({"params": {"leverage": 1000}}, "300016"),
        ({"type": "limit", "price": 1.0, "side": "sell"}, "300012"),
    ],
)
def test_a_refusal_reaches_the_user_with_its_code(client: Any, changed: dict[str, Any], code: str) -> None:
    wanted = {"type": "market", "side": "buy", "amount": 1, "price": None, "params": {}} | changed
    with pytest.raises(ccxt.ExchangeError, match=code):
        client.create_order(PAIR, wanted["type"], wanted["side"], wanted["amount"], wanted["price"], wanted["params"])
    assert client.fetch_positions() == []


def test_authentication_errors_are_told_apart(client: Any, world: World) -> None:
    client.secret = "another"
    with pytest.raises(ccxt.AuthenticationError):
        client.fetch_balance()
    client.secret = world.key.secret
    client.milliseconds = lambda: world.clock // 1_000_000 - 6_000
    with pytest.raises(ccxt.InvalidNonce):
        client.fetch_balance()


def test_an_unknown_and_a_finished_order_can_not_be_cancelled(client: Any) -> None:
    with pytest.raises(ccxt.OrderNotFound):
        client.cancel_order("123", PAIR)
    done = client.create_order(PAIR, "market", "buy", 1, None, {"leverage": 5})
    with pytest.raises(ccxt.ExchangeError, match="100004"):
        client.cancel_order(done["id"], PAIR)
