"""How a bot ends: gracefully, late, flat, or by force; and the next start agrees with what it left."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from radtui.core.account import AccountReport
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.market import SECOND
from radtui.core.memory import VERSION, MemoryRefused
from radtui.core.orders import OrderState
from radtui.exchange.paper import PaperExchange
from radtui.store.port import BotState
from radtui.venue.faults import Fault
from tests.engine.flights import SYMBOLS, Bot, Buyer, Flight, Idle, fly


@pytest.mark.parametrize("outlives", [True, False])
def test_a_shutdown_waits_for_an_entry_on_its_way_and_the_books_agree_after_the_restart(outlives: bool) -> None:
    bot = Bot(Buyer, outlives=outlives)

    async def ends(flight: Flight) -> None:
        flight.faults.strike("orders.place", Fault.TIMEOUT_AFTER, Fault.TIMEOUT_AFTER, seconds=12.0)
        await flight.until(lambda: any(order.state is OrderState.SENT for order in flight.entries()))
        receipt = await flight.ask(Ask.SHUTDOWN)
        await flight.task
        assert receipt.success
        assert {order.state for order in flight.entries()} <= {OrderState.CANCELLED, OrderState.FILLED}
        flight.check()

    bot.live(ends)
    assert sum(bot.accepted.values()) >= len(SYMBOLS)
    bot.crash()
    bot.live(calmed)


def test_a_shutdown_that_cannot_wait_longer_says_so_and_the_restart_finds_the_order() -> None:
    bot = Bot(Buyer, outlives=True, hold_grace=10 * SECOND)

    async def ends(flight: Flight) -> None:
        await flight.ready()
        flight.faults.sever("orders.place", "orders.get", fault=Fault.TIMEOUT_AFTER, seconds=30.0)
        flight.faults.sever("orders.open", "fills", "positions")
        flight.faults.strike("account feed", Fault.GAP, seconds=60.0)
        await flight.until(lambda: any(order.state is OrderState.SENT for order in flight.entries()))
        receipt = await flight.ask(Ask.SHUTDOWN, within=16.0)
        await flight.task
        assert not receipt.success
        assert "not everything of ours is settled" in receipt.message
        assert len(receipt.orders_left) == len(SYMBOLS)

    bot.live(ends)
    assert bot.venue.positions()
    bot.crash()
    bot.live(calmed)


async def calmed(flight: Flight) -> None:
    """Recover, come to rest, and compare everything."""
    await flight.ready()
    await flight.calm()
    flight.check()


def test_a_shutdown_may_leave_flat() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        receipt = await flight.ask(Ask.SHUTDOWN, exits=ExitPolicy.FLATTEN)
        await flight.task
        assert receipt.success
        assert receipt.positions_closed
        assert not flight.venue.positions()
        assert not flight.venue.open_orders()

    fly(scenario, Buyer)


def test_a_shutdown_leaves_positions_with_their_stops() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        await flight.ask(Ask.SHUTDOWN)
        await flight.task
        resting = {order.symbol for order in flight.venue.open_orders() if order.waits}
        assert {position.symbol for position in flight.venue.positions()} == resting != set()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        known = flight.bot.journal.reopen().known()
        assert known.clean
        assert known.state is not None
        assert known.state.memory == flight.core.memory()

    fly(scenario, Buyer)


class Reluctant(PaperExchange):
    """Lets go of a call only after a moment, as a real connection does."""

    async def account(self) -> AccountReport:
        try:
            return await super().account()
        except asyncio.CancelledError:
            await asyncio.sleep(0.1)
            raise


def test_a_forced_end_amid_a_cycle_sends_nothing_more() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: flight.loop.time() > 50.0)
        flight.faults.sever("account", fault=Fault.TIMEOUT_BEFORE, seconds=20.0)
        await flight.until(lambda: flight.core._cycling and flight.engine.signals.waiting)
        assert not flight.entries()
        flight.task.cancel()
        await asyncio.gather(flight.task, return_exceptions=True)
        sequence = flight.engine.bulletin.sequence
        await asyncio.sleep(30.0)
        assert flight.engine.bulletin.sequence == sequence
        assert not flight.bot.arrived

    bot = Bot(Buyer, exchange=Reluctant)
    bot.live(scenario)
    bot.crash()
    bot.live(calmed)


def test_a_memory_that_cannot_be_used_ends_the_engine_and_stays_as_it_is() -> None:
    bot = Bot(Idle)
    newer = msgspec.msgpack.encode({"version": VERSION + 1})
    bot.journal.keep_state(BotState(desired="running", who="key:alice", since=1, memory=newer))
    bot.journal.close(clean=True)
    bot.journal = bot.journal.reopen()

    async def scenario(flight: Flight) -> None:
        with pytest.raises(MemoryRefused, match="newer radtui"):
            await flight.task

    bot.live(scenario)
    state = bot.journal.reopen().known().state
    assert state is not None
    assert state.memory == newer
