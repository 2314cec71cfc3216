from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from math import exp
from pathlib import Path
from random import Random

import numpy as np
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from radtui.core.instrument import Instrument
from radtui.core.market import DAY, MINUTE, Candle
from radtui.core.signal import HOLD, Action, Signal
from radtui.strategies.base import Strategy, View
from radtui.strategies.ema_cross import CrossParameters, EmaCross

SPAN = 5 * MINUTE
VIEW = View(symbol="XBTUSDTM")
REAL = Path(os.environ.get("RADTUI_SHARED", "../shared")) / "market" / "btc-perp-1m-2022-01.csv"


def instrument(tick: str = "0.1") -> Instrument:
    return Instrument(
        symbol="XBTUSDTM",
        base="XBT",
        tick=Decimal(tick),
        multiplier=Decimal("0.001"),
        maker_fee=Decimal("0.0002"),
        taker_fee=Decimal("0.0006"),
        initial_margin=Decimal("0.01"),
        maintenance_margin=Decimal("0.005"),
        max_leverage=100,
        max_lots=1_000_000,
        max_price=Decimal(1_000_000),
    )


def candle(ordinal: int, close: Decimal, wick: Decimal) -> Candle:
    return Candle("XBTUSDTM", ordinal * SPAN, SPAN, close, close + wick, close - wick, close, Decimal(1))


def walk(seed: int, count: int, *, volatility: float = 0.004, tick: str = "0.1") -> list[Candle]:
    chance, level, candles = Random(seed), 0.0, []
    for ordinal in range(count):
        level += chance.gauss(0, volatility)
        close = (Decimal(repr(60_000 * exp(level))) / Decimal(tick)).quantize(Decimal(1)) * Decimal(tick)
        candles.append(candle(ordinal, close, Decimal(tick) * chance.randrange(1, 500)))
    return candles


def closes(prices: Iterable[float], wick: str = "50") -> list[Candle]:
    return [candle(ordinal, Decimal(repr(price)), Decimal(wick)) for ordinal, price in enumerate(prices)]


def signals(strategy: Strategy, candles: Sequence[Candle]) -> list[tuple[Candle, Signal]]:
    said = [(each, strategy.on_candle(each, VIEW)) for each in candles]
    return [(each, signal) for each, signal in said if signal is not HOLD]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9), st.floats(0.0005, 0.05), st.sampled_from(["0.1", "0.5", "1"]))
def test_every_signal_is_sound_and_its_stop_lies_where_promised(seed: int, volatility: float, tick: str) -> None:
    for each, signal in signals(EmaCross(instrument(tick)), walk(seed, 300, volatility=volatility, tick=tick)):
        assert signal.fault() == ""
        assert signal.action is not Action.HOLD
        assert signal.stop is not None
        assert signal.target is not None
        sign = 1 if signal.action is Action.BUY else -1
        distance = sign * (each.close - signal.stop)
        assert Decimal("0.006") <= distance / each.close <= Decimal("0.05")
        assert sign * (signal.target - each.close) == 2 * distance
        assert signal.stop % Decimal(tick) == signal.target % Decimal(tick) == 0


def crosses(candles: Sequence[Candle]) -> dict[int, Action]:
    """Where the batch averages cross, and what that asks for."""
    values = np.array([float(each.close) for each in candles])
    above = talib.EMA(values, 12) > talib.EMA(values, 26)
    return {at: Action.BUY if above[at] else Action.SELL for at in range(26, len(above)) if above[at] != above[at - 1]}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9))
def test_each_signal_is_the_first_of_a_cross_within_the_last_three_candles(seed: int) -> None:
    candles = walk(seed, 300)
    there = crosses(candles)
    for each, signal in signals(EmaCross(instrument()), candles):
        now = each.opened_at // SPAN
        crossed = max(at for at in there if at <= now)
        assert now - crossed < 3
        assert there.pop(crossed) is signal.action


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9))
def test_no_cross_is_missed_once_it_is_warm(seed: int) -> None:
    candles = walk(seed, 300)
    strategy = EmaCross(instrument(), CrossParameters(lookback=1))
    told = {each.opened_at // SPAN: signal.action for each, signal in signals(strategy, candles)}
    assert told == {at: action for at, action in crosses(candles).items() if at >= strategy.warmup - 1}


def ranges(candles: Sequence[Candle]) -> list[float]:
    bars = np.array([[float(each.high), float(each.low), float(each.close)] for each in candles])
    return talib.ATR(*bars.T.copy(), 14).tolist()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([0.001, 0.004, 0.02, 0.05]))
def test_the_stop_is_two_true_ranges_away_between_its_limits(seed: int, volatility: float) -> None:
    candles = walk(seed, 250, volatility=volatility)
    atr = ranges(candles)
    for each, signal in signals(EmaCross(instrument()), candles):
        assert signal.stop is not None
        price = float(each.close)
        wanted = min(max(2 * atr[each.opened_at // SPAN], 0.006 * price), 0.05 * price)
        assert float(abs(each.close - signal.stop)) == pytest.approx(wanted, abs=0.1)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**9))
def test_the_same_candles_give_the_same_signals(seed: int) -> None:
    candles = walk(seed, 250)
    assert signals(EmaCross(instrument()), candles) == signals(EmaCross(instrument()), candles)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([0.05, 0.15, 0.4]))
