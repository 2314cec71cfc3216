from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import HOUR, MINUTE, TIMEFRAMES, Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import StrategyRefused, View
from radtui.strategies.factory import StrategyFactory
from radtui.strategies.frames import InFrames
from radtui.strategies.proving import contract

VIEW = View(symbol="XBTUSDTM")
price = st.integers(1, 1000).map(Decimal)


class Listener:
    name, timeframe, warmup = "listener", "5m", 0

    def __init__(self, *frames: str) -> None:
        self.frames = frames
        self.views: list[View] = []

    def on_candle(self, candle: Candle, view: View) -> Signal:
        self.views.append(view)
        return HOLD


@st.composite
def history(draw: st.DrawFn) -> list[Candle]:
    """Five-minute candles from anywhere in a day, some of them missing."""
    first = draw(st.integers(0, 288))
    there = sorted(draw(st.sets(st.integers(first, first + 150), min_size=1)))
    span = TIMEFRAMES["5m"]
    return [
        Candle("XBTUSDTM", at * span, span, *(draw(price) for _ in range(4)), volume=Decimal(at % 7)) for at in there
    ]


def regrouped(candles: Sequence[Candle], span: int) -> list[Candle]:
    """What the further timeframe looked like once all of it was over."""
    wholes = []
    for period, group in groupby(candles, lambda candle: candle.opened_at // span):
        parts = list(group)
        high, low = max(part.high for part in parts), min(part.low for part in parts)
        volume = sum((part.volume for part in parts), Decimal(0))
        wholes.append(Candle(parts[0].symbol, period * span, span, parts[0].open, high, low, parts[-1].close, volume))
    return wholes if candles[0].opened_at % span == 0 else wholes[1:]


@settings(max_examples=30, deadline=None)
@given(history(), st.sampled_from(["15m", "1h", "4h"]))
def test_what_is_seen_is_what_had_closed_and_nothing_later(candles: list[Candle], frame: str) -> None:
    listener, span = Listener(frame), TIMEFRAMES[frame]
    strategy = InFrames(listener)
    whole = regrouped(candles, span)
    heard: list[Candle] = []
    for candle in candles:
        strategy.on_candle(candle, VIEW)
        view = listener.views[-1]
        heard += view.just_closed[frame]
        assert list(view.higher[frame]) == heard == whole[: len(heard)]
        assert all(seen.closed_at <= candle.closed_at for seen in heard)
        # what ended before this candle is there, also where its own last candle is missing
        assert all(missing.closed_at > candle.opened_at for missing in whole[len(heard) :])


def test_a_timeframe_is_there_with_the_candle_that_ends_it() -> None:
    listener = Listener("15m", "1h")
    strategy = InFrames(listener)
    for ordinal in range(12):
        strategy.on_candle(Candle("X", ordinal * 5 * MINUTE, 5 * MINUTE, *(Decimal(ordinal),) * 5), VIEW)
    assert [len(view.just_closed["15m"]) for view in listener.views] == [0, 0, 1] * 4
    assert [len(view.higher["1h"]) for view in listener.views] == [0] * 11 + [1]
    (hour,) = listener.views[-1].higher["1h"]
    assert (hour.opened_at, hour.span, hour.open, hour.close, hour.volume) == (0, HOUR, 0, 11, 66)


def test_a_view_that_was_kept_does_not_change_later() -> None:
    listener = Listener("15m")
    strategy = InFrames(listener)
    for ordinal in range(9):
        strategy.on_candle(Candle("X", ordinal * 5 * MINUTE, 5 * MINUTE, *(Decimal(1),) * 5), VIEW)
    assert [len(view.higher["15m"]) for view in listener.views] == [0, 0, 1, 1, 1, 2, 2, 2, 3]


@pytest.mark.parametrize("frame", ["5m", "1m", "7m", ""])
def test_what_cannot_be_built_is_refused_with_what_can(frame: str) -> None:
    with pytest.raises(StrategyRefused, match=r"cannot be built from those of 5m; possible: 15m, 30m, 1h"):
        InFrames(Listener(frame))


def test_one_timeframe_may_stand_without_its_comma() -> None:
    listener = Listener()
    listener.frames = "15m"  # type: ignore[assignment]
    strategy = InFrames(listener)
    for ordinal in range(3):
        strategy.on_candle(Candle("X", ordinal * 5 * MINUTE, 5 * MINUTE, *(Decimal(1),) * 5), VIEW)
    assert len(listener.views[-1].higher["15m"]) == 1


def test_half_a_timeframe_is_no_timeframe() -> None:
    with pytest.raises(StrategyRefused, match="candles of 12h cannot be built from those of 8h; possible: 1d"):
        InFrames(SimpleNamespace(name="x", timeframe="8h", warmup=0, frames=["12h"], on_candle=None))  # type: ignore[arg-type]


def test_the_catalogue_gives_a_strategy_the_timeframes_that_it_names() -> None:
    class Wide(Listener):
        def __init__(self, *_: object) -> None:
            super().__init__("1h")

    strategy = StrategyFactory(Wide)(contract())
    assert isinstance(strategy, InFrames)
    assert (strategy.name, strategy.timeframe, strategy.warmup) == ("listener", "5m", 0)
