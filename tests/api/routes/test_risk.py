"""How much is at stake, and an order put through the gates of a flying engine without being sent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.callers import Caller, Reply
from tests.engine.hosts import soon

BODY = {"symbol": "XBTUSDTM", "side": "buy", "confidence": 0.9}


def weigh(engine: Caller, **told: Any) -> Reply:
    return engine.post("/api/risk/validate/order", {**BODY, **told})


def test_an_order_is_weighed_and_not_sent(engine: Caller) -> None:
    engine.post("/api/bot/start")
    soon(lambda: engine.get("/api/market-data/ticker/XBTUSDTM").status == 200)
    fine = weigh(engine, lots=1, leverage=1).body
    assert (fine["valid"], fine["refused_by"]) == (True, [])
    assert fine["risk_score"] == pytest.approx(0.1)
    assert fine["risk_level"] == "very low"
    poor = weigh(engine, confidence=0.3, lots=10**9, leverage=125, side="sell").body
    assert poor["refused_by"] == ["confidence", "lots asked", "leverage asked"]
    far = weigh(engine, stop="1").body
    assert far["refused_by"] == ["stop"]
    assert engine.get("/api/orders").body["orders"] == []


def test_a_bot_that_stands_is_a_reason_too(engine: Caller) -> None:
    soon(lambda: engine.get("/api/market-data/ticker/XBTUSDTM").status == 200)
    assert "state" in weigh(engine).body["refused_by"]
    assert weigh(engine, symbol="NIX").status == 404


@pytest.mark.parametrize(
    "told",
    [
        {"side": "hold"}, {"confidence": 1.1}, {"confidence": True}, {"confidence": "nan"}, {"probability": 0.5},
        {"lots": 0}, {"lots": 1.5}, {"leverage": 126}, {"stop": "-1"}, {"stop": "NaN"}, {"price": "1e99"}, {"typo": 1},
        {"symbol": "x b t"}, {"symbol": None},
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_is_refused(engine: Caller, told: dict[str, Any]) -> None:
    assert weigh(engine, **told).status == 422


def test_the_score_of_an_order(caller: Caller) -> None:
    assert caller.get("/api/risk/score?confidence=0.5&sell=0.8").body == {"risk_score": 0.6, "risk_level": "high"}
    for wrong in ("", "?confidence=2", "?confidence=nan", "?confidence=inf", "?confidence=1&buy=-0.1"):
        assert caller.get(f"/api/risk/score{wrong}").status == 422


def test_the_assessment_of_an_account_with_nothing_open(engine: Caller) -> None:
    soon(lambda: engine.get("/api/balances").body["balances"])
    made = engine.get("/api/risk/assessment").body
    assert (made["total_exposure"], made["position_count"], made["risk_level"]) == ("0", 0, "low")
