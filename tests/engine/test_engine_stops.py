"""Stops of the whole engine before an exchange that refuses, answers late, or is gone: they end, and tell the truth."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from radtui.core.facts import Receipted
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.exchange.paper import PaperExchange
from radtui.resilience.failures import Transient
from radtui.venue.faults import Fault
from tests.engine.flights import SYMBOLS, Bot, Buyer, Flight, fly

ALL = ("orders.place", "orders.cancel", "orders.get", "orders.open", "fills", "funding", "positions", "account", "book")


class Moody(PaperExchange):
    """Refuses every second call from the moment it is told to."""

    moody = False
    _calls = 0

    async def _call(self, endpoint: str, work: Any) -> Any:
        if self.moody:
            self._calls += 1
            if self._calls % 2:
                raise Transient(f"{endpoint} refused by the test")
        return await super()._call(endpoint, work)


async def both_held(flight: Flight) -> None:
    await flight.ready()
    for symbol in SYMBOLS:
        await flight.hold(symbol)


def flat(flight: Flight, receipt: Any) -> None:
    assert receipt.success
    assert not flight.venue.positions()
    assert not flight.venue.open_orders()
    assert {each.symbol for each in receipt.closed} == set(SYMBOLS)
    assert receipt.shown is not None
    assert (receipt.shown.orders, receipt.shown.stops, receipt.shown.positions) == ((), (), ())
    assert flight.state is State.STOPPED


def test_an_emergency_stop_while_every_second_request_is_refused() -> None:
    async def scenario(flight: Flight) -> None:
        await both_held(flight)
        assert isinstance(flight.paper, Moody)
        flight.paper.moody = True
        flat(flight, await flight.ask(Ask.EMERGENCY_STOP, within=60.0))

    fly(scenario, Buyer, exchange=Moody)


def test_an_emergency_stop_while_every_answer_comes_late_or_not_at_all() -> None:
    async def scenario(flight: Flight) -> None:
        await both_held(flight)
        for seam in ALL:
            flight.faults.strike(seam, *[Fault.TIMEOUT_AFTER, None] * 3, seconds=6.0)
        flat(flight, await flight.ask(Ask.EMERGENCY_STOP, within=120.0))

    fly(scenario, Buyer)


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER])
def test_an_emergency_stop_while_the_exchange_is_gone_for_a_minute(fault: Fault) -> None:
    async def scenario(flight: Flight) -> float:
        await both_held(flight)
        flight.faults.sever(*ALL, fault=fault, seconds=8.0)
        told = flight.engine.tell(Ask.EMERGENCY_STOP, who="test")
        await asyncio.sleep(60.0)
        assert flight.state is State.STOPPING
        if fault is not Fault.TIMEOUT_AFTER:
            assert told not in flight.engine.bulletin.receipts
            assert any("cannot be read" in notice for notice in flight.engine.snapshot().notices)
        flight.heal()
        took = await flight.until(lambda: told in flight.engine.bulletin.receipts, within=30.0)
        flat(flight, flight.engine.bulletin.receipts[told])
        return took

    assert fly(scenario, Buyer) < 30.0


@pytest.mark.parametrize("ask", [Ask.STOP, Ask.EMERGENCY_STOP])
def test_a_stop_amid_which_the_process_dies_is_answered_by_the_next_one(ask: Ask) -> None:
    bot = Bot(Buyer, outlives=True)

    async def dies(flight: Flight) -> str:
        await both_held(flight)
        flight.faults.sever("positions")
        told = flight.engine.tell(ask, who="test")
        await asyncio.sleep(3.0)
        assert told not in flight.engine.bulletin.receipts
        return told

    told = bot.live(dies)
    bot.crash()

    async def goes_on(flight: Flight) -> None:
        await flight.until(lambda: told in flight.engine.bulletin.receipts, within=30.0)
        receipt = flight.engine.bulletin.receipts[told]
        assert receipt.success
        assert receipt.who == "test"
        assert flight.state is State.STOPPED
        assert bool(flight.venue.positions()) is (ask is Ask.STOP)
        assert flight.engine.snapshot().stopping is None

    bot.live(goes_on)
    bot.crash()

    async def remembers(flight: Flight) -> None:
        await asyncio.sleep(20.0)
        assert flight.engine.bulletin.receipts[told].success, "who waited over the restart finds it"
        assert flight.state is State.STOPPED

    bot.live(remembers)
    given = [each.fact for each in bot.facts if isinstance(each.fact, Receipted)]
    assert len([fact for fact in given if fact.receipt.id == told]) == 1


def test_a_shutdown_before_a_silent_exchange_ends_in_thirty_five_seconds_and_names_what_it_did_not_see() -> None:
    async def scenario(flight: Flight) -> None:
        await both_held(flight)
        flight.faults.sever("positions", "orders.open")
        began = flight.loop.time()
        receipt = await flight.ask(Ask.SHUTDOWN, exits=ExitPolicy.KEEP)
        assert flight.loop.time() - began == pytest.approx(35.0, abs=0.5)
        assert not receipt.success
        assert receipt.shown is None
        assert receipt.unverified[0].startswith("the exchange was not read since")
        assert len(receipt.positions_left) == 2
        await flight.task

    fly(scenario, Buyer)


def test_a_stop_under_way_is_shown_with_what_it_waits_for() -> None:
    async def scenario(flight: Flight) -> None:
        await both_held(flight)
        flight.faults.sever("positions", "orders.open")
        began = flight.clock.now()
        flight.engine.tell(Ask.SHUTDOWN, who="test")
        await asyncio.sleep(8.0)
        seen = flight.engine.snapshot()
        assert seen.stopping is not None
        assert seen.stopping.asks == ("shutdown",)
        assert seen.stopping.gives_up_at == began + 35 * SECOND
        assert seen.stopping.waiting
        assert any(notice.startswith("shutdown not done yet") for notice in seen.notices)

    fly(scenario, Buyer)


def test_a_preview_reads_the_books_and_agrees_with_what_is_done() -> None:
    async def scenario(flight: Flight) -> None:
        await both_held(flight)
        preview = (await flight.ask(Ask.PREVIEW, within=3.0)).preview
        assert preview is not None
        assert {each.symbol for each in preview.closes} == set(SYMBOLS)
        assert all(each.levels and each.fee and not each.failing for each in preview.closes)
        last = flight.engine.snapshot().receipt
        assert last is not None
        assert last.ask is not Ask.PREVIEW
        assert not [each for each in flight.facts(Receipted) if each.receipt.ask is Ask.PREVIEW]

    fly(scenario, Buyer)


def test_a_book_that_does_not_come_costs_a_second_and_is_said() -> None:
    async def scenario(flight: Flight) -> None:
        await both_held(flight)
        flight.faults.sever("book", fault=Fault.TIMEOUT_BEFORE, seconds=30.0)
        preview = (await flight.ask(Ask.PREVIEW, within=1.5)).preview
        assert preview is not None
        assert [each.failing for each in preview.closes] == ["its book was not read within 1 s"] * 2

    fly(scenario, Buyer)
