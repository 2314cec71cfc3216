"""What is asked beside the trading: the exchange is asked once a moment, core is left as it is, and faults are told."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from radtui.core.book import BookShown
from radtui.core.facts import Evaluated
from radtui.core.memory import unpack
from radtui.core.signal import Signal
from radtui.engine.inquirer import SERVES
from radtui.engine.inquiries import NoSuchContract, NothingWeighed, Unanswered
from radtui.exchange.paper import PaperExchange
from tests.engine.flights import SYMBOLS, Buyer, Flight, Idle, fly

XBT = SYMBOLS[0]
UP = Signal(buy=0.9, sell=0.0, hold=0.1, confidence=0.9, reason="by hand")


class Hung(PaperExchange):
    """Never says what is in a book."""

    async def book(self, symbol: str) -> BookShown:
        await asyncio.Event().wait()
        raise AssertionError


def test_however_many_ask_at_once_the_exchange_is_asked_once_a_moment() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        ask = flight.engine.inquirer
        read = await asyncio.gather(*(ask.book(XBT) for _ in range(50)))
        assert len({each.at for each in read}) == 1
        assert read[0].book.bids[0].price < read[0].book.asks[0].price
        await ask.book(SYMBOLS[1])
        assert flight.calls("book") == 2
        await asyncio.sleep(SERVES)
        assert (await ask.book(XBT)).at > read[0].at
        seen = await ask.cache()
        assert (seen.hits, seen.misses, seen.entries) == (49, 3, 2)

    fly(scenario, Idle)


def test_who_goes_away_takes_the_reading_from_nobody() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        first = asyncio.create_task(flight.engine.inquirer.book(XBT))
        second = asyncio.create_task(flight.engine.inquirer.book(XBT))
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).book.symbol == XBT

    fly(scenario, Idle)


def test_what_cannot_be_read_is_said_and_asked_again_later() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        with pytest.raises(Unanswered, match="did not answer within 1 s"):
            await flight.engine.inquirer.book(XBT)

    fly(scenario, Idle, exchange=Hung)


def test_a_contract_that_is_not_traded_here_asks_the_exchange_nothing() -> None:
    async def scenario(flight: Flight) -> None:
        with pytest.raises(Unanswered, match="not known yet"):
            await flight.engine.inquirer.book(XBT)
        await flight.ready()
        for asked in (flight.engine.inquirer.book("NIX"), flight.engine.inquirer.trades("NIX")):
            with pytest.raises(NoSuchContract, match="it is: ETHUSDTM, XBTUSDTM"):
                await asked
        assert flight.calls("book") == 0

    fly(scenario, Idle)


def test_the_gates_are_asked_and_nothing_comes_of_it() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        core, before = flight.core, unpack(flight.core.memory())
        sequence = flight.engine.bulletin.sequence
        weighed = await flight.engine.inquirer.weigh(XBT, UP, None)
        assert all(gate.passed for gate in weighed.gates), weighed.gates
        assert weighed.notional == core.desk.instruments[XBT].notional(weighed.price, weighed.lots)
        assert weighed.stop < weighed.price == core.trading.positions.marks[XBT]
        assert (unpack(core.memory()), flight.engine.bulletin.sequence) == (before, sequence)
        assert not core.trading.orders.live()
        assert not core.desk.clear()
        far = await flight.engine.inquirer.weigh(XBT, UP, Decimal(1))
        assert far.price == 1

    fly(scenario, Idle)


def test_what_the_gates_refuse_is_refused_here_too() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.hold()
        weighed = await flight.engine.inquirer.weigh(XBT, UP, None)
        assert "symbol free" in {gate.gate for gate in weighed.gates if not gate.passed}
        made = await flight.engine.inquirer.assess()
        held = flight.core.trading.positions
        assert made.total_exposure == held.notional()
        assert (made.position_count, made.symbol_count) == (len(held.open), len(held.open))
        assert made.daily_pnl is not None

    fly(scenario, Buyer)


def test_why_is_answered_out_of_the_ledger_for_then_and_for_a_day() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        with pytest.raises(NothingWeighed, match="no signal of NIX up to 2116-02-20 23:53:38 UTC market time"):
            await flight.engine.inquirer.why("NIX", 2**62)
        await flight.until(lambda: len(flight.facts(Evaluated)) > 3)
        await asyncio.sleep(1)
        first = flight.facts(Evaluated)[0].why
        assert await flight.engine.inquirer.why(first.symbol, first.at) == first
        day = await flight.engine.inquirer.why_day("")
        assert day.signals >= 4
        assert day.entries + day.refused + day.holds + day.others == day.signals
        assert (await flight.engine.inquirer.why_day("1999-01-01")).signals == 0

    fly(scenario, Buyer)
