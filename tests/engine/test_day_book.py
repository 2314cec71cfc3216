"""A day of the why ledger comes through the one door, as a receipt that nobody keeps."""

from __future__ import annotations

import asyncio

from radtui.core.facts import Instructed, Receipted
from radtui.core.instruction import Ask, Receipt
from radtui.core.why_day import day_of
from radtui.engine.day_book import MOST
from tests.engine.flights import Buyer, Flight, Idle, fly


async def answered(flight: Flight, subject: str = "") -> Receipt:
    name = flight.engine.tell(Ask.WHY_DAY, who="key:lena", subject=subject)
    await flight.until(lambda: name in flight.engine.bulletin.receipts)
    return flight.engine.bulletin.receipts[name]


def test_today_is_counted_and_nothing_is_written() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        receipt = await answered(flight)
        assert receipt.success
        assert receipt.day is not None
        assert receipt.day.day == day_of(flight.core.desk.market_at)
        assert receipt.day.signals >= receipt.day.entries >= 1
        kept = [*flight.facts(Instructed), *flight.facts(Receipted)]
        assert not [each for each in kept if "why-day" in str(each)]

    fly(scenario, Buyer)


def test_another_day_is_empty_and_what_is_none_is_refused() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        empty = await answered(flight, "2020-02-29")
        assert empty.day is not None
        assert (empty.day.day, empty.day.signals) == ("2020-02-29", 0)
        for subject in ("yesterday", "2026-02-30", "2026-01-01T05:00"):
            receipt = await answered(flight, subject)
            assert (receipt.success, receipt.refused, receipt.day) == (False, True, None)

    fly(scenario, Idle)


def test_however_many_ask_each_is_answered() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        asked = [flight.engine.tell(Ask.WHY_DAY, who="x") for _ in range(3 * MOST)]
        await asyncio.sleep(1)
        answers = [flight.engine.bulletin.receipts[name] for name in asked]
        assert sum(each.success for each in answers) >= MOST
        assert all(each.success or "too many" in each.message for each in answers)

    fly(scenario, Idle)


def test_an_engine_under_virtual_time_refuses_backtests_and_flies_on() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        receipt = await flight.ask(Ask.BACKTEST)
        assert receipt.refused
        assert "`radtui backtest` does" in receipt.message
        assert flight.engine.snapshot().backtests == ()

    fly(scenario, Idle)
