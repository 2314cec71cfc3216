"""Carrying out: an answer that is not definite is never a failure, and exits do not wait for the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import TypeVar

import pytest

from radtui.core.commands import Cancel, Place, Seek
from radtui.core.events import Event, OrderAccepted, OrderRefused, OrderSent, OrderSought, OrderUnclear
from radtui.core.order import OrderRequest
from radtui.core.orders import Order, OrderState, Purpose
from radtui.engine.dispatch import ANSWER_WITHIN, ENTRY_WAITS, EXIT_WAITS, Dispatch
from radtui.resilience.virtual import run_virtual
from radtui.store.memory import MemoryJournal
from radtui.venue.faults import Fault
from tests.core.makers import order, request, stop_request
from tests.engine.flights import Bot, Flight, Idle

T = TypeVar("T")


class Dock:
    """A dispatch of its own on a flight's exchange."""

    def __init__(self, flight: Flight, latency: float = 0.0) -> None:
        self.flight = flight
        self.journal = MemoryJournal(latency=latency, clock=flight.clock)
        self.events: list[Event] = []
        self.alarms: list[str] = []
        self.known: dict[str, Order] = {}
        self.dispatch = Dispatch(
            flight.paper,
            self.journal,
            flight.clock,
            Random(1),
            feed=self.events.append,
            find=self.known.get,
            alarm=lambda where, text: self.alarms.append(text),
        )

    def place(self, asked: OrderRequest, purpose: Purpose = Purpose.ENTRY) -> None:
        self.known[asked.client_id] = order(OrderState.INTENT, purpose, request=asked)
        self.journal.forget_paper()  # something that is to be durable first
        self.dispatch.place(Place(asked, durable_first=purpose is Purpose.ENTRY))

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


def docked(scenario: Callable[[Dock], Awaitable[T]], latency: float = 0.0) -> T:
    async def life(flight: Flight) -> T:
        await flight.ready()
        await asyncio.sleep(1.0)
        return await scenario(Dock(flight, latency))

    return Bot(Idle).live(life)


def test_an_order_is_sent_once_its_note_is_durable() -> None:
    async def scenario(dock: Dock) -> None:
        dock.place(request())
        await asyncio.sleep(0.9)
        assert dock.events == []
        assert not dock.flight.bot.arrived
        await asyncio.sleep(0.2)
        assert dock.kinds() == ["OrderSent", "OrderAccepted"]

    docked(scenario, latency=1.0)


def test_an_entry_that_cannot_be_noted_does_not_leave() -> None:
    async def scenario(dock: Dock) -> None:
        dock.place(request())
        dock.journal.fail("the disk is full")
        await asyncio.sleep(1.0)
        (refused,) = dock.events
        assert isinstance(refused, OrderRefused)
        assert refused.reason.startswith("not sent, for it could not be noted: ")
        assert not dock.flight.bot.arrived

    docked(scenario, latency=1.0)


@pytest.mark.parametrize("fails", [True, False])
def test_an_exit_waits_a_moment_and_leaves_all_the_same(fails: bool) -> None:
    async def scenario(dock: Dock) -> None:
        if fails:
            dock.journal.fail("the disk is full")
        dock.place(stop_request("t-1-1"), Purpose.STOP)
        await asyncio.sleep(EXIT_WAITS + 0.05)
        assert dock.kinds() == ["OrderSent", "OrderAccepted"]
        assert not dock.journal.kept

    docked(scenario, latency=60.0)


@pytest.mark.parametrize("gone", [None, OrderState.CANCELLED, "cancelling"])
def test_what_was_withdrawn_before_it_left_does_not_leave(gone: OrderState | str | None) -> None:
    async def scenario(dock: Dock) -> None:
        dock.place(request())
        if gone is None:
            dock.known.clear()
        elif gone == "cancelling":
            dock.known["t-1-1"] = order(OrderState.INTENT, cancelling=True)
        else:
            dock.known["t-1-1"] = order(OrderState.CANCELLED)
        await asyncio.sleep(0.1)
        assert [type(event) for event in dock.events] == [OrderRefused]
        assert not dock.flight.bot.arrived

    docked(scenario)


