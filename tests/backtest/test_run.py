"""A backtest is reproducible, looks at no future, and its money adds up to the last digit."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.backtest.flight import Flight
from radtui.backtest.minds import Minds
from radtui.backtest.record import Find
from radtui.backtest.result import MOST_POINTS, Result
from radtui.backtest.run import Terms, run
from radtui.core.config import Limits
from radtui.core.exit_terms import HOUSE, ExitTerms
from radtui.core.facts import AnyFact, Executed
from radtui.core.instrument import Instrument
from radtui.core.market import HOUR, MINUTE, Candle
from radtui.core.signal import Signal
from radtui.strategies.base import View
from radtui.strategies.catalogue import load
from radtui.venue.contracts import CONTRACTS
from radtui.venue.readings import FUNDING_RATE
from radtui.venue.rows import Row
from tests.backtest.worlds import (
    ASKED,
    FREE,
    NEAR,
    START,
    XBT,
    Restless,
    Scripted,
    bar,
    flown,
    lean,
    market,
    nets,
    packed,
    steady,
    terms,
    walk,
)

SLIP = Decimal("0.0005")
FEE = CONTRACTS[XBT].taker_fee


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 1000))
def test_the_money_adds_up_to_the_last_digit(seed: int) -> None:
    result = flown(walk(200, seed), Restless)
    assert result.identity == 0
    assert result.sums.total_trades > 5
    open_fees = sum((held.unrealised for held in result.open), Decimal(0))
    if not result.open:
        assert result.final_equity == result.capital + nets(result) + open_fees
    assert result.net_profit == result.final_equity - result.capital
    sums = result.sums
    assert sums.gross - sums.fees + sums.funding == nets(result)


def test_the_same_inputs_give_the_same_bytes() -> None:
    rows = walk(150)
    assert packed(flown(rows, Restless)) == packed(flown(rows, Restless))


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 1000), st.integers(40, 120))
def test_what_comes_later_changes_nothing_that_was_before(seed: int, now: int) -> None:
    """No look-ahead: the future is shuffled, and everything up to the present stays as it was."""
    rows = walk(150, seed)
    future = [row[1:] for row in rows[now:]]
    Random(seed).shuffle(future)
    shuffled = rows[:now] + [(row[0], *figures) for row, figures in zip(rows[now:], future, strict=True)]
    present = START + now * MINUTE

    def before(told: list[Row]) -> list[object]:
        result = flown(told, Restless)
        done = [trade for trade in result.trades if trade.closed_at < present]
        return [*done, *(point for point in result.equity_curve if point.at <= present)]

    assert before(rows) == before(shuffled)


def test_the_strategy_sees_each_candle_once_and_none_before_it_closes() -> None:
    script = Scripted({})
    flown(walk(30), script)
    assert [candle.opened_at for candle, _ in script.seen] == [START + minute * MINUTE for minute in range(30)]
    for number, (candle, view) in enumerate(script.seen):
        assert list(view.recent) == [each for each, _ in script.seen[: number + 1]]
        assert view.recent[-1] == candle


def test_an_order_fills_at_the_next_open_the_slippage_worse() -> None:
    rows = [*steady(11), bar(11, "41000", "41000", "41000", "41000"), *steady(5, "41000", since=12)]
    result = flown(rows, Scripted({10: lean(buy=True)}))
    (held,) = result.open
    assert held.entry == Decimal(41000) * (1 + SLIP)
    assert held.opened_at == START + 11 * MINUTE


def test_a_round_trip_is_what_a_person_would_reckon() -> None:
    """In at 40,000, out at 41,000, both a slippage worse, with fees on both sides; funding is not due."""
    rows = [*steady(15), *steady(20, "41000", since=15)]
    result = flown(rows, Scripted({10: lean(buy=True), 20: lean(buy=False)}), Limits(positions=1, confidence=0.6))
    (trade,) = result.trades
    entry, leave = Decimal(40000) * (1 + SLIP), Decimal(41000) * (1 - SLIP)
    size = trade.lots * Decimal("0.001")
    assert trade.lots == int(10_000 * Decimal("0.2") / 40)
    assert (trade.entry, trade.exit) == (entry, leave)
    assert (trade.opened_at, trade.closed_at) == (START + 11 * MINUTE, START + 21 * MINUTE)
    assert trade.gross == size * (leave - entry)
    assert trade.fees == size * (leave + entry) * FEE
    assert trade.net == trade.gross - trade.fees


def test_a_stop_comes_before_a_target_inside_one_bar() -> None:
    """The bar reaches both; a backtest that believed the better one would lie."""
    rows = [*steady(13), bar(13, "40000", "41500", "39000", "40000"), *steady(5, since=14)]
    signal = lean(buy=True, stop=Decimal(39_500), target=Decimal(41_000))
    (trade,) = flown(rows, Scripted({10: signal})).trades
    assert trade.exit <= Decimal(39_500)
    assert trade.net < 0
    assert trade.end.startswith("stop")


def test_a_gap_through_the_stop_fills_at_the_open() -> None:
    rows = [*steady(13), bar(13, "38000", "38500", "37900", "38000"), *steady(5, "38000", since=14)]
    (trade,) = flown(rows, Scripted({10: lean(buy=True, stop=Decimal(39_500))})).trades
    assert trade.exit == Decimal(38_000) * (1 - SLIP)


def test_funding_is_paid_while_a_position_is_open() -> None:
    rows = steady(490)
    result = flown(rows, Scripted({10: lean(buy=True), 485: lean(buy=False)}))
    (trade,) = result.trades
    assert trade.funding == -(trade.lots * Decimal(40) * FUNDING_RATE)


def test_a_position_that_is_lost_is_liquidated() -> None:
    """The price falls by half within the bar of the entry, before any stop can rest."""
    rows = [*steady(11), bar(11, "40000", "40000", "20000", "20000"), *steady(5, "20000", since=12)]
    (trade,) = flown(rows, Scripted({10: lean(buy=True)})).trades
    assert trade.end == "liquidation"
    assert -trade.net < trade.lots * Decimal(40) / 2


def test_the_gates_hold_here_too_and_say_why() -> None:
    result = flown(walk(400, 3, step=0.003), Restless, Limits())
    assert result.blocked["losing streak"]
    assert {trip.name for trip in result.trips} >= {"losing streak"}
    assert result.entries + result.turns + sum(result.blocked.values()) >= result.signals


class Broken:
    """Fails in every way it can, in turn."""

    name = "broken"
    timeframe = "1m"
    warmup = 0

    def __init__(self, instrument: Instrument) -> None:
        self._count = 0

    def on_candle(self, candle: Candle, view: View) -> Signal:
        self._count += 1
        if self._count % 3 == 0:
            raise RuntimeError("boom")
        if self._count % 3 == 1:
            return Signal(float("nan"), 0.0, 1.0, 0.5, "nan")
        return "buy"  # type: ignore[return-value]  # what somebody's code may do


def test_a_strategy_that_fails_trades_nothing_and_is_counted() -> None:
    result = flown(walk(30), Broken)
    assert (result.faults, result.sums.total_trades) == (30, 0)
    assert result.fault.startswith("XBTUSDTM: ")
    assert result.final_equity == result.capital


def test_it_can_be_stopped_before_its_end() -> None:
    left = iter([True, False])
    result = run(terms(), market(steady(5000)), Scripted({}), lambda now: next(left))
    assert not result.complete
    assert result.steps == 2000


def told(limits: Limits, rules: ExitTerms) -> Terms:
    return msgspec.structs.replace(
        terms(limits), config=msgspec.structs.replace(terms(limits).config, exit_terms=rules)
    )


@pytest.mark.parametrize(
    ("limits", "rules", "seed"),
    [
        (Limits(daily_loss=Decimal("0.004")), ExitTerms(), 5),
        (FREE, ExitTerms(), 6),
        (ASKED, NEAR, 7),
        (Limits(drawdown=Decimal("0.02"), losing_streak=9), NEAR, 8),
        (ASKED, HOUSE, 9),
    ],
)
def test_what_is_leapt_over_changes_nothing(
    limits: Limits, rules: ExitTerms, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over midnight too: the day's loss is counted from what the day began with."""
    rows = [(row[0] + 20 * HOUR, *row[1:]) for row in walk(420, seed, step=0.0015)]
    steps, live = [0], Flight._live

    def counted(flight: Flight, *told: Any) -> None:
        steps[0] += 1
        live(flight, *told)

    monkeypatch.setattr(Flight, "_live", counted)
    quick = run(told(limits, rules), market(rows), Restless)
    leapt = quick.steps - steps[0]
    monkeypatch.setattr(Flight, "_leap", lambda *_: None)
    assert packed(run(told(limits, rules), market(rows), Restless)) == packed(quick)
    assert leapt > 40


