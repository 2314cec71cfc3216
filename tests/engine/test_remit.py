"""Flights that may not do everything: one that only protects enters nothing; one that only watches sends nothing."""

from __future__ import annotations

import asyncio

import pytest

from radtui.core.config import Adoption, Policy, Remit
from radtui.core.facts import Evaluated, Trouble
from radtui.core.instruction import Ask, ExitPolicy, Receipt
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.core.standing import Mode
from radtui.store.memory import MemoryJournal
from tests.engine.flights import SYMBOLS, Bot, Buyer, Flight, Turner


def again(remit: Remit, *, bare: bool = True) -> Bot:
    """Return a bot that held positions, died, lost their stops if `bare`, and comes back with less to do."""
    bot = Bot(Buyer, outlives=True)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        for symbol in SYMBOLS:
            await flight.hold(symbol)

    bot.live(scenario)
    bot.crash()
    for order in bot.venue.open_orders() if bare else ():
        bot.venue.cancel(order.symbol, order.client_id)
    bot.core_told["remit"] = remit
    return bot


def test_without_trading_what_is_open_gets_its_stops_and_nothing_is_entered() -> None:
    bot = again(Remit.PROTECT)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        before = len(flight.entries())
        for symbol in SYMBOLS:
            await flight.hold(symbol)
        flight.check()
        await asyncio.sleep(300.0)
        assert len(flight.entries()) == before
        assert {order.symbol for order in flight.venue.open_orders()} == set(SYMBOLS)
        receipt = await flight.ask(Ask.EMERGENCY_STOP)
        assert receipt.success
        assert not flight.venue.positions()

    bot.live(scenario)


def test_without_trading_a_signal_is_weighed_and_refused_with_the_reason() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: any(fact.why.gates for fact in flight.facts(Evaluated)))
        status = flight.engine.snapshot().status
        assert (status.trading, status.reasons) == (Mode.HALTED, ("this engine runs without trading",))
        gates = next(fact.why.gates for fact in flight.facts(Evaluated) if fact.why.gates)
        assert [gate.value for gate in gates if not gate.passed] == ["this engine runs without trading"]
        await flight.ask(Ask.SHUTDOWN)

    bot = Bot(Turner, remit=Remit.PROTECT)
    bot.live(scenario)
    assert not bot.arrived


def test_a_watcher_sends_nothing_whatever_it_sees_and_whoever_asks() -> None:
    bot = again(Remit.WATCH)
    arrived = bot.arrived.total()

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(300.0)
        snapshot = flight.engine.snapshot()
        assert {each.symbol: each.stop_resting for each in snapshot.positions} == dict.fromkeys(SYMBOLS, False)
        assert not flight.core.trading.exits.close(SYMBOLS[0], "a target was met")
        assert not [fact for fact in flight.facts(Trouble) if fact.kind == "order not admitted"]
        for ask, exits in (
            (Ask.EMERGENCY_STOP, None),
            (Ask.CANCEL_ORDER, None),
            (Ask.PLACE_ORDER, None),
            (Ask.SHUTDOWN, ExitPolicy.FLATTEN),
        ):
            receipt = await flight.ask(ask, exits=exits)
            assert (receipt.success, receipt.refused) == (False, True)
            assert "only watches" in receipt.message
        await flight.ask(Ask.SHUTDOWN)
        await asyncio.wait_for(asyncio.shield(flight.task), 60.0)

    bot.live(scenario)
    assert bot.arrived.total() == arrived
    assert len(bot.venue.positions()) == len(SYMBOLS)


@pytest.mark.parametrize("bare", [False, True])
def test_a_watcher_on_a_journal_of_its_own_shows_what_is_open_and_says_what_it_leaves(bare: bool) -> None:
    bot = again(Remit.WATCH, bare=bare)
    bot.journal = MemoryJournal()
    bot.core_told["adoption"] = Adoption(foreign=Policy.LEAVE)

    async def scenario(flight: Flight) -> Receipt:
        await flight.ready()
        shown = flight.engine.snapshot()
        assert {each.symbol: each.stop_resting for each in shown.positions} == dict.fromkeys(SYMBOLS, not bare)
        assert shown.money.equity is not None
        return await flight.ask(Ask.SHUTDOWN, within=60.0)

    receipt = bot.live(scenario)
    assert receipt.success is not bare
    assert all("NO STOP" in line for line in receipt.unverified)


@pytest.mark.parametrize("remit", [Remit.PROTECT, Remit.WATCH])
def test_an_entry_that_was_on_its_way_is_not_sent_again(remit: Remit) -> None:
    bot = Bot(Buyer, outlives=True)

    async def entering(flight: Flight) -> None:
        await flight.ready()
        await flight.until(flight.entries)

    bot.live(entering)
    bot.crash()
    bot.core_told["remit"] = remit
    arrived = dict(bot.arrived)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(120.0)
        entries = {order.client_id for order in flight.entries()}
        assert entries & bot.arrived.keys() <= arrived.keys()

    bot.live(scenario)
    assert max(bot.arrived.values(), default=0) <= 1


def test_a_watcher_leaves_a_stop_that_protects_nothing_any_more() -> None:
    bot = again(Remit.WATCH, bare=False)
    symbol = SYMBOLS[0]
    lots = next(position.lots for position in bot.venue.positions() if position.symbol == symbol)
    side = Side.SELL if lots > 0 else Side.BUY
    bot.venue.place(
        OrderRequest(client_id="somebody", symbol=symbol, side=side, type=OrderType.MARKET, close_order=True)
    )

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(120.0)
        assert symbol not in flight.core.trading.positions.open
        assert symbol in {order.symbol for order in flight.venue.open_orders()}
        assert not flight.calls("orders.cancel")

    bot.live(scenario)
