"""ccxt trades a whole day: orders of every kind, positions, margin, modes, and the books afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from serving import BTC, COIN, ETH, Served, until

ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed")

pytestmark = pytest.mark.xdist_group("clients-rest")
TAKER = 0.0006


@pytest.fixture(scope="module")
def shared(served: Served) -> Any:
    client = served.ccxt(ccxt)
    client.load_markets()
    return client


@pytest.fixture
def client(shared: Any) -> Iterator[Any]:
    """Return the client; whatever a test leaves behind is taken away."""
    yield shared
    tidy(shared)


def tidy(client: Any) -> None:
    """Close everything, end every order, and go back to one-way mode and isolated margin."""
    client.cancel_all_orders(params={"stop": True})
    for order in client.fetch_open_orders():
        client.cancel_order(order["id"], order["symbol"])
    for held in client.fetch_positions():
        side = held["info"]["positionSide"]
        client.close_position(held["symbol"], None, {"marginMode": held["marginMode"], "positionSide": side})
    client.set_position_mode(False)
    client.set_margin_mode("isolated", BTC)


def at(client: Any, share: float, symbol: str = BTC) -> float:
    """Return a price at that share of the last one, on the tick."""
    return float(client.price_to_precision(symbol, client.fetch_ticker(symbol)["last"] * share))


def test_a_limit_order_rests_and_is_cancelled(client: Any) -> None:
    before = client.fetch_balance()["USDT"]
    price = at(client, 0.97)
    params = {"leverage": 4, "clientOrderId": "resting-1", "remark": "ein Text, with blanks & signs"}
    placed = client.create_order(BTC, "limit", "buy", 6, price, params)
    assert placed["clientOrderId"] == "resting-1"
    order = client.fetch_order(placed["id"], BTC)
    assert (order["id"], order["clientOrderId"], order["symbol"]) == (placed["id"], "resting-1", BTC)
    assert (order["type"], order["side"], order["status"], order["timeInForce"]) == ("limit", "buy", "open", "GTC")
    assert (order["price"], order["amount"], order["filled"], order["remaining"]) == (price, 6, 0, 6)
    assert (order["postOnly"], order["reduceOnly"], order["cost"], order["average"]) == (False, False, 0, None)
    assert abs(order["timestamp"] - client.fetch_time()) < 5_000
    assert (order["info"]["remark"], order["info"]["leverage"]) == (params["remark"], "4")
    assert client.fetch_order(None, BTC, {"clientOrderId": "resting-1"}) == order
    assert client.fetch_open_orders(BTC) == [order]
    assert client.fetch_open_orders(ETH) == []
    held = client.fetch_balance()["USDT"]
    value = price * 6 * 0.001
    assert held["total"] == before["total"]
    assert value / 4 <= before["free"] - held["free"] <= value / 4 + 2 * TAKER * value * 1.25
    client.cancel_order(placed["id"], BTC)
    assert client.fetch_balance()["USDT"] == before
    over = client.fetch_order(placed["id"], BTC)
    assert (over["status"], over["filled"], over["remaining"]) == ("canceled", 0, 6)
    assert over["lastUpdateTimestamp"] >= order["timestamp"]
    assert over["id"] in {one["id"] for one in client.fetch_closed_orders(BTC)}


def test_amending_is_cancelling_and_placing_anew(client: Any) -> None:
    first = client.create_order(BTC, "limit", "buy", 2, at(client, 0.97), {"leverage": 3})
    client.cancel_order(first["id"], BTC)
    second = client.create_order(BTC, "limit", "buy", 3, at(client, 0.96), {"leverage": 3})
    assert [(one["id"], one["amount"]) for one in client.fetch_open_orders(BTC)] == [(second["id"], 3)]


def test_a_round_trip_adds_up(client: Any) -> None:
    start = client.fetch_balance()["USDT"]["total"]
    bought = client.create_order(BTC, "market", "buy", 8, None, {"leverage": 5, "clientOrderId": "trip-in"})
    entry = client.fetch_order(bought["id"], BTC)
    assert (entry["status"], entry["filled"], entry["remaining"], entry["type"]) == ("closed", 8, 0, "market")
    fills = client.fetch_order_trades(bought["id"], BTC)
    assert sum(fill["amount"] for fill in fills) == 8
    cost = sum(fill["cost"] for fill in fills)
    assert entry["average"] == pytest.approx(cost / 8 / 0.001)
    assert entry["cost"] == pytest.approx(cost)
    for fill in fills:
        assert (fill["order"], fill["side"], fill["takerOrMaker"]) == (bought["id"], "buy", "taker")
        assert fill["cost"] == pytest.approx(fill["price"] * fill["amount"] * 0.001)
        assert fill["fee"]["cost"] == pytest.approx(fill["cost"] * TAKER)
        assert (fill["fee"]["currency"], fill["fee"]["rate"]) == ("USDT", TAKER)
    held = client.fetch_position(BTC)
    assert (held["contracts"], held["side"], held["marginMode"]) == (8, "long", "isolated")
    assert held["entryPrice"] == pytest.approx(entry["average"])
    assert held["notional"] == pytest.approx(cost)
    assert held["initialMargin"] == pytest.approx(cost / 5)
    assert held["liquidationPrice"] == pytest.approx(entry["average"] * 0.8, rel=0.02)
    assert held["unrealizedPnl"] == pytest.approx(0.008 * (held["markPrice"] - held["entryPrice"]), abs=1e-6)
    assert held["realizedPnl"] == pytest.approx(-cost * TAKER)
    assert client.fetch_positions([BTC])[0]["contracts"] == 8
    balance = client.fetch_balance()["USDT"]
    assert balance["used"] == pytest.approx(cost / 5, rel=0.05)
    assert balance["total"] == pytest.approx(balance["free"] + balance["used"])

    closed = client.close_position(BTC, None, {"clientOrderId": "trip-out"})["info"]["data"]
    leave = client.fetch_order(closed["orderId"], BTC)
    assert (leave["side"], leave["status"], leave["filled"], leave["clientOrderId"]) == (
        "sell",
        "closed",
        8,
        "trip-out",
    )
    assert leave["info"]["closeOrder"] is True
    assert client.fetch_positions() == []
    assert client.fetch_position(BTC)["contracts"] == 0
    gross = leave["cost"] - entry["cost"]
    fees = (leave["cost"] + entry["cost"]) * TAKER
    assert client.fetch_balance()["USDT"]["total"] == pytest.approx(start + gross - fees, abs=1e-4)
    past = client.fetch_positions_history([BTC], None, 1)[0]
    assert past["realizedPnl"] == pytest.approx(gross - fees)
    assert (past["entryPrice"], past["lastPrice"]) == (pytest.approx(entry["average"]), pytest.approx(leave["average"]))
    assert (past["side"], past["info"]["type"]) == ("long", "CLOSE_LONG")
    assert float(past["info"]["tradeFee"]) == pytest.approx(fees)
    rows = [row for row in client.fetch_ledger("USDT") if row["info"]["type"] == "RealisedPNL"]
    assert sum(float(row["info"]["amount"]) for row in rows[-len(fills) - 1 :]) == pytest.approx(gross - fees)
    assert float(rows[-1]["info"]["accountEquity"]) == pytest.approx(start + gross - fees, abs=1e-4)


def test_the_times_of_one_event_agree_and_stay(client: Any) -> None:
    begun = client.fetch_time()
    bought = client.create_order(ETH, "market", "buy", 3, None, {"leverage": 5})
    opened = client.fetch_position(ETH)["info"]["openingTimestamp"]
    client.close_position(ETH)
    ended = client.fetch_time()
    fill = client.fetch_order_trades(bought["id"], ETH)[0]["timestamp"]
    past = client.fetch_positions_history([ETH], None, 1)[0]["info"]
    rows = client.fetch_ledger("USDT", begun, None, {"until": ended})
    assert [row["info"]["remark"] for row in rows] == ["ETHUSDTM", "ETHUSDTM"]
    moments = (begun, fill, int(past["closeTime"]), ended)
    assert moments == tuple(sorted(moments))
    assert int(past["openTime"]) == fill == int(opened)
    assert [row["timestamp"] for row in rows] == [fill, int(past["closeTime"])]
    until(lambda: client.fetch_time() > ended + 600)
    assert client.fetch_positions_history([ETH], None, 1)[0]["info"] == past
    assert client.fetch_ledger("USDT", begun, None, {"until": ended}) == rows


def test_a_position_turns_round(client: Any) -> None:
    client.create_order(ETH, "market", "sell", 5, None, {"leverage": 3})
    held = client.fetch_position(ETH)
    assert (held["side"], held["contracts"]) == ("short", 5)
    assert held["liquidationPrice"] > held["entryPrice"]
    client.create_order(ETH, "market", "buy", 2, None, {"leverage": 3})
    assert client.fetch_position(ETH)["contracts"] == 3
    client.create_order(ETH, "market", "buy", 7, None, {"leverage": 3})
    turned = client.fetch_position(ETH)
    assert (turned["side"], turned["contracts"]) == ("long", 4)
    assert client.fetch_positions_history([ETH], None, 1)[0]["info"]["type"] == "CLOSE_SHORT"


def test_a_post_only_order_never_takes(client: Any) -> None:
    crossing = client.create_order(BTC, "limit", "buy", 1, at(client, 1.01), {"leverage": 5, "postOnly": True})
    shown = client.fetch_order(crossing["id"], BTC)
    assert (shown["status"], shown["filled"], shown["postOnly"]) == ("canceled", 0, True)
    resting = client.create_order(BTC, "limit", "buy", 1, at(client, 0.97), {"leverage": 5, "postOnly": True})
    assert client.fetch_order(resting["id"], BTC)["status"] == "open"


def test_what_does_not_fill_at_once_of_an_ioc_goes(client: Any) -> None:
    missed = client.create_order(BTC, "limit", "buy", 1, at(client, 0.97), {"leverage": 5, "timeInForce": "IOC"})
    shown = client.fetch_order(missed["id"], BTC)
    assert (shown["status"], shown["filled"], shown["timeInForce"]) == ("canceled", 0, "IOC")
    taken = client.create_order(BTC, "limit", "buy", 1, at(client, 1.01), {"leverage": 5, "timeInForce": "IOC"})
    shown = client.fetch_order(taken["id"], BTC)
    assert (shown["status"], shown["filled"]) == ("closed", 1)
    assert shown["average"] <= shown["price"]


def test_reducing_orders_never_turn_a_position(client: Any) -> None:
    client.create_order(BTC, "market", "buy", 4, None, {"leverage": 5})
    free = client.fetch_balance()["USDT"]["free"]
    target = client.create_order(BTC, "limit", "sell", 3, at(client, 1.02), {"reduceOnly": True})
    assert client.fetch_balance()["USDT"]["free"] == pytest.approx(free, abs=0.5)
    assert client.fetch_order(target["id"], BTC)["reduceOnly"] is True
    client.create_order(BTC, "market", "sell", 9, None, {"reduceOnly": True})
    assert client.fetch_positions() == []
    assert client.fetch_order(target["id"], BTC)["status"] == "canceled"
    with pytest.raises(ccxt.ExchangeError, match=r"3000\d\d"):
        client.create_order(BTC, "market", "sell", 1, None, {"reduceOnly": True})
    assert client.fetch_positions() == []


@pytest.mark.parametrize(("name", "code"), [("mark", "MP"), ("last", "TP"), ("index", "IP")])
def test_a_stop_waits_on_any_of_three_prices(client: Any, name: str, code: str) -> None:
    free = client.fetch_balance()["USDT"]["free"]
    below, above = at(client, 0.9), at(client, 1.03)
    stop = client.create_order(
        BTC, "market", "sell", 2, None, {"triggerPrice": below, "triggerPriceType": name, "leverage": 5}
    )
    entry = client.create_order(
        BTC, "limit", "buy", 1, above, {"triggerPrice": above, "triggerPriceType": name, "leverage": 5}
    )
    assert client.fetch_balance()["USDT"]["free"] == free
    waiting = {one["id"]: one for one in client.fetch_open_orders(BTC, params={"stop": True})}
    assert set(waiting) == {stop["id"], entry["id"]}
    assert client.fetch_open_orders(BTC) == []
    shown = waiting[stop["id"]]
    assert (shown["triggerPrice"], shown["type"], shown["side"], shown["amount"]) == (below, "market", "sell", 2)
    assert (shown["info"]["stop"], shown["info"]["stopPriceType"]) == ("down", code)
    assert waiting[entry["id"]]["info"]["stop"] == "up"
    assert waiting[entry["id"]]["price"] == above
    assert client.fetch_order(stop["id"], BTC)["status"] == "open"
    client.cancel_order(entry["id"], BTC)
    assert client.fetch_order(entry["id"], BTC)["status"] == "canceled"
    client.cancel_all_orders(BTC, {"stop": True})
    assert client.fetch_open_orders(BTC, params={"stop": True}) == []
    assert client.fetch_order(stop["id"], BTC)["status"] == "canceled"


@pytest.mark.parametrize("kind", ["stopLossPrice", "takeProfitPrice"])
def test_a_stop_fires_and_closes(client: Any, kind: str) -> None:
    client.create_order(BTC, "market", "buy", 2, None, {"leverage": 5})
    beyond = at(client, 1.02 if kind == "stopLossPrice" else 0.98)
    stop = client.create_order(BTC, "market", "sell", 2, None, {kind: beyond, "triggerPriceType": "last"})
    done = until(lambda: finished(client, stop["id"]))
    assert (done["status"], done["filled"], done["reduceOnly"]) == ("closed", 2, True)
    assert done["info"]["stopTriggered"] is True
    assert client.fetch_open_orders(BTC, params={"stop": True}) == []
    assert client.fetch_positions() == []
    fill = client.fetch_order_trades(stop["id"], BTC)[0]
    assert fill["info"]["displayType"] == "market_stop"


def finished(client: Any, order_id: str, symbol: str = BTC) -> Any:
    """Return an order that is done, None while it is not."""
    order = client.fetch_order(order_id, symbol)
    return None if order["status"] == "open" else order


def test_an_entry_brings_its_target_and_its_stop(client: Any) -> None:
    up, down = at(client, 1.1), at(client, 0.9)
    client.create_order(
        BTC, "market", "buy", 2, None,
        {"leverage": 5, "stopLoss": {"triggerPrice": down}, "takeProfit": {"triggerPrice": up}},
    )  # fmt: skip
    stops = until(lambda: client.fetch_open_orders(BTC, params={"stop": True}))
    assert {(one["side"], one["amount"], one["triggerPrice"], one["reduceOnly"]) for one in stops} == {
        ("sell", 2, up, True),
        ("sell", 2, down, True),
    }
    assert {one["info"]["stopPriceType"] for one in stops} == {"MP"}


def test_several_at_once(client: Any) -> None:
    price = at(client, 0.97)
    kind = {"symbol": BTC, "type": "limit", "side": "buy", "amount": 1, "price": price}
    names = [f"many-{number}" for number in range(5)]
    placed = client.create_orders([{**kind, "params": {"leverage": 2, "clientOrderId": name}} for name in names])
    assert [one["clientOrderId"] for one in placed] == names
    assert {one["info"]["code"] for one in placed} == {"200000"}
    mixed = client.create_orders(
        [
            {**kind, "params": {"leverage": 2, "clientOrderId": "many-0"}},
            {**kind, "params": {"leverage": 2, "clientOrderId": "many-9"}},
        ]
    )
    assert [one["info"]["code"] for one in mixed] == ["300018", "200000"]
    assert mixed[0]["id"] is None
    open_ids = {one["id"] for one in client.fetch_open_orders(BTC)}
    assert open_ids == {one["id"] for one in placed} | {mixed[1]["id"]}
    assert len(client.fetch_open_orders(BTC, limit=3)) == 3
    gone = client.cancel_orders([placed[0]["id"], placed[1]["id"], "12345"], BTC)
    assert [one["info"]["code"] for one in gone] == ["200", "200", "100001"]
    by_name = client.cancel_orders([], BTC, {"clientOrderIds": ["many-2", "many-3"]})
    assert [one["info"]["code"] for one in by_name] == ["200", "200"]
    client.cancel_order(None, BTC, {"clientOrderId": "many-4"})
    assert [one["clientOrderId"] for one in client.fetch_open_orders(BTC)] == ["many-9"]
    client.create_order(ETH, "limit", "buy", 1, at(client, 0.97, ETH), {"leverage": 2})
    client.futuresPrivateDeleteOrders({"symbol": "XBTUSDTM", "version": "v3"})
    assert [one["symbol"] for one in client.fetch_open_orders()] == [ETH]
    client.futuresPrivateDeleteOrders({"symbol": "ETHUSDTM", "version": "v3"})
    assert client.fetch_open_orders() == []


def test_a_test_order_is_none(client: Any) -> None:
    client.create_order(BTC, "limit", "buy", 1, at(client, 0.97), {"leverage": 3, "test": True, "clientOrderId": "try"})
    assert client.fetch_open_orders() == []
    with pytest.raises(ccxt.ExchangeError, match="300016"):
        client.create_order(BTC, "limit", "buy", 1, at(client, 0.97), {"leverage": 300, "test": True})
    client.create_order(BTC, "limit", "buy", 1, at(client, 0.97), {"leverage": 3, "clientOrderId": "try"})


def test_an_order_by_value_takes_whole_lots(client: Any) -> None:
    placed = client.create_order(BTC, "market", "buy", 1, None, {"cost": 500, "leverage": 5})
    shown = client.fetch_order(placed["id"], BTC)
    assert shown["amount"] == int(500 / (shown["average"] * 0.001))


def test_cross_margin(client: Any) -> None:
    client.set_margin_mode("cross", BTC)
    assert client.fetch_margin_mode(BTC)["marginMode"] == "cross"
    assert client.fetch_margin_mode(ETH)["marginMode"] == "isolated"
    client.set_leverage(8, BTC, {"marginMode": "cross"})
    assert client.fetch_leverage(BTC)["longLeverage"] == 8
    client.create_order(BTC, "market", "sell", 5, None, {"marginMode": "cross"})
    held = client.fetch_position(BTC)
    assert (held["marginMode"], held["leverage"], held["side"], held["contracts"]) == ("cross", 8, "short", 5)
    assert held["initialMargin"] == pytest.approx(held["notional"] / 8, rel=1e-3)
    assert held["liquidationPrice"] > held["markPrice"]
    assert "autoDeposit" not in held["info"]
    with pytest.raises(ccxt.ExchangeError, match="50002"):
        client.set_margin_mode("isolated", BTC)
    with pytest.raises(ccxt.InvalidOrder, match="330005"):
        client.create_order(BTC, "market", "buy", 5, None, {"leverage": 5, "reduceOnly": True})
    client.close_position(BTC, None, {"marginMode": "cross"})
    past = client.fetch_positions_history([BTC], None, 1)[0]
    assert (past["marginMode"], past["info"]["type"]) == ("cross", "CLOSE_SHORT")


def test_hedge_mode(client: Any) -> None:
    assert client.fetch_position_mode()["hedged"] is False
    client.set_position_mode(True)
    assert client.fetch_position_mode()["hedged"] is True
    with pytest.raises(ccxt.InvalidOrder, match="330012"):
        client.create_order(BTC, "market", "buy", 1, None, {"leverage": 5})
    client.create_order(BTC, "market", "buy", 3, None, {"leverage": 5, "hedged": True})
    client.create_order(BTC, "market", "sell", 2, None, {"leverage": 5, "hedged": True})
    sides = {held["side"]: held for held in client.fetch_positions()}
    assert {side: held["contracts"] for side, held in sides.items()} == {"long": 3, "short": 2}
    assert sides["short"]["info"]["positionSide"] == "SHORT"
    client.create_order(BTC, "market", "sell", 1, None, {"hedged": True, "reduceOnly": True})
    assert {held["side"]: held["contracts"] for held in client.fetch_positions()} == {"long": 2, "short": 2}
    with pytest.raises(ccxt.ExchangeError, match="50002"):
        client.set_position_mode(False)
    client.close_position(BTC, None, {"positionSide": "SHORT"})
    assert [held["side"] for held in client.fetch_positions()] == ["long"]
    client.close_position(BTC, None, {"positionSide": "LONG"})
    client.set_position_mode(False)
    with pytest.raises(ccxt.ExchangeError, match="330011"):
        client.create_order(BTC, "market", "buy", 1, None, {"leverage": 5, "hedged": True})


def test_margin_moves(client: Any) -> None:
    client.create_order(BTC, "market", "buy", 10, None, {"leverage": 5})
    before, free = client.fetch_position(BTC), client.fetch_balance()["USDT"]["free"]
    more = client.add_margin(BTC, 20)
    assert (more["amount"], more["marginMode"], more["code"]) == (20, "isolated", "USDT")
    after = client.fetch_position(BTC)
    assert after["positionMargin"] == pytest.approx(before["positionMargin"] + 20)
    assert after["liquidationPrice"] < before["liquidationPrice"]
    assert client.fetch_balance()["USDT"]["free"] == pytest.approx(free - 20, abs=0.5)
    assert client.reduce_margin(BTC, 15)["info"]["data"] == "15"
    assert client.fetch_position(BTC)["positionMargin"] == pytest.approx(before["positionMargin"] + 5)
    most = client.futuresPrivateGetMarginMaxWithdrawMargin({"symbol": "XBTUSDTM"})["data"]
    assert 0 < float(most) < before["positionMargin"] + 5
    with pytest.raises(ccxt.ExchangeError):
        client.reduce_margin(BTC, 10_000)
    with pytest.raises(ccxt.InsufficientFunds):
        client.add_margin(BTC, 1_000_000)


def test_a_contract_that_settles_in_coins(client: Any) -> None:
    start = client.fetch_balance({"code": "BTC"})["BTC"]["total"]
    bought = client.create_order(COIN, "market", "buy", 200, None, {"leverage": 5})
    entry = client.fetch_order(bought["id"], COIN)
    assert entry["cost"] == pytest.approx(200 / entry["average"])
    fill = client.fetch_order_trades(bought["id"], COIN)[0]
    assert fill["fee"]["currency"] == "BTC"
    assert fill["fee"]["cost"] == pytest.approx(fill["cost"] * TAKER)
    held = client.fetch_position(COIN)
    assert (held["contracts"], held["side"]) == (200, "long")
    assert held["initialMargin"] == pytest.approx(entry["cost"] / 5)
    assert held["unrealizedPnl"] == pytest.approx(200 * (1 / held["entryPrice"] - 1 / held["markPrice"]), abs=1e-8)
    assert held["liquidationPrice"] < held["entryPrice"]
    client.close_position(COIN)
    past = client.fetch_positions_history([COIN], None, 1)[0]
    assert client.fetch_balance({"code": "BTC"})["BTC"]["total"] == pytest.approx(start + past["realizedPnl"], abs=1e-9)
    assert client.fetch_balance({"currency": "XBT"})["BTC"]["total"] < start


def test_money_moves_between_accounts(client: Any) -> None:
    start = client.fetch_balance()["USDT"]["total"]
    out = client.transfer("USDT", 12.5, "swap", "spot")
    assert (out["amount"], out["currency"], out["info"]["amount"], out["info"]["status"]) == (
        12.5, "USDT", "12.5", "PROCESSING",
    )  # fmt: skip
    assert client.fetch_balance()["USDT"]["total"] == pytest.approx(start - 12.5)
    client.transfer("USDT", 12.5, "funding", "swap")
    assert client.fetch_balance()["USDT"]["total"] == pytest.approx(start)
    rows = client.fetch_ledger("USDT")[-2:]
    assert [(row["info"]["type"], float(row["info"]["amount"])) for row in rows] == [
        ("TransferOut", -12.5),
        ("TransferIn", 12.5),
    ]
    with pytest.raises(ccxt.InsufficientFunds):
        client.transfer("USDT", 1e9, "swap", "spot")


def test_pages(client: Any) -> None:
    price = at(client, 0.97)
    for _ in range(5):
        placed = client.create_order(ETH, "limit", "buy", 1, at(client, 0.97, ETH), {"leverage": 2})
        client.cancel_order(placed["id"], ETH)
    asked = {"status": "done", "symbol": "ETHUSDTM", "pageSize": 2}
    pages = [client.futuresPrivateGetOrders({**asked, "currentPage": number})["data"] for number in (1, 2, 3)]
    total = int(pages[0]["totalNum"])
    assert total >= 5
    assert {(page["pageSize"], page["totalNum"], page["totalPage"]) for page in pages} == {(2, total, -(-total // 2))}
    ids = [row["id"] for page in pages for row in page["items"]]
    assert len(set(ids)) == len(ids) == min(6, total)
    stamps = [int(row["createdAt"]) for page in pages for row in page["items"]]
    assert stamps == sorted(stamps, reverse=True)
    assert client.futuresPrivateGetOrders({**asked, "currentPage": 9_999})["data"]["items"] == []
    recent = client.futuresPrivateGetRecentDoneOrders({"symbol": "ETHUSDTM"})["data"]
    assert {row["id"] for row in recent} >= set(ids)
    client.create_order(BTC, "limit", "buy", 2, price, {"leverage": 2})
    sums = client.futuresPrivateGetOpenOrderStatistics({"symbol": "XBTUSDTM"})["data"]
    assert (int(sums["openOrderBuySize"]), int(sums["openOrderSellSize"])) == (2, 0)
    assert float(sums["openOrderBuyCost"]) == pytest.approx(price * 0.002)
