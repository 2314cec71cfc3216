from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import nan
from typing import Any, ClassVar

import msgspec
import pytest

from radtui.core.market import MINUTE, Candle
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import StrategyRefused, View
from radtui.strategies.factory import StrategyFactory
from radtui.strategies.leaning import BUYS, SELLS, lean
from radtui.strategies.proving import closing, heard, market, prove


class Good:
    """Buys each tenth candle."""

    name, timeframe, warmup = "good", "5m", 10

    def __init__(self, *_: object) -> None:
        self.candles = 0

    def on_candle(self, candle: Candle, view: View) -> Any:
        self.candles += 1
        return self.word(candle) if self.candles >= self.warmup and self.candles % 10 == 0 else HOLD

    def word(self, candle: Candle) -> Any:
        return lean(BUYS, 0.7, "so", stop=candle.close * 9 / 10, target=candle.close * 2)


class Raises(Good):
    def word(self, candle: Candle) -> Signal:
        raise ZeroDivisionError("oh")


class Nothing(Good):
    def word(self, candle: Candle) -> Any:
        return None


class NotANumber(Good):
    def word(self, candle: Candle) -> Signal:
        return lean(BUYS, nan, "so")


class TooSure(Good):
    def word(self, candle: Candle) -> Signal:
        return msgspec.structs.replace(lean(BUYS, 1, "so"), confidence=7)


class Unsummed(Good):
    def word(self, candle: Candle) -> Signal:
        return Signal(buy=0.5, sell=0.1, hold=0.1, confidence=0.5, reason="so")


class WrongStop(Good):
    def word(self, candle: Candle) -> Signal:
        return lean(SELLS, 0.7, "so", stop=candle.close * 9 / 10)


class WrongTarget(Good):
    def word(self, candle: Candle) -> Signal:
        return lean(BUYS, 0.7, "so", target=candle.close)


class Rash(Good):
    warmup = 50

    def on_candle(self, candle: Candle, view: View) -> Any:
        return self.word(candle)


class Forgetful(Good):
    seen: ClassVar[list[Decimal]] = []

    def word(self, candle: Candle) -> Signal:
        self.seen.append(candle.close)
        return lean(BUYS, 0.5 + len(self.seen) % 5 / 10, "so")


def test_a_strategy_that_keeps_the_rules_is_let_be() -> None:
    assert prove(StrategyFactory(Good)) == []


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (Raises, "raises ZeroDivisionError: oh"),
        (Nothing, "a strategy returns a Signal, not NoneType"),
        (NotANumber, "unusable signal: buy is nan; probabilities and confidence must lie in [0, 1]"),
        (TooSure, "unusable signal: confidence is 7; probabilities and confidence must lie in [0, 1]"),
        (Unsummed, "unusable signal: probabilities sum to 0.700000, not 1"),
        (WrongStop, "a stop on the wrong side of a sell"),
        (WrongTarget, "a target on the wrong side of a buy"),
        (Rash, "says buy before its warm-up of 50 candles"),
        (Forgetful, "does not say the same of the same candles"),
    ],
)
def test_what_is_wrong_is_told_once(broken: type[Good], told: str) -> None:
    assert prove(StrategyFactory(broken)) == [told]


def test_a_timeframe_that_there_is_not_is_refused() -> None:
    class Odd(Good):
        timeframe = "7m"

    with pytest.raises(StrategyRefused, match="decides on candles of '7m'; possible: 1m, 5m"):
        prove(StrategyFactory(Odd))


def test_a_made_up_market_is_sound_and_the_same_for_the_same_seed() -> None:
    candles = market(3, 400)
    assert candles == market(3, 400) != market(4, 400)
    assert all(
        0 < each.low <= min(each.open, each.close) <= max(each.open, each.close) <= each.high for each in candles
    )
    assert all(one.closed_at == other.opened_at for one, other in pairwise(candles))
    assert all(each.close % Decimal("0.1") == 0 for each in candles)
    assert any(one.close == other.close for one, other in pairwise(candles))
    assert any(abs(other.close / one.close - 1) > Decimal("0.03") for one, other in pairwise(candles))


def test_candles_by_their_closes() -> None:
    first, second = closing([1, "1.5"], "1m", volume=7)
    assert (first.open, first.close, first.volume) == (1, 1, 7)
    assert (second.open, second.high, second.low, second.close) == (1, Decimal("1.5"), 1, Decimal("1.5"))
    assert second.opened_at == first.closed_at == MINUTE


def test_what_is_heard_comes_with_the_candles_so_far() -> None:
    class Counting(Good):
        def on_candle(self, candle: Candle, view: View) -> Signal:
            assert view.recent[-1] is candle
            return lean(BUYS, min(1, len(view.recent) / 1000), "so")

    assert heard(Counting(), market(1, 600))[-1].confidence == 0.5
