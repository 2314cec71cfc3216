from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NoReturn

import pytest

from radtui.core.account import AccountReport, FundingPaid, PositionReport, Transfer
from radtui.core.events import Event, ExchangeShown, ReadFailed
from radtui.core.order import Fill
from radtui.engine.reading import READ_WITHIN, Reader
from radtui.exchange.paper import PaperExchange
from radtui.resilience.failures import Maintenance, Transient
from radtui.venue.faults import Fault
from tests.core.makers import request
from tests.engine.flights import EPOCH, LEAN, SYMBOLS, Buyer, Flight, Idle, fly


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
        assert shown.fills is not None
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
        assert (len(first.fills or ()), len(second.fills or ())) == (0, 1)
        assert second.begun >= first.at

    fly(scenario, Idle)


@pytest.mark.parametrize("part", ["positions", "orders.open"])
def test_what_nothing_is_shown_without_is_asked_for_again_at_once_where_it_was_refused(part: str) -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        await asyncio.sleep(3.0)
        flight.faults.strike(part, Fault.ERROR, Fault.ERROR)
        await eye.reader.read(0)
        assert [type(event) for event in eye.seen] == [ExchangeShown]

    fly(scenario, Idle)


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.TIMEOUT_BEFORE])
def test_what_asks_for_patience_is_not_asked_again_at_once(fault: Fault) -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        await asyncio.sleep(3.0)
        before = flight.calls("positions")
        flight.faults.strike("positions", fault, seconds=60.0)
        await eye.reader.read(0)
        assert [type(event) for event in eye.seen] == [ReadFailed]
        assert flight.calls("positions") - before <= 2

    fly(scenario, Idle)


def test_a_failure_is_told_and_the_next_reading_works() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        await asyncio.sleep(3.0)
        flight.faults.strike("positions", Fault.ERROR, Fault.ERROR, Fault.ERROR)
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
        flight.faults.strike("orders.open", Fault.TIMEOUT_AFTER, seconds=3600.0)
        began = flight.loop.time()
        await eye.reader.read(0)
        assert flight.loop.time() - began == pytest.approx(READ_WITHIN, abs=0.1)
        (failed,) = eye.seen
        assert isinstance(failed, ReadFailed)
        assert failed.reason == "orders: no answer within 15 s"
        assert not failed.closed

    fly(scenario, Idle, **LEAN)


class Deaf(PaperExchange):
    """Fails the parts named in `deaf`."""

    deaf: set[str] = set()  # noqa: RUF012 - each test begins with a subclass of its own
    failure: Exception = Transient("it broke")

    async def fills(self, since: int) -> Sequence[Fill]:
        return await (self._fail() if "fills" in self.deaf else super().fills(since))

    async def account(self) -> AccountReport:
        return await (self._fail() if "account" in self.deaf else super().account())

    async def funding(self, since: int) -> Sequence[FundingPaid]:
        return await (self._fail() if "funding" in self.deaf else super().funding(since))

    async def transfers(self, since: int) -> Sequence[Transfer]:
        return await (self._fail() if "transfers" in self.deaf else super().transfers(since))

    async def positions(self) -> Sequence[PositionReport]:
        return await (self._fail() if "positions" in self.deaf else super().positions())

    async def _fail(self) -> NoReturn:
        raise self.failure


def deaf(*parts: str, failure: Exception | None = None) -> type[Deaf]:
    """Return an exchange that fails these parts until they are taken out of its `deaf`."""
    return type("Deaf", (Deaf,), {"deaf": set(parts), "failure": failure or Deaf.failure})


@pytest.mark.parametrize("part", ["fills", "account", "funding", "transfers"])
def test_a_part_that_fails_does_not_hold_up_the_rest_and_is_named_once(part: str) -> None:
    exchange = deaf()

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        exchange.deaf.add(part)
        seen: list[Event] = []
        warned: list[tuple[str, str]] = []
        reader = Reader(
            flight.paper,
            flight.clock,
            seen.append,
            wants_transfers=lambda: True,
            warn=lambda name, why: warned.append((name, why)),
        )
        for _ in range(3):
            await reader.read(0)
        exchange.deaf.clear()
        await reader.read(0)
        exchange.deaf.add(part)
        await reader.read(0)
        assert [getattr(each, part) is None for each in seen] == [True, True, True, False, True]
        assert {
            name
            for each in seen
            for name in ("fills", "account", "funding", "transfers")
            if getattr(each, name) is None
        } == {part}
        assert warned == [(part, "it broke")] * 2

    fly(scenario, Idle, exchange=exchange)


def test_without_positions_nothing_is_shown_and_a_closed_exchange_is_told_as_such() -> None:
    exchange = deaf(failure=Maintenance("closed for an hour"))

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        exchange.deaf.add("positions")
        eye = Eye(flight)
        await eye.reader.read(0)
        (failed,) = eye.seen
        assert isinstance(failed, ReadFailed)
        assert (failed.reason, failed.closed) == ("positions: closed for an hour", True)

    fly(scenario, Idle, exchange=exchange)


def test_transfers_are_read_only_when_they_are_wanted() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        await eye.reader.read(0)
        assert eye.seen[0].transfers is None  # type: ignore[attr-defined]

    fly(scenario, Idle)


def test_an_engine_goes_on_protecting_while_a_part_can_never_be_read() -> None:
    exchange = deaf()

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.hold()
        exchange.deaf |= {"account", "funding"}
        (stop,) = [order for order in flight.venue.open_orders() if order.symbol == SYMBOLS[0]]
        flight.venue.cancel(stop.symbol, stop.client_id)
        flight.venue.drain()
        held = flight.core.trading.positions.open[SYMBOLS[0]]
        await flight.until(lambda: held.bare_since is not None, within=5.0)
        await flight.until(lambda: held.bare_since is None, within=5.0)
        assert flight.core.trading.protection.bare.breaches == 0
        assert any(error.where == "account" for error in flight.engine.snapshot().errors)

    fly(scenario, Buyer, exchange=exchange)


class Garbled:
    """An exchange of which one part cannot be understood."""

    def __init__(self, real: PaperExchange, part: str) -> None:
        self._real, self._part = real, part

    def __getattr__(self, name: str) -> object:
        return self._garbled if name == self._part else getattr(self._real, name)

    async def _garbled(self, *_: object) -> NoReturn:
        raise ValueError("'1,5' is no number")


@pytest.mark.parametrize(("part", "read"), [("funding", True), ("fills", True), ("positions", False)])
def test_a_part_that_cannot_be_understood_is_told_and_blinds_nobody_to_the_rest(part: str, read: bool) -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        seen: list[Event] = []
        warned: list[str] = []
        garbled = Garbled(flight.paper, part)
        reader = Reader(garbled, flight.clock, seen.append, warn=lambda _, why: warned.append(why))  # type: ignore[arg-type]
        await reader.read(0)
        (event,) = seen
        assert isinstance(event, ExchangeShown) is read
        told = warned[0] if read else event.reason  # type: ignore[attr-defined]
        assert told.removeprefix(f"{part}: ") == "ValueError: '1,5' is no number"

    fly(scenario, Idle)
