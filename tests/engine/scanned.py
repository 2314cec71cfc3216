"""An exchange that lists contracts and has candles of them: what a scan asks for, and nothing else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from msgspec.structs import replace

from radtui.core.listed import Listed
from radtui.core.market import HOUR, SECOND, TIMEFRAMES, Candle
from radtui.resilience.failures import Refused, Transient
from radtui.strategies.frames import Higher
from radtui.strategies.proving import contract, market

CANDLES = 400
NOW = CANDLES * HOUR + SECOND
TURNOVER = Decimal(2_000_000)


def name(number: int) -> str:
    return f"C{number:03}USDTM"


class Market:
    """So many contracts, each on a market of its own.

    Attributes:
        now: its clock. failing: symbols that cannot be read; refused: for good. slow: seconds that a reading takes.
        asked: readings by symbol and span. most: readings that were on their way at the same time.
    """

    def __init__(self, count: int) -> None:
        self.now, self.slow, self.failing, self.refused = NOW, 0.0, set[str](), set[str]()
        self.young: dict[str, int] = {}
        self.down = ""
        self.asked: Counter[tuple[str, int]] = Counter()
        self.most = self._reading = 0
        self._listed = [
            Listed(replace(contract(), symbol=name(number), base=f"C{number:03}"), TURNOVER) for number in range(count)
        ]

    def market_now(self) -> int:
        return self.now

    async def listed(self) -> Sequence[Listed]:
        if self.down:
            raise Transient(self.down)
        return self._listed

    async def browse(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        self.asked[symbol, span] += 1
        self._reading += 1
        self.most = max(self.most, self._reading)
        try:
            await asyncio.sleep(self.slow)
            return self._candles(symbol, span, limit)
        finally:
            self._reading -= 1

    def _candles(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        if symbol in self.failing:
            raise Transient(f"{symbol} cannot be read")
        if symbol in self.refused:
            raise Refused(f"there are no candles of {symbol}")
        built = _past(symbol, self.young.get(symbol, CANDLES), span)
        return [candle for candle in built if candle.closed_at <= self.now][-limit:]

    def turn_over(self, turnover: Decimal) -> None:
        """Have every contract turn over so much in a day from now on."""
        self._listed = [replace(each, turnover=turnover) for each in self._listed]

    def times(self, frame: str) -> int:
        """Return how often candles of a timeframe were read."""
        return sum(count for (_, span), count in self.asked.items() if span == TIMEFRAMES[frame])


@cache
def _past(symbol: str, age: int, span: int) -> Sequence[Candle]:
    """Return a contract's candles since it is listed, `age` hours ago; the same market in every test."""
    hourly = [replace(candle, symbol=symbol) for candle in market(int(symbol[1:4]), CANDLES, "1h")][-age:]
    if span == HOUR:
        return hourly
    higher = Higher(span)
    return [whole for candle in hourly for whole in higher.take(candle)]
