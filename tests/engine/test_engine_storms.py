"""Hours in which everything fails that can: at the end the books are right, and every order was sent once."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from radtui.core.facts import CycleEnded, Evaluated
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.core.orders import OrderState
from radtui.venue.faults import CALL_FAULTS, Fault
from tests.engine.flights import EVERYTHING, LEAN, SYMBOLS, Buyer, Flight, Turner, fly

HALF = {Fault.ERROR: 0.2, Fault.RATE_LIMIT: 0.1, Fault.TIMEOUT_BEFORE: 0.1, Fault.TIMEOUT_AFTER: 0.2}
"""Half of all calls fail."""
SEAMS = ("orders.place", "orders.cancel", "orders.get", "orders.open", "fills", "positions", "account")


async def through(flight: Flight, seconds: float) -> None:
    """Fly, then let everything settle and compare the books with the exchange."""
    await asyncio.sleep(seconds)
    await flight.until(lambda: flight.core.recovered)
    await flight.calm()
    flight.check()


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
def test_two_market_hours_of_everything_leave_the_books_right(seed: int) -> None:
    async def scenario(flight: Flight) -> None:
        await through(flight, 1200.0)
        assert flight.engine.snapshot().money.fills > 40
        assert any(not cycle.ok for cycle in flight.facts(CycleEnded))

    fly(scenario, Turner, seed=seed, rates=EVERYTHING, speed=6, max_retries=99, **LEAN)


@pytest.mark.parametrize("fault", CALL_FAULTS)
@pytest.mark.parametrize("seam", SEAMS)
def test_each_place_may_fail_half_of_the_time_in_each_way(seam: str, fault: Fault) -> None:
    async def scenario(flight: Flight) -> None:
        random = Random(f"{seam} {fault}")
        flight.faults.strike(seam, *(fault if random.random() < 0.5 else None for _ in range(200)))
        await through(flight, 120.0)
        assert flight.bot.arrived

    fly(scenario, Turner, speed=6, max_retries=99, **LEAN)


def test_nothing_new_is_entered_while_nobody_knows_what_became_of_the_last_one() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        flight.faults.sever(*SEAMS, fault=Fault.TIMEOUT_AFTER)
        flight.faults.sever("account feed", fault=Fault.SILENCE, seconds=60.0)
        await asyncio.sleep(45.0)
        assert len(flight.facts(Evaluated)) >= 4 * len(SYMBOLS), "it wanted to, at each candle"
        assert sum(flight.bot.accepted.values()) == len(SYMBOLS)
        assert {order.state for order in flight.entries()} == {OrderState.UNKNOWN}
        await through(flight, 0.0)

    fly(scenario, Buyer, speed=6, **LEAN)


async def reach(flight: Flight, state: State) -> None:
    """Bring a bot that holds positions (except while it starts) into `state`."""
    if state is State.STARTING:
        await asyncio.sleep(0.01)
    else:
        await flight.hold()
    if state is State.PAUSED:
        await flight.ask(Ask.PAUSE)
    elif state is State.STOPPED:
        await flight.ask(Ask.STOP)
    elif state is State.STOPPING:
        await flight.until(lambda: flight.core.trading.orders.unsettled)
        flight.engine.tell(Ask.STOP, who="test")
    elif state is State.ERROR:
        flight.faults.sever("account")
        await flight.until(lambda: flight.state is state)
        flight.faults.mend()
    assert flight.state is state


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("seed", range(2))
def test_an_emergency_stop_ends_flat_from_each_state_while_half_of_the_calls_fail(state: State, seed: int) -> None:
    async def scenario(flight: Flight) -> None:
        await reach(flight, state)
        held = {position.symbol for position in flight.venue.positions()}
        flight.faults.rates.update(HALF)
        receipt = await flight.ask(Ask.EMERGENCY_STOP, within=1200.0)
        assert (receipt.success, receipt.status) == (True, "stopped")
        assert {line.split()[0] for line in receipt.positions_closed} >= held
        assert not flight.venue.positions()
        assert not flight.venue.open_orders()
        await through(flight, 0.0)
        assert not flight.venue.positions(), "and nothing comes after it"

    quick = {"retry_delay": SECOND, "cycle_interval": 5 * SECOND}
    fly(scenario, Turner if state is State.STOPPING else Buyer, seed=seed, speed=6, **LEAN, **quick)


def test_no_stop_is_cancelled_before_the_position_is_read_back_flat() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        bare: list[str] = []

        def look(_: object) -> None:
            resting = {order.symbol for order in flight.venue.open_orders() if order.waits}
            bare.extend(position.symbol for position in flight.venue.positions() if position.symbol not in resting)

        await flight.until(lambda: len(flight.venue.positions()) == len(SYMBOLS))
        await asyncio.sleep(10.0)
        flight.faults.rates.update(HALF)
        flight.engine.bulletin.watch(look)
        await flight.ask(Ask.EMERGENCY_STOP, within=1200.0)
        assert not bare

    fly(scenario, Buyer, speed=6, **LEAN)