def test_a_day_that_lost_too_much_ends_and_the_next_one_begins() -> None:
    rows = [(row[0] + 16 * HOUR, *row[1:]) for row in walk(900, 5, step=0.0008)]
    quick = flown(rows, Restless, Limits(daily_loss=Decimal("0.004")))
    assert {trip.name for trip in quick.trips} >= {"daily loss", "losing streak"}
    assert quick.trades[-1].opened_at > START + 24 * HOUR


def test_the_equity_curve_is_thinned_and_keeps_its_ends() -> None:
    result = flown(walk(2500), Scripted({2450: lean(buy=True)}))
    assert len(result.equity_curve) <= MOST_POINTS + 1
    assert (result.equity_curve[0].at, result.equity_curve[0].equity) == (result.since, result.capital)
    assert (result.equity_curve[-1].at, result.equity_curve[-1].equity) == (result.until, result.final_equity)


def test_candles_of_a_longer_timeframe_are_made_of_the_bars() -> None:
    flying = msgspec.structs.replace(terms().config, timeframe="5m", strategy="ema_cross")
    factory = load("ema_cross")
    result: Result = run(
        msgspec.structs.replace(terms(), config=flying, warmup=500),
        market(walk(3000, 7), 500),
        lambda instrument: factory(instrument, {"timeframe": "5m", "fast": 3, "slow": 8}),
    )
    assert result.candles == 500
    assert result.sums.total_trades > 3
    assert FREE.positions == 5


