"""Backtests over the API: asked for, looked at, cancelled; what cannot be is refused before anything is told."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from radtui.core.backtest_view import BacktestRequest, BacktestState, BacktestView
from radtui.core.instruction import Ask
from radtui.core.market import SECOND
from tests.api.callers import Caller, Scripted

DAY = 1_767_225_600 * SECOND


def view(**told: Any) -> BacktestView:
    asked = BacktestRequest(strategy="rsi", symbol="XBTUSDTM", timeframe="1m")
    known = {"id": "7-h1", "request": asked, "who": "cli:lena", "state": BacktestState.RUNNING, "started_at": 5}
    return BacktestView(**{**known, **told})


def show(scripted: Scripted, *views: BacktestView) -> None:
    scripted.seen = msgspec.structs.replace(scripted.seen, backtests=views)


def test_a_backtest_is_begun_with_all_that_was_said(caller: Caller, scripted: Scripted) -> None:
    scripted.done(ask=Ask.BACKTEST, message="backtest begun: rsi on XBTUSDTM 1m")
    body = {
        "strategy": "rsi", "symbol": "XBTUSDTM", "timeframe": "1m", "start": "2026-01-01", "end": DAY + 60 * SECOND,
        "parameters": {"period": 9, "clear": 0.5, "on": True, "name": "x"}, "capital": "5000.5", "slippage": "0.001",
        "why": "a look",
    }  # fmt: skip
    told = caller.post("/api/backtest/run", body)
    assert (told.status, told.body["id"], told.body["success"]) == (200, "i1", True)
    (heard,) = scripted.heard
    assert (heard.ask, heard.why) == (Ask.BACKTEST, "a look")
    assert msgspec.json.decode(heard.subject, type=BacktestRequest) == BacktestRequest(
        strategy="rsi", symbol="XBTUSDTM", timeframe="1m", start=DAY, end=DAY + 60 * SECOND,
        parameters={"period": "9", "clear": "0.5", "on": "true", "name": "x"}, capital=Decimal("5000.5"),
        slippage=Decimal("0.001"),
    )  # fmt: skip


def test_what_is_left_out_is_as_the_bot_has_it(caller: Caller, scripted: Scripted) -> None:
    scripted.done(ask=Ask.BACKTEST)
    caller.post("/api/backtest/run")
    assert msgspec.json.decode(scripted.heard[0].subject, type=BacktestRequest) == BacktestRequest()


@pytest.mark.parametrize(
    "body",
    [
        {"strategy": "../x.py:Y"}, {"symbol": "xbt"}, {"start": "yesterday"}, {"start": -1}, {"start": True},
        {"start": "2026-02-30"}, {"start": 1.5}, {"end": 2**63}, {"parameters": {"a b": 1}}, {"parameters": {"a": [1]}},
        {"capital": 5}, {"capital": "-5"}, {"capital": "NaN"}, {"slippage": "0.2"}, {"slippage": "-0.01"}, {"typo": 1},
        {"parameters": {f"p{n}": 1 for n in range(21)}},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(caller: Caller, scripted: Scripted, body: dict[str, Any]) -> None:
    assert caller.post("/api/backtest/run", body).status == 422
    assert scripted.heard == []


def test_one_that_is_refused_says_why(caller: Caller, scripted: Scripted) -> None:
    scripted.done(ask=Ask.BACKTEST, success=False, refused=True, message="another backtest is under way")
    told = caller.post("/api/backtest/run", {})
    assert (told.status, told.body["message"]) == (400, "another backtest is under way")


def test_the_report_is_there_once_it_is_done(caller: Caller, scripted: Scripted, tmp_path: Path) -> None:
    document = tmp_path / "a.json"
    document.write_text(json.dumps({"results": {"total_trades": 3}, "trades": [{"net": "1.5"}]}))
    show(scripted, view(), view(id="7-h2", state=BacktestState.DONE, document=str(document)))
    listed = caller.get("/api/backtest").body["backtests"]
    assert [each["state"] for each in listed] == ["running", "done"]
    assert caller.get("/api/backtest/7-h1").body["report"] is None
    done = caller.get("/api/backtest/7-h2").body
    assert done["report"]["trades"] == [{"net": "1.5"}]
    document.unlink()
    assert caller.get("/api/backtest/7-h2").body["report"] is None
    assert caller.get("/api/backtest/nix").status == 404


def test_one_is_cancelled_by_its_id(caller: Caller, scripted: Scripted) -> None:
    show(scripted, view())
    scripted.done(ask=Ask.CANCEL_BACKTEST)
    assert caller.ask("DELETE", "/api/backtest/7-h1", b'{"why": "too slow"}').status == 200
    assert [(each.ask, each.subject, each.why) for each in scripted.heard] == [
        (Ask.CANCEL_BACKTEST, "7-h1", "too slow")
    ]
    assert caller.ask("DELETE", "/api/backtest/nix").status == 404
    assert len(scripted.heard) == 1
