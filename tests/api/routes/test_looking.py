"""What is shown is what the engine shows, money to the last digit."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.api.views import Overview
from radtui.core.money_view import MoneyView
from radtui.core.order import Side
from radtui.core.order_view import OrderView
from radtui.core.position_view import PositionView
from radtui.core.why_view import WhyView
from tests.api.callers import Caller, Scripted
from tests.engine.hosts import soon

ORDER = OrderView(
    client_id="scripted-1", order_id="77", symbol="XBTUSDTM", side=Side.SELL, purpose="stop", type="market",
    state="working", lots=3, filled_lots=0, price=None, trigger=Decimal("61450.7"), cross=None, average=None, at=1,
    price_decimals=1,
)  # fmt: skip
HELD = PositionView(
    symbol="XBTUSDTM", base="XBT", side="long", lots=3, coins=Decimal("0.003"), entry=Decimal("64069.8"), mark=None,
    pnl=None, pnl_pct=None, margin=Decimal(1), maintenance=None, leverage=3, margin_mode="ISOLATED", liquidation=None,
    stop=None, stop_resting=False, target=None, bare_seconds=1.5, opened_at=1, price_decimals=1, coin_decimals=3,
)  # fmt: skip
MONEY = MoneyView(wallet=Decimal("0.10"), equity=Decimal("10.00"), available=Decimal("7.5"), reserved=Decimal("2.5"))
WHY = WhyView(symbol="XBTUSDTM", at=1, action="buy", confidence=0.9, reason="up", outcome="enters", gates=())


def show(scripted: Scripted, **shown: object) -> None:
    scripted.seen = msgspec.structs.replace(scripted.seen, **shown)


def test_an_engine_in_one_line(caller: Caller, scripted: Scripted) -> None:
    show(scripted, orders=(ORDER,), positions=(HELD,), money=MoneyView(equity=Decimal("9999.63114092")))
    seen = msgspec.convert(caller.get("/api/status").body, Overview, strict=False)
    assert (seen.bot, seen.positions, seen.unprotected, seen.orders) == ("scripted", 1, 1, 1)
    assert seen.equity == Decimal("9999.63114092")
    assert seen.remaining == ()


def test_orders_positions_and_money(caller: Caller, scripted: Scripted) -> None:
    show(scripted, orders=(ORDER,), positions=(HELD,), money=MONEY)
    assert [each["trigger"] for each in caller.get("/api/orders").body["orders"]] == ["61450.7"]
    held = caller.get("/api/positions").body["positions"][0]
    assert (held["side"], held["entry"]) == ("long", "64069.8")
    body = caller.get("/api/balances").body
    assert body["balances"] == [{"currency": "USDT", "available": "7.5", "reserved": "2.5", "total": "10.00"}]
    assert (body["money"]["wallet"], body["money"]["curve"]) == ("0.10", [])


def test_an_account_that_was_not_read_has_no_balances(caller: Caller) -> None:
    assert caller.get("/api/balances").body["balances"] == []


def test_one_order_by_either_id(caller: Caller, scripted: Scripted) -> None:
    show(scripted, orders=(ORDER,))
    assert caller.get("/api/orders/77").body == caller.get("/api/orders/scripted-1").body
    assert caller.get("/api/orders/78").status == 404


def test_why_in_any_case_of_letters(caller: Caller, scripted: Scripted) -> None:
    show(scripted, why=(WHY,))
    assert caller.get("/api/why/xbtusdtm").body["outcome"] == "enters"
    missing = caller.get("/api/why/NIX")
    assert (missing.status, missing.body["todo"]) == (404, "it was about: XBTUSDTM")


def test_the_ledger_answers_for_then_and_for_a_day(engine: Caller) -> None:
    soon(lambda: engine.get("/api/why").body.get("signals", 0) > 0)
    day = engine.get("/api/why").body
    assert day["holds"] == day["signals"], "this one never wants anything"
    assert engine.get(f"/api/why?day={day['day']}").body["day"] == day["day"]
    (symbol, *_) = engine.get("/api/status").body["symbols"]
    assert engine.get(f"/api/why/{symbol}/at?at={2**62}").body["outcome"] == "holds: nothing to do"
    assert engine.get("/api/why/NIX/at?at=5").status == 404
    assert engine.get("/api/why?day=2026-02-30").status == 422


def test_a_handle_that_is_not_near_has_no_ledger(caller: Caller) -> None:
    assert caller.get("/api/why").status == 503
