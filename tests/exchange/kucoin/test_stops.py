"""Stops through the real client: before an exchange that fails half of all requests, is slow, or gone for a minute."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from radtui.core.instruction import Ask
from radtui.simserver.wirefaults import WireFault
from tests.exchange.kucoin.test_flight import Flight, fly

HALF = {WireFault.ERROR: 0.5}
LATE = {WireFault.SLOW: 900.0, WireFault.LOST_AFTER: 0.1, WireFault.ERROR_AFTER: 0.1}


async def held(flight: Flight) -> None:
    await flight.until(lambda: flight.venue.positions() and not flight.core.trading.exposed(), 600.0)


def flat(flight: Flight, receipt: Any) -> None:
    assert receipt.success
    assert not flight.venue.positions()
    assert not flight.venue.open_orders()
    assert receipt.shown is not None
    assert (receipt.shown.orders, receipt.shown.stops, receipt.shown.positions) == ((), (), ())
    assert receipt.closed


@pytest.mark.parametrize("faults", [HALF, LATE], ids=["half refused", "late or lost"])
def test_an_emergency_stop_on_a_bad_wire(faults: dict[WireFault, float]) -> None:
    async def story(flight: Flight) -> Flight:
        await held(flight)
        flight.faults.update(faults)
        flat(flight, await flight.ask(Ask.EMERGENCY_STOP))
        return flight

    fly(story)


@pytest.mark.parametrize("seconds", [60.0, *(pytest.param(seconds, marks=pytest.mark.long) for seconds in (7.0, 25.0))])
def test_an_emergency_stop_while_the_exchange_is_gone(seconds: float) -> None:
    """A breaker that opened meanwhile holds nothing up that a flatten waits for."""

    async def story(flight: Flight) -> Flight:
        await held(flight)
        flight.network.down = True
        told = flight.engine.tell(Ask.EMERGENCY_STOP, who="test")
        await asyncio.sleep(seconds)
        assert told not in flight.engine.bulletin.receipts
        assert flight.engine.snapshot().flatten is not None
        flight.network.down = False
        receipts = flight.engine.bulletin.receipts
        await flight.until(lambda: told in receipts, 15.0)
        flat(flight, receipts[told])
        return flight

    fly(story)


def test_an_emergency_stop_amid_which_the_process_dies() -> None:
    async def story(flight: Flight) -> Flight:
        await held(flight)
        told = flight.engine.tell(Ask.EMERGENCY_STOP, who="test")
        await asyncio.sleep(0.3)
        assert told not in flight.engine.bulletin.receipts
        flight = await flight.crash()
        receipts = flight.engine.bulletin.receipts
        await flight.until(lambda: told in receipts, 60.0)
        assert receipts[told].success
        assert not flight.venue.positions()
        assert not flight.venue.open_orders()
        return flight

    fly(story)


def test_a_stop_keeps_positions_and_has_read_their_stops_back() -> None:
    async def story(flight: Flight) -> Flight:
        await held(flight)
        receipt = await flight.ask(Ask.STOP)
        assert receipt.success
        shown = {position.symbol for position in receipt.shown.positions}
        assert shown == {position.symbol for position in flight.venue.positions()} != set()
        assert {stop.client_id for stop in receipt.shown.stops} == {o.client_id for o in flight.venue.open_orders()}
        return flight

    fly(story)


def test_a_preview_reads_the_exchange_s_books() -> None:
    async def story(flight: Flight) -> Flight:
        await held(flight)
        preview = (await flight.ask(Ask.PREVIEW)).preview
        assert {each.symbol for each in preview.closes} == {position.symbol for position in flight.venue.positions()}
        for each in preview.closes:
            assert each.failing == ""
            assert sum(level.lots for level in each.levels) + each.beyond == each.lots
            assert each.fee > 0
        return flight

    fly(story)
