"""Every fill and the final money of a strategy that is always in the market are those of thirty lines of Python."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.backtest.flight import Flight
from radtui.backtest.minds import Minds
from radtui.backtest.record import Find
from radtui.backtest.run import run
from radtui.core.facts import AnyFact, Executed
from tests.backtest.crossing import CAPITAL, Crossing, Foretelling, Made, market, reference, terms
from tests.backtest.worlds import packed


def flown(strategy: type[Crossing], bars: int, seed: int) -> tuple[list[Made], Flight]:
    """Return the fills, and the flight at its end."""
    made: list[Made] = []
    source, told = market(bars, seed), terms()

    def note(fact: AnyFact, find: Find) -> None:
        if isinstance(fact, Executed):
            made.append((fact.fill.at, fact.fill.signed_lots, fact.fill.price))

    minds = Minds(strategy, source.instruments[0])
    flight = Flight(told.config, source, minds, note, balance=told.balance, slippage=told.slippage)
    while not source.ended:
        flight.step()
    return made, flight


@pytest.mark.parametrize("strategy", [Crossing, Foretelling])
def test_every_fill_is_that_of_the_reference(strategy: type[Crossing]) -> None:
    wanted, cash = reference(market(2200, 3).bars, 500)
    made, flight = flown(strategy, 2200, 3)
    assert len(wanted) > 70
    assert made == wanted
    assert flight.venue.account().wallet == cash
    assert flight.core.trading.purse.identity() == 0


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.integers(560, 1200))
def test_asked_or_told_at_once_it_is_the_same_result(seed: int, bars: int) -> None:
    one, other = (run(terms(), market(bars, seed), each) for each in (Crossing, Foretelling))
    assert packed(one) == packed(other)
    assert one.capital == CAPITAL