@pytest.mark.parametrize(
    ("fault", "answer", "there"),
    [
        (Fault.ERROR, OrderRefused, 0),
        (Fault.RATE_LIMIT, OrderRefused, 0),
        (Fault.TIMEOUT_BEFORE, OrderUnclear, 0),
        (Fault.TIMEOUT_AFTER, OrderUnclear, 1),
    ],
)
def test_only_a_definite_answer_is_taken_for_one(fault: Fault, answer: type[Event], there: int) -> None:
    async def scenario(dock: Dock) -> None:
        dock.flight.faults.strike("orders.place", fault)
        dock.place(request())
        await asyncio.sleep(6.0)
        assert [type(event) for event in dock.events] == [OrderSent, answer]
        assert dock.flight.bot.accepted["t-1-1"] == there

    docked(scenario)


def test_a_refusal_of_the_exchange_is_definite() -> None:
    async def scenario(dock: Dock) -> None:
        dock.place(request(lots=999_999))
        await asyncio.sleep(1.0)
        assert [type(event) for event in dock.events] == [OrderSent, OrderRefused]

    docked(scenario)


def test_a_cancel_is_repeated_until_the_answer_is_definite() -> None:
    async def scenario(dock: Dock) -> None:
        dock.place(stop_request("t-1-1"), Purpose.STOP)
        await asyncio.sleep(0.1)
        for fault in (Fault.ERROR, Fault.TIMEOUT_BEFORE, Fault.RATE_LIMIT):
            dock.flight.faults.strike("orders.cancel", fault, fault, seconds=1.0)
            dock.dispatch.cancel(Cancel("XBTUSDTM", "t-1-1"))
        await asyncio.sleep(30.0)
        assert dock.flight.venue.open_orders() == []

    docked(scenario)


def test_a_cancel_of_what_is_not_there_is_looked_up() -> None:
    async def scenario(dock: Dock) -> None:
        dock.known["t-1-1"] = order(OrderState.WORKING)
        dock.dispatch.cancel(Cancel("XBTUSDTM", "t-1-1"))
        await asyncio.sleep(1.0)
        assert dock.events == [OrderSought(dock.events[0].at, "t-1-1", None)]

    docked(scenario)


def test_a_look_up_waits_for_its_time_goes_on_until_answered_and_is_one_an_order() -> None:
    async def scenario(dock: Dock) -> None:
        now = dock.flight.clock.now()
        dock.flight.faults.strike("orders.get", *[Fault.TIMEOUT_AFTER] * 3, seconds=1.0)
        for _ in range(5):
            dock.dispatch.seek(Seek("XBTUSDTM", "t-1-1", now + 2_000_000_000))
        await asyncio.sleep(1.9)
        assert dock.flight.calls("orders.get") == 0
        await asyncio.sleep(20.0)
        assert dock.kinds() == ["OrderSought"]
        assert dock.flight.calls("orders.get") == 4

    docked(scenario)


def test_a_fault_of_ours_leaves_the_order_unclear_with_an_alarm() -> None:
    async def scenario(dock: Dock) -> None:
        dock.flight.paper.place = None  # type: ignore[method-assign, assignment]
        dock.place(request())
        await asyncio.sleep(1.0)
        assert dock.kinds() == ["OrderSent", "OrderUnclear"]
        assert dock.alarms == ["t-1-1: TypeError: 'NoneType' object is not callable"]

    docked(scenario)


def test_stopping_abandons_what_is_on_its_way() -> None:
    async def scenario(dock: Dock) -> None:
        dock.flight.faults.strike("orders.place", Fault.TIMEOUT_AFTER, seconds=60.0)
        dock.place(request())
        await asyncio.sleep(1.0)
        await dock.dispatch.stop()
        assert dock.kinds() == ["OrderSent"]
        assert dock.flight.bot.accepted["t-1-1"] == 1, "the next start looks it up"

    docked(scenario)


def test_five_placements_at_once_keep_their_identities() -> None:
    async def scenario(dock: Dock) -> None:
        for number in range(5):
            dock.place(request(f"t-1-{number}", lots=1))
        await asyncio.sleep(1.0)
        accepted = [event for event in dock.events if isinstance(event, OrderAccepted)]
        told = {event.client_id: event.order_id for event in accepted}
        assert len(told) == 5
        for client_id, order_id in told.items():
            shown = dock.flight.venue.order("XBTUSDTM", client_id)
            assert shown is not None
            assert shown.order_id == order_id

    docked(scenario)
    assert run_virtual(asyncio.sleep(0)) is None


class Clumsy:
    """A call that dies of a bug of ours the first `times`."""

    def __init__(self, call: Callable[..., Awaitable[object]], times: int) -> None:
        self.call, self.times = call, times

    async def __call__(self, *args: object) -> object:
        self.times -= 1
        if self.times >= 0:
            raise KeyError("orderId")
        return await self.call(*args)


