"""The portfolio over the API: how it stands and what would come of things; nothing of it is ever sent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radtui.core.money_view import MoneyView
from radtui.core.portfolio_view import PerformanceView, PortfolioView, WeightView
from tests.api.callers import Caller, Scripted
from tests.engine.hosts import soon

SEEN = PortfolioView(
    at=1, stance="moderate", share=Decimal("0.6"), performance=(PerformanceView(name="24h", gain=1.5),),
    strategies=(WeightView("ema_cross", 0.75, 0.6), WeightView("rsi", 0.25, 0.5)),
)  # fmt: skip
SAID: dict[str, Any] = {
    "strategy": "ema_cross", "symbol": "XBTUSDTM", "buy": 0.8, "sell": 0.1, "hold": 0.1, "confidence": 0.9,
}  # fmt: skip


@pytest.fixture
def known(scripted: Scripted) -> Scripted:
    money = MoneyView(equity=Decimal(10_000), available=Decimal(9000))
    scripted.seen = msgspec.structs.replace(scripted.seen, portfolio=SEEN, money=money)
    return scripted


@pytest.fixture
def flying(engine: Caller) -> Caller:
    soon(lambda: engine.get("/api/market-data/ticker/XBTUSDTM").status == 200)
    soon(lambda: engine.get("/api/balances").body["balances"])
    return engine


def test_the_equity_is_shared_out_by_confidence(caller: Caller, known: Scripted) -> None:
    wanted = [
        {"symbol": "XBTUSDTM", "side": "buy", "confidence": 0.6},
        {"symbol": "ETHUSDTM", "side": "sell", "confidence": 0.2},
    ]
    made = caller.post("/api/portfolio/allocate", {"signals": wanted}).body
    assert (made["stance"], Decimal(made["share"])) == ("moderate", Decimal("0.6"))
    assert [(each["symbol"], Decimal(each["share"]), Decimal(each["value"])) for each in made["allocations"]] == [
        ("XBTUSDTM", Decimal("0.45"), Decimal(4500)),
        ("ETHUSDTM", Decimal("-0.15"), Decimal(-1500)),
    ]
    bold = caller.post("/api/portfolio/allocate", {"signals": wanted, "stance": "aggressive"}).body
    assert Decimal(bold["share"]) == Decimal("0.8")


def test_before_the_account_was_read_there_are_shares_and_no_amounts(caller: Caller, scripted: Scripted) -> None:
    body = {"signals": [{"symbol": "XBTUSDTM", "side": "buy", "confidence": 0.6}]}
    made = caller.post("/api/portfolio/allocate", body).body
    assert (made["stance"], made["allocations"][0]["value"]) == ("conservative", None)
    assert caller.get("/api/portfolio/live/performance").status == 503


def test_performance_is_that_of_the_span_that_was_asked_for(caller: Caller, known: Scripted) -> None:
    assert caller.get("/api/portfolio/live/performance").body["gain"] == 1.5
    assert caller.get("/api/portfolio/live/performance?timeframe=7d").status == 503
    assert caller.get("/api/portfolio/live/performance?timeframe=2d").status == 422


def test_without_targets_the_portfolios_own_moves_are_told(flying: Caller) -> None:
    told = flying.post("/api/portfolio/rebalance").body
    assert (told["least_change"], told["actions"]) == (None, [])  # nothing is held and nothing was wanted
    assert Decimal(told["portfolio_value"]) > 0


def test_targets_are_weighed_against_what_is_held(flying: Caller) -> None:
    asked = {"targets": {"XBTUSDTM": 0.25, "ETHUSDTM": -0.01}, "least_change": 0.05}
    told = flying.post("/api/portfolio/rebalance", asked).body
    assert [(each["symbol"], each["action"]) for each in told["actions"]] == [("XBTUSDTM", "buy"), ("ETHUSDTM", "hold")]
    assert Decimal(told["actions"][0]["value"]) == Decimal("0.25") * Decimal(told["portfolio_value"])
    assert flying.post("/api/portfolio/rebalance", {"targets": {"NIX": 0.1}}).status == 404
    assert flying.get("/api/orders").body["orders"] == []


def test_signals_are_combined_and_put_through_the_gates(flying: Caller) -> None:
    name = flying.get("/api/config/strategies").body["strategy_weights"][0]["strategy_name"]
    said = [{**SAID, "strategy": name}, {**SAID, "strategy": "stranger", "buy": 0.0, "sell": 1.0, "hold": 0.0}]
    told = flying.post("/api/portfolio/process-signals", {"signals": said}).body
    (decision,) = told["decisions"]
    assert told["left_out"] == ["stranger"]
    assert (decision["action"], decision["should_execute"]) == ("buy", False)
    assert "state" in decision["refused_by"]
    flying.post("/api/bot/start")
    soon(lambda: flying.get("/api/bot-status").body["state"] == "running")
    told = flying.post("/api/portfolio/process-signals", {"signals": said}).body
    assert told["decisions"][0]["should_execute"]
    assert told["decisions"][0]["order"]["lots"] > 0
    quiet = {**SAID, "strategy": name, "buy": 0.1, "sell": 0.1, "hold": 0.8}
    held = flying.post("/api/portfolio/process-signals", {"signals": [quiet]}).body["decisions"][0]
    assert (held["action"], held["should_execute"], held["order"]) == ("hold", False, None)
    strange = {"signals": [{**SAID, "strategy": name, "symbol": "NIX"}]}
    assert flying.post("/api/portfolio/process-signals", strange).status == 404
    assert flying.get("/api/orders").body["orders"] == []


def test_a_trade_is_checked_and_not_made(flying: Caller) -> None:
    flying.post("/api/bot/start")
    soon(lambda: flying.get("/api/bot-status").body["state"] == "running")
    body = {"symbol": "XBTUSDTM", "side": "buy", "confidence": 0.9, "lots": 2}
    told = flying.post("/api/portfolio/live/validate-trade", body).body
    assert (told["is_valid"], told["message"]) == (True, "2 lots could be entered now")
    margin, most = Decimal(told["order"]["margin"]), told["max_trade_size"]
    assert Decimal(told["required_balance"]) == round(margin * 2 / most, 6)
    much = flying.post("/api/portfolio/live/validate-trade", {**body, "lots": most + 1}).body
    assert (much["is_valid"], much["message"]) == (
        False,
        f"{most + 1} lots were asked for, and at most {most} would be taken",
    )
    shy = flying.post("/api/portfolio/live/validate-trade", {**body, "confidence": 0.1}).body
    assert shy["message"].startswith("confidence: 0.10, allowed")
    assert flying.get("/api/orders").body["orders"] == []


def test_status_and_live_snapshot_tell_what_is(flying: Caller) -> None:
    told = flying.get("/api/portfolio/status").body
    assert (told["position_count"], told["total_pnl"], told["risk_summary"]["risk_level"]) == (0, "0", "low")
    assert told["active_strategies"][0]["weight"] == 1.0
    seen = flying.get("/api/portfolio/live/snapshot?symbols=xbtusdtm").body
    assert [each["symbol"] for each in seen["prices"]] == ["XBTUSDTM"]
    assert seen["prices"][0]["price"] is not None
    assert len(flying.get("/api/portfolio/live/snapshot").body["prices"]) > 1
    assert flying.get("/api/portfolio/live/snapshot?symbols=NIX").status == 404


WRONG: tuple[tuple[str, dict[str, Any]], ...] = (
    ("allocate", {"signals": []}),
    ("allocate", {"signals": [{"symbol": "XBTUSDTM", "side": "buy", "confidence": 1.1}]}),
    ("allocate", {"signals": [{"symbol": "XBTUSDTM", "side": "buy", "confidence": 0.5}] * 2}),
    ("allocate", {"signals": [{"symbol": "XBTUSDTM", "side": "buy", "confidence": 0.5}], "stance": "mad"}),
    ("process-signals", {"signals": []}),
    ("process-signals", {"signals": [{**SAID, "buy": 0.9}]}),
    ("process-signals", {"signals": [SAID, SAID]}),
    ("process-signals", {"signals": [{**SAID, "confidence": "nan"}]}),
    ("rebalance", {"targets": {"xbt": 0.1}}),
    ("rebalance", {"targets": {"XBTUSDTM": 126}}),
    ("rebalance", {"least_change": -1}),
    ("live/validate-trade", {"symbol": "XBTUSDTM"}),
)


def test_what_cannot_be_is_refused(flying: Caller) -> None:
    for route, body in WRONG:
        assert flying.post(f"/api/portfolio/{route}", body).status == 422, (route, body)
