from __future__ import annotations

import numpy as np
import pytest
import talib
from pydantic import ValidationError

from radtui.core.signal import HOLD, Action
from radtui.strategies.base import View
from radtui.strategies.proving import closing, contract, heard, market
from radtui.strategies.rsi import Rsi, RsiParameters


@pytest.mark.parametrize("seed", range(4))
def test_it_sells_at_70_and_above_and_buys_at_30_and_below_and_nowhere_else(seed: int) -> None:
    candles = market(seed, 400)
    strategy = Rsi(contract())
    index = talib.RSI(np.array([float(candle.close) for candle in candles]), 14)
    wanted = [Action.SELL if value >= 70 else Action.BUY if value <= 30 else Action.HOLD for value in index.tolist()]
    said = [signal.action for signal in heard(strategy, candles)]
    assert said[: strategy.warmup - 1] == [Action.HOLD] * (strategy.warmup - 1)
    assert said[strategy.warmup - 1 :] == wanted[strategy.warmup - 1 :]
    assert {Action.SELL, Action.BUY} <= set(said)


def test_the_bounds_are_just_enough_to_trade_and_the_extremes_are_certain() -> None:
    up, down = (heard(Rsi(contract()), closing([1000 + step * n for n in range(80)]))[-1] for step in (10, -10))
    assert (up.action, up.confidence) == (Action.SELL, 1)
    assert (down.action, down.confidence) == (Action.BUY, 1)
    for seed in range(4):
        for signal in heard(Rsi(contract()), market(seed, 400)):
            if signal is not HOLD:
                depth = (float(signal.reason.split()[1].rstrip(":")) - 50) / 20
                assert signal.confidence == pytest.approx(0.6 + 0.4 * (abs(depth) - 1) / 1.5, abs=2e-3)
                assert 0.6 <= signal.confidence <= 1


@pytest.mark.parametrize("seed", range(4))
def test_exactly_at_a_bound_it_trades_and_a_hair_before_it_does_not(seed: int) -> None:
    candles = market(seed, 200)
    last = float(talib.RSI(np.array([float(candle.close) for candle in candles]), 14)[-1])
    bound, outward = ("overbought", 100.0) if last > 50 else ("oversold", 0.0)
    at, beyond = ({bound: value} for value in (last, float(np.nextafter(last, outward))))
    signal = heard(Rsi(contract(), RsiParameters.model_validate(at)), candles)[-1]
    assert (signal.action, signal.confidence) == (Action.SELL if last > 50 else Action.BUY, 0.6)
    assert heard(Rsi(contract(), RsiParameters.model_validate(beyond)), candles)[-1] is HOLD


def test_a_position_on_that_side_is_not_added_to_and_one_on_the_other_is_turned() -> None:
    falling = closing([1000 - n for n in range(80)])
    strategy = Rsi(contract())
    for candle in falling[:-2]:
        strategy.on_candle(candle, View(symbol="XBTUSDTM"))
    assert strategy.on_candle(falling[-2], View(symbol="XBTUSDTM", lots=3)) is HOLD
    assert strategy.on_candle(falling[-1], View(symbol="XBTUSDTM", lots=-3)).action is Action.BUY


def test_a_market_that_stands_still_is_not_oversold() -> None:
    assert set(map(id, heard(Rsi(contract()), closing([1000] * 200)))) == {id(HOLD)}


def test_it_says_what_it_saw() -> None:
    assert heard(Rsi(contract()), closing([1000 + n for n in range(80)]))[-1].reason == "RSI 100.0: overbought, ≥ 70"
    assert heard(Rsi(contract()), closing([1000 - n for n in range(80)]))[-1].reason == "RSI 0.0: oversold, ≤ 30"


@pytest.mark.parametrize("wrong", [{"oversold": 50}, {"overbought": 50}, {"period": 1}, {"overbought": 100}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RsiParameters.model_validate(wrong)
