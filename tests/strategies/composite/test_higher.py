from __future__ import annotations

import pytest

from radtui.strategies.composite.higher import Trend, Trends, usual
from radtui.strategies.proving import closing

RISING = closing([100 + step for step in range(12)], "4h")
FALLING = closing([100 - step for step in range(12)], "4h")


@pytest.mark.parametrize(
    ("timeframe", "further"),
    [("1m", ("5m", "30m")), ("5m", ("30m", "2h")), ("1h", ("4h", "1d")), ("4h", ("1d",)), ("8h", ()), ("1d", ())],
)
def test_the_further_timeframes_are_about_4_and_24_times_as_long(timeframe: str, further: tuple[str, ...]) -> None:
    assert usual(timeframe) == further


def test_a_trend_is_known_from_the_eleventh_candle_on() -> None:
    trend = Trend()
    for ordinal, candle in enumerate(RISING, start=1):
        trend.take(candle)
        assert trend.side == (1 if ordinal >= 11 else None)


@pytest.mark.parametrize("closes", [[100, *range(110, 118), 119, 101], [200, *[100] * 9, 110]])
def test_between_its_mean_and_where_it_was_is_no_trend(closes: list[int]) -> None:
    trend = Trend()
    for candle in closing(closes):
        trend.take(candle)
    assert trend.side == 0


def test_the_balance_is_the_mean_of_the_trends_seen_from_a_side() -> None:
    trends = Trends(("4h", "1d"))
    assert not trends.known
    trends.take({"4h": RISING})
    assert not trends.known
    trends.take({"1d": RISING})
    assert trends.known
    assert (trends.balance(1), trends.balance(-1)) == (1, -1)
    trends.take({"1d": FALLING})
    assert trends.balance(1) == 0


def test_without_further_timeframes_there_is_nothing_to_wait_for() -> None:
    assert Trends(()).known
    assert Trends(()).balance(1) == 0
