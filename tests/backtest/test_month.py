"""The recorded month: every built-in strategy flies, and what the engine flies of it is what the backtest flies."""

from __future__ import annotations

import asyncio
import os
from copy import copy
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import pytest

from radtui.backtest.flight import Flight
from radtui.backtest.minds import Minds
from radtui.backtest.page import page
from radtui.backtest.run import Factory, Terms, run
from radtui.core.facts import AnyFact, Envelope, Executed, FundingSettled
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.exchange.paper import PaperExchange
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.settings.tree import Settings
from radtui.store.memory import MemoryJournal
from radtui.store.recorded import open_market
from radtui.strategies.catalogue import BUILT_IN, load
from radtui.venue.faults import FaultPlan
from radtui.venue.history import RecordedMarket
from radtui.venue.venue import Venue
from tests.backtest.worlds import packed

ROOT: Final = Path(__file__).parents[2]
MONTH: Final = (ROOT / os.environ.get("RADTUI_SHARED", "../shared") / "market" / "btc-perp-1m-2022-01.csv").resolve()
pytestmark = pytest.mark.skipif(not MONTH.is_file(), reason="the recorded month is not part of the project")


@pytest.fixture(scope="module")
def month() -> RecordedMarket:
    return open_market(MONTH, ("XBTUSDTM",))


def first(month: RecordedMarket, bars: int) -> RecordedMarket:
    """Return the first bars behind the warm-up."""
    made = copy(month)
    made.end = made.passed + bars
    return made


def terms(month: RecordedMarket, timeframe: str) -> Terms:
    """Return the terms of the settings' defaults."""
    config = Settings().engine_config(boot=month.now, autostart=True, virtual=True)
    core = msgspec.structs.replace(config.core, timeframe=timeframe, symbols=("XBTUSDTM",), scan=None, quotes=False)
    return Terms(config=core)


def factory(name: str, timeframe: str) -> Factory:
    return partial(load(name), settings={"timeframe": timeframe})


def told(facts: list[AnyFact]) -> list[object]:
    """Return the fills and the funding among what was said."""
    fills = [fact.fill for fact in facts if isinstance(fact, Executed)]
    made: list[object] = [(each.at, each.side, each.lots, each.price, each.fee, each.kind) for each in fills]
    return made + [(fact.at, fact.amount) for fact in facts if isinstance(fact, FundingSettled)]


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_every_strategy_flies_it_and_its_money_adds_up(name: str, month: RecordedMarket) -> None:
    source = first(month, 1500)
    result = run(terms(source, "5m"), source, factory(name, "5m"))
    assert (result.faults, result.identity, result.complete) == (0, 0, True)
    assert set(result.troubles) <= {"breaker tripped"}
    assert result.net_profit == result.final_equity - result.capital
    assert page(result).startswith("<!doctype html>")


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_the_whole_month_leapt_and_stepped_is_the_same(
    name: str, month: RecordedMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = first(month, month.end - month.passed)
    result = run(terms(whole, "5m"), whole, factory(name, "5m"))
    assert (result.faults, result.identity, result.complete) == (0, 0, True)
    monkeypatch.setattr(Flight, "_leap", lambda *_: None)
    stepped = first(month, month.end - month.passed)
    assert packed(run(terms(stepped, "5m"), stepped, factory(name, "5m"))) == packed(result)


@pytest.mark.parametrize(
    ("name", "bars"),
    [("rsi", 120), *[pytest.param(name, 1440, marks=pytest.mark.long) for name in ("ema_cross", "rsi", "fvg")]],
)
def test_the_engine_flies_what_the_backtest_flies(name: str, bars: int, month: RecordedMarket) -> None:
    source, said = first(month, bars), list[AnyFact]()
    conditions = terms(source, "1m")
    minds = Minds(factory(name, "1m"), source.instruments[0])
    flight = Flight(conditions.config, source, minds, lambda fact, _: said.append(fact))
    while not source.ended:
        flight.step()
    assert len(told(said)) > 2
    assert told(said) == told(by_engine(name, conditions, first(month, bars)))


def by_engine(name: str, conditions: Terms, source: RecordedMarket) -> list[AnyFact]:
    """Return what the engine says in virtual time."""
    said: list[AnyFact] = []
    minutes = source.end - source.passed

    def note(envelope: Envelope) -> None:
        said.append(envelope.fact)

    async def fly() -> None:
        clock = LoopClock(asyncio.get_running_loop(), source.now)
        health, journal = HealthMonitor(clock), MemoryJournal(clock=clock)
        venue = Venue(source, balance=conditions.balance, spans=(60_000_000_000,), slippage=conditions.slippage)
        exchange = PaperExchange(
            venue, clock=clock, observer=health.calls, faults=FaultPlan.parse(()), speed=1, keep=journal.keep_paper
        )
        config = EngineConfig(
            core=conditions.config, warmup=500, autostart=True, virtual=True, pulse=30.0, position_interval=300.0
        )
        engine = Engine(config, exchange, journal, health, clock, factory(name, "1m"))
        engine.bulletin.watch(note)
        flown = asyncio.create_task(engine.run())
        await asyncio.sleep(60 * minutes + 120)
        flown.cancel()
        await asyncio.gather(flown, return_exceptions=True)

    run_virtual(fly())
    return said
