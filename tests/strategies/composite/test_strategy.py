from __future__ import annotations

import pytest

from radtui.core.signal import HOLD, Action
from radtui.strategies.base import View
from radtui.strategies.catalogue import load
from radtui.strategies.composite.parameters import CompositeParameters
from radtui.strategies.composite.readings import Readings
from radtui.strategies.composite.regime import Regime
from radtui.strategies.composite.strategy import Composite
from radtui.strategies.indicators import BandValue, MacdValue, StochasticValue
from radtui.strategies.proving import closing, contract, heard, market

RISING = [1000 + 2 * step for step in range(12)]
VIEW = View(symbol="XBTUSDTM")


def readings(*, fast: float = 1.0, macd: float = 1.0, rsi: float = 50.0, move: float = 0.0) -> Readings:
    """Averages and MACD of neutral weight 1.5 that buy, unless told otherwise."""
    return Readings(
        close=100.0,
        candle=0.0,
        fast=100.0 + fast,
        slow=100.0,
        macd=MacdValue(0.0, 0.0, macd),
        rsi=rsi,
        stochastic=StochasticValue(50.0, 50.0),
        bands=BandValue(110.0, 100.0, 90.0),
        move=move,
        atr=1.0,
        crowd=1.0,
    )


def composite(*sides: int, **told: object) -> Composite:
    """A composite whose further timeframes go those ways."""
    frames = ("4h", "8h", "1d")[: len(sides)]
    made = Composite(contract(), CompositeParameters.model_validate({"frames": frames, **told}))
    for frame, side in zip(frames, sides, strict=True):
        news = {frame: closing([1000 + side * move for move in range(12)], frame)}
        made.on_candle(closing([100], "1h")[0], View(symbol="XBTUSDTM", just_closed=news))
    return made


@pytest.mark.parametrize(
    ("read", "sides", "confidence"),
    [
        # 3 of 3 weights and heads: 1 × 1.15, capped
        (readings(), (), 0.99),
        # 3 of 4.5 weights, 2 of 3 heads: no confluence to speak of
        (readings(rsi=71), (), 3 / 4.5),
        # 4.5 of 6 weights, 3 of 4 heads: united
        (readings(rsi=71, move=0.025), (), 4.5 / 6 * 1.15),
        (readings(rsi=71), (1,), 3 / 4.5 * 1.2),
        (readings(rsi=71), (1, 0), 3 / 4.5 * 1.1),
        (readings(rsi=71), (1, -1), 3 / 4.5),
        (readings(rsi=71), (-1,), 3 / 4.5 * 0.7),
        (readings(rsi=71), (-1, 0, 0), 3 / 4.5 * 0.7),
        # the move alone has 2.5 of 5.5, a head of three: the other side leads
        (readings(fast=-1, macd=-1, move=0.04), (), 5 / 7.5),
    ],
)
def test_the_confidence_is_what_the_votes_the_heads_and_the_further_timeframes_make_of_it(
    read: Readings, sides: tuple[int, ...], confidence: float
) -> None:
    assert composite(*sides).opinion(read).confidence == pytest.approx(confidence)


def test_a_strong_vote_of_few_heads_is_damped() -> None:
    opinion = composite(rsi_far=9, trend=1.0).opinion(readings(rsi=71))
    assert opinion.tally.side == -1
    assert opinion.confidence == pytest.approx(9 / 11 * 0.85)


def test_the_regime_asks_for_its_own_least() -> None:
    assert composite().opinion(readings()).least == 0.55
    trending = composite().opinion(readings(move=0.05))
    assert (trending.regime, trending.least) == (Regime.TRENDING, 0.52)


def test_it_says_who_voted_and_what_the_further_timeframes_say() -> None:
    assert (
        composite(1).opinion(readings(rsi=71)).told == "neutral: averages, MACD buy, 1 sell, further timeframes agree"
    )
    assert composite(-1).opinion(readings(rsi=71)).told.endswith("further timeframes contradict")
    assert composite().opinion(readings(fast=-1, macd=-1)).told == "neutral: averages, MACD sell, 0 buy"


def test_votes_that_fall_short_hold_and_say_how_far() -> None:
    held = [
        signal
        for signal in heard(load("composite")(contract(), {"timeframe": "5m"}), market(1, 700))
        if signal.action is Action.HOLD and signal is not HOLD
    ]
    assert any(" < 0.5" in signal.reason for signal in held)
    assert all(signal.fault() == "" for signal in held)


@pytest.mark.parametrize(("step", "side"), [(30, Action.BUY), (-30, Action.SELL)])
def test_it_goes_with_a_trend_that_all_timeframes_see(step: int, side: Action) -> None:
    # a climb with a rest now and then, so that the oscillators have less to say against it
    closes = [20_000 + step * (ordinal - 3 * (ordinal % 9 > 5)) for ordinal in range(400)]
    said = heard(load("composite")(contract(), {"timeframe": "5m"}), closing(closes))
    sides = [signal.action for signal in said if signal.action is not Action.HOLD]
    assert sides.count(side) > len(sides) / 2


def test_it_is_warm_once_every_further_timeframe_has_a_trend() -> None:
    strategy = load("composite")(contract())
    assert (strategy.timeframe, strategy.warmup) == ("1h", 24 * 12)
    for first in (0, 7):
        said = heard(strategy, market(1, 400, "1h")[first:])
        first_word = next(at for at, signal in enumerate(said, start=1) if signal is not HOLD)
        assert first_word == strategy.warmup
        strategy = load("composite")(contract())


def test_further_timeframes_of_one_s_own() -> None:
    strategy = load("composite")(contract(), {"timeframe": "15m", "frames": ["1h"]})
    assert strategy.warmup == 4 * 26
    assert Composite(contract(), CompositeParameters(frames=())).warmup == 4 * 26


def test_a_position_on_that_side_is_not_added_to() -> None:
    strategy = Composite(contract(), CompositeParameters(frames=()))
    candles = closing([1000 + 2 * (step - 3 * (step % 9 > 5)) for step in range(300)])
    held = View(symbol="XBTUSDTM", lots=5)
    assert Action.BUY not in {strategy.on_candle(candle, held).action for candle in candles}
