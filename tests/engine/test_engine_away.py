"""Half a day away, and a crash in every place: the restart explains what it finds."""

from __future__ import annotations

import asyncio

import pytest

from radtui.core.facts import Found, Reconciled
from radtui.core.recovery_report import RecoveryReport
from tests.engine.flights import EVERYTHING, LEAN, SYMBOLS, Bot, Buyer, Flight, Turner


async def held(flight: Flight) -> None:
    await flight.ready()
    await flight.hold()
    await asyncio.sleep(10.0)


async def recovered(flight: Flight) -> RecoveryReport:
    await flight.until(lambda: flight.core.recovered)
    await flight.calm(30.0)
    flight.check()
    (told,) = [fact.report for fact in flight.facts(Reconciled) if fact.report.began_at >= flight.bot.start][-1:]
    assert flight.engine.snapshot().recovery == told
    return told  # type: ignore[no-any-return]


def test_after_half_a_day_away_funding_explains_the_wallet() -> None:
    bot = Bot(Buyer, outlives=True, **LEAN)
    bot.live(held)
    bot.crash(12 * 3600.0)
    told = bot.live(recovered)
    assert told.last_run == "killed or crashed"
    assert told.away is not None
    assert told.away > 12 * 3600
    assert told.funding == len(SYMBOLS), "it is settled every eight hours"
    (money,) = [finding for finding in told.findings if finding.kind == "balance"]
    assert money.explanation.startswith("funding ")
    assert money.done == "caught up"


def test_a_stop_that_somebody_cancelled_meanwhile_is_named_and_placed_anew() -> None:
    bot = Bot(Buyer, outlives=True, **LEAN)
    bot.live(held)
    stop = bot.venue.open_orders()[0]
    bot.venue.cancel(stop.symbol, stop.client_id)
    bot.venue.drain()
    bot.crash(60.0)
    told = bot.live(recovered)
    (found,) = [finding for finding in told.findings if stop.client_id in finding.subject]
    assert (found.kind, found.before, found.after) == ("stop", "working", "cancelled")
    assert (told.stops, told.positions) == (len(SYMBOLS) - 1, len(SYMBOLS)), "as it was before we did anything"
    assert [finding for finding in told.findings if finding.kind == "stop"] == [found], (
        "a new one rests before recovery is done: no position is told to be bare"
    )


@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3))])
def test_a_bot_that_is_killed_again_and_again_under_faults_leaves_nothing_bare_for_long(seed: int) -> None:
    bot = Bot(Turner, seed=seed, outlives=True, rates=EVERYTHING, latency=0.02)

    async def some_minutes(flight: Flight) -> None:
        await asyncio.sleep(100.0 + 37.0 * seed)

    for _ in range(3):
        bot.live(some_minutes)
        bot.crash(5.0)

    async def last(flight: Flight) -> None:
        await asyncio.sleep(60.0)
        await flight.calm()
        flight.check()
        assert flight.engine.snapshot().reconcile.rival == ""

    bot.live(last)
    balances = [fact for fact in (e.fact for e in bot.facts) if isinstance(fact, Found) and fact.kind == "balance"]
    assert not [fact for fact in balances if "unexplained" in fact.explanation], balances
