from decimal import Decimal
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import MINUTE
from radtui.exchange.kucoin.candles import CandleReader, Edge, filled
from radtui.exchange.kucoin.rest.calls.market import MarketCalls
from radtui.exchange.kucoin.wire.market import Kline
from radtui.resilience.virtual import run_virtual

SYMBOL = "XBTUSDTM"
NOW = 1_000_000 * MINUTE


def row(minute: int, price: int = 10) -> Kline:
    value = Decimal(price)
    return Kline(minute * 60_000, value, value + 1, value - 1, value, Decimal(7))


class Served:
    """A market that lists these minutes, each with a price of its own."""

    def __init__(self, minutes: list[int]) -> None:
        self.minutes = minutes
        self.asked: list[tuple[int, int]] = []

    async def klines(self, symbol: str, minutes: int, begin: int, end: int) -> list[Kline]:
        self.asked.append((begin, end))
        return [row(minute, minute % 100 + 1) for minute in sorted(self.minutes) if begin <= minute * 60_000 < end]


def reader(served: Served, now: int = NOW) -> tuple[CandleReader, Edge]:
    edge = Edge(lambda: now)
    return CandleReader(cast("MarketCalls", served), edge), edge


def opened(candles: list[Any]) -> list[int]:
    return [candle.opened_at // MINUTE for candle in candles]


def test_history_is_closed_candles_only_oldest_first():
    read, _ = reader(Served(list(range(999_900, 1_000_001))), NOW + MINUTE // 2)
    found = run_virtual(read.last(SYMBOL, MINUTE, 10))
    assert opened(found) == list(range(999_990, 1_000_000))


def test_minutes_in_which_nobody_traded_are_flat():
    read, _ = reader(Served([999_990, 999_994, 1_000_000]))
    found = run_virtual(read.last(SYMBOL, MINUTE, 10))
    assert opened(found) == list(range(999_990, 1_000_000))
    flat = found[1]
    assert flat.open == flat.high == flat.low == flat.close == found[0].close
    assert flat.volume == 0


def test_a_row_that_may_be_late_is_waited_for():
    read, edge = reader(Served(list(range(999_980, 999_998))))
    assert opened(run_virtual(read.after(SYMBOL, MINUTE, 999_996 * MINUTE))) == [999_996, 999_997]
    edge.traded(SYMBOL, 999_998 * MINUTE + 5)
    assert opened(run_virtual(read.after(SYMBOL, MINUTE, 999_996 * MINUTE))) == [999_996, 999_997]


def test_where_nobody_has_traded_since_the_last_row_the_rest_is_flat():
    read, edge = reader(Served(list(range(999_980, 999_998))))
    edge.traded(SYMBOL, 999_997 * MINUTE + 5)
    assert opened(run_virtual(read.after(SYMBOL, MINUTE, 999_996 * MINUTE))) == list(range(999_996, 1_000_000))


def test_a_market_ahead_of_the_clock_is_believed():
    edge = Edge(lambda: NOW)
    assert edge.pushed(SYMBOL, MINUTE, NOW + 3 * MINUTE)
    assert edge.forming(SYMBOL, MINUTE) == NOW + 3 * MINUTE
    assert not edge.pushed(SYMBOL, MINUTE, NOW + 2 * MINUTE)


def test_nothing_is_asked_for_nothing():
    read, _ = reader(Served([]))
    assert run_virtual(read.last(SYMBOL, MINUTE, 0)) == []
    assert run_virtual(read.last(SYMBOL, MINUTE, 5)) == []


@given(st.sets(st.integers(0, 60)), st.integers(0, 80))
def test_there_is_never_a_gap(minutes: set[int], end: int) -> None:
    rows = [row(minute, minute + 1) for minute in sorted(minutes) if minute < end]
    found = list(filled(SYMBOL, MINUTE, rows, end * MINUTE))
    assert opened(found) == (list(range(rows[0].start // 60_000, end)) if rows else [])
    traded = {candle.opened_at // MINUTE for candle in found if candle.volume}
    assert traded == {kline.start // 60_000 for kline in rows}
