"""Orders by hand in an explored world: one for each key, and receipts that are true."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from stage import SYMBOL, Stage

from radtui.core.facts import OrderChanged, Receipted
from radtui.core.hand_order import HandType
from radtui.core.instruction import Ask, Receipt
from radtui.core.order import OrderReport, OrderRequest, OrderType, Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.outcome import Placed
from radtui.simserver.explore import hands
from radtui.simserver.explore.chances import Chances
from radtui.simserver.explore.hands import OncePerKey
from radtui.simserver.explore.selection import EVERYTHING


def intended(client_id: str, why: str = "by hand: operator: hand-1", purpose: Purpose = Purpose.ENTRY) -> OrderChanged:
    request = OrderRequest(client_id=client_id, symbol=SYMBOL, side=Side.BUY, type=OrderType.MARKET, lots=1)
    return OrderChanged(Order(request=request, purpose=purpose, state=OrderState.INTENT, why=why, intended_at=0))


def taken(client_id: str) -> OrderReport:
    return OrderReport(
        order_id=f"o{client_id}", client_id=client_id, symbol=SYMBOL, side=Side.BUY, type=OrderType.MARKET, lots=1
    )


def told(client_id: str, *, success: bool) -> Receipted:
    placed = Placed(client_id=client_id, order_id="", symbol=SYMBOL, side=Side.BUY, state="x", lots=1)
    receipt = Receipt(id="i", ask=Ask.PLACE_ORDER, success=success, message="", status="", at=1, placed=placed)
    return Receipted(receipt)


@pytest.mark.parametrize(
    ("second", "word"),
    [
        (intended("b"), "was accepted, and then b"),
        (intended("b", why="by hand: operator: hand-2"), ""),
        (intended("b", why="minute 3"), ""),
        (intended("b", purpose=Purpose.EXIT), ""),
    ],
)
def test_a_second_entry_of_one_key_is_reported(second: OrderChanged, word: str) -> None:
    stage = Stage()
    check = OncePerKey(stage)
    for fact, client_id in ((intended("a"), "a"), (second, "b")):
        check.heard(fact)
        check.accepted(taken(client_id))
        check.accepted(taken(client_id))
    assert {word in what for _, what in stage.reported} == ({True} if word else set())


def test_a_receipt_is_held_against_the_exchange() -> None:
    stage = Stage()
    check = OncePerKey(stage)
    there = stage.enter()
    check.heard(told(there.client_id, success=True))
    check.heard(told("nobody", success=False))
    nothing = msgspec.structs.replace(told("nobody", success=True).receipt, placed=None)
    check.heard(Receipted(nothing))
    assert not stage.reported
    check.heard(told("nobody", success=True))
    check.heard(told(there.client_id, success=False))
    assert ["knows no such order" in what for _, what in stage.reported] == [True, False]


def test_what_is_placed_can_be_meant_and_is_the_same_for_the_same_number() -> None:
    stage = Stage()
    chances = Chances(3, EVERYTHING)
    flat = [hands.order(chances, stage.venue, number) for number in range(60)]
    assert flat == [hands.order(chances, stage.venue, number) for number in range(60)]
    assert {each.type for each in flat} == set(HandType)
    assert not any(each.reduces for each in flat)
    stage.enter()
    held = [hands.order(chances, stage.venue, number) for number in range(60)]
    assert {(each.reduce_only, each.close) for each in held} == {(False, False), (True, False), (False, True)}
    assert all(each.side is Side.SELL for each in held if each.reduces)
    assert not any(each.faults or each.misfits(stage.venue.instruments[0]) for each in (*flat, *held))
    assert 0 < sum(hands.impatient(chances, number) for number in range(60)) < 60
    assert all(each.price is None or each.price > Decimal(0) for each in flat)
