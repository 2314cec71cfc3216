"""A settlement that nobody heard of is read again and counted once: after a gap, a silence, and a crash."""

from __future__ import annotations

import asyncio

import pytest

from radtui.core.facts import FundingSettled
from radtui.core.market import MINUTE, SECOND
from radtui.venue.faults import Fault
from radtui.venue.venue import FUNDING_SPAN
from tests.engine.flights import EPOCH, SYMBOLS, Bot, Buyer, Flight

EVE = EPOCH + FUNDING_SPAN - 40 * MINUTE
"""Forty minutes of the market before a settlement."""


def near_a_settlement() -> Bot:
    return Bot(Buyer, speed=60, start=EVE)


async def to_the_settlement(flight: Flight) -> None:
    """Hold a position until two minutes of the market before it is settled."""
    await flight.ready()
    await flight.hold()
    await flight.until(lambda: flight.paper.market_now() > EPOCH + FUNDING_SPAN - 2 * MINUTE)


def assert_counted(flight: Flight) -> None:
    snapshot, settled = flight.engine.snapshot(), flight.venue.funding(0)
    assert settled
    assert snapshot.money.funding == sum(paid.amount for paid in settled)
    assert snapshot.money.identity == 0
    assert not [notice for notice in snapshot.notices if "differs" in notice]


@pytest.mark.parametrize("fault", [None, Fault.GAP, Fault.SILENCE])
def test_a_settlement_counts_once_whatever_the_feed_did(fault: Fault | None) -> None:
    async def scenario(flight: Flight) -> None:
        await to_the_settlement(flight)
        if fault is not None:
            flight.faults.strike("account feed", fault, seconds=8.0)
        await asyncio.sleep(40.0)
        assert_counted(flight)
        said = [(fact.symbol, fact.at) for fact in flight.facts(FundingSettled)]
        assert sorted(said) == sorted((symbol, EPOCH + FUNDING_SPAN) for symbol in _held(flight))

    near_a_settlement().live(scenario)


def _held(flight: Flight) -> list[str]:
    return [paid.symbol for paid in flight.venue.funding(0)]


def test_a_settlement_that_a_crash_swallowed_is_found_at_the_next_start() -> None:
    bot = near_a_settlement()

    async def dies(flight: Flight) -> None:
        await to_the_settlement(flight)
        flight.faults.sever("fills", "funding", "positions", "account", "orders.open")
        flight.faults.strike("account feed", Fault.SILENCE, seconds=60.0)
        await flight.until(lambda: flight.venue.funding(0))
        await asyncio.sleep(1.0)
        assert flight.core.trading.purse.sums.funding == 0

    async def finds(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(5.0)
        assert_counted(flight)

    bot.live(dies)
    bot.crash()
    assert bot.venue.now > EPOCH + FUNDING_SPAN - SECOND
    assert {paid.symbol for paid in bot.venue.funding(0)} <= {*SYMBOLS}
    bot.live(finds)