def test_confidence_passes_60_percent_exactly_where_the_gap_is_clear(seed: int, clear: float) -> None:
    for _, signal in signals(EmaCross(instrument(), CrossParameters(clear=clear)), walk(seed, 400)):
        told = float(signal.reason.rpartition(", ")[2].removesuffix(" ATR apart"))
        least, most = (max(0, gap) / (max(0, gap) + clear * 2 / 3) for gap in (told - 0.006, told + 0.006))
        assert least <= signal.confidence <= most
        if abs(told - clear) > 0.006:
            assert (signal.confidence >= 0.6) == (told > clear)


def test_nothing_is_said_before_it_is_warm() -> None:
    strategy = EmaCross(instrument())
    assert strategy.warmup == 104
    for seed in range(20):
        said = signals(EmaCross(instrument()), walk(seed, 300))
        assert min(each.opened_at // SPAN for each, _ in said) >= strategy.warmup - 1


def test_a_rise_after_a_fall_buys_once_and_says_why() -> None:
    falling = [60_000 - 10 * step for step in range(150)]
    ((when, signal),) = signals(EmaCross(instrument()), closes([*falling, *(58_500 + 60 * step for step in range(40))]))
    assert signal.action is Action.BUY
    assert signal.confidence > 0.6
    assert signal.reason == "fast 58,709.6 crossed over slow 58,680.6, 0.28 ATR apart"
    assert (when.close, signal.stop, signal.target) == (Decimal(58_920), Decimal("58566.4"), Decimal("59627.2"))


def test_a_fall_after_a_rise_sells() -> None:
    rising = [60_000 + 10 * step for step in range(150)]
    ((when, signal),) = signals(EmaCross(instrument()), closes([*rising, *(61_500 - 60 * step for step in range(40))]))
    assert signal.action is Action.SELL
    assert "crossed under" in signal.reason
    assert signal.stop is not None
    assert signal.stop > when.close


def test_a_cross_that_never_becomes_clear_is_told_on_the_last_candle_with_little_confidence() -> None:
    falling = [60_000 - 10 * step for step in range(150)]
    prices = closes([*falling, *(58_500 + 60 * step for step in range(40))])
    (early,) = signals(EmaCross(instrument(), CrossParameters(lookback=1)), prices)
    (late,) = signals(EmaCross(instrument(), CrossParameters(lookback=3, clear=5)), prices)
    assert late[0].opened_at - early[0].opened_at == 2 * SPAN
    assert late[1].confidence < 0.2


def test_a_market_that_moves_less_than_a_tick_a_candle_says_nothing() -> None:
    prices = closes([*(60_000 - step for step in range(150)), *(59_850 + 6 * step for step in range(40))], "5")
    assert len(signals(EmaCross(instrument("1")), prices)) == 1
    assert signals(EmaCross(instrument("20")), prices) == []


def test_a_candle_that_is_not_a_number_is_passed_over() -> None:
    strategy = EmaCross(instrument())
    for each in walk(3, 200):
        strategy.on_candle(each, VIEW)
    assert strategy.on_candle(candle(200, Decimal("NaN"), Decimal(1)), VIEW) is HOLD


@pytest.mark.parametrize(
    ("settings_", "reason"),
    [
        ({"fast": 26}, r"fast \(26\) must be below slow \(26\)"),
        ({"stop_least": "0.1"}, r"stop_least \(0.1\) must not be above stop_most \(0.05\)"),
        ({"clear": 0}, "greater than 0"),
        ({"fats": 9}, "Extra inputs are not permitted"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings_: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        CrossParameters.model_validate(settings_)


def opened_at(row: dict[str, str]) -> int:
    return int(datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


def five_minutes(rows: Iterable[dict[str, str]]) -> list[Candle]:
    folded = []
    for span, group in groupby(rows, lambda row: opened_at(row) // SPAN):
        bars = list(group)
        high, low = max(Decimal(bar["high"]) for bar in bars), min(Decimal(bar["low"]) for bar in bars)
        first, last = Decimal(bars[0]["open"]), Decimal(bars[-1]["close"])
        folded.append(Candle("XBTUSDTM", span * SPAN, SPAN, first, high, low, last, Decimal(0)))
    return folded


@pytest.mark.skipif(not REAL.is_file(), reason="the recorded month of real candles is not beside this checkout")
def test_on_a_real_month_it_finds_several_trades_a_day() -> None:
    with REAL.open(encoding="ascii", newline="") as file:
        candles = five_minutes(csv.DictReader(file))
    days = (candles[-1].closed_at - candles[0].opened_at) / DAY
    said = [signal for _, signal in signals(EmaCross(instrument()), candles)]
    actionable = [signal for signal in said if signal.confidence >= 0.6]
    buys = sum(signal.action is Action.BUY for signal in actionable)
    print(
        f"\n{days:.1f} days: {len(said) / days:.2f} signals a day, {len(actionable) / days:.2f} actionable "
        f"({buys} buys, {len(actionable) - buys} sells), confidence up to {max(s.confidence for s in said):.2f}"
    )
    assert len(actionable) / days > 1
    assert buys > 10
    assert len(actionable) - buys > 10