def reckoned(rows: list[Row], script: dict[int, bool]) -> tuple[list[tuple[int, int, Decimal]], Decimal]:
    """Return minute, signed lots and price of every fill, and the wallet: a loop that shares no code with ours."""
    tick, lot, cash, held, cost = Decimal("0.1"), Decimal("0.001"), Decimal(10_000), 0, Decimal(0)
    made: list[tuple[int, int, Decimal]] = []

    def trade(minute: int, lots: int) -> None:
        nonlocal cash, held, cost
        slipped = rows[minute][1] * (1 + SLIP if lots > 0 else 1 - SLIP)
        price = slipped.quantize(tick, "ROUND_CEILING" if lots > 0 else "ROUND_FLOOR")
        if held * lots < 0:
            cash += -lots * lot * price - cost
            held = 0
        else:
            held, cost = lots, lots * lot * price
        cash -= abs(lots) * lot * price * FEE
        made.append((minute, lots, price))

    for minute, buy in script.items():
        sign, later = 1 if buy else -1, 1
        if held:
            trade(minute + 1, -held)
            later = 2  # the old position is read back flat before the new one is asked for
        trade(minute + later, sign * int(cash * Decimal("0.2") / (rows[minute][4] * lot)))
    return made, cash


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_fill_and_the_profit_are_those_of_a_loop_that_shares_no_code(seed: int) -> None:
    """Always in the market, long and short in turn; nothing moves far enough to reach a stop, and no funding is due."""
    rows = walk(120, seed, step=0.0004)
    script = {minute: bool(number % 2) for number, minute in enumerate(range(10, 115, 7))}
    made, cash = reckoned(rows, script)
    said: list[tuple[int, int, Decimal]] = []
    source = market(rows)
    script_of = Scripted({minute: lean(buy=buy) for minute, buy in script.items()})
    minds = Minds(script_of, source.instruments[0])

    def note(fact: AnyFact, find: Find) -> None:
        if isinstance(fact, Executed):
            said.append(((fact.fill.at - START) // MINUTE, fact.fill.signed_lots, fact.fill.price))

    flight = Flight(terms().config, source, minds, note, warmup=5)
    while not source.ended:
        flight.step()
    assert said == made
    assert flight.venue.account().wallet == cash
