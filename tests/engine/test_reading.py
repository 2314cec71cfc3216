from __future__ import annotations

import asyncio

import pytest

from radtui.core.events import Event, ExchangeShown, ReadFailed
from radtui.engine.reading import READ_WITHIN, Reader
from radtui.venue.faults import Fault
from tests.core.makers import request
from tests.engine.flights import EPOCH, LEAN, Flight, Idle, fly


class Eye:
    """A reader of its own on a flight's exchange, and what it saw."""

    def __init__(self, flight: Flight) -> None:
        self.seen: list[Event] = []
        self.reader = Reader(flight.paper, flight.clock, self.seen.append)


def test_a_reading_shows_orders_fills_positions_and_money() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        flight.venue.place(request("stranger-1"))
        await asyncio.sleep(2.0)
        eye, begun = Eye(flight), flight.clock.now()
        await eye.reader.read(0)
        (shown,) = eye.seen
        assert isinstance(shown, ExchangeShown)
        assert (shown.begun, shown.positions[0].lots, shown.fills[0].client_id) == (begun, 10, "stranger-1")
        await eye.reader.read(shown.fills[0].at + 1)
        assert eye.seen[1].fills == ()  # type: ignore[attr-defined]

    fly(scenario, Idle)


def test_demands_during_a_reading_are_served_by_one_that_begins_after_it_from_the_earliest() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        flight.venue.place(request("stranger-1"))
        await asyncio.sleep(2.0)
        eye = Eye(flight)
        eye.reader.ask(2 * EPOCH)
        await asyncio.sleep(0.0005)
        for since in (2 * EPOCH, 0, 2 * EPOCH):
            eye.reader.ask(since)
        await asyncio.sleep(1.0)
        first, second = eye.seen
        assert isinstance(first, ExchangeShown)
        assert isinstance(second, ExchangeShown)
        assert (len(first.fills), len(second.fills)) == (0, 1)
        assert second.begun >= first.at

    fly(scenario, Idle)


def test_a_failure_is_told_and_the_next_reading_works() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        await asyncio.sleep(3.0)
        flight.faults.strike("positions", Fault.ERROR)
        await eye.reader.read(0)
        await eye.reader.read(0)
        assert [type(event) for event in eye.seen] == [ReadFailed, ExchangeShown]
        assert "Nothing happened" in eye.seen[0].reason  # type: ignore[attr-defined]

    fly(scenario, Idle)


def test_who_waits_may_leave_and_the_reading_goes_on() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        waiting = asyncio.create_task(eye.reader.read(0))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(1.0)
        assert len(eye.seen) == 1
        eye.reader.ask(0)
        await eye.reader.stop()
        await asyncio.sleep(1.0)
        assert len(eye.seen) == 1, "one that was abandoned says nothing"

    fly(scenario, Idle)


def test_a_reading_that_is_never_answered_has_failed_in_the_end() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        flight.faults.strike("fills", Fault.TIMEOUT_AFTER, seconds=3600.0)
        began = flight.loop.time()
        await eye.reader.read(0)
        assert flight.loop.time() - began == pytest.approx(READ_WITHIN, abs=0.1)
        (failed,) = eye.seen
        assert isinstance(failed, ReadFailed)
        assert failed.reason == "no answer within 15 s"

    fly(scenario, Idle, **LEAN)
