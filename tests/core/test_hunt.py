"""What a hostile review of the promises found: each of these broke one of them once."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.commands import Place
from radtui.core.events import FillReported, Listed, OrderSent, OrderSought, OrderUnclear, Passed
from radtui.core.ids import base36
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.once import KEPT
from radtui.core.order import OrderType
from radtui.core.orders import Purpose
from tests.core.holdings import holding, read
from tests.core.makers import fill, position, request
from tests.core.rim import START, Outcome, Rim

XBT, ETH = "XBTUSDTM", "ETHUSDTM"


def test_fills_that_a_reading_shows_again_are_not_counted_again_however_many_they_are() -> None:
    rim = holding()
    lots = rim.core.trading.positions.open[XBT].lots
    many = tuple(fill(n, 1, client_id="", trade_id=f"many{n}", at=rim.at, fee=Decimal(0)) for n in range(1, KEPT + 200))
    for _ in range(2):
        for each in many:
            rim.feed(FillReported(rim.at, each))
    assert rim.core.trading.positions.open[XBT].lots == lots + len(many)


def test_a_contract_that_is_not_listed_any_more_is_still_looked_after() -> None:
    rim = holding()
    rim.crash(100_000)
    rim.feed(Listed(rim.at, tuple(each for each in rim.venue.instruments if each.symbol != XBT)))
    rim.calm(10)
    assert rim.core.recovered
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm(60)
    assert rim.receipts[told].success
    assert not rim.venue.positions()


def test_a_receipt_tells_of_the_first_close_however_many_came_to_nothing_after_it() -> None:
    rim = holding()
    rim.signal(ETH, 0.9)
    rim.calm(4)
    told = rim.tell(Ask.EMERGENCY_STOP)
    for _ in range(300):
        rim.deliver()
        for _ in range(len(rim.pending)):
            command = rim.pending[0]
            bad = isinstance(command, Place) and command.request.symbol == ETH
            rim.carry(Outcome.REFUSED if bad else Outcome.OK)
        rim.pass_time(1.0)
    assert len(rim.core.trading.tallies.of) < 300
    rim.calm(60)
    receipt = rim.receipts[told]
    assert receipt.success
    assert {each.symbol for each in receipt.closed} == {XBT, ETH}


def test_somebody_elses_position_that_changes_all_the_time_does_not_hold_a_stop_up() -> None:
    rim = holding()
    told = rim.tell(Ask.STOP)
    for n in range(60):
        for _ in range(len(rim.pending)):
            rim.carry()
        read(rim, positions=(*rim.venue.positions(), position(10 + n, ETH, "3000")))
        rim.pass_time(1.0)
        rim.deliver()
    assert told in rim.receipts or ETH in rim.core.trading.positions.open
    assert ETH in rim.core.trading.positions.open


def test_a_crash_between_an_orders_note_and_the_memory_counts_its_fill_once() -> None:
    rim = holding()
    entry = next(order for order in rim.core.trading.orders.all() if order.purpose is Purpose.ENTRY)
    assert entry.filled_lots == entry.lots
    for keep in range(len(rim.journal)):
        again = holding()
        again.durable = 0
        again.crash(keep)
        again.calm(20)
        known = again.core.trading.orders.get(entry.client_id)
        if known is not None:
            assert known.filled_lots <= known.lots, keep
            assert known.seen_lots <= known.lots, keep


def test_an_error_lets_no_entry_leave() -> None:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal(XBT, 0.9)
    rim.core.control.fail("three in a row")
    rim.feed(Passed(rim.at, rim.at))
    (entry,) = rim.core.trading.orders.live(Purpose.ENTRY)
    assert entry.cancelling


def test_an_engine_that_is_ending_does_not_say_that_it_started() -> None:
    rim = holding()
    rim.tell(Ask.SHUTDOWN)
    rim.calm(20)
    assert rim.ended
    told = rim.tell(Ask.START)
    assert not rim.receipts[told].success
    assert rim.core.control.state is State.STOPPED


def test_an_entry_that_comes_to_light_while_nothing_may_be_entered_is_cancelled() -> None:
    rim = holding()
    rim.tell(Ask.PAUSE)
    working = rim.venue.place(
        request(f"t-{base36(START // 1_000_000)}-zz", 1, symbol=ETH, type=OrderType.LIMIT, price=Decimal(2950))
    )
    assert working.active
    rim.crash(100_000)
    rim.calm(20)
    assert rim.core.control.state is State.PAUSED
    assert not [each for each in rim.venue.open_orders() if not each.waits]


def test_an_entry_taken_for_gone_keeps_the_stop_it_was_planned_with() -> None:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.signal(XBT, 0.9)
    (plan,) = rim.core.trading.entries.plans.values()
    command = next(each for each in rim.pending if isinstance(each, Place))
    rim.pending.remove(command)
    rim.feed(OrderSent(rim.at, command.request.client_id))
    rim.feed(OrderUnclear(rim.at, command.request.client_id, "no answer"))
    for _ in range(8):
        rim.pass_time(1.0)
        rim.feed(OrderSought(rim.at, command.request.client_id, None))
    rim.venue.place(command.request)  # a request that travelled for longer than any can
    rim.calm(6)
    assert rim.core.trading.positions.open[XBT].plan == plan


def test_a_position_that_no_price_is_told_of_hides_no_loss() -> None:
    rim = holding()
    positions = rim.core.trading.positions
    rim.feed_read()
    del positions.marks[XBT]
    assert rim.core.trading.treasury.equity() is not None
    assert positions.unrealised() != 0
