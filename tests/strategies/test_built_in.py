"""What is true of every built-in strategy."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.backtest.run import run
from radtui.core.market import MINUTE, Candle
from radtui.core.signal import Action, Signal
from radtui.strategies.catalogue import BUILT_IN, load
from radtui.strategies.composite.higher import usual
from radtui.strategies.describing import one
from radtui.strategies.proving import contract, heard, market, prove
from radtui.venue.rows import Row
from tests.backtest.worlds import START, terms
from tests.backtest.worlds import market as market_of

every = pytest.mark.parametrize("name", BUILT_IN)


def times_ten(candle: Candle) -> Candle:
    prices = {each: getattr(candle, each) * 10 for each in ("open", "high", "low", "close")}
    return msgspec.structs.replace(candle, **prices)


def said(name: str, candles: list[Candle], tick: str = "0.1") -> list[Signal]:
    return heard(load(name)(contract(tick), {"timeframe": "5m"}), candles)


def wild(seed: int, tick: Decimal) -> list[Candle]:
    """Candles that no market makes: prices of a few ticks, leaps over decades, volume all or nothing, holes in time."""
    chance, span, at = Random(seed), 5 * MINUTE, 0
    level = price = chance.choice([1, 3, 20, 1000, 10**6, 10**9])
    candles = []
    for _ in range(420):
        at += 1 if chance.random() < 0.97 else chance.randrange(1, 60)
        leap = chance.random() < 0.02
        price = int(level * 10 ** chance.uniform(-3, 3) if leap else price * (1 + chance.gauss(0, 0.01)))
        close, opened = max(1, price), max(1, int(price * (1 + chance.gauss(0, 0.01))))
        high, low = max(opened, close) + chance.randrange(3), max(1, min(opened, close) - chance.randrange(3))
        volume = Decimal(chance.choice([0, 0, 1, 10**12]))
        candles.append(Candle("X", at * span, span, *(tick * each for each in (opened, high, low, close)), volume))
    return candles


@every
@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["0.0000001", "0.1", "5"]))
def test_even_of_candles_that_no_market_makes_it_says_what_can_be_used(name: str, seed: int, tick: str) -> None:
    candles = wild(seed, Decimal(tick))
    for candle, signal in zip(candles, said(name, candles, tick), strict=True):
        assert signal.fault() == ""
        side = {Action.BUY: 1, Action.SELL: -1, Action.HOLD: 0}[signal.action]
        if side:
            assert signal.stop is not None
            assert signal.target is not None
            assert signal.stop * side < candle.close * side < signal.target * side


@every
def test_it_keeps_the_rules_of_a_strategy(name: str) -> None:
    assert prove(load(name)) == []


@every
def test_it_has_something_to_say_on_both_sides_and_says_why(name: str) -> None:
    signals = [signal for seed in range(3) for signal in said(name, market(seed, 700))]
    trades = [signal for signal in signals if signal.action is not Action.HOLD]
    assert {signal.action for signal in trades} == {Action.BUY, Action.SELL}
    assert all(signal.stop is not None and signal.target is not None for signal in trades)
    assert all(0 < len(signal.reason) <= 160 and "\n" not in signal.reason for signal in trades)
    assert max(signal.confidence for signal in trades) > 0.6


@every
def test_ten_times_the_price_changes_no_decision(name: str) -> None:
    candles = market(4, 700)
    plain, large = said(name, candles), said(name, [*map(times_ten, candles)], tick="1")
    assert [signal.action for signal in plain] == [signal.action for signal in large]
    for small, big in zip(plain, large, strict=True):
        assert big.confidence == pytest.approx(small.confidence, rel=1e-6)
        assert (big.stop, big.target) == (times(small.stop), times(small.target))


def times(price: Decimal | None) -> Decimal | None:
    return None if price is None else price * 10


@every
def test_its_warm_up_fits_into_what_the_engine_reads(name: str) -> None:
    for timeframe in ("1m", "5m", "15m", "1h", "1d"):
        assert 0 < load(name)(contract(), {"timeframe": timeframe}).warmup <= 500


def rows_of(seed: int, count: int) -> list[Row]:
    """Candles of five minutes as a market file has them."""
    return [
        (START + place * 5 * MINUTE, candle.open, candle.high, candle.low, candle.close, candle.volume)
        for place, candle in enumerate(market(seed, count))
    ]


def flown_until(name: str, rows: list[Row], warm: int, present: int) -> list[object]:
    """What a backtest says of the time up to the present: its trades, and its equity at every candle."""
    config = msgspec.structs.replace(terms().config, strategy=name, timeframe="5m")
    flying = msgspec.structs.replace(terms(), config=config, warmup=warm)
    result = run(flying, market_of(rows, warm), partial(load(name), settings={"timeframe": "5m"}))
    done = [trade for trade in result.trades if trade.closed_at < present]
    assert result.faults == 0
    assert result.equity_every == 1
    return [*done, *(point for point in result.equity_curve if point.at <= present)]


@every
@pytest.mark.parametrize(("seed", "later"), [(7, 130), (8, 171)])
def test_in_a_backtest_no_future_changes_what_was_done_before_it(name: str, seed: int, later: int) -> None:
    warm = load(name)(contract(), {"timeframe": "5m"}).warmup
    rows, now = rows_of(seed, warm + 220), warm + later
    future = [row[1:] for row in rows[now:]]
    Random(seed).shuffle(future)
    shuffled = rows[:now] + [(row[0], *figures) for row, figures in zip(rows[now:], future, strict=True)]
    present = rows[now][0]
    told = flown_until(name, rows, warm, present)
    assert told == flown_until(name, shuffled, warm, present)
    assert len(told) > later


ANCESTORS = {
    "ema_cross": {"fast": "12", "slow": "26", "lookback": "3"},
    "rsi": {"period": "14", "overbought": "70", "oversold": "30"},
    "fvg": {"lookback": "5", "least": "0"},
    "composite": {
        "timeframe": "1h",
        "fast": "12", "slow": "26", "signal": "9", "rsi": "14", "bands": "20", "momentum": "10", "volume": "20",
        "trending": "0.03", "narrow": "0.02", "still": "0.01",
        "trend": "1.5", "trend_trending": "2.5", "oscillator": "1", "oscillator_ranging": "2",
        "oversold": "30", "rsi_far": "1.5", "inner": "40", "rsi_near": "0.5", "low": "20", "outside": "1.5",
        "large": "0.02", "large_ranging": "0.015", "crowd": "1.5", "busy": "1",
        "least_trending": "0.52", "least_ranging": "0.58", "least_neutral": "0.55",
        "united": "0.7", "divided": "0.4", "damp": "0.85", "agree": "0.2", "conflict": "0.7", "cap": "0.99",
    },
    "portfolio": {"strategies": "ema_cross=0.45@0.6, rsi=0.35@0.5, fvg=0.2@0.5"},
}  # fmt: skip
"""The constants that were kept; the composite further looked at 4h and 1d beside its hours."""


@every
def test_the_ancestors_constants_are_the_defaults(name: str) -> None:
    defaults = {knob.name: knob.default for knob in one(name).knobs}
    assert {each: defaults[each] for each in ANCESTORS[name]} == ANCESTORS[name]


def test_the_ancestors_further_timeframes_are_those_of_an_hour() -> None:
    assert usual("1h") == ("4h", "1d")
