"""What reaches the exchange, against what was intended, noted and told."""

from __future__ import annotations

from typing import Any

from stage import SYMBOL, Stage

from radtui.core.facts import OrderChanged
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.simserver.explore.checks import Placement
from radtui.simserver.explore.intents import OneOrderPerIntent


def said(client_id: str, state: OrderState = OrderState.INTENT, purpose: Purpose = Purpose.ENTRY) -> OrderChanged:
    request = OrderRequest(client_id=client_id, symbol=SYMBOL, side=Side.BUY, type=OrderType.MARKET, lots=1)
    return OrderChanged(Order(request=request, purpose=purpose, state=state, why="", intended_at=0))


def entry(client_id: str, **told: Any) -> Placement:
    return Placement(client_id, told.get("symbol", SYMBOL), told.get("reduces", False), 0)


def check() -> tuple[Stage, OneOrderPerIntent]:
    stage = Stage()
    return stage, OneOrderPerIntent(stage)


def test_an_entry_that_is_noted_may_arrive() -> None:
    stage, watch = check()
    watch.heard(said("x-1"))
    stage.disk.noted.add("x-1")
    watch.placing(entry("x-1"))
    assert not stage.reported


def test_an_entry_whose_note_is_not_durable_may_not_and_an_exit_may() -> None:
    stage, watch = check()
    watch.heard(said("x-1"))
    watch.placing(entry("x-1", reduces=True))
    assert not stage.reported
    watch.placing(entry("x-1"))
    assert "before its intent was durable" in stage.reported[0][1]


def test_what_nobody_intended_may_not() -> None:
    stage, watch = check()
    watch.placing(entry("x-1r", reduces=True))
    assert "never intended" in stage.reported[0][1]


def test_no_second_entry_while_the_fate_of_the_first_is_unknown() -> None:
    stage, watch = check()
    watch.heard(said("x-1", OrderState.UNKNOWN))
    watch.heard(said("x-2"))
    stage.disk.noted.add("x-2")
    watch.placing(entry("x-2"))
    assert "nobody knew what became of x-1" in stage.reported[0][1]


def test_no_entry_on_top_of_a_position() -> None:
    stage, watch = check()
    stage.enter()
    watch.heard(said("x-9"))
    stage.disk.noted.add("x-9")
    watch.placing(entry("x-9"))
    assert "a position is open already" in stage.reported[0][1]


def test_no_word_is_taken_back() -> None:
    stage, watch = check()
    report = stage.enter()
    watch.accepted(report)
    watch.heard(said(report.client_id, OrderState.REJECTED))
    assert "taken for rejected" in stage.reported[0][1]
    stage, watch = check()
    watch.heard(said("x-1", OrderState.REJECTED))
    watch.accepted(report)
    assert "after it had been taken for rejected" in stage.reported[0][1]


def test_a_request_that_arrives_twice_is_the_exchanges_to_refuse() -> None:
    stage, watch = check()
    report = stage.enter()
    watch.accepted(report)
    watch.placing(entry(report.client_id))
    assert not stage.reported