def test_a_fault_of_ours_does_not_end_a_cancel_or_a_look_up() -> None:
    async def scenario(dock: Dock) -> None:
        paper = dock.flight.paper
        dock.place(stop_request("t-1-1"), Purpose.STOP)
        await asyncio.sleep(0.1)
        paper.cancel, paper.order = Clumsy(paper.cancel, 2), Clumsy(paper.order, 2)  # type: ignore[method-assign, assignment]
        dock.dispatch.cancel(Cancel("XBTUSDTM", "t-1-1"))
        dock.dispatch.seek(Seek("XBTUSDTM", "t-1-1", 0))
        await asyncio.sleep(5.0)
        assert dock.flight.venue.open_orders() == []
        assert dock.kinds() == ["OrderSent", "OrderAccepted", "OrderSought"]
        assert dock.alarms == ["t-1-1: KeyError: 'orderId'"] * 4

    docked(scenario)


@pytest.mark.parametrize(("purpose", "kinds"), [(Purpose.ENTRY, ["OrderRefused"]), (Purpose.STOP, ["OrderSent"])])
def test_no_bug_of_the_journal_lets_an_entry_go_or_holds_an_exit_up(purpose: Purpose, kinds: list[str]) -> None:
    async def scenario(dock: Dock) -> None:
        dock.journal.durable = None  # type: ignore[method-assign, assignment]
        dock.place(request() if purpose is Purpose.ENTRY else stop_request("t-1-1"), purpose)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert dock.kinds() == kinds

    docked(scenario)


def test_stopping_in_the_moment_of_the_command_leaves_nothing_behind() -> None:
    async def scenario(dock: Dock) -> None:
        dock.place(request())
        dock.dispatch.cancel(Cancel("XBTUSDTM", "t-1-1"))
        dock.dispatch.seek(Seek("XBTUSDTM", "t-1-1", 0))
        await dock.dispatch.stop()
        await asyncio.sleep(1.0)
        assert dock.events == []
        assert not dock.flight.bot.arrived

    docked(scenario)


async def never(*_: object) -> str:
    return await asyncio.Future[str]()


def test_an_entry_whose_note_takes_too_long_does_not_leave() -> None:
    async def scenario(dock: Dock) -> None:
        dock.place(request())
        await asyncio.sleep(ENTRY_WAITS + 0.1)
        (refused,) = dock.events
        assert isinstance(refused, OrderRefused)
        assert refused.reason == "not sent, for it could not be noted: the disk does not answer"
        assert not dock.flight.bot.arrived

    docked(scenario, latency=60.0)


def test_a_placement_that_is_never_answered_is_unclear_in_the_end() -> None:
    async def scenario(dock: Dock) -> None:
        dock.flight.paper.place = never  # type: ignore[method-assign, assignment]
        dock.place(request())
        await asyncio.sleep(ANSWER_WITHIN + 0.1)
        assert dock.kinds() == ["OrderSent", "OrderUnclear"]

    docked(scenario)


def test_a_cancel_or_look_up_that_is_never_answered_is_repeated() -> None:
    async def scenario(dock: Dock) -> None:
        paper = dock.flight.paper
        dock.place(stop_request("t-1-1"), Purpose.STOP)
        await asyncio.sleep(0.1)
        answering = paper.cancel, paper.order
        paper.cancel = paper.order = never  # type: ignore[method-assign, assignment]
        dock.dispatch.cancel(Cancel("XBTUSDTM", "t-1-1"))
        dock.dispatch.seek(Seek("XBTUSDTM", "t-1-1", 0))
        await asyncio.sleep(ANSWER_WITHIN - 0.1)
        paper.cancel, paper.order = answering  # type: ignore[method-assign]
        await asyncio.sleep(1.0)
        assert dock.flight.venue.open_orders() == []
        assert dock.kinds() == ["OrderSent", "OrderAccepted", "OrderSought"]

    docked(scenario)


def test_an_order_is_cancelled_by_one_piece_of_work_however_often_that_is_asked() -> None:
    async def scenario(dock: Dock) -> None:
        asked = request()
        dock.known[asked.client_id] = order(OrderState.WORKING, request=asked)
        dock.flight.faults.strike("orders.cancel", *[Fault.ERROR] * 40)
        before = dock.flight.calls("orders.cancel")
        for _ in range(12):
            dock.dispatch.cancel(Cancel(asked.symbol, asked.client_id))
            await asyncio.sleep(5.0)
        assert 10 < dock.flight.calls("orders.cancel") - before < 25
        await dock.dispatch.stop()

    docked(scenario)
