"""The comparisons of the kill tests see what they are there to see."""

from __future__ import annotations

from typing import Any

import pytest
from records import Record

XBT = "XBTUSDTM"


def order(number: int, side: str, *, stop: str = "", closes: bool = False, size: int = 3) -> dict[str, Any]:
    return {
        "id": str(number), "clientOid": f"radtui-1-{number}", "symbol": XBT, "side": side, "size": size, "stop": stop,
        "closeOrder": closes, "reduceOnly": False,
    }  # fmt: skip


def fill(number: int, side: str, size: int = 3) -> dict[str, Any]:
    return {"orderId": str(number), "symbol": XBT, "side": side, "size": size}


def record(*orders: dict[str, Any], fills: tuple[dict[str, Any], ...] = (), lots: int = 0, resting: str = "") -> Record:
    held = {XBT: {"symbol": XBT, "currentQty": lots}} if lots else {}
    return Record({each["id"]: each for each in orders}, frozenset(resting.split()), list(fills), held)


def test_an_intent_that_was_sent_twice_is_seen_in_the_fills() -> None:
    once = record(order(1, "buy"), fills=(fill(1, "buy", 1), fill(1, "buy", 2)))
    assert once.doubled() == []
    twice = record(order(1, "buy"), order(2, "buy"), fills=(fill(1, "buy"), fill(2, "buy")))
    assert twice.doubled() == ["radtui-1-2"]
    turned = record(
        order(1, "buy"), order(2, "sell", closes=True), order(3, "sell"),
        fills=(fill(1, "buy"), fill(2, "sell"), fill(3, "sell")),
    )  # fmt: skip
    assert turned.doubled() == []
    assert turned.entries() == {"radtui-1-1", "radtui-1-3"}


@pytest.mark.parametrize(
    ("stop", "is_bare"),
    [
        (order(1, "sell", stop="down", closes=True, size=0), False),
        (order(1, "sell", stop="down"), False),
        (order(1, "sell", stop="down", size=2), True),
        (order(1, "buy", stop="up", closes=True), True),
        (order(1, "sell", closes=True), True),
    ],
    ids=["whole", "size", "too small", "wrong side", "no stop"],
)
def test_only_a_whole_stop_on_the_closing_side_covers(stop: dict[str, Any], is_bare: bool) -> None:
    assert record(stop, lots=3, resting="1").bare() == ([XBT] if is_bare else [])
    assert record(stop, lots=3).bare() == [XBT], "one that is done covers nothing"


def test_what_rests_without_a_position_is_an_orphan() -> None:
    stop = order(1, "sell", stop="down", closes=True)
    assert record(stop, lots=3, resting="1").orphans() == []
    assert record(stop, resting="1").orphans() == ["radtui-1-1"]
    assert record(order(2, "buy"), lots=3, resting="2").orphans() == ["radtui-1-2"], "an entry that waits in the book"
