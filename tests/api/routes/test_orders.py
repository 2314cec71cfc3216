"""Our orders: listed, filtered, found, and cancelled through the engine."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from radtui.core.instruction import Ask
from radtui.core.order import Side
from radtui.core.snapshot import FillView
from tests.api.callers import Caller, Scripted
from tests.api.routes.test_looking import ORDER, show

OTHERS = tuple(
    msgspec.structs.replace(ORDER, client_id=f"scripted-{number}", order_id=f"x{number}", symbol=symbol, state=state)
    for number, (symbol, state) in enumerate(
        [("XBTUSDTM", "working"), ("ETHUSDTM", "filled"), ("XBTUSDTM", "cancelled"), ("ETHUSDTM", "accepted")]
    )
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [0, 1, 2, 3]), ("?symbol=xbtusdtm", [0, 2]), ("?status=open", [0, 3]), ("?status=done", [1, 2]),
        ("?status=filled&symbol=ETHUSDTM", [1]), ("?limit=2", [0, 1]), ("?symbol=NIX", []),
    ],
)  # fmt: skip
def test_orders_by_contract_state_and_number(caller: Caller, scripted: Scripted, query: str, found: list[int]) -> None:
    show(scripted, orders=OTHERS)
    listed = caller.get(f"/api/orders{query}").body["orders"]
    assert [each["client_id"] for each in listed] == [f"scripted-{number}" for number in found]


def test_fills_are_of_the_contract_too(caller: Caller, scripted: Scripted) -> None:
    fill = FillView(
        trade_id="1", client_id="a", symbol="ETHUSDTM", side=Side.BUY, purpose="entry", lots=1, price=Decimal(1),
        fee=Decimal(1), maker=False, at=1, price_decimals=1,
    )  # fmt: skip
    show(scripted, fills=(fill,))
    assert len(caller.get("/api/orders?symbol=ETHUSDTM").body["fills"]) == 1
    assert not caller.get("/api/orders?symbol=XBTUSDTM").body["fills"]


@pytest.mark.parametrize(
    "query", ["status=typo", "limit=0", "limit=201", "limit=x", "symbol=%21", "symbol=" + "X" * 31]
)
def test_a_filter_that_cannot_be_is_refused(caller: Caller, query: str) -> None:
    assert caller.get(f"/api/orders?{query}").status == 422


def test_a_cancel_reaches_the_engine_by_either_id_once_for_each_key(caller: Caller, scripted: Scripted) -> None:
    show(scripted, orders=OTHERS)
    for _ in range(2):
        assert caller.ask("DELETE", "/api/orders/x0?wait=0", Idempotency_Key="k").status == 202
    caller.ask("DELETE", "/api/orders/scripted-3?wait=0")
    assert [(each.ask, each.subject) for each in scripted.heard] == [
        (Ask.CANCEL_ORDER, "x0"),
        (Ask.CANCEL_ORDER, "scripted-3"),
    ]


def test_what_the_engine_refuses_is_400_and_what_is_not_listed_404(caller: Caller, scripted: Scripted) -> None:
    show(scripted, orders=OTHERS)
    scripted.done(ask=Ask.CANCEL_ORDER, success=False, refused=True, message="The order protects a position")
    reply = caller.ask("DELETE", "/api/orders/x0")
    assert (reply.status, reply.body["message"]) == (400, "The order protects a position")
    assert caller.ask("DELETE", "/api/orders/x9").status == 404
    assert len(scripted.heard) == 1


def test_an_order_cannot_be_placed_by_hand_and_the_refusal_says_what_can_be_done(caller: Caller) -> None:
    assert caller.post("/api/orders", {"symbol": "XBTUSDTM"}).status == 405
