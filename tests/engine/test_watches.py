"""The watches: over the account, and over the journal that entries depend on and exits do not."""

from __future__ import annotations

import asyncio

from radtui.core.facts import Evaluated, Trouble
from radtui.core.instruction import Ask
from radtui.core.orders import Purpose
from radtui.health.report import problems
from radtui.venue.faults import Fault
from tests.core.makers import request
from tests.engine.flights import SYMBOLS, Buyer, Flight, Idle, Turner, fly


def test_the_account_is_looked_at_each_second_while_there_is_something_to_watch() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        before = flight.calls("positions")
        await asyncio.sleep(20.0)
        assert 17 <= flight.calls("positions") - before <= 20

    fly(scenario, Buyer)


def test_an_idle_account_is_looked_at_every_ten_seconds() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(15.0)
        before = flight.calls("positions")
        await asyncio.sleep(100.0)
        assert 9 <= flight.calls("positions") - before <= 11

    fly(scenario, Idle)


def test_a_position_that_grew_behind_our_back_is_found_and_its_stop_covers_it() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        await flight.ask(Ask.STOP)
        (stop,) = [order for order in flight.venue.open_orders() if order.symbol == SYMBOLS[0]]
        flight.faults.strike("account feed", Fault.GAP, seconds=60.0)
        flight.venue.place(request("stranger-1", lots=1))
        flight.venue.cancel(SYMBOLS[0], stop.client_id)
        lots = flight.core.trading.positions.open[SYMBOLS[0]].lots
        await flight.until(lambda: flight.core.trading.positions.open[SYMBOLS[0]].lots == lots + 1, 4.0)
        await flight.calm(5.0)
        flight.check()

    fly(scenario, Buyer)


def test_a_failing_journal_stops_entries_with_an_alarm_and_nothing_leaves() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        flight.bot.journal.fail("the disk is full")
        await asyncio.sleep(70.0)
        assert not flight.bot.arrived
        assert {fact.why.outcome for fact in flight.facts(Evaluated)} == {"no entry: ready"}
        (alarm,) = [t for t in flight.facts(Trouble) if t.kind == "journal"]
        assert alarm.severity == "alarm"
        assert "the disk is full" in alarm.message
        assert any("the disk is full" in notice for notice in flight.engine.snapshot().notices)
        assert "the disk is full" in problems(flight.engine.snapshot())[0]
        flight.bot.journal.heal()
        await flight.hold()
        assert flight.core.desk.unwritten == ""
        assert problems(flight.engine.snapshot()) == []

    fly(scenario, Buyer)


def test_an_entry_whose_note_fails_is_refused_before_anybody_noticed_the_journal() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.until(flight.entries)
        flight.bot.journal.fail("the disk is full")
        await asyncio.sleep(1.0)
        assert {order.state for order in flight.entries()} == {"rejected"}
        assert "could not be noted" in flight.entries()[0].error
        assert not flight.bot.arrived

    fly(scenario, Buyer, latency=0.1)


def test_exits_and_stops_leave_while_the_journal_fails_and_are_written_later() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        journal = flight.bot.journal
        journal.fail("the disk is full")
        written = len(journal.kept)
        await flight.until(lambda: not flight.venue.positions(), 400)
        exits = [order for order in flight.core.trading.orders.all() if order.purpose is Purpose.EXIT]
        assert {order.state for order in exits} == {"filled"}
        assert len(journal.kept) == written
        await asyncio.sleep(5.0)
        assert not flight.venue.open_orders(), "the stops were cancelled too"
        journal.heal()
        await asyncio.sleep(1.0)
        assert len(journal.kept) > written
        await flight.calm()
        flight.check()

    fly(scenario, Turner, chunk=1.0)


def test_a_slow_journal_holds_back_entries_but_exits_only_a_moment() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        for order in flight.core.trading.orders.all():
            waited = (order.sent_at - order.intended_at) / 1e9
            assert 0.9 <= waited <= 1.1 if order.purpose is Purpose.ENTRY else waited <= 0.3

    fly(scenario, Buyer, latency=1.0)


def test_the_journal_beats_for_its_writer() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(20.0)
        views = {view.name: view for view in flight.engine.snapshot().workers}
        assert views["journal"].healthy
        assert views["position monitor"].healthy
        assert all(view.healthy for view in views.values())

    fly(scenario, Idle)


def test_what_may_be_a_new_position_of_somebody_else_is_looked_at_again_at_once() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        flight.faults.strike("account feed", Fault.GAP, seconds=60.0)
        flight.venue.place(request("stranger-1", lots=1))
        await flight.until(lambda: flight.core.trading.reconciler.doubtful, 15.0)
        await flight.until(lambda: SYMBOLS[0] in flight.core.trading.positions.open, 2.0)

    fly(scenario, Idle)
