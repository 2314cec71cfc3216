"""Coming to rest with positions kept: only what the exchange shows counts."""

from __future__ import annotations

from collections import deque
from decimal import Decimal

import msgspec
import pytest

from radtui.core.commands import Cancel, Read
from radtui.core.events import ExchangeShown, FillReported, OrderReported
from radtui.core.facts import Receipted
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.core.order import Fill, OrderReport
from radtui.core.orders import Purpose
from tests.core.holdings import holding
from tests.core.makers import request
from tests.core.rim import SYMBOLS, Outcome, Rim


def shown(rim: Rim, **changed: object) -> ExchangeShown:
    """Return what the venue shows, begun now, with some of it changed."""
    venue = rim.venue
    rim.at += 1
    seen = ExchangeShown(
        rim.at,
        rim.at,
        tuple(venue.open_orders()),
        tuple(venue.fills(0)),
        tuple(venue.positions()),
        venue.account(),
        tuple(venue.funding(0)),
    )
    return msgspec.structs.replace(seen, **changed)


@pytest.mark.parametrize("ask", [Ask.STOP, Ask.SHUTDOWN])
def test_the_receipt_comes_with_the_reading_that_began_after_the_instruction(ask: Ask) -> None:
    rim = holding(*SYMBOLS)
    before = shown(rim)
    rim.at += 1
    told = rim.tell(ask)
    assert isinstance(rim.pending[-1], Read), "it is read at once"
    rim.feed(msgspec.structs.replace(before, at=rim.at))
    assert told not in rim.receipts, "that reading began before"
    rim.feed(shown(rim))
    receipt = rim.receipts[told]
    assert receipt.success
    assert receipt.shown is not None
    assert receipt.shown.begun == rim.at
    assert sorted(line.split()[0] for line in receipt.positions_left) == sorted(SYMBOLS)
    assert all(line.endswith("on the exchange") for line in receipt.positions_left)
    assert len(receipt.stops_left) == 2
    assert receipt.orders_left == ()


def test_what_is_left_is_what_the_exchange_shows_and_not_what_we_believe() -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.STOP)
    (stop, _) = rim.venue.open_orders()
    moved = [msgspec.structs.replace(each, price=Decimal(1)) for each in rim.venue.open_orders()]
    rim.feed(shown(rim, orders=tuple(moved)))
    receipt = rim.receipts[told]
    assert receipt.shown is not None
    assert {each.price for each in receipt.shown.stops} == {Decimal(1)}
    assert stop.client_id in {each.client_id for each in receipt.shown.stops}


@pytest.mark.parametrize("lost", [0, 1])
def test_a_stop_that_the_exchange_does_not_show_is_in_the_way(lost: int) -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.STOP)
    orders = rim.venue.open_orders()
    rim.feed(shown(rim, orders=(orders[lost],)))
    assert told not in rim.receipts
    missing = orders[1 - lost].symbol
    assert any(missing in line and "NO STOP of ours" in line for line in rim.core.control.rest.waiting)
    rim.calm(6)
    assert rim.receipts[told].success


def test_a_stop_of_somebody_else_protects_nothing_of_ours() -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.STOP)
    orders = [msgspec.structs.replace(each, client_id="stranger-1") for each in rim.venue.open_orders()]
    rim.feed(shown(rim, orders=tuple(orders)))
    assert told not in rim.receipts


def test_a_stop_on_the_wrong_side_protects_nothing() -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.STOP)
    orders = [msgspec.structs.replace(each, side=each.side.opposite) for each in rim.venue.open_orders()]
    rim.feed(shown(rim, orders=tuple(orders)))
    assert told not in rim.receipts


def test_a_position_of_another_size_is_in_the_way() -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.STOP)
    positions = [msgspec.structs.replace(each, lots=each.lots + 1) for each in rim.venue.positions()]
    rim.feed(shown(rim, positions=tuple(positions)))
    assert told not in rim.receipts
    assert any("we knew" in line for line in rim.core.control.rest.waiting)


def test_a_position_that_the_exchange_does_not_show_is_in_the_way() -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.STOP)
    rim.feed(shown(rim, positions=()))
    assert told not in rim.receipts
    assert any("the exchange shows none" in line for line in rim.core.control.rest.waiting)


def closed_unheard(rim: Rim) -> list[Fill]:
    """Close everything by exits of ours of whose fills only the order reports have come; return the fills."""
    for symbol in SYMBOLS:
        rim.core.trading.exits.close(symbol, "test")
    for command in rim.core.desk.clear():
        rim._take(command)
    for _ in SYMBOLS:
        rim.carry()
    rim.pass_time(1.0)
    fills = [said for said in rim.inbox if isinstance(said, Fill)]
    reports = [said for said in rim.inbox if isinstance(said, OrderReport)]
    rim.inbox.clear()
    for report in reports:
        rim.feed(OrderReported(rim.at, report))
    exits = [order for order in rim.core.trading.orders.all() if order.purpose is Purpose.EXIT]
    assert [(order.state, order.seen_lots) for order in exits] == [("filled", 0)] * len(SYMBOLS)
    return fills


