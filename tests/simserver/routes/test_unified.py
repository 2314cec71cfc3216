"""The unified account's paths."""

from __future__ import annotations

import pytest
from server_world import START, World

SET = "/api/ua/v1/dcp/set"


def test_the_switch_is_set_asked_for_and_ended() -> None:
    world = World()
    seconds = START // 10**9
    assert world.ask("POST", SET, {"timeout": 10, "tradeType": "FUTURES"}) == {
        "tradeType": "FUTURES",
        "symbol": None,
        "systemTime": seconds,
        "triggerTime": seconds + 10,
    }
    told = world.ask("GET", "/api/ua/v1/dcp/query?tradeType=FUTURES")
    assert told == {"timeout": 10, "symbols": "", "currentTime": START // 1_000_000}
    both = {"timeout": 10, "tradeType": "FUTURES", "symbols": "XBTUSDTM,ETHUSDTM"}
    assert world.ask("POST", SET, both)["symbol"] == "XBTUSDTM,ETHUSDTM"
    assert world.ask("POST", SET, {"timeout": -1, "tradeType": "FUTURES"})["triggerTime"] == 0
    assert world.ask("GET", "/api/ua/v1/dcp/query?tradeType=FUTURES")["timeout"] == -1


@pytest.mark.parametrize(
    "body",
    [
        {"timeout": 4, "tradeType": "FUTURES"},
        {"timeout": 86_401, "tradeType": "FUTURES"},
        {"tradeType": "FUTURES"},
        {"timeout": 10, "tradeType": "SPOT"},
        {"timeout": 10},
        {"timeout": 10, "tradeType": "FUTURES", "symbols": ["NOPE"]},
    ],
)
def test_what_is_no_setting(body: dict[str, object]) -> None:
    assert World().refused("POST", SET, body)[1] in ("400100", "200003")


def test_the_pool_is_its_own_and_short() -> None:
    response = World().send("GET", "/api/ua/v1/account/mode")
    assert (response.headers["gw-ratelimit-limit"], response.headers["gw-ratelimit-reset"]) == ("200", "3000")
    assert b"CLASSIC" in response.body
