"""Whatever a strategy says or does: core hears a signal that can be reckoned with and written down, or none."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.backtest.run import run
from radtui.core.exit_terms import ExitTerms
from radtui.core.facts import AnyFact, Envelope, Evaluated, Executed, Trouble
from radtui.core.lifecycle import State
from radtui.core.order import Side
from radtui.core.signal import HOLD, Signal
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.exchange.paper import PaperExchange
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.store.memory import MemoryJournal
from radtui.strategies.catalogue import load
from radtui.strategies.hearing import Unusable, plain, told
from radtui.strategies.proving import closing
from radtui.venue.faults import FaultPlan
from radtui.venue.venue import Venue
from tests.backtest.worlds import market, steady, terms
from tests.strategies.rogue import FAULTS, MEANT, REFUSED, TURNS, WARM, Sly, buys

ROWS = steady(len(TURNS) + 6)
OWN = f"{Path(__file__).with_name('rogue.py')}:Rogue"
"""As a user names it."""
(CANDLE,) = closing([40_000])


@pytest.mark.parametrize("kind", MEANT)
def test_what_is_meant_becomes_plain_figures(kind: str) -> None:
    said = plain(MEANT[kind](CANDLE), CANDLE.close)
    assert type(said) is Signal
    assert {type(value) for value in (said.buy, said.sell, said.hold, said.confidence)} == {float}
    assert (said.action, type(said.reason)) == ("buy", str)
    assert msgspec.json.decode(msgspec.json.encode(said), type=Signal) == said
    assert len(said.reason) <= 300
    assert said.reason.isprintable()


@pytest.mark.parametrize("kind", FAULTS)
def test_what_cannot_be_meant_is_refused_in_words(kind: str) -> None:
    says, why = FAULTS[kind]
    with pytest.raises(BaseException) as refused:  # noqa: PT011  # of every kind there is
        plain(says(CANDLE), CANDLE.close)
    assert why in told(refused.value)
    assert len(told(refused.value)) <= 300
    assert told(refused.value).isprintable()


def test_a_sound_signal_stays_what_it_is() -> None:
    assert plain(buys(CANDLE), CANDLE.close) == buys(CANDLE)
    assert plain(HOLD, CANDLE.close) is HOLD


ANYTHING = st.one_of(
    st.none(), st.text(), st.integers(), st.floats(), st.decimals(), st.booleans(), st.fractions(), st.complex_numbers()
)
ODDS = st.sampled_from([0.0, 0.5, 1.0, 1, Decimal("0.5"), True])


@given(odds=st.tuples(*[ODDS | ANYTHING] * 4), reason=st.text() | ANYTHING, prices=st.tuples(ANYTHING, ANYTHING))
def test_whatever_is_said_it_is_usable_or_refused(odds: tuple[Any, ...], reason: Any, prices: tuple[Any, Any]) -> None:
    signal = (Signal, Sly)[len(repr(odds)) % 2](*odds, reason, *prices)
    try:
        said = plain(signal, CANDLE.close)
    except (Unusable, ArithmeticError, ValueError):
        return
    assert said.fault() == ""
    assert msgspec.json.decode(msgspec.json.encode(said), type=Signal) == said


def test_in_a_backtest_it_costs_its_signals_and_nothing_else() -> None:
    flying = msgspec.structs.replace(terms().config, strategy="rogue")
    result = run(
        msgspec.structs.replace(terms(), config=flying, warmup=WARM),
        market(ROWS, WARM),
        partial(load(OWN), settings={"timeframe": "1m"}),
    )
    assert (result.faults, result.fault) == (len(FAULTS), "XBTUSDTM: ZeroDivisionError: division by zero")
    assert result.blocked["stop"] == 4
    assert result.blocked["target"] == 1
    (trade,) = result.trades
    assert trade.end == "enough"
    assert result.identity == 0


def test_in_a_flight_the_position_keeps_its_stop_and_the_engine_goes_on() -> None:
    said: list[AnyFact] = []
    stops: list[bool] = []

    def note(envelope: Envelope) -> None:
        msgspec.json.decode(msgspec.json.encode(envelope), type=Envelope)
        said.append(envelope.fact)

    async def fly() -> None:
        source = market(ROWS, WARM)
        clock = LoopClock(asyncio.get_running_loop(), source.now)
        health, journal = HealthMonitor(clock), MemoryJournal(clock=clock)
        venue = Venue(source, balance=Decimal(10_000), spans=(60_000_000_000,), warmup=WARM)
        exchange = PaperExchange(
            venue, clock=clock, observer=health.calls, faults=FaultPlan.parse(()), speed=1, keep=journal.keep_paper
        )
        core = msgspec.structs.replace(terms().config, boot=source.now, strategy="rogue", exit_terms=ExitTerms())
        config = EngineConfig(core=core, warmup=WARM, autostart=True, virtual=True, pulse=30.0, position_interval=300.0)
        made = partial(load(OWN), settings={"timeframe": "1m"})
        engine = Engine(config, exchange, journal, health, clock, made)
        engine.bulletin.watch(note)
        flight = asyncio.create_task(engine.run())
        while not exchange.ended:
            await asyncio.sleep(60)
            if venue.positions():
                stops.append(any(order.stop is not None for order in venue.open_orders()))
            msgspec.json.encode(engine.snapshot())
            assert engine.snapshot().status.state is State.RUNNING
        flight.cancel()
        await asyncio.gather(flight, return_exceptions=True)

    run_virtual(fly())
    failed = [fact.message for fact in said if isinstance(fact, Trouble)]
    assert len(failed) == len(FAULTS)
    assert all(why in message for message, (_, why) in zip(failed, FAULTS.values(), strict=True))
    assert len(stops) >= len(FAULTS)
    assert all(stops)
    assert [fact.fill.side for fact in said if isinstance(fact, Executed)] == [Side.BUY, Side.SELL, Side.SELL]
    refused = [
        [gate.gate for gate in fact.why.gates if not gate.passed] for fact in said if isinstance(fact, Evaluated)
    ]
    for gates, (_, gate) in zip([each for each in refused if each], REFUSED.values(), strict=False):
        assert gates == [gate]
