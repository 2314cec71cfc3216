"""Counting what our orders brought since a stop was asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from radtui.core.order import Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.positions import Positions
from radtui.core.tallies import Tallies, cancelled, to_cancel
from tests.core.makers import NOW, XBT, fill, order, request, stop_request

BOOKS = {XBT.symbol: XBT}


def exit_order(client_id: str = "t-1-1", **changed: Any) -> Order:
    asked = request(client_id, 10, Side.SELL)
    told: dict[str, Any] = {"filled_lots": 10, "filled_value": XBT.notional(Decimal(60_000), 10), "updated_at": NOW}
    return order(OrderState.FILLED, Purpose.EXIT, request=asked, **{**told, **changed})


def test_it_counts_only_between_begin_and_end() -> None:
    tallies = Tallies()
    tallies.count(fill(), Decimal(5))
    assert tallies.of == {}
    tallies.begin()
    tallies.count(fill(1), Decimal(5))
    tallies.count(fill(2), None)
    tallies.begin()
    assert (tallies.of["t-1-1"].fee, tallies.of["t-1-1"].realised) == (Decimal(2), Decimal(5)), (
        "a second instruction joins"
    )
    tallies.end()
    tallies.count(fill(3), Decimal(5))
    assert tallies.of["t-1-1"].realised == 5
    tallies.begin()
    assert tallies.of == {}


def test_the_price_beside_a_close_is_that_of_the_moment_it_was_first_known() -> None:
    tallies = Tallies()
    tallies.begin()
    sent, positions = exit_order(), Positions()
    tallies.refer([sent], positions, NOW)
    for later, price in enumerate((60_010, 1)):
        positions.marks[XBT.symbol], positions.marked_at[XBT.symbol] = Decimal(price), NOW + later
        tallies.refer([sent], positions, NOW + 62)
    (closed,) = tallies.closed([sent], NOW, BOOKS)
    assert (closed.reference_age, closed.stop) == (62, False)
    assert (closed.reference, closed.slippage_ticks, closed.slippage) == (Decimal(60_010), 100, Decimal("0.100"))


def test_what_was_closed_is_what_exits_and_stops_filled_since_then() -> None:
    entry = order(OrderState.FILLED, filled_lots=10, updated_at=NOW)
    old, unfilled = exit_order("t-1-2", updated_at=NOW - 1), exit_order("t-1-3", filled_lots=0)
    told: dict[str, Any] = {"filled_value": XBT.notional(Decimal(56_990), 5), "updated_at": NOW, "filled_lots": 5}
    stop = order(OrderState.FILLED, Purpose.STOP, request=stop_request("t-1-4"), **told)
    live = order(OrderState.WORKING, Purpose.EXIT, request=request("t-1-5"), filled_lots=3, updated_at=NOW)
    found = Tallies().closed([entry, old, unfilled, stop, live, exit_order()], NOW, BOOKS)
    assert [each.client_id for each in found] == ["t-1-4", "t-1-1"]
    assert (found[0].reference, found[0].slippage_ticks, found[0].stop) == (Decimal("57000.0"), 100, True)
    assert (found[1].reference, found[1].slippage) == (None, None)


def test_what_was_cancelled_is_listed_with_what_was_not_filled_of_it() -> None:
    mine = order(OrderState.CANCELLED, filled_lots=4, updated_at=NOW, cancel_sent_at=NOW)
    others = [
        order(OrderState.CANCELLED, updated_at=NOW - 1, cancel_sent_at=NOW - 1),
        order(OrderState.FILLED, updated_at=NOW, cancel_sent_at=NOW),
        order(OrderState.CANCELLED, updated_at=NOW, cancelling=True),
    ]
    (found,) = cancelled([*others, mine], NOW)
    assert (found.lots, found.purpose, found.own) == (6, "entry", True)
    assert to_cancel(order(OrderState.WORKING, Purpose.STOP, request=stop_request())).trigger == Decimal("57000.0")
