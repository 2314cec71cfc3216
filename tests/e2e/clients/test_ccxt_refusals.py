"""What the exchange says no to reaches a ccxt session as the exception it knows it by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import BTC, COIN, Served

ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed")

pytestmark = pytest.mark.xdist_group("clients-rest")


@pytest.fixture(scope="module")
def client(served: Served) -> Any:
    client = served.ccxt(ccxt)
    client.load_markets()
    return client


def order(client: Any, share: float = 0.97, **changed: Any) -> Any:
    """Place a limit order for one lot, a little below the market unless changed."""
    wanted = {
        "symbol": BTC,
        "type": "limit",
        "side": "buy",
        "amount": 1,
        "price": round(client.fetch_ticker(BTC)["last"] * share, 1),
        "params": {"leverage": 5},
    } | changed
    return client.create_order(**wanted)


def raw(client: Any, **changed: object) -> Any:
    """Place a market order with a body that ccxt would not make."""
    body = {
        "clientOid": client.uuid(), "symbol": "XBTUSDTM", "side": "buy", "type": "market", "leverage": 5, "size": 1,
    } | changed  # fmt: skip
    return client.futuresPrivatePostOrders({name: value for name, value in body.items() if value is not None})


@pytest.mark.parametrize(
    ("changed", "expected", "code"),
    [
        ({"apiKey": "another"}, "AuthenticationError", "400003"),
        ({"secret": "another"}, "AuthenticationError", "400005"),
        ({"password": "another"}, "AuthenticationError", "400004"),
    ],
)
def test_wrong_credentials(served: Served, changed: dict[str, str], expected: str, code: str) -> None:
    stranger = served.ccxt(ccxt, **changed)
    with pytest.raises(getattr(ccxt, expected), match=code):
        stranger.fetch_balance()
    with pytest.raises(getattr(ccxt, expected), match=code):
        stranger.futuresPrivatePostOrders({"symbol": "XBTUSDTM"})
    assert stranger.fetch_time() > 0


@pytest.mark.parametrize("off", [-6_000, 6_000])
def test_a_clock_that_is_wrong(served: Served, off: int) -> None:
    late = served.ccxt(ccxt)
    right = late.milliseconds
    late.milliseconds = lambda: right() + off
    with pytest.raises(ccxt.InvalidNonce, match="400002"):
        late.fetch_balance()
    late.milliseconds = lambda: right() + off // 2
    assert late.fetch_balance()["USDT"]["total"] == 10_000


def test_a_signature_of_something_else(served: Served) -> None:
    forger = served.ccxt(ccxt)
    sign = forger.sign

    def forged(*arguments: Any, **named: Any) -> Any:
        request = sign(*arguments, **named)
        return {**request, "url": f"{request['url']}&symbol=XBTUSDTM"}

    forger.sign = forged
    with pytest.raises(ccxt.AuthenticationError, match="400005"):
        forger.futuresPrivateGetPositions({"currency": "USDT"})


def test_headers_that_are_missing(served: Served) -> None:
    for name in ("KC-API-KEY", "KC-API-SIGN", "KC-API-TIMESTAMP", "KC-API-PASSPHRASE"):
        nobody = served.ccxt(ccxt)
        sign = nobody.sign

        def stripped(*arguments: Any, missing: str = name, sign: Callable[..., Any] = sign, **named: Any) -> Any:
            request = sign(*arguments, **named)
            return {**request, "headers": {key: text for key, text in request["headers"].items() if key != missing}}

        nobody.sign = stripped
        with pytest.raises(ccxt.AuthenticationError, match="400001"):
            nobody.fetch_balance()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"params": {"leverage": 126}}, "300016"),
        ({"params": {"leverage": 0}}, "100001"),
        ({"params": {"leverage": 2.5}}, "100001"),
        ({"params": {"leverage": 5, "marginMode": "cross"}}, "330005"),
        ({"params": {"leverage": 5, "hedged": True}}, "330011"),
        ({"params": {"leverage": 1}, "amount": 150_000}, "300003|300005|330008"),
        ({"amount": 1_000_001, "params": {"leverage": 100}}, "100001|300000"),
        ({"params": {"leverage": 5, "clientOrderId": "has a blank"}}, "400100"),
        ({"params": {"leverage": 5, "clientOrderId": "x" * 41}}, "400100"),
        ({"params": {"leverage": 5, "remark": "x" * 101}}, "400100"),
        ({"params": {"leverage": 5, "postOnly": True, "iceberg": True, "visibleSize": 1}}, "300000"),
        ({"share": 1.2}, "300011"),
        ({"share": 0.8, "side": "sell"}, "300012"),
    ],
)
def test_orders_that_break_a_rule(client: Any, changed: dict[str, Any], code: str) -> None:
    before = len(client.fetch_open_orders(BTC))
    with pytest.raises(ccxt.ExchangeError, match=f'"code":"({code})"'):
        order(client, **changed)
    assert len(client.fetch_open_orders(BTC)) == before
    assert client.fetch_positions() == []


def test_money_that_is_not_there(client: Any) -> None:
    with pytest.raises(ccxt.InsufficientFunds, match="300003"):
        order(client, amount=900, params={"leverage": 1})


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"symbol": "NOSUCHM"}, "100003"),
        ({"symbol": None}, "100003"),
        ({"clientOid": None}, "400100"),
        ({"side": None}, "400100"),
        ({"side": "hold"}, "400100"),
        ({"type": "stop"}, "400100"),
        ({"size": None}, "100001"),
        ({"size": 0}, "100001"),
        ({"size": -1}, "100001"),
        ({"size": 1.5}, "100001"),
        ({"size": "ten"}, "400100"),
        ({"size": 1, "qty": "0.001"}, "100001"),
        ({"size": None, "qty": "0.0005"}, "100001"),
        ({"size": None, "valueQty": "1"}, "100001"),
        ({"symbol": "XBTUSDM", "size": None, "qty": "1"}, "100001"),
        ({"type": "limit"}, "100001"),
        ({"type": "limit", "price": "60000.05"}, "100001|300000"),
        ({"type": "limit", "price": "0"}, "100001|300000|300012"),
        ({"type": "limit", "price": "NaN"}, "400100"),
        ({"leverage": None}, "100001"),
        ({"stop": "down", "stopPrice": "60000"}, "100001"),
        ({"stop": "down", "stopPriceType": "TP"}, "100001"),
        ({"stop": "sideways", "stopPrice": "60000", "stopPriceType": "TP"}, "400100"),
        ({"stp": "DC"}, "400100"),
        ({"timeInForce": "FOK", "type": "limit", "price": "60000"}, "400100"),
        ({"marginMode": "PORTFOLIO"}, "400100"),
        ({"positionSide": "UP"}, "400100"),
        ({"closeOrder": True, "size": None, "side": None}, "300009"),
    ],
)
def test_bodies_that_break_a_rule(client: Any, changed: dict[str, object], code: str) -> None:
    with pytest.raises(ccxt.ExchangeError, match=f'"code":"({code})"'):
        raw(client, **changed)
    assert client.fetch_positions() == []


def test_reducing_what_is_not_there(client: Any) -> None:
    with pytest.raises(ccxt.ExchangeError, match='"code":"300009"'):
        client.close_position(BTC)
    with pytest.raises(ccxt.ExchangeError, match='"code":"3000'):
        raw(client, reduceOnly=True, leverage=None)
    with pytest.raises(ccxt.ExchangeError):
        client.reduce_margin(BTC, 1)


def test_a_client_id_serves_once_for_ever(client: Any) -> None:
    first = order(client, params={"leverage": 5, "clientOrderId": "only-once"})
    with pytest.raises(ccxt.ExchangeError, match="300018"):
        order(client, params={"leverage": 5, "clientOrderId": "only-once"})
    client.cancel_order(first["id"], BTC)
    with pytest.raises(ccxt.ExchangeError, match="300018"):
        order(client, side="sell", share=1.03, params={"leverage": 5, "clientOrderId": "only-once"})
    assert client.fetch_order(None, BTC, {"clientOrderId": "only-once"})["id"] == first["id"]


def test_orders_nobody_knows(client: Any) -> None:
    for unknown in (
        lambda: client.fetch_order("987654321", BTC),
        lambda: client.fetch_order("no number", BTC),
        lambda: client.fetch_order(None, BTC, {"clientOrderId": "nobody"}),
        lambda: client.cancel_order("987654321", BTC),
        lambda: client.cancel_order(None, BTC, {"clientOrderId": "nobody"}),
    ):
        with pytest.raises(ccxt.OrderNotFound, match="orderNotExist"):
            unknown()


def test_an_order_ends_once(client: Any) -> None:
    placed = order(client, params={"leverage": 5, "clientOrderId": "ends-once"})
    with pytest.raises(ccxt.OrderNotFound):
        client.cancel_order(None, COIN, {"clientOrderId": "ends-once"})
    client.cancel_order(placed["id"], BTC)
    with pytest.raises(ccxt.BadRequest, match="The order cannot be canceled"):
        client.cancel_order(placed["id"], BTC)
    with pytest.raises(ccxt.BadRequest, match="100004"):
        client.cancel_order(None, BTC, {"clientOrderId": "ends-once"})


@pytest.mark.parametrize(
    "asked",
    [
        {"currentPage": 0},
        {"pageSize": "many"},
        {"pageSize": -1},
        {"status": "sleeping"},
        {"side": "both"},
        {"type": "stop"},
        {"startAt": "yesterday"},
        {"startAt": 2, "endAt": 1},
        {"startAt": 0, "endAt": 864_000_000},
    ],
)
def test_pages_that_cannot_be(client: Any, asked: dict[str, object]) -> None:
    with pytest.raises(ccxt.BadRequest, match="400100"):
        client.futuresPrivateGetOrders({"status": "done", **asked})


def test_settings_that_cannot_be(client: Any) -> None:
    for wrong in (
        lambda: client.set_leverage(1_000, BTC, {"marginMode": "cross"}),
        lambda: client.set_leverage(0, BTC, {"marginMode": "cross"}),
        lambda: client.futuresPrivatePostPositionChangeMarginMode({"symbol": "XBTUSDTM", "marginMode": "BOTH"}),
        lambda: client.futuresPrivatePostPositionChangeMarginMode({"symbol": "NOSUCHM", "marginMode": "CROSS"}),
        lambda: client.futuresPrivatePostPositionSwitchPositionMode({"positionMode": "2"}),
        lambda: client.futuresPrivatePostPositionRiskLimitLevelChange({"symbol": "XBTUSDTM", "level": 99}),
        lambda: client.futuresPrivateGetAccountOverview({"currency": "DOGE"}),
        lambda: client.futuresPrivateGetFundingHistory({}),
        lambda: client.futuresPrivateGetTransactionHistory({"type": "Gift"}),
        lambda: client.futuresPrivatePostTransferOut({"currency": "USDT", "amount": "-1", "recAccountType": "MAIN"}),
        lambda: client.futuresPrivateDeleteOrders({"version": "v3"}),
    ):
        with pytest.raises(ccxt.ExchangeError):
            wrong()
    assert client.fetch_margin_mode(BTC)["marginMode"] == "isolated"
    assert client.fetch_position_mode()["hedged"] is False


def test_a_body_that_is_none(served: Served) -> None:
    mumbler = served.ccxt(ccxt)
    sign = mumbler.sign

    def mumbled(path: str, *arguments: Any, **named: Any) -> Any:
        request = sign(path, *arguments, **named)
        return {**request, "headers": {**request["headers"], "Content-Type": "text/plain"}}

    mumbler.sign = mumbled
    with pytest.raises(ccxt.ExchangeError, match="415000"):
        mumbler.futuresPrivatePostOrders({"symbol": "XBTUSDTM"})


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start servers of one contract that are as the arguments say; they end with the test."""
    started: list[Served] = []

    def start(*arguments: str) -> Served:
        started.append(Served(tmp_path, "--symbols", "XBTUSDTM", *arguments))
        return started[-1]

    yield start
    for server in started:
        server.close()


