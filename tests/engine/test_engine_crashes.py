"""Killed at any moment, again and again: the next start recovers, and loses and repeats nothing."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from radtui.core.facts import Envelope, Evaluated, FundingSettled, OrderChanged
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.market import HOUR
from radtui.core.orders import OrderState, Purpose
from radtui.venue.faults import Fault
from tests.engine.flights import EPOCH, EVERYTHING, LEAN, SYMBOLS, Bot, Buyer, Flight, Turner

PURPOSES = [Purpose.ENTRY, Purpose.STOP, Purpose.EXIT]
"""In the order in which a position's life brings them."""
MOMENTS = st.one_of(st.floats(0.0, 2.0), st.floats(8.0, 14.0), st.floats(0.0, 120.0))
"""Seconds of a life: amid the start, round the first candle's close, anywhere."""


async def recovered(flight: Flight) -> None:
    """Let nothing fail any more and compare everything once it has come to rest."""
    flight.heal()
    await flight.until(lambda: flight.core.recovered)
    await flight.calm()
    flight.check()


def crash_after(bot: Bot, seconds: float, downtime: float, ask: Ask | None = None) -> None:
    """Run one life that is told `ask` half way and ends by kill -9 after `seconds`, unless a shutdown was faster."""

    async def life(flight: Flight) -> None:
        await asyncio.sleep(seconds / 2)
        if ask is not None:
            flight.engine.tell(ask, who="test")
        await asyncio.sleep(seconds / 2)

    bot.live(life)
    bot.crash(downtime)


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate, Phase.shrink], derandomize=True)
@given(
    lives=st.lists(
        st.tuples(MOMENTS, st.sampled_from([0.5, 3.0, 60.0]), st.one_of(st.none(), st.sampled_from(Ask))),
        min_size=1,
        max_size=4,
    ),
    latency=st.sampled_from([0.0, 0.003, 0.2]),
    stormy=st.booleans(),
    outlives=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_whenever_it_is_killed_and_whatever_it_was_told_the_next_start_recovers(
    lives: list[tuple[float, float, Ask | None]], latency: float, stormy: bool, outlives: bool, seed: int
) -> None:
    rates = EVERYTHING if stormy else {}
    bot = Bot(Turner, seed=seed, rates=rates, latency=latency, outlives=outlives, speed=6, max_retries=99, **LEAN)
    for seconds, downtime, ask in lives:
        crash_after(bot, seconds, downtime, ask)
    bot.live(recovered)


@pytest.mark.parametrize("outlives", [True, False])
@pytest.mark.parametrize("state", [OrderState.INTENT, OrderState.SENT, OrderState.UNKNOWN, OrderState.WORKING])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_killed_with_an_order_in_each_state_it_recovers(purpose: Purpose, state: OrderState, outlives: bool) -> None:
    async def life(flight: Flight) -> None:
        reached = asyncio.Event()

        def look(envelope: Envelope) -> None:
            fact = envelope.fact
            if isinstance(fact, OrderChanged) and fact.order.purpose is purpose and fact.order.state is state:
                reached.set()

        flight.engine.bulletin.watch(look)
        if state is OrderState.UNKNOWN:
            before = PURPOSES.index(purpose) * len(SYMBOLS)
            flight.faults.strike("orders.place", *[None] * before, *[Fault.TIMEOUT_BEFORE] * len(SYMBOLS))
        await asyncio.wait_for(reached.wait(), 120.0)

    bot = Bot(Turner, outlives=outlives, speed=6, **LEAN)
    bot.live(life)
    bot.crash()
    bot.live(recovered)


def test_an_emergency_stop_survives_any_number_of_crashes() -> None:
    bot, random = Bot(Turner, rates=EVERYTHING, outlives=True, speed=6, max_retries=99, **LEAN), Random(1)

    async def begins(flight: Flight) -> None:
        await flight.hold()
        flight.faults.sever("positions")
        flight.engine.tell(Ask.EMERGENCY_STOP, who="test")
        await asyncio.sleep(1.0)

    bot.live(begins)
    bot.crash()
    for _ in range(5):
        crash_after(bot, random.uniform(0.0, 1.0), 1.0)
    bot.live(recovered)
    assert not bot.venue.positions()
    assert not bot.venue.open_orders()


def test_an_entry_that_arrived_had_its_intent_in_the_journal() -> None:
    async def life(flight: Flight) -> None:
        await flight.until(lambda: flight.bot.accepted)

    bot = Bot(Turner, outlives=True, latency=0.05, speed=6, **LEAN)
    bot.live(life)
    kept = [envelope.fact for envelope in bot.journal.kept if isinstance(envelope.fact, OrderChanged)]
    assert bot.accepted.keys() <= {fact.order.client_id for fact in kept}
    bot.crash()
    bot.live(recovered)


def test_nothing_is_entered_before_every_order_of_the_last_run_is_accounted_for() -> None:
    async def sends(flight: Flight) -> None:
        flight.faults.strike("orders.place", Fault.TIMEOUT_BEFORE)
        await flight.until(lambda: any(order.state is OrderState.UNKNOWN for order in flight.entries()))

    async def waits(flight: Flight) -> None:
        before = flight.bot.accepted.copy()
        flight.faults.sever("orders.get")
        await asyncio.sleep(60.0)
        assert flight.state is State.STARTING
        outcomes = {fact.why.outcome for fact in flight.facts(Evaluated)[-len(SYMBOLS) :]}
        assert all(outcome.startswith("no entry: state, ready") for outcome in outcomes)
        stops = {order.client_id for order in flight.orders(Purpose.STOP)}
        assert flight.bot.accepted.keys() - before.keys() <= stops
        await recovered(flight)

    bot = Bot(Buyer, outlives=True, speed=6, **LEAN)
    bot.live(sends)
    bot.crash()
    bot.live(waits)


def test_funding_that_was_settled_while_it_was_dead_is_in_the_books() -> None:
    async def holds(flight: Flight) -> None:
        await flight.hold()
        await flight.ask(Ask.STOP)

    bot = Bot(Buyer, outlives=True, start=EPOCH + 7 * HOUR, speed=60, **LEAN)
    bot.live(holds)
    bot.crash(downtime=60.0)
    before = bot.venue.account()
    bot.live(recovered)
    settled = [envelope.fact for envelope in bot.facts if isinstance(envelope.fact, FundingSettled)]
    assert len(settled) == len(bot.venue.positions()) > 0
    assert bot.venue.account().wallet == before.wallet, "nothing else moved the money meanwhile"
