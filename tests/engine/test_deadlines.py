"""Who does not answer is not waited for: the exchange, the disk, and an end that takes its time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import NoReturn

import pytest

from radtui.core.account import PositionReport
from radtui.core.instruction import Ask
from radtui.core.instrument import Instrument
from radtui.core.lifecycle import State
from radtui.core.market import SECOND, Candle
from radtui.core.order import OrderReport, OrderRequest
from radtui.core.orders import OrderState, Purpose
from radtui.engine.dispatch import ANSWER_WITHIN, ENTRY_WAITS, EXIT_WAITS
from radtui.engine.reading import READ_WITHIN
from radtui.exchange.paper import PaperExchange
from radtui.resilience.failures import Transient
from radtui.store.memory import MemoryJournal
from tests.engine.flights import LEAN, SYMBOLS, Bot, Buyer, Flight, Idle, fly
from tests.engine.hosts import hosted, soon


async def never() -> NoReturn:
    await asyncio.Future[None]()
    raise AssertionError("nobody answers")


class Silent(PaperExchange):
    """Does not answer the calls that are named in `mute`, for ever."""

    mute: set[str] = set()  # noqa: RUF012 - each scenario begins with a subclass of its own

    async def open(self) -> None:
        await (never() if "open" in self.mute else super().open())

    async def instruments(self) -> Sequence[Instrument]:
        return await (never() if "instruments" in self.mute else super().instruments())

    async def candles(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        return await (never() if "candles" in self.mute else super().candles(symbol, span, limit))

    async def place(self, request: OrderRequest) -> str:
        return await (never() if self._swallows(request) else super().place(request))

    async def cancel(self, symbol: str, client_id: str) -> None:
        await (never() if "cancel" in self.mute else super().cancel(symbol, client_id))

    async def order(self, symbol: str, client_id: str) -> OrderReport | None:
        return await (never() if "order" in self.mute else super().order(symbol, client_id))

    async def positions(self) -> Sequence[PositionReport]:
        return await (never() if "positions" in self.mute else super().positions())

    def _swallows(self, request: OrderRequest) -> bool:
        closes = request.close_order and request.stop is None
        return "place" in self.mute or ("close" in self.mute and closes)


def silent(*mute: str) -> type[Silent]:
    """Return an exchange that does not answer these calls until they are taken out of its `mute`."""
    return type("Silent", (Silent,), {"mute": set(mute)})


class Disk:
    """A disk whose writes take `seconds`."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def on_disk(bot: Bot) -> Disk:
    disk = Disk()
    bot.journal = MemoryJournal(latency=disk)
    return disk


def test_an_order_that_is_never_answered_is_unknown_after_ten_seconds() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.until(flight.entries)
        entry = flight.entries()[0].client_id
        await flight.until(lambda: _state(flight, entry) is OrderState.SENT)
        assert 9.9 < await flight.until(lambda: _state(flight, entry) is not OrderState.SENT) < 10.1
        assert _state(flight, entry) is OrderState.UNKNOWN
        await flight.until(lambda: _state(flight, entry) is OrderState.REJECTED, within=30.0)

    assert ANSWER_WITHIN == 10.0
    fly(scenario, Buyer, exchange=silent("place"))


def _state(flight: Flight, client_id: str) -> OrderState:
    found = flight.core.trading.orders.get(client_id)
    assert found is not None
    return found.state


def test_a_close_that_is_never_answered_is_followed_by_others_until_one_is() -> None:
    mute = silent("close")

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.hold()
        told = flight.engine.tell(Ask.EMERGENCY_STOP, who="test")
        await asyncio.sleep(200.0)
        closes = [order for order in flight.orders(Purpose.EXIT) if order.symbol == SYMBOLS[0]]
        assert 5 <= len(closes) <= 20
        assert {position.symbol for position in flight.venue.positions()} >= {SYMBOLS[0]}
        mute.mute.clear()
        await flight.until(lambda: told in flight.engine.bulletin.receipts, within=120.0)
        assert flight.engine.bulletin.receipts[told].success
        assert not flight.venue.positions()

    fly(scenario, Buyer, exchange=mute, **LEAN)


def test_a_reading_that_is_never_answered_has_failed_and_is_said() -> None:
    mute = silent()

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.hold()
        mute.mute.add("positions")
        flight.engine.tell(Ask.EMERGENCY_STOP, who="test")
        await flight.until(lambda: flight.core.flatten and flight.core.flatten.failing, within=READ_WITHIN + 2.0)
        assert flight.core.flatten is not None
        assert flight.core.flatten.failing == "positions: no answer within 15 s"
        assert any("no answer within 15 s" in notice for notice in flight.engine.snapshot().notices)
        mute.mute.clear()
        await flight.until(lambda: flight.core.flatten is None, within=60.0)
        assert not flight.venue.positions()

    fly(scenario, Buyer, exchange=mute)


