import asyncio
from decimal import Decimal
from typing import Any, cast

import msgspec

from radtui.core.market import HOUR, MINUTE, SECOND, Candle, Ticked
from radtui.exchange.kucoin.candles import CandleReader, Edge
from radtui.exchange.kucoin.market_feed import CandleTail, Prices, market_topics
from radtui.exchange.kucoin.rest.calls.market import MarketCalls
from radtui.exchange.kucoin.wire.feed import CandlePush, MarkIndex, TickerPush
from radtui.exchange.kucoin.wire.market import Kline
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Transient
from radtui.resilience.virtual import run_virtual

SYMBOL = "XBTUSDTM"
EPOCH = 1_767_225_600 * SECOND


def ticker(price: str | None, at: int) -> TickerPush:
    return TickerPush(
        symbol=SYMBOL,
        best_bid_price=Decimal(1),
        best_bid_size=1,
        best_ask_price=Decimal(2),
        best_ask_size=1,
        ts=at,
        price=None if price is None else Decimal(price),
    )


def mark(at_ms: int) -> MarkIndex:
    return MarkIndex(mark_price=Decimal(9), index_price=Decimal(9), timestamp=at_ms)


def test_a_price_stands_until_the_next_trade_and_stays_young_by_the_mark():
    told: list[Any] = []
    prices = Prices(Edge(lambda: EPOCH), told.append)
    prices.mark(SYMBOL, mark(EPOCH // 1_000_000))
    assert told == [], "there is no price yet"
    prices.ticker(ticker(None, EPOCH))
    prices.ticker(ticker("10.5", EPOCH))
    prices.mark(SYMBOL, mark(EPOCH // 1_000_000 + 1000))
    prices.ticker(ticker("10.4", EPOCH - 5))
    first = Ticked(SYMBOL, Decimal("10.5"), EPOCH, bid=Decimal(1), ask=Decimal(2))
    assert told == [first, msgspec.structs.replace(first, at=EPOCH + SECOND)]


def test_every_symbol_is_heard_by_price_mark_and_candles():
    names = [topic.name for topic in market_topics([SYMBOL], [MINUTE, HOUR])]
    assert names == [
        "/contractMarket/ticker:XBTUSDTM",
        "/contract/instrument:XBTUSDTM",
        "/contractMarket/limitCandle:XBTUSDTM_1min",
        "/contractMarket/limitCandle:XBTUSDTM_1hour",
    ]


class Slow:
    """A market whose rows come `late` seconds after their end, and whose calls may fail.

    Attributes:
        first: milliseconds of the first row that it lists: nobody had traded for long before.
    """

    def __init__(self, clock: LoopClock, late: float) -> None:
        self.clock, self.late, self.calls, self.fails = clock, round(late * SECOND), 0, 0
        self.first = 0

    async def klines(self, symbol: str, minutes: int, begin: int, end: int) -> list[Kline]:
        self.calls += 1
        if self.fails:
            self.fails -= 1
            raise Transient("not now")
        span = minutes * 60_000
        value = Decimal(5)
        return [
            Kline(start, value, value, value, value, Decimal(1))
            for start in range(begin, end, span)
            if start >= self.first and (start + span) * 1_000_000 + self.late <= self.clock.now()
        ]


class Tail:
    """A tail on the loop's clock."""

    def __init__(self, late: float = 0.0) -> None:
        self.clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        self.served, self.told = Slow(self.clock, late), list[Any]()
        self.edge = Edge(self.clock.now)
        self.tail = CandleTail(
            SYMBOL,
            MINUTE,
            reader=CandleReader(cast("MarketCalls", self.served), self.edge),
            edge=self.edge,
            now=self.clock.now,
            put=self.told.append,
            draw=lambda: 0.0,
        )
        self.task = asyncio.create_task(self.tail.run())

    def opened(self) -> list[int]:
        return [(candle.opened_at - EPOCH) // MINUTE for candle in cast("list[Candle]", self.told)]

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def test_a_candle_is_told_a_moment_after_its_end():
    async def main() -> None:
        tail = Tail()
        await asyncio.sleep(60.9)
        assert tail.opened() == []
        await asyncio.sleep(0.2)
        assert tail.opened() == [0]
        await asyncio.sleep(600)
        assert tail.opened() == list(range(11))
        assert tail.served.calls == 11, "one look each"
        await tail.stop()

    run_virtual(main())


def test_a_late_row_and_a_failed_look_are_waited_for():
    async def main() -> None:
        tail = Tail(late=8.0)
        tail.served.fails = 2
        await asyncio.sleep(75)
        assert tail.opened() == [0]
        await asyncio.sleep(600)
        assert tail.opened() == list(range(11))
        assert tail.served.calls < 80
        await tail.stop()

    run_virtual(main())


def test_where_nobody_traded_for_long_candles_are_told_from_the_next_trade_on():
    async def main() -> None:
        tail = Tail()
        tail.served.first = (EPOCH + 10 * MINUTE) // 1_000_000
        await asyncio.sleep(20 * 60 + 30)
        assert tail.opened() == list(range(10, 20))
        await tail.stop()

    run_virtual(main())


def test_a_push_of_the_next_candle_is_a_reason_to_look():
    async def main() -> None:
        tail = Tail()
        tail.served.clock = LoopClock(asyncio.get_running_loop(), EPOCH + HOUR)  # a market that is ahead of us
        start = Decimal((EPOCH + 30 * MINUTE) // SECOND)
        tail.tail.pushed(CandlePush(symbol=SYMBOL, candles=[start, *[Decimal(1)] * 6], time=0))
        await asyncio.sleep(0.1)
        assert tail.opened() == list(range(30))
        await tail.stop()

    run_virtual(main())
