"""The candles of a scan: read from the exchange when a new one has closed, else remembered (row W1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from radtui.core.market import TIMEFRAMES, Candle
from radtui.exchange.port import Exchange
from radtui.strategies.scanning import FURTHER, HOURLY

COUNTS: Final[Mapping[str, int]] = {HOURLY: 100, **dict.fromkeys(FURTHER, 50)}
"""Candles of each timeframe that are looked at."""


class ScanCandles:
    """Remembers the candles of every contract that is scanned: 300 contracts are some 40 MB."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._kept: dict[tuple[str, str], Sequence[Candle]] = {}

    async def read(self, symbol: str) -> dict[str, Sequence[Candle]]:
        """Return the closed candles of each timeframe, oldest first.

        Raises:
            ExchangeFailure: they could not be read.
        """
        return {frame: await self._of(symbol, frame) for frame in COUNTS}

    def keep_only(self, symbols: Iterable[str]) -> None:
        """Forget all others."""
        wanted = set(symbols)
        self._kept = {key: candles for key, candles in self._kept.items() if key[0] in wanted}

    def forget(self, frame: str) -> None:
        """Forget the candles of one timeframe, as if a new one had closed of every contract."""
        self._kept = {key: candles for key, candles in self._kept.items() if key[1] != frame}

    async def _of(self, symbol: str, frame: str) -> Sequence[Candle]:
        span, kept = TIMEFRAMES[frame], self._kept.get((symbol, frame), ())
        if kept and kept[-1].closed_at + span > self._exchange.market_now():
            return kept
        found = await self._exchange.browse(symbol, span, COUNTS[frame])
        self._kept[symbol, frame] = found
        return found
