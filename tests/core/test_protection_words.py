"""What protection says and shows of a position, to the word; and that one contract's stops are not another's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from radtui.core.facts import Trouble
from radtui.core.holding import Holding
from radtui.core.market import SECOND
from radtui.core.order import Cross, Side, Trigger
from radtui.core.orders import OrderState, Purpose
from radtui.core.protection import BareTime
from tests.core.makers import ETH, XBT, facts, order, report, request, stop_request
from tests.core.stand import PLAN, Stand


def test_a_position_that_is_bare_for_too_long_is_said_to_be_so() -> None:
    stand = Stand()
    stand.guard(5.001)
    (alarm,) = facts(stand.said, Trouble)
    text = "XBTUSDTM has no confirmed stop after 5 s: it is being closed, and the stop tried again"
    assert (alarm.kind, alarm.message, alarm.where, alarm.severity) == ("unprotected", text, "protection", "alarm")
    (close,) = stand.orders.live(Purpose.EXIT)
    assert close.why == "no stop within 5 s"
    assert stand.protection.view(stand.desk.at).breaches == 1


@pytest.mark.parametrize(("side", "stop"), [(Side.BUY, "57000"), (Side.SELL, "63000")])
def test_a_plan_that_was_made_up_says_what_of(side: Side, stop: str) -> None:
    stand = Stand(side, plan=None)
    (asked,) = stand.guard()
    assert stand.held.plan is not None
    assert (stand.held.plan.stop, stand.held.plan.target, stand.held.plan.reason) == (
        Decimal(stop),
        None,
        "default stop",
    )
    (placed,) = stand.stops()
    assert placed.request == asked
    assert placed.why == f"protects the {'long' if side is Side.BUY else 'short'}"


@pytest.mark.parametrize("lots", [1, -1])
def test_a_single_lot_without_a_plan_keeps_the_tightest_of_its_stops(lots: int) -> None:
    side = Side.BUY if lots > 0 else Side.SELL
    stand = Stand(side, plan=None)
    stand.held.holding = Holding(lots, Decimal(60) * lots)
    prices = ("55000.0", "58000.0") if lots > 0 else ("65000.0", "62000.0")
    for number, price in enumerate(prices):
        stand.orders.adopt(report(stop_request(f"t-1-{number}", price, side.opposite)))
    stand.guard()
    assert stand.held.plan is not None
    assert (stand.held.plan.stop, stand.held.plan.reason) == (Decimal(prices[1]), "the stop that rests")


@pytest.mark.parametrize(
    ("side", "asked", "placed"), [(Side.BUY, "58000.04", "58000.1"), (Side.SELL, "56000.06", "56000.0")]
)
def test_a_stop_moves_to_the_tick_that_is_nearer_to_the_market(side: Side, asked: str, placed: str) -> None:
    stand = Stand(side)
    assert stand.protection.tighten(XBT.symbol, Decimal(asked))
    (new,) = stand.asked()
    assert new.stop is not None
    assert new.stop.price == Decimal(placed)


def test_tidying_one_contract_leaves_the_stops_of_another() -> None:
    stand = Stand()
    for client_id, symbol in (("t-1-8", XBT.symbol), ("t-1-9", ETH.symbol)):
        stand.orders.adopt(report(stop_request(client_id), symbol=symbol))
    stand.protection.tidy(XBT.symbol)
    stand.asked()
    assert stand.cancels() == ["t-1-8"]
    kept = stand.orders.get("t-1-9")
    assert kept is not None
    assert (kept.state, kept.cancelling) == (OrderState.WORKING, False)


def test_what_closed_positions_were_bare_for_adds_up() -> None:
    bare = BareTime()
    for seconds in (3, 1, 2):
        bare.add(seconds)
    assert (bare.worst, bare.total, bare.positions, bare.breaches) == (3, 6, 3, 0)


def test_a_position_with_its_stop_and_one_without_lots_are_not_unprotected() -> None:
    stand = Stand()
    assert stand.protection.unprotected() == [XBT.symbol]
    (asked,) = stand.guard()
    stand.rest(asked)
    assert stand.protection.unprotected() == []
    stand.held.bare_since, stand.held.holding = stand.desk.at, Holding()
    assert stand.protection.unprotected() == []


def test_an_entry_without_a_position_is_no_orphan() -> None:
    stand = Stand()
    stand.orders.adopt(report(request("t-1-8", symbol=ETH.symbol)))
    stand.orders.adopt(report(stop_request("t-1-9"), symbol=ETH.symbol))
    stand.protection.tidy_orphans(frozenset())
    stand.asked()
    assert stand.cancels() == ["t-1-9"]


def test_a_stop_that_the_exchange_took_and_that_is_being_cancelled_is_not_waited_for() -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.orders.accepted(asked.client_id, "x1")
    stand.orders.cancel(stand.stops()[0])
    (again,) = stand.guard(1.0)
    assert again.stop == asked.stop


def test_an_order_on_the_other_side_is_not_waited_for_whatever_its_trigger() -> None:
    stand = Stand()
    wrong = request("t-1-7", 0, Side.BUY, close_order=True, stop=stop_request().stop, leverage=0)
    stand.orders.restore((), (order(OrderState.UNKNOWN, Purpose.STOP, request=wrong),))
    stand.orders.accepted("t-1-7", "x7")
    assert len(stand.guard()) == 1


@pytest.mark.parametrize("shown", [{"lots": 7}, {"close_order": False, "lots": 0}])
def test_a_stop_that_rests_for_whatever_the_position_is_needs_no_other(shown: dict[str, object]) -> None:
    stand = Stand()
    (asked,) = stand.guard()
    stand.rest(asked)
    stand.desk.at += 60 * SECOND
    assert stand.read(asked, **shown) == []
    assert not stand.bare()


@pytest.mark.parametrize("rests", [True, False])
def test_the_stop_of_another_contract_protects_nothing_here_and_is_not_waited_for(rests: bool) -> None:
    stand = Stand()
    other = stop_request("t-1-9")
    stand.orders.restore((), (order(OrderState.UNKNOWN, Purpose.STOP, request=replace(other, symbol=ETH.symbol)),))
    if rests:
        stand.orders.sought("t-1-9", report(other, symbol=ETH.symbol))
    else:
        stand.orders.accepted("t-1-9", "x9")
    (asked,) = stand.guard()
    assert (asked.symbol, asked.stop) == (XBT.symbol, other.stop)
    assert stand.bare()


def test_a_close_that_the_exchange_works_on_is_no_stop() -> None:
    stand = Stand()
    stand.exits.close(XBT.symbol, "test")
    (close,) = stand.orders.live(Purpose.EXIT)
    stand.orders.reported(report(close.request))
    stand.asked()
    assert len(stand.guard()) == 1
    assert stand.bare()


@pytest.mark.parametrize(("side", "cross"), [(Side.BUY, Cross.DOWN), (Side.SELL, Cross.UP)])
def test_a_single_lot_is_stopped_on_its_losing_side(side: Side, cross: Cross) -> None:
    stand = Stand(side)
    stand.held.holding = Holding(side.sign, Decimal(60) * side.sign)
    (asked,) = stand.guard()
    assert asked.stop == Trigger(cross, PLAN.stop)


def test_of_many_stops_that_are_not_as_planned_the_first_and_the_last_stay_until_the_planned_one_rests() -> None:
    stand = Stand()
    for number in range(5):
        stand.orders.adopt(report(stop_request(f"t-1-{number}", f"5500{number}.0")))
    assert len(stand.guard()) == 1
    assert stand.cancels() == ["t-1-1", "t-1-2", "t-1-3"]


def test_stops_that_the_exchange_never_takes_are_spaced_although_it_answers_all_else() -> None:
    stand, sent = Stand(protect_within=3600 * SECOND), 0
    for _ in range(200):
        sent += len(stand.guard(1.0))
        for stop in stand.stops():
            stand.orders.sent(stop.client_id)
            if stand.desk.at - stop.intended_at >= 2 * SECOND:
                stand.orders.unclear(stop.client_id, "no answer")
            stand.orders.sought(stop.client_id, None)
    assert 8 <= sent <= 25
