"""Our orders: listed, filtered, found, and cancelled through the engine."""

from __future__ import annotations

import getpass
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import msgspec
import pytest

from radtui.core.hand_order import HandOrder, HandType
from radtui.core.instruction import Ask
from radtui.core.order import Side
from radtui.core.order_view import FillView
from radtui.core.outcome import Placed
from tests.api.callers import Caller, Scripted
from tests.api.routes.test_looking import ORDER, show
from tests.engine.hosts import soon

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


ASKED = {"symbol": "XBTUSDTM", "side": "buy", "lots": 10, "type": "limit", "price": "60000.10", "stop": "58800"}


def trading(scripted: Scripted) -> None:
    status = msgspec.structs.replace(scripted.seen.status, symbols=("XBTUSDTM",))
    scripted.seen = msgspec.structs.replace(scripted.seen, status=status)


def test_an_order_by_hand_reaches_the_engine_as_it_was_meant_once_for_each_key(
    caller: Caller, scripted: Scripted
) -> None:
    trading(scripted)
    for _ in range(2):
        assert caller.post("/api/orders?wait=0", {**ASKED, "why": "the news"}, Idempotency_Key="k").status == 202
    (heard,) = scripted.heard
    assert (heard.ask, heard.why) == (Ask.PLACE_ORDER, "the news")
    assert heard.order == HandOrder(
        symbol="XBTUSDTM", side=Side.BUY, lots=10, type=HandType.LIMIT, price=Decimal("60000.10"),
        stop=Decimal(58_800), key=f"cli:{getpass.getuser()} k",
    )  # fmt: skip
    assert caller.post("/api/orders?wait=0", {**ASKED, "lots": 11}, Idempotency_Key="k").status == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"lots": None}, {"lots": 0}, {"lots": 1.5}, {"lots": "3"}, {"coins": "0.01"}, {"price": None},
        {"price": 60000.1}, {"price": "0"}, {"price": "NaN"}, {"price": "1e400"}, {"type": "market"},
        {"type": "iceberg"}, {"side": "up"}, {"symbol": "xbt!"}, {"close": True}, {"reduce_only": True},
        {"reduce_only": "yes"}, {"unknown": 1},
    ],
)  # fmt: skip
def test_what_can_be_no_order_is_422(caller: Caller, scripted: Scripted, wrong: dict[str, object]) -> None:
    trading(scripted)
    assert caller.post("/api/orders", {**ASKED, **wrong}).status == 422
    assert not scripted.heard


def test_an_unknown_contract_is_404_and_a_refusal_400_with_every_reason(caller: Caller, scripted: Scripted) -> None:
    trading(scripted)
    assert caller.post("/api/orders", {**ASKED, "symbol": "DOGEUSDTM"}).status == 404
    assert not scripted.heard
    scripted.done(ask=Ask.PLACE_ORDER, success=False, refused=True, message="No order", refusals=("size: 9", "stop: 3"))
    reply = caller.post("/api/orders", ASKED)
    assert (reply.status, reply.body["receipt"]["refusals"]) == (400, ["size: 9", "stop: 3"])


def test_a_placed_order_is_named_and_an_unknown_fate_is_no_answer_yet(caller: Caller, scripted: Scripted) -> None:
    trading(scripted)
    reply = caller.post("/api/orders?wait=0.05", ASKED, Idempotency_Key="k")
    assert (reply.status, reply.body["success"], reply.body["id"]) == (202, None, "i1")
    placed = Placed(client_id="b-1-1", order_id="77", symbol="XBTUSDTM", side=Side.BUY, state="working", lots=10)
    scripted.done(ask=Ask.PLACE_ORDER, placed=placed)
    reply = caller.post("/api/orders", ASKED, Idempotency_Key="k")
    assert (reply.status, reply.body["receipt"]["placed"]["order_id"]) == (200, "77")


def flying(engine: Caller) -> Decimal:
    """Start an engine of its own, and return XBT's price once it is heard."""
    assert engine.post("/api/bot/start").status == 200
    soon(lambda: engine.get("/api/market-data/ticker/XBTUSDTM").status == 200)
    return Decimal(engine.get("/api/market-data/ticker/XBTUSDTM").body["price"])


def test_an_engine_places_lists_and_cancels_what_is_asked_by_hand(engine: Caller) -> None:
    price = flying(engine)
    low = str((price * Decimal("0.97")).quantize(Decimal(1)))
    entry = {"symbol": "XBTUSDTM", "side": "buy", "lots": 3, "type": "limit", "price": low}
    status, body = engine.post("/api/orders", {**entry, "why": "the news"}, Idempotency_Key="one")
    assert (status, body["success"]) == (200, True), body
    placed = body["receipt"]["placed"]
    assert placed["order_id"]
    listed = engine.get(f"/api/orders/{placed['order_id']}").body
    assert (listed["client_id"], listed["price"], listed["lots"]) == (placed["client_id"], low, 3)
    assert listed["why"].startswith("by hand: cli:")
    assert engine.post("/api/orders", {**entry, "why": "the news"}, Idempotency_Key="one").body["id"] == body["id"]
    refused = engine.post("/api/orders", {**entry, "type": "market", "price": None, "stop": "1"})
    assert refused.status == 400
    assert {each.split(":")[0] for each in refused.body["receipt"]["refusals"]} >= {"symbol free", "stop"}
    assert engine.ask("DELETE", f"/api/orders/{placed['order_id']}").status == 200
    assert [each["state"] for each in engine.get("/api/orders").body["orders"]] == ["cancelled"]


def test_five_at_once_keep_their_identities_and_the_position_its_stop(engine: Caller) -> None:
    price = flying(engine)
    assert engine.post("/api/orders", {"symbol": "XBTUSDTM", "side": "buy", "lots": 10}).body["success"]
    soon(lambda: engine.get("/api/positions").body["positions"])
    far = [str((price * Decimal("1.03") + 10 * number).quantize(Decimal(1))) for number in range(5)]
    asked = [
        {"symbol": "XBTUSDTM", "side": "sell", "lots": 1, "reduce_only": True, "type": "limit", "price": each}
        for each in far
    ]
    with ThreadPoolExecutor(5) as threads:
        replies = list(threads.map(lambda each: engine.post("/api/orders", each), asked))
    placed = [reply.body["receipt"]["placed"] for reply in replies]
    assert [each["price"] for each in placed] == far
    assert len({each["client_id"] for each in placed}) == len({each["order_id"] for each in placed}) == 5
    assert engine.post("/api/orders", {"symbol": "XBTUSDTM", "side": "sell", "close": True}).body["success"]
    soon(lambda: not engine.get("/api/positions").body["positions"])
    soon(lambda: not engine.get("/api/orders?status=open").body["orders"])
