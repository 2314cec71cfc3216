"""One bot from start to end: what it does by itself, what it waits for, and what it leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radtui.core.facts import Envelope, OrderChanged, StateChanged, Trouble
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.link_view import LinkView, PoolView
from radtui.core.market import SECOND
from radtui.core.orders import Purpose
from radtui.health.report import report
from radtui.venue.faults import Fault
from tests.engine.flights import EVERYTHING, LEAN, SYMBOLS, Bot, Buyer, Flight, Idle, Turner, fly, moves

OUTAGE = ("contracts", "candles", "orders.open", "fills", "positions", "account")


def asked(*asks: Ask) -> Any:
    """Return a life in which the bot runs and is then told `asks`, in turn; it ends in a crash or its shutdown."""

    async def life(flight: Flight) -> None:
        await flight.ready()
        for ask in asks:
            await flight.ask(ask)
        await asyncio.sleep(1.0)

    return life


async def settled(flight: Flight) -> State:
    """Return where a bot stands once it had every reason and time to start."""
    await flight.until(lambda: flight.core.recovered)
    await asyncio.sleep(5.0)
    return flight.state


@pytest.mark.parametrize(
    ("asks", "state"),
    [
        ((), State.RUNNING),
        ((Ask.SHUTDOWN,), State.RUNNING),
        ((Ask.PAUSE, Ask.RESUME), State.RUNNING),
        ((Ask.STOP, Ask.START), State.RUNNING),
        ((Ask.PAUSE,), State.PAUSED),
        ((Ask.PAUSE, Ask.SHUTDOWN), State.PAUSED),
        ((Ask.STOP,), State.STOPPED),
        ((Ask.STOP, Ask.SHUTDOWN), State.STOPPED),
        ((Ask.PAUSE, Ask.STOP), State.STOPPED),
        ((Ask.EMERGENCY_STOP,), State.STOPPED),
    ],
)
def test_after_a_restart_it_stands_where_the_operator_wanted_it(asks: tuple[Ask, ...], state: State) -> None:
    bot = Bot(Idle)
    bot.live(asked(*asks))
    bot.crash()
    assert bot.live(settled) is state


def test_without_autostart_nothing_starts_by_itself() -> None:
    bot = Bot(Idle, autostart=False)

    async def told(flight: Flight) -> None:
        await flight.ready()
        assert flight.state is State.STOPPED
        await flight.ask(Ask.START)

    bot.live(told)
    bot.crash()
    assert bot.live(settled) is State.STOPPED


def test_a_pause_keeps_who_and_since_over_every_restart() -> None:
    async def paused(flight: Flight) -> tuple[str, int]:
        await flight.ready()
        flight.engine.tell(Ask.PAUSE, who="key:alice")
        await asyncio.sleep(1.0)
        status = flight.engine.snapshot().status
        return status.who, status.since

    async def shown(flight: Flight) -> tuple[State, str, int]:
        await settled(flight)
        status = flight.engine.snapshot().status
        return status.state, status.who, status.since

    bot = Bot(Idle)
    who, since = bot.live(paused)
    for _ in range(2):
        bot.crash(downtime=3600.0)
        assert bot.live(shown) == (State.PAUSED, "key:alice", since)
    assert who == "key:alice"


def test_an_unfinished_emergency_stop_goes_on_after_a_crash_and_nothing_starts() -> None:
    async def begins(flight: Flight) -> None:
        await flight.hold()
        flight.faults.sever("orders.place")
        flight.engine.tell(Ask.EMERGENCY_STOP, who="test")
        await asyncio.sleep(2.0)
        assert flight.venue.positions()

    async def ends(flight: Flight) -> None:
        await flight.until(lambda: flight.core.control.answers.last)
        receipt = flight.core.control.answers.last
        assert receipt is not None
        assert (receipt.ask, receipt.success, receipt.who) == (Ask.EMERGENCY_STOP, True, "test")
        assert not flight.venue.positions()
        assert not flight.venue.open_orders()
        assert flight.state is State.STOPPED
        flight.check()

    bot = Bot(Buyer, outlives=True)
    bot.live(begins)
    bot.crash()
    bot.live(ends)


def test_one_that_starts_in_an_outage_waits_says_so_and_starts_when_it_ends() -> None:
    async def scenario(flight: Flight) -> None:
        flight.faults.sever(*OUTAGE)
        await asyncio.sleep(100.0)
        assert flight.state is State.STARTING
        assert flight.engine.snapshot().status.blocked == "recovery is not done"
        said = [t for t in flight.facts(Trouble) if t.where == "start"]
        assert len(said) >= 5
        assert said[0].message.startswith("cannot be reached: ")
        flight.heal()
        await flight.until(lambda: flight.state is State.RUNNING, 80.0)
        await flight.hold()
        await flight.calm()
        flight.check()

    fly(scenario, Buyer)


def test_who_says_stop_during_the_outage_finds_it_stopped_afterwards() -> None:
    async def scenario(flight: Flight) -> None:
        flight.faults.sever(*OUTAGE)
        await asyncio.sleep(10.0)
        told = flight.engine.tell(Ask.STOP, who="test")
        await asyncio.sleep(60.0)
        assert told not in flight.engine.bulletin.receipts, "it is not stopped before the exchange has shown it"
        flight.heal()
        assert await settled(flight) is State.STOPPED
        assert flight.engine.bulletin.receipts[told].success
        await asyncio.sleep(130.0)
        assert not flight.bot.arrived

    fly(scenario, Buyer)


@pytest.mark.parametrize("autostart", [True, False])
def test_one_that_waits_in_an_outage_and_knows_of_nothing_can_be_shut_down_within_seconds(autostart: bool) -> None:
    async def scenario(flight: Flight) -> None:
        flight.faults.sever(*OUTAGE)
        await asyncio.sleep(60.0)
        told = flight.loop.time()
        receipt = await flight.ask(Ask.SHUTDOWN)
        await flight.task
        assert not receipt.success
        assert receipt.unverified[0].startswith("the exchange was not read since: ")
        assert flight.loop.time() - told <= 5.5

    fly(scenario, Idle, autostart=autostart)


@pytest.mark.parametrize("ask", [Ask.PAUSE, Ask.STOP])
def test_protection_goes_on_while_paused_and_stopped(ask: Ask) -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        await flight.ask(ask)
        await lose_a_stop(flight)

    fly(scenario, Buyer)


def test_protection_goes_on_in_error() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        flight.faults.sever("account", fault=Fault.RATE_LIMIT)
        await flight.until(lambda: flight.state is State.ERROR, 1000.0)
        assert flight.core.control.why == "Bot stopped due to 3 consecutive failures"
        flight.heal()
        await lose_a_stop(flight)
        assert (await flight.ask(Ask.START)).success
        assert flight.state is State.RUNNING

    fly(scenario, Buyer, retry_delay=10 * SECOND)


async def lose_a_stop(flight: Flight) -> None:
    """Take a resting stop away behind the bot's back, and see another one rest within its limit."""
    symbol = SYMBOLS[0]
    (stop,) = [order for order in flight.venue.open_orders() if order.symbol == symbol]
    flight.venue.cancel(symbol, stop.client_id)
    resting = flight.venue.open_orders
    await flight.until(lambda: any(order.symbol == symbol for order in resting()), 2.0)
    (new,) = [order for order in resting() if order.symbol == symbol]
    assert (new.stop, new.close_order) == (stop.stop, True)
    await asyncio.sleep(1.0)
    assert flight.core.trading.positions.open[symbol].bare_since is None


