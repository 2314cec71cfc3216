"""Made-up history is the same for the same seed and time, and has its warm-up before it."""

from __future__ import annotations

import pytest

from radtui.backtest.made_up import bar_span, made_up
from radtui.core.market import DAY, HOUR, MINUTE, TIMEFRAMES
from radtui.venue.history import BadHistory, RecordedMarket
from tests.backtest.worlds import START, XBT


def bars(market: RecordedMarket, count: int) -> list[object]:
    return [market.step() for _ in range(count)]


def test_it_begins_and_ends_where_it_was_told_to() -> None:
    market = made_up(7, XBT, "5m", START, START + 2 * HOUR, warmup=12)
    assert (market.now, market.ends_at, market.step_span) == (START, START + 2 * HOUR, MINUTE)
    assert len(market.warm(5 * MINUTE, 12)) == 60
    assert market.source.startswith("file:made-up market, seed 7:")


def test_the_same_seed_is_the_same_history_and_another_one_is_not() -> None:
    one, again, other = (made_up(seed, XBT, "1m", START, START + HOUR, warmup=5) for seed in (1, 1, 2))
    assert one.source == again.source != other.source
    assert bars(one, 30) == bars(again, 30) != bars(other, 30)


@pytest.mark.parametrize("timeframe", TIMEFRAMES)
def test_candles_of_every_timeframe_can_be_made_of_its_bars(timeframe: str) -> None:
    span = bar_span(timeframe)
    assert TIMEFRAMES[timeframe] % span == 0
    assert span >= MINUTE


def test_nothing_between_begin_and_end_is_refused() -> None:
    with pytest.raises(BadHistory):
        made_up(1, XBT, "1m", START + DAY, START + DAY, warmup=5)
