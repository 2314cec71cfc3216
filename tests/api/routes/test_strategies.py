"""The strategies over the API: all of them, one of them, with what each can be told."""

from __future__ import annotations

from radtui.strategies.catalogue import BUILT_IN
from tests.api.callers import Caller


def test_every_strategy_is_listed_with_its_bounds(caller: Caller) -> None:
    told = caller.get("/api/strategies").body["strategies"]
    assert {each["name"] for each in told} >= set(BUILT_IN)
    cross = next(each for each in told if each["name"] == "ema_cross")
    fast = next(each for each in cross["parameters"] if each["name"] == "fast")
    assert (fast["default"], fast["least"], fast["most"], fast["above"]) == ("12", 2.0, 1000.0, None)
    assert next(each for each in cross["parameters"] if each["name"] == "timeframe")["choices"][0] == "1m"
    assert caller.get("/api/backtest/strategies").body["strategies"] == told


def test_one_strategy(caller: Caller) -> None:
    told = caller.get("/api/strategies/rsi").body
    assert (told["name"], told["origin"], told["fault"]) == ("rsi", "built in", "")
    assert told["explanation"]
    none = caller.get("/api/strategies/nix")
    assert none.status == 404
    assert "ema_cross" in none.body["todo"]
    assert caller.get("/api/strategies/a%20b").status == 422
