"""A position is ours where orders of ours whose notes are lost made it: their fills add up, or what closes it rests."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from radtui.core.desk import Desk
from radtui.core.events import ExchangeShown
from radtui.core.lost_notes import LostNotes
from radtui.core.order import Fill, OrderReport, PositionSide, Side
from radtui.core.own_orders import OwnOrders
from tests.core.makers import ETH, NOW, admit_all, desk, fill, order, position, report, request, stop_request

Trace = Fill | OrderReport


def reading(*traces: Trace) -> ExchangeShown:
    orders = tuple(each for each in traces if isinstance(each, OrderReport))
    return ExchangeShown(NOW, NOW, orders, tuple(each for each in traces if isinstance(each, Fill)), (), None)


def made(*traces: Trace, lots: int = 10, orders: OwnOrders | None = None, **place: Any) -> bool:
    own, at = desk(), msgspec.structs.replace(position(lots), **place)
    notes, seen = LostNotes(own, orders or OwnOrders(own, admit_all)), reading(*traces)
    notes.look(seen)
    return notes.made(at, seen)


def lost(number: int, lots: int, side: Side = Side.BUY, **changed: Any) -> Fill:
    return fill(number, lots, side, **{"client_id": f"t-0-{number}", **changed})


@pytest.mark.parametrize("lots", [10, -10])
def test_what_their_fills_add_up_to_is_their_work(lots: int) -> None:
    side = Side.BUY if lots > 0 else Side.SELL
    assert made(lost(1, 7, side), lost(2, 3, side), lots=lots)
    assert made(lost(1, 12, side), lost(2, 2, side.opposite), lots=lots)
    assert not made(lost(1, 7, side), lots=lots)
    assert not made(lost(1, 10, side.opposite), lots=lots)
    assert not made(lots=lots)


def test_so_is_what_an_order_of_theirs_would_close() -> None:
    assert made(report(stop_request("t-0-1")))
    assert made(report(request("t-_0-1", 4, Side.SELL, reduce_only=True)))
    assert not made(report(stop_request("t-0-1", side=Side.BUY)))
    assert not made(report(request("t-0-1", 4, Side.SELL))), "an entry to come"


def test_what_others_did_is_no_sign_of_it() -> None:
    assert not made(lost(1, 10, client_id="hand-1"), report(stop_request("other-1")))
    assert not made(lost(1, 10, symbol=ETH.symbol))
    assert not made(report(msgspec.structs.replace(stop_request("t-0-1"), symbol=ETH.symbol)))


def test_nor_what_this_start_did_or_our_books_know() -> None:
    own: Desk = desk()
    assert not made(lost(1, 10, client_id=own.ids.next()))
    books = OwnOrders(own, admit_all)
    books.restore((order(request=request("t-0-1")),), ())
    assert not made(lost(1, 10), orders=books)


def test_on_a_hedge_account_each_side_is_of_its_own_orders() -> None:
    long, short = PositionSide.LONG, PositionSide.SHORT
    assert made(lost(1, 10, position_side=long), position_side=long)
    assert not made(lost(1, 10, position_side=long), lots=-10, position_side=short)


def test_what_was_once_unknown_is_so_after_it_was_taken_over() -> None:
    own = desk()
    books = OwnOrders(own, admit_all)
    notes, stop = LostNotes(own, books), report(stop_request("t-0-1"))
    notes.look(reading(stop))
    books.adopt(stop)
    notes.look(reading(stop))
    assert notes.made(position(10), reading(stop)), "the reading that confirms its position is a later one"
