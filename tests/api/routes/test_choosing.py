"""The scan of the market and the trading window over the API."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.scan_view import CandidateView, ScanView, ScorePart
from radtui.core.window_view import WindowView
from tests.api.callers import Caller, Scripted

FOUND = CandidateView(
    symbol="XBTUSDTM", action="buy", score=70.0, confidence=0.7, parts=(ScorePart("trend", 30.0, "3 of 4"),),
    reason="agreed", price=Decimal("60000.1"), stop=Decimal(59000), target=Decimal(62000), turnover=Decimal(10**9),
    at=5,
)  # fmt: skip


def test_the_scan_is_told_with_the_parts_of_each_score(caller: Caller, scripted: Scripted) -> None:
    assert caller.get("/api/scanner").body["on"] is False
    scan = ScanView(on=True, done=3, total=9, partial="2 of 9 could not be read", candidates=(FOUND,))
    scripted.seen = msgspec.structs.replace(scripted.seen, scan=scan)
    told = caller.get("/api/scanner").body
    assert (told["done"], told["total"], told["partial"]) == (3, 9, "2 of 9 could not be read")
    assert told["candidates"][0]["parts"] == [{"name": "trend", "points": 30.0, "figure": "3 of 4"}]
    assert told["candidates"][0]["price"] == "60000.1"


def test_the_window_is_told(caller: Caller, scripted: Scripted) -> None:
    scripted.seen = msgspec.structs.replace(scripted.seen, window=WindowView(open=False, trades=5, limit=5))
    assert (caller.get("/api/window").body["open"], caller.get("/api/window").body["limit"]) == (False, 5)