Alone = Callable[..., Served]


def test_a_key_that_may_only_look(alone: Alone) -> None:
    client = alone("--permissions", "General").ccxt(ccxt)
    client.load_markets()
    assert client.fetch_open_orders(BTC) == []
    with pytest.raises(ccxt.AuthenticationError, match="400007"):
        order(client)


def test_a_key_from_elsewhere(alone: Alone) -> None:
    client = alone("--addresses", "10.9.8.7,10.9.8.8").ccxt(ccxt)
    assert client.fetch_time() > 0
    with pytest.raises(ccxt.AuthenticationError, match="400006"):
        client.futuresPrivateGetPositions()


def test_a_server_whose_clock_is_ahead(alone: Alone) -> None:
    client = alone("--fault", "skew=60000").ccxt(ccxt)
    with pytest.raises(ccxt.InvalidNonce, match="400002"):
        client.futuresPrivateGetPositions()
    assert -61_000 < client.load_time_difference() < -59_000
    client.options["adjustForTimeDifference"] = True
    assert client.fetch_balance()["USDT"]["total"] == 10_000
    assert client.fetch_open_orders(BTC) == []


@pytest.mark.parametrize("state", [1, 2])
def test_maintenance(alone: Alone, state: int) -> None:
    client = alone("--fault", f"maintenance={state}").ccxt(ccxt)
    client.load_markets()
    assert client.fetch_status()["status"] == "maintenance"
    assert client.market(BTC)["active"] is False
    with pytest.raises(ccxt.ExchangeError, match='"code":"3000'):
        order(client)
    with pytest.raises(ccxt.OrderNotFound):
        client.cancel_order("1", BTC)


def test_a_storm(alone: Alone) -> None:
    client = alone().ccxt(ccxt)
    client.load_markets()
    client.cancel_all_orders(BTC)
    client.cancel_all_orders(BTC)
    with pytest.raises(ccxt.RateLimitExceeded, match="429000"):
        client.cancel_all_orders(BTC)
    headers = {name.lower(): int(text) for name, text in client.last_response_headers.items() if "atelimit" in name}
    assert headers["gw-ratelimit-limit"] == 2000
    assert 0 <= headers["gw-ratelimit-remaining"] < 800
    assert 0 < headers["gw-ratelimit-reset"] <= 30_000
    assert client.fetch_time() > 0
