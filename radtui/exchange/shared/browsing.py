"""The candles that the scanners of all bots look at, read once for all of them (row W1)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from radtui.core.market import Candle
from radtui.exchange.port import Exchange


class Browsing:
    """Reads a contract's candles when a new one has closed, whoever asks first; the others get the same ones."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._kept: dict[tuple[str, int, int], Sequence[Candle]] = {}
        self._turns: defaultdict[tuple[str, int, int], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, symbol: str, span: int, limit: int) -> Sequence[Candle]:
        """Return up to `limit` closed candles of `span` nanoseconds, oldest first.

        Raises:
            ExchangeFailure: they could not be read; whoever asks next tries again.
        """
        key = (symbol, span, limit)
        async with self._turns[key]:  # one who is cancelled while reading leaves the next one to read
            kept = self._kept.get(key, ())
            if not kept or kept[-1].closed_at + span <= self._exchange.market_now():
                kept = self._kept[key] = await self._exchange.browse(symbol, span, limit)
            return kept
