from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from radtui.exchange.kucoin.rest.calls.account import AccountCalls
from radtui.resilience.failures import Refused
from tests.exchange.kucoin.memory import KEY, Memory, World, fly, no, ok

OVERVIEW = {"currency": "USDT", "accountEquity": 99.8999305281, "availableBalance": 290, "unrealisedPNL": 0.1}
SLICE: dict[str, Any] = {"dataList": [], "hasMore": False}
FEES = {"symbol": "X", "takerFeeRate": "0.0006", "makerFeeRate": "0.0002"}
ARMED = {"tradeType": "FUTURES", "symbol": None, "systemTime": 1729159459, "triggerTime": 1729159469}
KEY_ANSWER = {"apiKey": KEY, "permission": "General, Futures", "ipWhitelist": "10.0.0.1", "apiVersion": 3}
FUTURES, SPOT = "https://api-futures.kucoin.com", "https://api.kucoin.com"

Ask = Callable[[AccountCalls], Awaitable[Any]]


@pytest.mark.parametrize(
    ("ask", "data", "base", "asked", "body"),
    [
        (lambda a: a.overview(), OVERVIEW, FUTURES, "GET /api/v1/account-overview?currency=USDT", None),
        (
            lambda a: a.ledger(kind="RealisedPNL", offset=5),
            SLICE,
            FUTURES,
            "GET /api/v1/transaction-history?type=RealisedPNL&offset=5&maxCount=50&currency=USDT",
            None,
        ),
        (
            lambda a: a.funding("X", begin=1, end=2),
            SLICE,
            FUTURES,
            "GET /api/v1/funding-history?symbol=X&startAt=1&endAt=2",
            None,
        ),
        (lambda a: a.fees("X"), FEES, FUTURES, "GET /api/v1/trade-fees?symbol=X", None),
        (lambda a: a.key_info(), KEY_ANSWER, SPOT, "GET /api/v1/user/api-key", None),
        (
            lambda a: a.set_switch(10),
            ARMED,
            SPOT,
            "POST /api/ua/v1/dcp/set",
            {"timeout": 10, "tradeType": "FUTURES"},
        ),
        (
            lambda a: a.set_switch(10, ["X", "Y"]),
            ARMED,
            SPOT,
            "POST /api/ua/v1/dcp/set",
            {"timeout": 10, "tradeType": "FUTURES", "symbols": "X,Y"},
        ),
        (
            lambda a: a.unset_switch(),
            ARMED,
            SPOT,
            "POST /api/ua/v1/dcp/set",
            {"timeout": -1, "tradeType": "FUTURES"},
        ),
        (lambda a: a.switch(), {"timeout": 5, "symbols": ""}, SPOT, "GET /api/ua/v1/dcp/query?tradeType=FUTURES", None),
    ],
)
def test_a_question_goes_out_as_the_protocol_has_it(ask: Ask, data: Any, base: str, asked: str, body: Any) -> None:
    memory = Memory(ok(data))

    async def story(world: World) -> None:
        assert await ask(world.rest.account) is not None
        assert memory.asked == [asked]
        sent = memory.sent[-1]
        assert sent.base == base
        assert "KC-API-SIGN" in sent.headers
        assert (json.loads(sent.body) if sent.body else None) == body

    fly(memory, story)


def test_money_is_exact_and_what_is_missing_is_none() -> None:
    found = fly(Memory(ok(OVERVIEW)), lambda world: world.rest.account.overview())
    assert (found.account_equity, found.unrealised_pnl) == (Decimal("99.8999305281"), Decimal("0.1"))
    assert found.position_margin is None


def test_a_pending_row_of_the_ledger() -> None:
    row = {
        "time": 1,
        "type": "RealisedPNL",
        "amount": 0,
        "fee": None,
        "offset": -1,
        "currency": "XBT",
        "status": "Pending",
    }
    found = fly(Memory(ok({"dataList": [row], "hasMore": True})), lambda world: world.rest.account.ledger("XBT"))
    assert found.has_more
    assert (found.data_list[0].offset, found.data_list[0].fee) == (-1, None)


def test_what_the_key_may_do() -> None:
    found = fly(Memory(ok(KEY_ANSWER)), lambda world: world.rest.account.key_info())
    assert found.permissions == {"General", "Futures"}
    assert KEY not in repr(found)


@pytest.mark.parametrize("seconds", [-1, 0, 4, 86_401])
def test_the_switch_takes_no_other_times(seconds: int) -> None:
    async def story(world: World) -> None:
        with pytest.raises(ValueError, match="5 to 86400"):
            await world.rest.account.set_switch(seconds)

    fly(Memory(ok(ARMED)), story)


def test_whether_the_switch_would_fire() -> None:
    async def story(world: World) -> None:
        assert (await world.rest.account.switch()).is_armed
        world.memory.answers[0] = ok({"timeout": -1})
        assert not (await world.rest.account.switch()).is_armed
        world.memory.answers[0] = ok(None)
        assert await world.rest.account.switch() is None

    fly(Memory(ok({"timeout": 5, "currentTime": 1})), story)


def test_an_account_without_the_switch_says_so() -> None:
    async def story(world: World) -> None:
        with pytest.raises(Refused):
            await world.rest.account.set_switch(10)

    fly(Memory(no("404000", "Not found", 404)), story)