@pytest.mark.parametrize("call", ["cancel", "order"])
def test_a_cancel_or_a_look_up_that_is_never_answered_is_repeated(call: str) -> None:
    mute = silent(call)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.hold()
        told = flight.engine.tell(Ask.EMERGENCY_STOP, who="test")
        await asyncio.sleep(15.0)
        assert not flight.venue.positions()
        mute.mute.clear()
        await flight.until(lambda: told in flight.engine.bulletin.receipts, within=60.0)
        assert not flight.venue.open_orders()

    fly(scenario, Buyer, exchange=mute)


@pytest.mark.parametrize("call", ["open", "instruments"])
def test_an_engine_whose_exchange_never_answers_says_so_and_may_be_ended(call: str) -> None:
    async def scenario(flight: Flight) -> None:
        await asyncio.sleep(11.0)
        said = [trouble.message for trouble in flight.engine.snapshot().errors]
        assert any("cannot be reached: no answer within 10 s" in message for message in said)
        receipt = await flight.ask(Ask.SHUTDOWN, within=5.5)
        assert (receipt.success, receipt.unverified) == (False, ("the exchange was not read since",))
        await flight.until(flight.task.done, within=ANSWER_WITHIN + 1.0)

    fly(scenario, Idle, exchange=silent(call))


def test_a_history_that_is_never_answered_is_asked_for_again() -> None:
    mute = silent("candles")

    async def scenario(flight: Flight) -> None:
        await asyncio.sleep(15.0)
        assert not flight.core.trading.positions.marks
        mute.mute.clear()
        await flight.until(lambda: flight.core.trading.positions.marks, within=60.0)

    fly(scenario, Idle, exchange=mute)


def test_an_entry_whose_note_does_not_reach_the_disk_in_time_is_refused() -> None:
    bot = Bot(Buyer)
    disk = on_disk(bot)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        disk.seconds = 900.0
        await flight.until(flight.entries)
        assert ENTRY_WAITS - 0.1 < await flight.until(lambda: flight.entries()[0].done) < ENTRY_WAITS + 0.1
        entry = flight.entries()[0]
        assert (entry.state, entry.sent_at) == (OrderState.REJECTED, 0)
        assert entry.error == "not sent, for it could not be noted: the disk does not answer"
        await asyncio.sleep(120.0)
        assert not flight.bot.arrived, "nothing leaves later, on a price of the past"

    bot.live(scenario)


def test_an_exit_leaves_a_quarter_of_a_second_after_it_was_meant_whatever_the_disk_does() -> None:
    bot = Bot(Buyer)
    disk = on_disk(bot)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.hold()
        disk.seconds = 900.0
        flight.engine.tell(Ask.EMERGENCY_STOP, who="test")
        await flight.until(lambda: not flight.venue.positions(), within=5.0)
        (close,) = [order for order in flight.orders(Purpose.EXIT) if order.symbol == SYMBOLS[0]]
        assert 0 < close.sent_at - close.intended_at <= (EXIT_WAITS + 0.01) * SECOND

    bot.live(scenario)


class Refusing(PaperExchange):
    """Refuses to close anything until it is told to."""

    willing = Event()

    async def place(self, request: OrderRequest) -> str:
        if request.close_order and request.stop is None and not self.willing.is_set():
            raise Transient("closes are refused by the test")
        return await super().place(request)


def test_a_settling_does_not_force_while_a_flatten_is_on_its_way() -> None:
    bot = Bot(Buyer, autostart=True, speed=60, chunk=0.02, exchange=Refusing, engine={"pulse": 0.02})
    host = hosted(Buyer, bot=bot, patience=0.2)
    Refusing.willing.clear()
    host.start()
    soon(lambda: [held for held in host.handle.snapshot().positions if held.stop_resting])
    host.handle.send(Ask.EMERGENCY_STOP, who="test")
    soon(lambda: host.handle.snapshot().flatten)
    with ThreadPoolExecutor(1) as pool:
        settling = pool.submit(host.settle, who="test")
        with pytest.raises(TimeoutError):
            settling.result(0.5)
        Refusing.willing.set()
        host.patience = 10.0
        assert settling.result(20.0), "it comes to its end by itself once it is flat"
    assert host.error is None
    assert host.handle.snapshot().status.state is State.STOPPED
    assert not bot.venue.positions()
