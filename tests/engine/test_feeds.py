"""The feeds: what they lose is read again before anything is entered, and strategies see every candle."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import ClassVar

import pytest

from radtui.core.facts import Evaluated, FundingSettled, PositionChanged, Trouble
from radtui.core.instrument import Instrument
from radtui.core.market import HOUR, MINUTE, Candle
from radtui.core.signal import Signal
from radtui.engine.feeds import ACCOUNT, MARKET
from radtui.strategies.base import View
from radtui.venue.faults import Fault
from tests.core.makers import request
from tests.engine.flights import EPOCH, LEAN, SYMBOLS, Buyer, Flight, Idle, fly


class Recorder(Idle):
    """Writes down the candles it is shown; the newest one of each symbol is the one in use."""

    made: ClassVar[dict[str, Recorder]] = {}

    def __init__(self, instrument: Instrument) -> None:
        super().__init__(instrument)
        self.seen: list[int] = []
        Recorder.made[instrument.symbol] = self

    def on_candle(self, candle: Candle, view: View) -> Signal:
        self.seen.append(candle.opened_at // MINUTE)
        return super().on_candle(candle, view)


def blocked(flight: Flight) -> str:
    return flight.core.standing().blocked


def troubles(flight: Flight, kind: str) -> list[Trouble]:
    return [trouble for trouble in flight.facts(Trouble) if trouble.kind == kind]


@pytest.mark.parametrize("feed", [MARKET, ACCOUNT])
def test_a_gap_blocks_entries_until_all_was_read_again(feed: str) -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(15.0)
        assert blocked(flight) == ""
        flight.faults.sever("positions")
        flight.faults.strike(feed, Fault.GAP, seconds=2.0)
        flight.venue.place(request("stranger-1", lots=1))  # something that the account's feed has to tell
        await flight.until(lambda: blocked(flight))
        assert blocked(flight).startswith(f"{feed} lost: ")
        (trouble,) = troubles(flight, "feed lost")
        assert "no entries, positions keep their stops" in trouble.message
        await asyncio.sleep(20.0)
        assert blocked(flight) == f"{feed} lost: it is back, what was missed is being read"
        flight.heal()
        await flight.until(lambda: not blocked(flight), 15.0)

    fly(scenario, Idle)


def test_no_entry_leaves_while_blocked_and_one_does_afterwards() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(15.0)
        flight.faults.sever("positions")
        flight.faults.strike(MARKET, Fault.GAP, seconds=2.0)
        await asyncio.sleep(50.0)
        evaluated = flight.facts(Evaluated)
        assert evaluated
        assert {fact.why.outcome for fact in evaluated} == {"no entry: ready"}
        assert not flight.entries()
        flight.heal()
        await flight.hold()

    fly(scenario, Buyer)


def test_after_a_gap_the_strategies_have_seen_every_candle() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(50.0)
        flight.faults.strike(MARKET, Fault.GAP, seconds=75.0)
        await asyncio.sleep(310.0)
        for symbol in SYMBOLS:
            seen = Recorder.made[symbol].seen
            assert all(later - sooner == 1 for sooner, later in pairwise(seen)), f"{symbol}: a candle is missing"
            assert seen[-1] == flight.paper.market_now() // MINUTE - 1

    fly(scenario, Recorder)


def test_a_warm_up_that_fails_is_tried_again_and_nothing_is_missed() -> None:
    async def scenario(flight: Flight) -> None:
        flight.faults.strike("candles", Fault.ERROR, None, Fault.TIMEOUT_AFTER, Fault.RATE_LIMIT)
        await asyncio.sleep(90.0)
        seen = Recorder.made[SYMBOLS[0]].seen
        assert all(later - sooner == 1 for sooner, later in pairwise(seen))
        views = {view.name: view for view in flight.engine.snapshot().workers}
        assert views[MARKET].restarts >= 2
        assert views[MARKET].healthy

    fly(scenario, Recorder)


def test_silence_of_the_market_forbids_entries_and_the_feed_is_unhealthy() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(5.0)
        flight.faults.strike(MARKET, Fault.SILENCE, seconds=100.0)
        await asyncio.sleep(62.0)
        views = {view.name: view for view in flight.engine.snapshot().workers}
        assert not views[MARKET].healthy
        assert views[ACCOUNT].healthy, "a feed that only waits beats"
        await asyncio.sleep(60.0)
        assert {view.name: view.healthy for view in flight.engine.snapshot().workers}[MARKET]

    fly(scenario, Idle)


def test_what_the_account_says_reaches_the_books() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        assert flight.facts(PositionChanged)
        await asyncio.sleep(130.0)
        settled = flight.facts(FundingSettled)
        assert settled
        assert flight.engine.snapshot().money.funding == sum(fact.amount for fact in settled)
        assert flight.engine.snapshot().money.identity == 0

    fly(scenario, Buyer, start=EPOCH + 7 * HOUR, speed=30, **LEAN)
