"""One code path: what a backtest trades is what the engine trades on the same candles."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import msgspec
import pytest

from radtui.backtest.flight import Flight
from radtui.backtest.minds import Minds
from radtui.core.config import Limits
from radtui.core.exit_terms import ExitTerms
from radtui.core.facts import AnyFact, Envelope, Executed, FundingSettled
from radtui.core.market import MINUTE
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.exchange.paper import PaperExchange
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.store.memory import MemoryJournal
from radtui.venue.faults import FaultPlan
from radtui.venue.rows import Row
from radtui.venue.venue import Venue
from tests.backtest.worlds import ASKED, FREE, NEAR, Restless, market, terms, walk

Told = tuple[object, ...]


def told(fact: AnyFact) -> Told | None:
    """Return what of a fact must be the same."""
    match fact:
        case Executed(fill=fill):
            return fill.at, fill.side, fill.lots, fill.price, fill.fee, fill.kind, fact.realised
        case FundingSettled():
            return fact.at, fact.amount
    return None


def by_backtest(rows: list[Row], limits: Limits, span: int) -> list[Told]:
    source, said = market(rows), []
    flight = Flight(
        config(limits, span, source.now).core,
        source,
        Minds(Restless, source.instruments[0]),
        lambda fact, _: said.append(fact),
        warmup=5,
    )
    while not source.ended:
        flight.step()
    return [each for fact in said if (each := told(fact))]


def config(limits: Limits, span: int, boot: int) -> EngineConfig:
    timeframe = {MINUTE: "1m", 5 * MINUTE: "5m"}[span]
    rules = NEAR if limits is ASKED else ExitTerms()
    core = msgspec.structs.replace(terms(limits).config, timeframe=timeframe, boot=boot, exit_terms=rules)
    return EngineConfig(core=core, warmup=5, autostart=True, virtual=True, pulse=30.0, position_interval=300.0)


def by_engine(rows: list[Row], limits: Limits, span: int) -> list[Told]:
    said: list[AnyFact] = []

    def note(envelope: Envelope) -> None:
        said.append(envelope.fact)

    async def fly() -> None:
        source = market(rows)
        clock = LoopClock(asyncio.get_running_loop(), source.now)
        health, journal = HealthMonitor(clock), MemoryJournal(clock=clock)
        venue = Venue(source, balance=Decimal(10_000), spans=(span,), warmup=5)
        exchange = PaperExchange(
            venue, clock=clock, observer=health.calls, faults=FaultPlan.parse(()), speed=1, keep=journal.keep_paper
        )
        engine = Engine(config(limits, span, source.now), exchange, journal, health, clock, Restless)
        engine.bulletin.watch(note)
        flight = asyncio.create_task(engine.run())
        await asyncio.sleep(60 * len(rows) + 120)
        assert exchange.ended
        flight.cancel()
        await asyncio.gather(flight, return_exceptions=True)

    run_virtual(fly())
    return [each for fact in said if (each := told(fact))]


@pytest.mark.parametrize(
    ("limits", "span", "bars"), [(FREE, MINUTE, 70), (Limits(), 5 * MINUTE, 100), (ASKED, MINUTE, 90)]
)
def test_a_backtest_trades_what_the_engine_trades(limits: Limits, span: int, bars: int) -> None:
    rows = walk(bars, 11, step=0.0015)
    flown = by_backtest(rows, limits, span)
    assert len(flown) > 5
    assert flown == by_engine(rows, limits, span)