def test_every_start_is_told_from_starting_to_running() -> None:
    bot = Bot(Idle)
    bot.live(asked(Ask.STOP, Ask.START, Ask.PAUSE, Ask.RESUME))
    assert moves(bot.facts) == [
        *("starting", "running", "stopping", "stopped"),
        *("starting", "running", "paused", "running"),
    ]


def told(seed: int) -> tuple[Sequence[Envelope], bytes]:
    """Fly a while through every fault and return all that was published, and the report."""

    async def scenario(flight: Flight) -> tuple[Sequence[Envelope], bytes]:
        await asyncio.sleep(400.0)
        return flight.bot.facts, msgspec.json.encode(report(flight.engine.snapshot(), virtual=True))

    return fly(scenario, Turner, seed=seed, rates=EVERYTHING, speed=6, max_retries=99, **LEAN)


def test_the_same_seed_is_the_same_flight_to_the_last_byte() -> None:
    facts, document = told(5)
    again, same = told(5)
    other, another = told(6)
    assert any(isinstance(envelope.fact, OrderChanged) for envelope in facts)
    assert facts == again
    assert document == same
    assert facts != other
    assert document != another


def test_facts_are_numbered_without_a_gap_over_every_life() -> None:
    bot = Bot(Turner)
    for _ in range(3):
        bot.live(asked(Ask.SHUTDOWN))
        bot.crash()
    numbers = [envelope.sequence for envelope in bot.facts]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [type(envelope.fact) for envelope in bot.facts].count(StateChanged) == 12


def test_the_stops_are_own_orders_that_close_the_whole_position() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        for stop in flight.orders(Purpose.STOP):
            assert stop.client_id.startswith("t-")
            assert stop.request.close_order
            assert flight.bot.accepted[stop.client_id] == 1

    fly(scenario, Buyer)


def test_a_new_account_takes_nothing_over_from_the_old_one_not_even_after_a_crash() -> None:
    async def trades(flight: Flight) -> None:
        await asyncio.sleep(200.0)
        assert flight.engine.snapshot().money.fills > 0

    async def begins_anew(flight: Flight) -> None:
        await flight.until(lambda: flight.core.recovered)
        money = flight.engine.snapshot().money
        assert (money.fills, money.start, money.identity) == (0, Decimal(10_000), Decimal(0))

    bot = Bot(Turner, **LEAN)
    bot.live(trades)
    bot.journal = bot.journal.reopen()
    bot.journal.forget_paper()
    bot.journal.close(clean=True)
    bot.autostart = False
    for _ in range(2):
        bot.crash()
        bot.live(begins_anew)


def test_the_snapshot_shows_the_line_to_the_exchange_as_it_is_now() -> None:
    line = LinkView(pools=(PoolView(name="futures", limit=2000, remaining=1990),), skew=0.012)

    async def life(flight: Flight) -> None:
        await flight.ready()
        seen = flight.engine.snapshot()
        assert (seen.exchange, seen.link) == ("paper", LinkView()), "the simulated exchange has no line"
        flight.engine.exchange.link = lambda: line  # type: ignore[method-assign]
        assert flight.engine.snapshot().link is line

    fly(life, Idle)