@pytest.mark.parametrize("ask", [Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP])
def test_exits_that_are_filled_but_not_counted_and_the_stops_they_leave_are_waited_for(ask: Ask) -> None:
    """A shutdown said success with two positions in its books, none at the exchange, and two stops left resting."""
    rim = holding(*SYMBOLS)
    fills = closed_unheard(rim)
    assert len(rim.core.trading.positions.open) == 2
    told = rim.tell(ask)
    rim.pass_time(0.3)
    assert told not in rim.receipts
    rim.pending = deque(command for command in rim.pending if not isinstance(command, Read))
    rim.feed(shown(rim, fills=()))
    assert told not in rim.receipts, "books and exchange differ"
    for fill in fills:
        rim.feed(FillReported(rim.at, fill))
    assert not rim.core.trading.positions.open
    rim.feed(shown(rim))
    assert told not in rim.receipts, "their stops still rest"
    rim.calm(8)
    receipt = rim.receipts[told]
    assert receipt.success
    assert not rim.venue.open_orders()
    assert (receipt.positions_left, receipt.stops_left) == ((), ())
    purse = rim.core.trading.purse
    assert purse.identity() == 0


def test_fills_that_cannot_be_had_are_not_waited_for_without_end() -> None:
    rim = holding(*SYMBOLS)
    closed_unheard(rim)
    told = rim.tell(Ask.STOP)
    began = rim.at
    while told not in rim.receipts:
        assert rim.at - began < 90 * SECOND
        rim.pass_time(0.5)
        rim.inbox.clear()
        for _ in range(len(rim.pending)):
            if isinstance(rim.pending[0], Read):
                rim.pending.popleft()
            else:
                rim.carry()
        rim.feed(shown(rim, fills=()))
    assert rim.receipts[told].success
    assert rim.at - began >= 20 * SECOND


def test_an_entry_found_on_the_exchange_is_cancelled_and_waited_for() -> None:
    rim = holding(*SYMBOLS)
    rim.at += SECOND
    told = rim.tell(Ask.STOP)
    stray = msgspec.structs.replace(
        rim.venue.open_orders()[0], client_id="t-zz-1", order_id="77", stop=None, close_order=False, lots=3
    )
    rim.feed(shown(rim, orders=(*rim.venue.open_orders(), stray)))
    assert told not in rim.receipts
    assert rim.core.control.state is State.STOPPING


def test_a_position_seen_for_the_first_time_is_looked_at_again_before_anything_is_said() -> None:
    rim = holding(*SYMBOLS)
    told = rim.tell(Ask.STOP)
    known, _ = rim.venue.positions()
    books = rim.core.trading.positions.open
    (other,) = set(SYMBOLS) - {known.symbol}
    del books[other]
    for stop in rim.core.trading.orders.live(Purpose.STOP, other):
        rim.core.trading.orders.cancel(stop)
    rim.core.desk.clear()
    rim.feed(shown(rim))
    assert told not in rim.receipts


@pytest.mark.parametrize("ask", [Ask.STOP, Ask.EMERGENCY_STOP])
def test_a_position_out_of_nowhere_is_looked_at_twice_before_the_bot_is_at_rest(ask: Ask) -> None:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.venue.place(request("stranger-2", 7))
    rim.at += SECOND
    rim.venue.advance(rim.at)
    told = rim.tell(ask)
    rim.feed(shown(rim))
    assert told not in rim.receipts
    rim.inbox.clear()
    rim.calm(6)
    assert rim.receipts[told].success


@pytest.mark.parametrize("ask", [Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP])
def test_also_of_a_flat_bot_a_reading_from_before_the_instruction_says_nothing(ask: Ask) -> None:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    before = shown(rim)
    rim.at += 1
    told = rim.tell(ask)
    rim.feed(msgspec.structs.replace(before, at=rim.at))
    assert told not in rim.receipts
    rim.feed(shown(rim))
    assert rim.receipts[told].success


def test_a_cancel_that_the_exchange_takes_its_time_with_is_waited_for() -> None:
    rim = holding(*SYMBOLS)
    rim.core.trading.exits.close("XBTUSDTM", "test")
    for command in rim.core.desk.clear():
        rim._take(command)
    rim.calm(0)
    rim.carry()
    rim.pass_time(1.0)
    rim.deliver()
    assert any(isinstance(command, Cancel) for command in rim.pending)
    told = rim.tell(Ask.SHUTDOWN)
    for _ in range(10):
        for _ in range(len(rim.pending)):
            rim.carry(Outcome.LOST_BEFORE if isinstance(rim.pending[0], Cancel) else Outcome.OK)
        rim.pass_time(1.0)
        rim.deliver()
    assert told not in rim.receipts
    assert any("XBTUSDTM stop" in line for line in rim.core.control.rest.waiting)
    rim.calm(3)
    assert rim.receipts[told].success


def test_a_second_stop_joins_the_first_and_each_has_its_receipt() -> None:
    rim = holding(*SYMBOLS)
    told = [rim.tell(Ask.STOP), rim.tell(Ask.STOP)]
    rim.at += 1
    rim.calm(3)
    assert [rim.receipts[each].success for each in told] == [True, True]
    assert len([fact for fact in rim.journal if isinstance(fact, Receipted) and fact.receipt.ask is Ask.STOP]) == 2
